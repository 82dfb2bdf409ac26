internal import CDeflate

/// The CRC-32 of gzip, PNG and zip.
public enum CRC32 {
    /// The checksum of some bytes, or of bytes that continue earlier ones.
    ///
    /// - Parameters:
    ///   - bytes: The bytes; none gives `continuing` back.
    ///   - continuing: The checksum of what came before; 0 at the start.
    /// - Returns: The checksum (polynomial 0xEDB88320, as in RFC 1952).
    public static func checksum(
        of bytes: UnsafeRawBufferPointer, continuing: UInt32 = 0
    ) -> UInt32 {
        guard let base = bytes.baseAddress else { return continuing }
        return libdeflate_crc32(continuing, base, bytes.count)
    }
}

/// The version of the compression library in use.
public enum DeflateLibrary {
    /// The version libdeflate was built as, for example `1.14`.
    public static var version: String { LIBDEFLATE_VERSION_STRING }
}
