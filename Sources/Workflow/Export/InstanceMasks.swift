import MedicalImaging
import SampleStore

/// The instances of one stored picture with their classes, as run-length masks.
struct InstanceMasks {
    /// One instance.
    struct Instance {
        /// Its number in the picture.
        var number: UInt32
        /// Its label id.
        var label: UInt8
        /// Its pixels.
        var mask: RunLengthMask
    }

    /// Finds the instances of a picture in one pass.
    ///
    /// - Parameters:
    ///   - numbers: The instance of every pixel, row by row; 0 belongs to none.
    ///   - labels: The label ids of the same pixels.
    /// - Returns: Instances, labels and in each numbers ascending.
    /// - Throws: `RunLengthError` for numbers of another size.
    /// - Complexity: O(pixels), whatever the number of instances.
    static func all(in numbers: [UInt32], labels: LabelSlice) throws -> [Instance] {
        let (rows, columns) = (labels.rows, labels.columns)
        precondition(numbers.count == rows * columns)
        struct Runs {
            var label: UInt8
            var counts: [Int] = []
            var end = 0
        }
        var runs: [UInt32: Runs] = [:]
        var start = 0
        var current: UInt32 = 0
        func close(_ end: Int) {
            guard current != 0 else { return }
            // Runs go down the columns.
            let first = start % rows * columns + start / rows
            var own = runs[current] ?? Runs(label: labels.samples[first])
            own.counts += [start - own.end, end - start]
            own.end = end
            runs[current] = own
        }
        for x in 0..<columns {
            for y in 0..<rows {
                let number = numbers[y * columns + x]
                if number != current {
                    let at = x * rows + y
                    close(at)
                    start = at
                    current = number
                }
            }
        }
        close(rows * columns)
        let found = try runs.map { number, own in
            let rest = rows * columns - own.end
            return Instance(
                number: number, label: own.label,
                mask: try RunLengthMask(
                    rows: rows, columns: columns, counts: own.counts + (rest > 0 ? [rest] : [])))
        }
        return found.sorted { ($0.label, $0.number) < ($1.label, $1.number) }
    }
}
