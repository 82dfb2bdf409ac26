/// A two-dimensional image: rows of samples, the first row on top.
///
/// - Shapes: `samples` has `rows * columns` values, row by row.
public struct Slice<Sample: VoxelSample>: Hashable, Sendable {
    /// Number of rows.
    public let rows: Int
    /// Number of columns.
    public let columns: Int
    /// The samples, row by row.
    public var samples: [Sample]

    /// Makes a slice.
    ///
    /// - Parameters:
    ///   - rows: Number of rows.
    ///   - columns: Number of columns.
    ///   - samples: `rows * columns` values, row by row.
    public init(rows: Int, columns: Int, samples: [Sample]) {
        precondition(rows >= 0 && columns >= 0 && samples.count == rows * columns)
        self.rows = rows
        self.columns = columns
        self.samples = samples
    }

    /// The sample of one pixel.
    ///
    /// - Parameters:
    ///   - row: Row, from 0 on top.
    ///   - column: Column, from 0 at the left.
    @inlinable public subscript(row: Int, column: Int) -> Sample {
        get { samples[row * columns + column] }
        set { samples[row * columns + column] = newValue }
    }
}

/// A slice of label ids; 0 is background.
public typealias LabelSlice = Slice<UInt8>
