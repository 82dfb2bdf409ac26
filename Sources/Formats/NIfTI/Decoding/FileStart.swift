import DeflateCompression
import SafeFiles

/// The first bytes of a file, inflated when they are gzip.
struct FileStart {
    let isCompressed: Bool
    let fileSize: Int
    let bytes: [UInt8]

    /// Reads the first bytes of a file.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - count: How many bytes are wanted; fewer come when the file is shorter.
    /// - Throws: ``NIfTIError`` when the file cannot be read or inflated.
    init(path: String, atLeast count: Int) throws(NIfTIError) {
        let file = try NIfTIError.wrapping { () throws(FileError) in try ReadableFile(path: path) }
        // Compressed data can be longer than what it stands for, by a few bytes per block and the gzip head.
        let first = min(file.size, max(count + count / 512 + 512, 4096))
        var raw = try NIfTIError.wrapping { () throws(FileError) in try file.bytes(count: first) }
        fileSize = file.size
        isCompressed = raw.count >= 2 && raw[0] == 0x1f && raw[1] == 0x8b
        guard isCompressed else {
            bytes = Array(raw.prefix(count))
            return
        }
        var inflated = try Self.inflate(raw, count: count, path: path)
        // A long file name in the gzip head, or many small members, push the data further back.
        if inflated.count < count, raw.count < file.size {
            let more = min(file.size, raw.count + (1 << 18))
            raw = try NIfTIError.wrapping { () throws(FileError) in try file.bytes(count: more) }
            inflated = try Self.inflate(raw, count: count, path: path)
        }
        bytes = inflated
    }

    private static func inflate(
        _ raw: [UInt8], count: Int, path: String
    ) throws(NIfTIError) -> [UInt8] {
        do throws(DeflateError) {
            return try raw.span.bytes.withUnsafeBytes { (input) throws(DeflateError) in
                try Inflater.gzipPrefix(input, count: count)
            }
        } catch {
            throw NIfTIError(
                .damaged, path: path, field: "compressed header",
                found: "a damaged gzip stream or a wrong checksum", expected: "an intact stream",
                nextStep: "fetch the file again")
        }
    }
}
