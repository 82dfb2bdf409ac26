// segment-pictures encode  vit-b|mobile INPUT.npy     RUNS [--precision P] [--result FILE]
// segment-pictures box     vit-b|mobile EMBEDDING.npy RUNS [--result FILE]
// segment-pictures points  vit-b|mobile EMBEDDING.npy RUNS --points POINTS.npy [--result FILE]
// segment-pictures checkpoint|weights vit-b|mobile FILE
//
// Times one part of the model on two threads, after a run to warm up: `seconds` is the median of the wall seconds of RUNS runs.
// --result writes what the last run gave, as bare 32-bit floats. `checkpoint` writes a checkpoint with the same weights instead,
// `weights` the bare weights of ViT-B's image encoder in the order of the floor.

import ArrayFiles
import ProcessorTime
import SegmentAnything
import Tensors

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

let usage = "segment-pictures encode|box|points|checkpoint|weights vit-b|mobile FILE RUNS"
var line = Words(words(usage: usage), usage: usage)
let precision = line.option("--precision") ?? "float32"
let result = line.option("--result")
let pointFile = line.option("--points")
let (kind, model, file) = (line.text(), line.text(), line.text())
ParallelRange.threads = 2

if kind == "checkpoint" {
    try Checkpoint.writeRandom(
        model == "vit-b" ? .vitB : .mobileSAM, salt: model == "vit-b" ? "vitb-v1" : "mobile-v1",
        to: file)
    exit(0)
}
if kind == "weights" {
    try writeFloorWeights(to: file)
    exit(0)
}

let runs = line.count()
let example: Case
switch kind {
case "encode":
    example = try .encoder(model, input: file, precision: precision)
case "box":
    let box = SAMPrompt.box(.init(x0: 100, y0: 120, x1: 800, y1: 700))
    example = try .prompts([box], model, embedding: file)
case "points":
    let places = ArrayFile(path: pointFile ?? "").next(128, as: Float.self)
    let prompts = (0..<64).map { SAMPrompt.point(x: places[2 * $0], y: places[2 * $0 + 1]) }
    example = try .prompts(prompts, model, embedding: file)
default:
    fatalError("usage: \(usage)")
}

func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
}

try example.run()
var (seconds, processor): ([Double], [Double]) = ([], [])
for _ in 0..<runs {
    let (start, before) = (now(), processorTime())
    try example.run()
    seconds.append(now() - start)
    processor.append(processorTime() - before)
}
if let result { try write([example.result()], to: result) }
print(object([("seconds", seconds.sorted()[runs / 2]), ("cpu", processor.sorted()[runs / 2])]))
