/// Reads and writes JPEG pictures in memory.
///
/// Colours come out as libjpeg-turbo's accurate integer transform with smooth chroma gives them, which is what other
/// readers of slides use, bit for bit. Where libjpeg would repair damage and go on, reading ends with an error. The
/// functions are ``decode(_:named:limits:)``, ``header(of:named:)``, ``encode(_:quality:chroma:)`` and
/// ``standalone(_:tables:colour:named:)``; tiles of a slide go through ``JPEGTileDecoder``.
///
/// - Source: ISO/IEC 10918-1 (JPEG) and 10918-5 (JFIF); the pixels go through libjpeg-turbo.
public enum JPEG {
    /// Whether bytes begin like a JPEG: FF D8 FF.
    ///
    /// - Parameter prefix: The first three bytes of a file, or more.
    /// - Returns: `false` also for fewer than three bytes.
    public static func isJPEG(prefix: some Sequence<UInt8>) -> Bool {
        Array(prefix.prefix(3)) == [0xff, 0xd8, 0xff]
    }
}
