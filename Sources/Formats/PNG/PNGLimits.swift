/// How large a picture a PNG file may announce before it is refused.
///
/// A PNG of a few hundred bytes can announce gigabytes of pixels; the limits are compared with the header
/// before memory is asked for.
public struct PNGLimits: Hashable, Sendable {
    /// The most pixels, width × height.
    public let pixels: Int
    /// The most bytes of decoded samples.
    public let bytes: Int

    /// Makes limits.
    ///
    /// - Parameters:
    ///   - pixels: The most pixels; 256 Mpx unless told.
    ///   - bytes: The most bytes of decoded samples; 1 GiB unless told.
    public init(pixels: Int = 1 << 28, bytes: Int = 1 << 30) {
        precondition(pixels > 0 && bytes > 0, "limits of a PNG must be positive")
        self.pixels = pixels
        self.bytes = bytes
    }

    /// 256 Mpx and 1 GiB.
    public static let standard = PNGLimits()
}
