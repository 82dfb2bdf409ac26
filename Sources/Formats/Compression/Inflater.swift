internal import CDeflate

/// Inflates buffers whole with libdeflate, never writing beyond the memory it is given.
public struct Inflater: ~Copyable {
    private let decompressor: OpaquePointer

    /// Makes a decompressor; one per thread, reused for many buffers.
    public init() {
        guard let decompressor = libdeflate_alloc_decompressor() else {
            preconditionFailure("memory ran out")
        }
        self.decompressor = decompressor
    }

    deinit { libdeflate_free_decompressor(decompressor) }

    /// Inflates a gzip file of one or several members into memory of exactly the expected size.
    ///
    /// Every member's CRC-32 and length are checked. Zero bytes after the last member are padding.
    ///
    /// - Parameters:
    ///   - input: The whole gzip file.
    ///   - output: Memory for exactly the data that is expected.
    /// - Returns: How many bytes after the last member were neither a member nor zero padding (0 in a clean file).
    /// - Throws: ``DeflateError`` when a member is damaged, or the data is shorter or longer than `output`.
    public func gzip(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(DeflateError) -> Int {
        let outcome = try gzip(input, into: output, expecting: output.count)
        return outcome.trailingBytes
    }

    /// Inflates a gzip file of one or several members that may hold a little more than what is expected.
    ///
    /// Every member's CRC-32 and length are checked, also those of what lies beyond the expected bytes.
    ///
    /// - Parameters:
    ///   - input: The whole gzip file.
    ///   - output: Memory for the expected data and for the surplus that is put up with.
    ///   - expected: The least the file must hold, at most `output.count`.
    /// - Returns: How many bytes came out, and how many stood behind the last member.
    /// - Throws: ``DeflateError`` when a member is damaged, when the data is shorter than `expected`, or does not
    ///   fit `output`.
    public func gzip(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer,
        expecting expected: Int
    ) throws(DeflateError) -> GzipOutcome {
        var consumed = 0
        var produced = 0
        repeat {
            let rest = UnsafeRawBufferPointer(rebasing: input[consumed...])
            guard rest.count >= 2, rest[0] == 0x1f, rest[1] == 0x8b else {
                if consumed == 0 { throw .notCompressed(format: "gzip") }
                break
            }
            var used = 0
            var made = 0
            let result = libdeflate_gzip_decompress_ex(
                decompressor, rest.baseAddress, rest.count,
                output.baseAddress.map { $0 + produced }, output.count - produced, &used, &made)
            switch result {
            case LIBDEFLATE_SUCCESS: break
            default:
                // libdeflate does not tell an early end from damage, and takes missing input for zeros, which may
                // even look like too much output; zlib tells these apart, and errors may be slow.
                throw Self.gzipFailure(
                    in: input, memberAt: consumed, before: produced, expected: expected,
                    limit: output.count)
            }
            consumed += used
            produced += made
        } while consumed < input.count
        guard produced >= expected else {
            throw .truncated(expected: expected, found: produced)
        }
        var trailing = consumed
        while trailing < input.count, input[trailing] == 0 { trailing += 1 }
        return GzipOutcome(byteCount: produced, trailingBytes: input.count - trailing)
    }

    /// Inflates a zlib stream (RFC 1950) of known length.
    ///
    /// - Parameters:
    ///   - input: The stream.
    ///   - output: Memory for exactly the data that is expected.
    /// - Throws: ``DeflateError`` when it is damaged, or shorter or longer than `output`.
    public func zlib(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(DeflateError) {
        var made = 0
        let result = libdeflate_zlib_decompress(
            decompressor, input.baseAddress, input.count, output.baseAddress, output.count, &made)
        try Self.check(result, made: made, expected: output.count, format: "zlib")
    }

    /// Inflates a raw deflate stream (RFC 1951) of known length, as zip entries hold it.
    ///
    /// - Parameters:
    ///   - input: The stream.
    ///   - output: Memory for exactly the data that is expected.
    /// - Throws: ``DeflateError`` when it is damaged, or shorter or longer than `output`.
    public func raw(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(DeflateError) {
        var made = 0
        let result = libdeflate_deflate_decompress(
            decompressor, input.baseAddress, input.count, output.baseAddress, output.count, &made)
        try Self.check(result, made: made, expected: output.count, format: "deflate")
    }

    private static func check(
        _ result: libdeflate_result, made: Int, expected: Int, format: String
    ) throws(DeflateError) {
        switch result {
        case LIBDEFLATE_SUCCESS:
            guard made == expected else { throw .truncated(expected: expected, found: made) }
        case LIBDEFLATE_INSUFFICIENT_SPACE: throw .tooLong(allowed: expected)
        default: throw .corrupt(offset: 0, format: format)
        }
    }
}

/// What inflating a gzip file gave.
public struct GzipOutcome: Hashable, Sendable {
    /// Bytes that came out of all members.
    public let byteCount: Int
    /// Bytes after the last member that are neither a member nor zero padding; 0 in a clean file.
    public let trailingBytes: Int
}
