// score-volume [--metrics LIST] [--convention NAME] [--labels N] REFERENCE.npy PREDICTION.npy nx ny nz sx sy sz
//
// All metrics of the labels 1...N of a volume, one thread. `work` counts from the arrays in memory to the values.

import ArrayFiles
import MedicalImaging
import ProcessorTime
import SegmentationMetrics

let usage = "score-volume [OPTIONS] REFERENCE.npy PREDICTION.npy nx ny nz sx sy sz"
var line = Words(words(usage: usage), usage: usage)
let names = line.option("--metrics") ?? "dice,hd,hd95,assd,nsd@2mm"
let convention = try Convention.named(line.option("--convention") ?? "standard")
let labels = (1...(UInt8(line.option("--labels") ?? "13") ?? 13)).map { $0 }
let metrics = try names.split(separator: ",").map { try Metric(parsing: String($0)) }
let referenceFile = ArrayFile(path: line.text())
let predictionFile = ArrayFile(path: line.text())
let shape = GridShape(line.count(), line.count(), line.count())
let spacing = Spacing(line.number(), line.number(), line.number())
let reference = referenceFile.next(shape.count, as: UInt8.self)
let prediction = predictionFile.next(shape.count, as: UInt8.self)

let start = processorTime()
let pair = try LabelPair(
    prediction: prediction, reference: reference, grid: MaskGrid(shape: shape, spacing: spacing))
let plan = MeasurementPlan(metrics: metrics, conventions: [convention])
let values = plan.measure(pair, labels: labels).map { measurement in
    metrics.map { convention.value(of: $0, in: measurement) }
}
let end = processorTime()

let rows = zip(labels, values).map { label, values in
    let found = zip(metrics, values).filter { $0.1.state == .value }
    return "\"\(label)\": " + object(found.map { ("\($0)", $1.number) })
}
print("{\"labels\": {\(rows.joined(separator: ", "))}, \"work\": \(decimals(end - start))}")
