/// Copies voxels by strides, for samples of 1, 2, 4 or 8 bytes.
///
/// Generic code that crosses a module border is slow unless it is inlined there; here the work is done on plain words
/// inside this module, whatever the sample type.
public enum VoxelGather {
    /// A two-dimensional cut through memory: element (row, column) is at `start + row*rowStride + column*columnStride`.
    public struct Plane: Hashable, Sendable {
        /// Index of element (0, 0).
        public var start: Int
        /// Elements from one row to the next; may be negative.
        public var rowStride: Int
        /// Elements from one column to the next; may be negative.
        public var columnStride: Int
        /// Number of rows.
        public var rows: Int
        /// Number of columns.
        public var columns: Int

        /// Makes a cut.
        ///
        /// - Parameters:
        ///   - start: Index of element (0, 0).
        ///   - rowStride: Elements from one row to the next.
        ///   - columnStride: Elements from one column to the next.
        ///   - rows: Number of rows.
        ///   - columns: Number of columns.
        public init(start: Int, rowStride: Int, columnStride: Int, rows: Int, columns: Int) {
            self.start = start
            self.rowStride = rowStride
            self.columnStride = columnStride
            self.rows = rows
            self.columns = columns
        }

        /// The same elements with rows and columns exchanged when that makes neighbours in a row neighbours in memory.
        ///
        /// For counting pixels the order does not matter, and rows are then copied whole.
        public var inMemoryOrder: Plane {
            guard abs(columnStride) != 1, abs(rowStride) == 1 else { return self }
            return Plane(
                start: start, rowStride: columnStride, columnStride: rowStride, rows: columns,
                columns: rows)
        }
    }

    /// Copies a plane into contiguous rows.
    ///
    /// - Parameters:
    ///   - plane: Which elements; must lie inside the input.
    ///   - input: Samples of `width` bytes.
    ///   - width: Bytes per sample: 1, 2, 4 or 8.
    ///   - output: Room for `rows * columns` samples; the rest is left as it is.
    /// - Complexity: O(*n*); rows that lie in one piece are moved whole. A plane without pixels copies nothing.
    public static func copy(
        _ plane: Plane, of input: UnsafeRawBufferPointer, width: Int,
        into output: UnsafeMutableRawBufferPointer
    ) {
        precondition(output.count >= plane.rows * plane.columns * width)
        guard plane.rows > 0, plane.columns > 0 else { return }
        let corners = [
            plane.start,
            plane.start + (plane.rows - 1) * plane.rowStride,
            plane.start + (plane.columns - 1) * plane.columnStride,
            plane.start + (plane.rows - 1) * plane.rowStride
                + (plane.columns - 1) * plane.columnStride,
        ]
        precondition(corners.allSatisfy { $0 >= 0 && ($0 + 1) * width <= input.count })
        switch width {
        case 1: copyWords(plane, input, output, UInt8.self)
        case 2: copyWords(plane, input, output, UInt16.self)
        case 4: copyWords(plane, input, output, UInt32.self)
        case 8: copyWords(plane, input, output, UInt64.self)
        default: preconditionFailure("samples are 1, 2, 4 or 8 bytes wide")
        }
    }

    static func reorder(
        _ input: UnsafeRawBufferPointer, width: Int, shape: GridShape,
        by reordering: AxisReordering, into output: UnsafeMutableRawBufferPointer
    ) {
        let strides = [1, shape.i, shape.i * shape.j]
        let target = reordering.shape(of: shape)
        var start = 0
        var steps = [0, 0, 0]
        for axis in 0..<3 {
            let source = reordering.sourceAxes[axis]
            steps[axis] = reordering.flips[axis] ? -strides[source] : strides[source]
            if reordering.flips[axis] { start += (shape[source] - 1) * strides[source] }
        }
        let planeBytes = target.i * target.j * width
        for k in 0..<target.k {
            let plane = Plane(
                start: start + k * steps[2], rowStride: steps[1], columnStride: steps[0],
                rows: target.j, columns: target.i)
            let part = UnsafeMutableRawBufferPointer(
                rebasing: output[(k * planeBytes)..<((k + 1) * planeBytes)])
            copy(plane, of: input, width: width, into: part)
        }
    }

    @inline(__always)
    private static func copyWords<Word: FixedWidthInteger>(
        _ plane: Plane, _ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer,
        _: Word.Type
    ) {
        guard let source = input.baseAddress?.assumingMemoryBound(to: Word.self),
            let target = output.baseAddress?.assumingMemoryBound(to: Word.self)
        else { return }
        let (rows, columns) = (plane.rows, plane.columns)
        if plane.columnStride == 1 {
            for row in 0..<rows {
                (target + row * columns).update(
                    from: source + plane.start + row * plane.rowStride, count: columns)
            }
        } else if plane.columnStride == -1 {
            for row in 0..<rows {
                let from = source + plane.start + row * plane.rowStride
                let to = target + row * columns
                for column in 0..<columns { to[column] = (from - column).pointee }
            }
        } else {
            // A transposition: blocks keep both sides in cache.
            let block = 32
            var top = 0
            while top < rows {
                let bottom = min(top + block, rows)
                var left = 0
                while left < columns {
                    let right = min(left + block, columns)
                    for row in top..<bottom {
                        var from =
                            source + plane.start + row * plane.rowStride
                            + left * plane.columnStride
                        let to = target + row * columns
                        for column in left..<right {
                            to[column] = from.pointee
                            from += plane.columnStride
                        }
                    }
                    left = right
                }
                top = bottom
            }
        }
    }
}
