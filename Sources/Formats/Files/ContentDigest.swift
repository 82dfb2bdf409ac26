internal import CCrypto

/// SHA-256 digests of contents, as 64 lower-case hexadecimal digits.
///
/// - Source: FIPS 180-4, computed by OpenSSL's libcrypto (which uses the SHA instructions of the processor).
public enum ContentDigest {
    /// The SHA-256 digest of some bytes.
    ///
    /// - Complexity: O(*n*), about 2 GB/s on a processor with SHA instructions.
    /// - Parameter bytes: The contents; empty contents have the well-known digest `e3b0c442...`.
    /// - Returns: 64 lower-case hexadecimal digits.
    public static func sha256(of bytes: UnsafeRawBufferPointer) -> String {
        var stream = SHA256Stream()
        stream.update(bytes)
        return stream.finish()
    }

    /// The SHA-256 digest of an array of bytes.
    ///
    /// - Parameter bytes: The contents.
    /// - Returns: 64 lower-case hexadecimal digits.
    public static func sha256(of bytes: [UInt8]) -> String {
        bytes.withUnsafeBytes { sha256(of: $0) }
    }

    /// The SHA-256 digest of the UTF-8 form of a text.
    ///
    /// - Parameter text: The text.
    /// - Returns: 64 lower-case hexadecimal digits.
    public static func sha256(ofText text: String) -> String {
        sha256(of: Array(text.utf8))
    }
}

/// A SHA-256 digest built piece by piece, so that a file never has to be in memory whole.
public struct SHA256Stream: ~Copyable {
    private let context: OpaquePointer?

    /// Starts an empty digest.
    public init() {
        context = EVP_MD_CTX_new()
        precondition(
            context != nil && EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1,
            "libcrypto offers no SHA-256")
    }

    deinit { EVP_MD_CTX_free(context) }

    /// Adds bytes to the digest.
    ///
    /// - Parameter bytes: The next piece; may be empty.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress, !bytes.isEmpty else { return }
        precondition(EVP_DigestUpdate(context, base, bytes.count) == 1)
    }

    /// Ends the digest.
    ///
    /// - Returns: 64 lower-case hexadecimal digits.
    public mutating func finish() -> String {
        let digits: [UInt8] = Array("0123456789abcdef".utf8)
        var raw = [UInt8](repeating: 0, count: 64)
        var length: UInt32 = 0
        precondition(EVP_DigestFinal_ex(context, &raw, &length) == 1)
        var text: [UInt8] = []
        text.reserveCapacity(64)
        for byte in raw.prefix(Int(length)) {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
