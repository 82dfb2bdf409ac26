// score-instances [--convention NAME] REFERENCE.npy PREDICTION.npy PIXELS PASSES
//
// Every instance metric that needs no distances, F1 and AP at ten thresholds. `work` is the median of the passes.

import ArrayFiles
import ProcessorTime
import SegmentationMetrics

let usage = "score-instances [--convention NAME] REFERENCE.npy PREDICTION.npy PIXELS PASSES"
var line = Words(words(usage: usage), usage: usage)
let convention = try Convention.named(line.option("--convention") ?? "standard")
let referenceFile = ArrayFile(path: line.text())
let predictionFile = ArrayFile(path: line.text())
let (pixels, passes) = (line.count(), line.count())
let reference = referenceFile.next(pixels, as: Int32.self)
let prediction = predictionFile.next(pixels, as: Int32.self)
let thresholds = (10..<20).map { Double($0) / 20 }
let metrics: [Metric] =
    [
        .aji, .ajiPlus, .detectionQuality, .segmentationQuality, .panopticQuality, .dice2,
        .objectDice, .adjustedRand, .adjustedRandInstances, .adjustedRandForeground,
    ] + thresholds.map { .instanceF1($0) } + thresholds.map { .instanceAP($0) }

var times: [Double] = []
var values: [(String, Double)] = []
for _ in 0..<passes {
    let start = processorTime()
    let overlap = try InstanceOverlap(prediction: prediction, reference: reference)
    let found = metrics.map { overlap.value(of: $0, convention: convention)?.number ?? .nan }
    times.append(processorTime() - start)
    values = zip(metrics, found).map { ("\($0)", $1) }
}
let work = times.sorted()[passes / 2]
print("{\"values\": \(object(values)), \"work\": \(decimals(work))}")
