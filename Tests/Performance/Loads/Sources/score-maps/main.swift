// score-maps TRUTH.npy SCORE.npy COUNT    exact AUC, average precision and best F1 of probabilities
//
// `work` counts from the arrays in memory to the values.

import ArrayFiles
import ProcessorTime
import SegmentationMetrics

let usage = "score-maps TRUTH.npy SCORE.npy COUNT"
var line = Words(words(usage: usage), usage: usage)
let truthFile = ArrayFile(path: line.text())
let scoreFile = ArrayFile(path: line.text())
let count = line.count()
let truth = truthFile.next(count, as: UInt8.self)
let scores = scoreFile.next(count, as: Float.self)

let start = processorTime()
let ranking = try ScoreRanking(scores: scores, reference: truth)
let best = ranking.bestF1
let values = [
    ("auc", ranking.auc), ("average-precision", ranking.averagePrecision),
    ("best-f1", best?.f1 ?? .nan), ("threshold", Double(best?.threshold ?? .nan)),
]
let work = processorTime() - start
print("{\"values\": \(object(values)), \"work\": \(decimals(work))}")
