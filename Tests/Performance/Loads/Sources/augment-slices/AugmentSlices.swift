// augment-slices IMAGE.npy LABEL.npy SIDE COUNT
//
// Flips, rotates and shifts one slice with its label COUNT times, by angles from a list. Sums over all results. `work` counts
// augmenting, with the copy of the slice that each sample needs.

import ArrayFiles
import ProcessorTime
import SampleAugmentation

let usage = "augment-slices IMAGE.npy LABEL.npy SIDE COUNT"
var line = Words(words(usage: usage), usage: usage)
let imageFile = ArrayFile(path: line.text())
let labelFile = ArrayFile(path: line.text())
let side = line.count()
let count = line.count()
let image = imageFile.next(side * side, as: Float.self)
let labels = labelFile.next(side * side, as: UInt8.self)
let extent = SampleExtent(rows: side, columns: side)

var (work, grey, area, organs) = (0.0, 0.0, 0.0, 0.0)
for n in 0..<count {
    let angle = Double(n * 7919 % 4001 - 2000) / 100
    let drawn = DrawnAugmentation(transforms: [
        .flip(Flip(axis: .horizontal)), .rotation(Rotation(degrees: .fixed(angle))),
        .intensityShift(IntensityShift(offset: .fixed(angle / 200))),
    ])
    let start = processorTime()
    var sample = AugmentationSample(extent: extent, image: image, labels: labels)
    try drawn.apply(to: &sample)
    work += processorTime() - start
    if n % 20 == 0 {
        grey += sample.image.reduce(0.0) { $0 + Double($1) }
        area += Double((sample.labels ?? []).count { $0 > 0 })
        organs += (sample.labels ?? []).reduce(0.0) { $0 + Double($1) }
    }
}
print(
    "{\"sums\": \(object([("grey", grey), ("area", area), ("organs", organs)])), \"work\": \(decimals(work))}"
)
