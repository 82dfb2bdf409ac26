/// A box around an object, as SAM takes it: the pixel indices of its first and last column and row.
///
/// Both corners are **inclusive**: a single pixel at (3, 5) has the box (3, 5, 3, 5).
public struct BoxPrompt: Hashable, Sendable {
    /// First column.
    public var x0: Float
    /// First row.
    public var y0: Float
    /// Last column, inclusive.
    public var x1: Float
    /// Last row, inclusive.
    public var y1: Float

    /// Makes a box.
    ///
    /// - Parameters:
    ///   - x0: First column.
    ///   - y0: First row.
    ///   - x1: Last column, inclusive.
    ///   - y1: Last row, inclusive.
    public init(x0: Float, y0: Float, x1: Float, y1: Float) {
        self.x0 = x0
        self.y0 = y0
        self.x1 = x1
        self.y1 = y1
    }
}
