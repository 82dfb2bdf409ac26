internal import CZlib

extension Inflater {
    /// Inflates the start of a gzip file, for reading a header without the data behind it.
    ///
    /// Uses zlib, which can stop early; libdeflate inflates buffers whole. Several members are joined.
    ///
    /// - Parameters:
    ///   - input: The first bytes of a gzip file (a few kB are enough for a header).
    ///   - count: How many inflated bytes are wanted.
    /// - Returns: At most `count` bytes; fewer when the input ends earlier.
    /// - Throws: ``DeflateError`` when the bytes are not gzip, or damaged.
    public static func gzipPrefix(
        _ input: UnsafeRawBufferPointer, count: Int
    ) throws(DeflateError) -> [UInt8] {
        guard input.count >= 2, input[0] == 0x1f, input[1] == 0x8b else {
            throw .notCompressed(format: "gzip")
        }
        var failure: DeflateError?
        let result = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialised in
            let output = UnsafeMutableRawBufferPointer(buffer)
            do throws(DeflateError) {
                var position = 0
                while initialised < count, position + 2 <= input.count, input[position] == 0x1f,
                    input[position + 1] == 0x8b
                {
                    let member = UnsafeRawBufferPointer(rebasing: input[position...])
                    let room = UnsafeMutableRawBufferPointer(rebasing: output[initialised...])
                    let progress = inflateMember(member, into: room)
                    initialised += progress.made
                    position += progress.used
                    if progress.end == .damage { throw .corrupt(offset: 0, format: "gzip") }
                    if progress.end != .member { break }
                }
            } catch { failure = error }
        }
        if let failure { throw failure }
        return result
    }

    /// Finds out why a member does not inflate.
    ///
    /// - Parameters:
    ///   - input: The whole gzip file.
    ///   - start: Where the member starts.
    ///   - before: Bytes that came out of earlier members.
    ///   - expected: Bytes the caller expects of the file.
    ///   - limit: Bytes the caller allows; nothing beyond is inflated.
    /// - Returns: Truncated, too long or damaged.
    static func gzipFailure(
        in input: UnsafeRawBufferPointer, memberAt start: Int, before: Int, expected: Int,
        limit: Int
    ) -> DeflateError {
        let member = UnsafeRawBufferPointer(rebasing: input[start...])
        let progress = inflateMember(member, into: nil, limit: limit - before)
        if before + progress.made > limit { return .tooLong(allowed: limit) }
        return progress.end == .input
            ? .truncated(expected: expected, found: before + progress.made)
            : .corrupt(offset: start, format: "gzip")
    }

    private enum MemberEnd { case member, input, output, damage }

    private struct MemberProgress {
        var used = 0
        var made = 0
        var end = MemberEnd.input
    }

    /// Inflates one member with zlib: into memory, or (`nil`) into a scratch buffer that is thrown away.
    private static func inflateMember(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer?,
        limit: Int = .max
    ) -> MemberProgress {
        var stream = z_stream()
        guard samdata_inflate_init_gzip(&stream) == Z_OK else {
            preconditionFailure("memory ran out")
        }
        defer { inflateEnd(&stream) }
        let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
        defer { scratch.deallocate() }
        var progress = MemberProgress()
        while true {
            // zlib counts in 32 bits, so both sides are handed over in pieces.
            let given = min(input.count - progress.used, 1 << 30)
            let room = output.map { min($0.count - progress.made, 1 << 30) } ?? scratch.count
            let target = output.map { $0.baseAddress.map { $0 + progress.made } }
            stream.next_in = input.baseAddress.map {
                UnsafeMutablePointer(
                    mutating: ($0 + progress.used).assumingMemoryBound(to: UInt8.self))
            }
            stream.avail_in = UInt32(given)
            stream.next_out = (target ?? scratch.baseAddress)?.assumingMemoryBound(to: UInt8.self)
            stream.avail_out = UInt32(room)
            let status = inflate(&stream, Z_NO_FLUSH)
            let (used, made) = (given - Int(stream.avail_in), room - Int(stream.avail_out))
            progress.used += used
            progress.made += made
            switch status {
            case Z_STREAM_END: progress.end = .member
            case Z_OK, Z_BUF_ERROR:
                if progress.made > limit || output?.count == progress.made {
                    progress.end = .output
                } else if progress.used < input.count || made == room {
                    continue
                } else {
                    progress.end = .input
                }
            default: progress.end = .damage
            }
            return progress
        }
    }
}
