/// A point that tells SAM what is, or is not, part of the object.
///
/// Coordinates are pixel indices (x = column, y = row); SAM adds the half pixel itself.
public struct PointPrompt: Hashable, Sendable {
    /// Column of the pixel.
    public var x: Float
    /// Row of the pixel.
    public var y: Float
    /// Whether the point lies on the object (SAM's label 1) or beside it (label 0).
    public var isForeground: Bool

    /// Makes a point.
    ///
    /// - Parameters:
    ///   - x: Column of the pixel.
    ///   - y: Row of the pixel.
    ///   - isForeground: Whether the point lies on the object.
    public init(x: Float, y: Float, isForeground: Bool = true) {
        self.x = x
        self.y = y
        self.isForeground = isForeground
    }
}
