import MedicalImaging
import SamplePreparation

/// The connected parts of one label of a slice, numbered from 1 in the order of their first pixels, as records are.
struct LabelParts {
    /// The number of each pixel's part; 0 for pixels of other labels.
    private var numbers: [Int32]
    private let slice: LabelSlice
    /// Number of parts.
    private(set) var count = 0

    /// Finds the parts.
    init(of label: UInt8, in slice: LabelSlice, diagonal: Bool) {
        self.slice = slice
        numbers = [Int32](repeating: 0, count: slice.samples.count)
        var pending: [Int] = []
        for start in slice.samples.indices
        where slice.samples[start] == label && numbers[start] == 0 {
            count += 1
            numbers[start] = Int32(count)
            pending.append(start)
            while let pixel = pending.popLast() {
                let (y, x) = (pixel / slice.columns, pixel % slice.columns)
                for row in max(0, y - 1)...min(slice.rows - 1, y + 1) {
                    for column in max(0, x - 1)...min(slice.columns - 1, x + 1)
                    where diagonal || row == y || column == x {
                        let next = row * slice.columns + column
                        if slice.samples[next] == label, numbers[next] == 0 {
                            numbers[next] = Int32(count)
                            pending.append(next)
                        }
                    }
                }
            }
        }
    }

    /// The mask of one part.
    func mask(of part: Int) -> RunLengthMask {
        RunLengthMask(
            of: LabelSlice(
                rows: slice.rows, columns: slice.columns,
                samples: numbers.map { $0 == Int32(part) ? 1 : 0 }), label: 1)
    }
}
