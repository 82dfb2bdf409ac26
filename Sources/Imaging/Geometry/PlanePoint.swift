/// A place in the plane of an image.
///
/// The origin is the top left corner of the top left pixel, x runs right, y down; the centre of that pixel is (0.5, 0.5).
public struct PlanePoint: Hashable, Sendable {
    /// To the right, in pixels.
    public var x: Double
    /// Down, in pixels.
    public var y: Double

    /// Makes a point.
    ///
    /// - Parameters:
    ///   - x: To the right, in pixels.
    ///   - y: Down, in pixels.
    public init(x: Double, y: Double) {
        self.x = x
        self.y = y
    }
}
