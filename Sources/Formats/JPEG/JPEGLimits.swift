/// How large a picture a JPEG file may announce before it is refused.
///
/// The limits are compared with the header before memory is asked for.
public struct JPEGLimits: Hashable, Sendable {
    /// The most pixels, width × height.
    public let pixels: Int

    /// Makes limits.
    ///
    /// - Parameter pixels: The most pixels; 256 Mpx unless told.
    public init(pixels: Int = 1 << 28) {
        precondition(pixels > 0, "limits of a JPEG must be positive")
        self.pixels = pixels
    }

    /// 256 Mpx.
    public static let standard = JPEGLimits()

    /// The longest side libjpeg accepts.
    static let largestSide = 65_500
}
