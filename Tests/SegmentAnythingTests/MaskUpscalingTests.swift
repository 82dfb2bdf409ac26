import MedicalImaging
import Tensors
import Testing

@testable import SegmentAnything

/// The way of a mask from the decoder's size to the picture's, against the two steps done one after the other.
@Suite struct MaskUpscalingTests {
    /// Bilinear between pixel centres, no antialiasing, in Double.
    static func resize(
        _ values: [Double], _ rows: Int, _ columns: Int, to newRows: Int, _ newColumns: Int
    ) -> [Double] {
        func taps(_ index: Int, _ from: Int, _ to: Int) -> (Int, Int, Double) {
            let at = max(0, (Double(index) + 0.5) * Double(from) / Double(to) - 0.5)
            let low = min(Int(at), from - 1)
            return (low, min(low + 1, from - 1), at - Double(low))
        }
        return (0..<newRows * newColumns).map { index in
            let (a, b, v) = taps(index / newColumns, rows, newRows)
            let (c, d, u) = taps(index % newColumns, columns, newColumns)
            let upper = values[a * columns + c] * (1 - u) + values[a * columns + d] * u
            let lower = values[b * columns + c] * (1 - u) + values[b * columns + d] * u
            return upper * (1 - v) + lower * v
        }
    }

    @Test(arguments: [
        (64, 64), (256, 256), (100, 150), (400, 300), (1, 1), (7, 200), (513, 31), (1000, 999),
    ])
    func `one step gives the logits of two`(rows: Int, columns: Int) throws {
        let frame = try InputFrame(
            original: SliceSize(rows: rows, columns: columns), modelSize: 256)
        let logits = DeterministicWeights.uniform(
            salt: "u", name: "\(rows)", shape: [64, 64], amplitude: 8, centre: 0)
        let large = Self.resize(logits.values.map { Double($0) }, 64, 64, to: 256, 256)
        let (height, width) = (frame.resized.rows, frame.resized.columns)
        let cropped = (0..<height).flatMap { large[$0 * 256..<$0 * 256 + width] }
        let expected = Self.resize(cropped, height, width, to: rows, columns)
        let upscaling = MaskUpscaling(frame: frame, side: 64)
        let found = upscaling.logits(logits)
        #expect(found.shape == [rows, columns])
        let largest = zip(found.values, expected).map { abs(Double($0) - $1) }.max() ?? 0
        #expect(largest < 4e-6)

        let mask = upscaling.mask(logits, threshold: 0.25, stabilityOffset: 2)
        let values = found.values
        #expect(mask.slice.samples == values.map { $0 > 0.25 ? 1 : 0 })
        #expect(mask.area == values.filter { $0 > 0.25 }.count)
        let inner = values.filter { $0 > 2.25 }.count
        let outer = values.filter { $0 > -1.75 }.count
        #expect(mask.stability == (outer == 0 ? 1 : Float(inner) / Float(outer)))
    }

    @Test func `a mask that is empty at both thresholds is stable, and has no box`() throws {
        let frame = try InputFrame(original: SliceSize(rows: 5, columns: 9), modelSize: 64)
        let low = Tensor([Float](repeating: -3, count: 256), shape: [16, 16])
        let mask = MaskUpscaling(frame: frame, side: 16).mask(low)
        #expect(mask.area == 0 && mask.stability == 1)
        let prediction = MaskPrediction(
            mask: mask.slice, predictedIoU: 0, stability: 1, area: 0, lowResolutionLogits: low)
        #expect(prediction.box == nil)
    }
}
