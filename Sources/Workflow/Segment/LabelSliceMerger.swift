import MedicalImaging

/// Puts the masks of a slice together to one label map: where several claim a pixel, the best predicted IoU decides, of equal
/// ones the first.
struct LabelSliceMerger {
    /// The labels so far.
    private(set) var slice: LabelSlice
    /// Pixels that masks of different labels claimed.
    private(set) var contested = 0
    private var quality: [Float]
    private var isContested: [Bool]

    init(rows: Int, columns: Int) {
        let count = rows * columns
        slice = LabelSlice(
            rows: rows, columns: columns, samples: [UInt8](repeating: 0, count: count))
        quality = [Float](repeating: -.infinity, count: count)
        isContested = [Bool](repeating: false, count: count)
    }

    /// Adds a mask.
    mutating func add(_ mask: LabelSlice, label: UInt8, predictedIoU: Float) {
        precondition(mask.samples.count == slice.samples.count, "a mask of another size")
        // An estimate that is no number loses against every other one.
        let own = predictedIoU.isNaN ? -Float.greatestFiniteMagnitude : predictedIoU
        for pixel in mask.samples.indices where mask.samples[pixel] != 0 {
            let there = slice.samples[pixel]
            if there != 0, there != label, !isContested[pixel] {
                isContested[pixel] = true
                contested += 1
            }
            if own > quality[pixel] {
                quality[pixel] = own
                slice.samples[pixel] = label
            }
        }
    }
}
