/// A rectangle of whole pixels.
public struct PixelRectangle: Hashable, Sendable, Codable {
    /// Left column.
    public var x: Int
    /// Top row.
    public var y: Int
    /// Columns.
    public var width: Int
    /// Rows.
    public var height: Int

    /// Makes a rectangle.
    ///
    /// - Parameters:
    ///   - x: Left column.
    ///   - y: Top row.
    ///   - width: Columns.
    ///   - height: Rows.
    public init(x: Int, y: Int, width: Int, height: Int) {
        self.x = x
        self.y = y
        self.width = width
        self.height = height
    }

    /// Whether two rectangles share a pixel.
    ///
    /// - Parameter other: Another rectangle.
    /// - Returns: `false` for rectangles that only touch.
    public func overlaps(_ other: PixelRectangle) -> Bool {
        x < other.x + other.width && other.x < x + width && y < other.y + other.height
            && other.y < y + height
    }
}
