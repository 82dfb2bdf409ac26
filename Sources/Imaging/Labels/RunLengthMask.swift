/// A mask as the lengths of its runs, column by column: the form in which COCO and SA-1B keep masks.
///
/// Pixels are taken column after column, each from the top. Runs of background and of object take turns, background
/// first; a mask whose first pixel belongs to the object starts with a run of length 0.
///
/// - Shapes: `counts` adds up to `rows * columns`.
/// - Empty: A mask without object pixels is one run of background; one without pixels is the single run 0.
/// - Source: The run-length encoding of the COCO API (`maskApi.c`), plain and compressed.
public struct RunLengthMask: Hashable, Sendable {
    /// Number of rows.
    public let rows: Int
    /// Number of columns.
    public let columns: Int
    /// The lengths of the runs: background, object, background, ...
    public let counts: [Int]

    private init(checkedRows rows: Int, columns: Int, counts: [Int]) {
        self.rows = rows
        self.columns = columns
        self.counts = counts
    }

    /// Makes a mask from run lengths.
    ///
    /// - Parameters:
    ///   - rows: Number of rows.
    ///   - columns: Number of columns.
    ///   - counts: The lengths of the runs: background, object, background, ...
    /// - Throws: ``RunLengthError`` when a length is negative or they do not add up to the pixels.
    public init(rows: Int, columns: Int, counts: [Int]) throws(RunLengthError) {
        let (pixels, overflow) = rows.multipliedReportingOverflow(by: columns)
        guard rows >= 0, columns >= 0, !overflow else {
            throw RunLengthError(
                place: "size", found: "\(rows) x \(columns)",
                expected: "two sizes that can be counted")
        }
        var sum = 0
        for (index, count) in counts.enumerated() {
            // The sum stays at or below the pixels, so the subtraction cannot overflow.
            guard count >= 0, count <= pixels - sum else {
                throw RunLengthError(
                    place: "run \(index)", found: "length \(count)",
                    expected: "at most the \(pixels - sum) pixels that are left")
            }
            sum += count
        }
        guard sum == pixels else {
            throw RunLengthError(
                place: "\(counts.count) runs", found: "\(sum) pixels in all",
                expected: "\(pixels) for \(rows) rows and \(columns) columns")
        }
        self.init(checkedRows: rows, columns: columns, counts: counts)
    }

    /// The mask of one label of a slice.
    ///
    /// - Complexity: O(pixels). For all labels of a slice see ``masks(of:)``.
    /// - Parameters:
    ///   - slice: Label ids.
    ///   - label: The label that is the object.
    public init(of slice: LabelSlice, label: UInt8) {
        var runs = RunList()
        Self.forEachRun(of: slice) { value, start, end in
            if value == label { runs.append(start: start, end: end) }
        }
        self.init(
            checkedRows: slice.rows, columns: slice.columns,
            counts: runs.finished(pixels: slice.samples.count))
    }

    /// The masks of every label of a slice, background left out.
    ///
    /// - Complexity: O(pixels), whatever the number of labels.
    /// - Parameter slice: Label ids.
    /// - Returns: Labels that have at least one pixel, with their masks.
    public static func masks(of slice: LabelSlice) -> [UInt8: RunLengthMask] {
        var lists = [RunList](repeating: RunList(), count: 256)
        forEachRun(of: slice) { value, start, end in
            if value != 0 { lists[Int(value)].append(start: start, end: end) }
        }
        var masks: [UInt8: RunLengthMask] = [:]
        for (label, runs) in lists.enumerated() where !runs.counts.isEmpty {
            masks[UInt8(label)] = RunLengthMask(
                checkedRows: slice.rows, columns: slice.columns,
                counts: runs.finished(pixels: slice.samples.count))
        }
        return masks
    }

    /// Number of object pixels.
    public var area: Int {
        stride(from: 1, to: counts.count, by: 2).reduce(0) { $0 + counts[$1] }
    }

    /// The tight box around the object: first column and row, number of columns and rows; `nil` without object pixels.
    ///
    /// - Complexity: O(runs).
    public var box: (x: Int, y: Int, width: Int, height: Int)? {
        var (left, right, top, bottom) = (Int.max, -1, Int.max, -1)
        forEachObjectRun { start, end in
            let (first, last) = (start / rows, (end - 1) / rows)
            left = min(left, first)
            right = max(right, last)
            // A run that goes on in the next column touches the bottom of one and the top of the other.
            top = min(top, first == last ? start % rows : 0)
            bottom = max(bottom, first == last ? (end - 1) % rows : rows - 1)
        }
        return right < 0 ? nil : (left, top, right - left + 1, bottom - top + 1)
    }

    /// The mask as a slice.
    ///
    /// - Parameter label: The value of object pixels.
    /// - Returns: `rows * columns` pixels, 0 or `label`.
    public func slice(label: UInt8 = 1) -> LabelSlice {
        var slice = LabelSlice(
            rows: rows, columns: columns, samples: [UInt8](repeating: 0, count: rows * columns))
        forEachObjectRun { start, end in
            for n in start..<end { slice.samples[n % rows * columns + n / rows] = label }
        }
        return slice
    }

    private func forEachObjectRun(_ body: (_ start: Int, _ end: Int) -> Void) {
        var position = 0
        for (index, count) in counts.enumerated() {
            if index % 2 == 1, count > 0 { body(position, position + count) }
            position += count
        }
    }

    /// Calls a body for every run of equal labels, column by column.
    private static func forEachRun(
        of slice: LabelSlice, _ body: (_ label: UInt8, _ start: Int, _ end: Int) -> Void
    ) {
        let count = slice.samples.count
        guard count > 0 else { return }
        withUnsafeTemporaryAllocation(byteCount: count, alignment: 16) { columnMajor in
            slice.samples.withUnsafeBytes { samples in
                VoxelGather.copy(
                    VoxelGather.Plane(
                        start: 0, rowStride: 1, columnStride: slice.columns, rows: slice.columns,
                        columns: slice.rows),
                    of: samples, width: 1, into: columnMajor)
            }
            var start = 0
            for n in 1..<(count + 1) where n == count || columnMajor[n] != columnMajor[start] {
                body(columnMajor[start], start, n)
                start = n
            }
        }
    }
}

/// Run lengths of one label under construction.
private struct RunList {
    var counts: [Int] = []
    private var end = 0

    mutating func append(start: Int, end: Int) {
        counts.append(start - self.end)
        counts.append(end - start)
        self.end = end
    }

    func finished(pixels: Int) -> [Int] {
        end < pixels || counts.isEmpty ? counts + [pixels - end] : counts
    }
}
