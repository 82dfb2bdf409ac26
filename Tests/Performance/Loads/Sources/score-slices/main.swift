// score-slices [--convention NAME] REFERENCE.npy PREDICTION.npy nx ny COUNT sx sy PART
//
// Dice and HD95 of the labels 1...8 of COUNT pictures; sums over the labels that both maps have, also of the first PART
// pictures. `work` counts scoring, not reading.

import ArrayFiles
import MedicalImaging
import ProcessorTime
import SegmentationMetrics

let usage = "score-slices [--convention NAME] REFERENCE.npy PREDICTION.npy nx ny COUNT sx sy PART"
var line = Words(words(usage: usage), usage: usage)
let convention = try Convention.named(line.option("--convention") ?? "standard")
let referenceFile = ArrayFile(path: line.text())
let predictionFile = ArrayFile(path: line.text())
let shape = GridShape(line.count(), line.count(), 1)
let count = line.count()
let spacing = Spacing(line.number(), line.number(), 1)
let part = line.count()
let labels: [UInt8] = Array(1...8)

let grid = try MaskGrid(shape: shape, spacing: spacing, dimensions: 2)
let plan = MeasurementPlan(metrics: [.dice, .hd95], conventions: [convention])
var (work, dice, hd95, pairs) = (0.0, 0.0, 0.0, 0)
var told: [String] = []
for slice in 1...count {
    let reference = referenceFile.next(shape.count, as: UInt8.self)
    let prediction = predictionFile.next(shape.count, as: UInt8.self)
    let start = processorTime()
    let pair = try LabelPair(prediction: prediction, reference: reference, grid: grid)
    for measurement in plan.measure(pair, labels: labels) {
        let overlap = convention.value(of: .dice, in: measurement)
        let distance = convention.value(of: .hd95, in: measurement)
        guard distance.state == .value else { continue }
        dice += overlap.number
        hd95 += distance.number
        pairs += 1
    }
    work += processorTime() - start
    if slice == part || slice == count {
        let sums = object([("pairs", Double(pairs)), ("dice", dice), ("hd95", hd95)])
        told.append("\"\(slice == part ? "part" : "all")\": \(sums)")
    }
}
print("{\(told.joined(separator: ", ")), \"work\": \(decimals(work))}")
