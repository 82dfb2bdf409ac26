import MedicalImaging

/// The band that erosion by a square takes off a mask, for all labels at once.
///
/// - Source: Cheng et al. 2021.
///
/// A pixel survives `d` erosions by a 3 x 3 square when the `2 d + 1` pixels wide square about it has one label and
/// lies inside of the image: a run along i that is long enough, in a run along j of such pixels. The slices of a volume
/// are pictures of their own.
struct ErosionBand {
    private let shape: GridShape
    private let width: Int

    /// Makes a band for pictures of a shape.
    init(shape: GridShape, ratio: Double) {
        self.shape = shape
        let (i, j) = (Double(shape.i), Double(shape.j))
        let steps = (ratio * (i * i + j * j).squareRoot()).rounded(.toNearestOrEven)
        // Wider than the picture is as wide as the picture; not a number is as little as possible.
        width = steps >= 1 ? Int(min(steps, max(i, j))) : 1
    }

    /// Counts the bands of both maps.
    func overlaps(of pair: LabelPair, _ slots: LabelSlots) -> [BoundaryOverlap] {
        let plane = shape.i * shape.j
        var counts = [(both: UInt64, prediction: UInt64, reference: UInt64)](
            repeating: (0, 0, 0), count: slots.labels.count)
        for first in stride(from: 0, to: plane * shape.k, by: plane) {
            let (p, r) = (band(pair.prediction, first), band(pair.reference, first))
            for at in 0..<plane {
                let (pSlot, rSlot) = (
                    slots.table[Int(pair.prediction[first + at])],
                    slots.table[Int(pair.reference[first + at])]
                )
                if p[at] && pSlot >= 0 { counts[Int(pSlot)].prediction += 1 }
                if r[at] && rSlot >= 0 { counts[Int(rSlot)].reference += 1 }
                if p[at] && r[at] && pSlot >= 0 && pSlot == rSlot { counts[Int(pSlot)].both += 1 }
            }
        }
        return counts.map {
            BoundaryOverlap(
                intersection: $0.both, prediction: $0.prediction, reference: $0.reference)
        }
    }

    /// Whether each pixel of the picture that begins at `first` is taken off.
    private func band(_ map: [UInt8], _ first: Int) -> [Bool] {
        let (i, j) = (shape.i, shape.j)
        // The label of pixels that survive along i, else -1.
        var survives = [Int16](repeating: -1, count: i * j)
        for row in stride(from: 0, to: i * j, by: i) {
            forEachRun(count: i, { map[first + row + $0] }) { start, end in
                if end - start <= 2 * width { return }
                for x in (start + width)..<(end - width) {
                    survives[row + x] = Int16(map[first + row + x])
                }
            }
        }
        var isTaken = [Bool](repeating: true, count: i * j)
        for column in 0..<i {
            forEachRun(count: j, { survives[column + $0 * i] }) { start, end in
                if survives[column + start * i] < 0 || end - start <= 2 * width { return }
                for y in (start + width)..<(end - width) { isTaken[column + y * i] = false }
            }
        }
        return isTaken
    }

    @inline(__always)
    private func forEachRun<T: Equatable>(
        count: Int, _ value: (Int) -> T, _ body: (_ start: Int, _ end: Int) -> Void
    ) {
        var start = 0
        while start < count {
            let first = value(start)
            var end = start + 1
            while end < count && value(end) == first { end += 1 }
            body(start, end)
            start = end
        }
    }
}
