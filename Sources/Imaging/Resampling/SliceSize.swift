/// The number of rows and columns of a slice.
///
/// Rows come first, as in ``Slice``; Pillow and OpenCV write width (columns) first.
public struct SliceSize: Hashable, Sendable, CustomStringConvertible {
    /// Number of rows.
    public let rows: Int
    /// Number of columns.
    public let columns: Int

    /// Makes a size.
    ///
    /// - Parameters:
    ///   - rows: Number of rows, 0 or more.
    ///   - columns: Number of columns, 0 or more.
    public init(rows: Int, columns: Int) {
        precondition(rows >= 0 && columns >= 0, "a size is not negative")
        self.rows = rows
        self.columns = columns
    }

    /// Makes a square size.
    ///
    /// - Parameter side: Number of rows and of columns, 0 or more.
    public init(square side: Int) {
        self.init(rows: side, columns: side)
    }

    /// Whether there is no pixel.
    public var isEmpty: Bool { rows == 0 || columns == 0 }

    /// The number of pixels.
    public var count: Int { rows * columns }

    /// The size as rows x columns.
    public var description: String { "\(rows) x \(columns)" }

    /// The size whose longer side is given and whose sides keep their ratio.
    ///
    /// With s = side / max(rows, columns), a side of length n becomes floor(n s + 0.5), computed in
    /// `Double`; a very thin slice can so get 0 rows or columns.
    ///
    /// - Empty: An empty size stays as it is.
    /// - Source: `ResizeLongestSide.get_preprocess_shape` of Segment Anything (Kirillov et al.
    ///   2023).
    ///
    /// - Parameter side: The longer side wanted, 0 or more; 1024 for SAM.
    /// - Returns: The size.
    public func longestSide(_ side: Int) -> SliceSize {
        precondition(side >= 0, "a side is not negative")
        if isEmpty { return self }
        let scale = Double(side) / Double(max(rows, columns))
        return SliceSize(
            rows: Int(Double(rows) * scale + 0.5), columns: Int(Double(columns) * scale + 0.5))
    }

    /// The size after a zoom by a factor along each axis: round(n factor), halves to even as in
    /// Python.
    ///
    /// - Parameters:
    ///   - rowFactor: Factor of the number of rows; finite and not negative.
    ///   - columnFactor: Factor of the number of columns; finite and not negative.
    /// - Returns: The size `scipy.ndimage.zoom` gives its result.
    public func zoomed(rowFactor: Double, columnFactor: Double) -> SliceSize {
        precondition(rowFactor >= 0 && columnFactor >= 0, "a factor is not negative")
        return SliceSize(
            rows: Int((Double(rows) * rowFactor).rounded(.toNearestOrEven)),
            columns: Int((Double(columns) * columnFactor).rounded(.toNearestOrEven)))
    }
}

extension Slice {
    /// The number of rows and columns.
    @inlinable public var size: SliceSize { SliceSize(rows: rows, columns: columns) }
}
