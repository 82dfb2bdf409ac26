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
    init(path: String, atLeast count: Int) throws(NIfTIError) {
        do throws(FileError) {
            let file = try ReadableFile(path: path)
            fileSize = file.size
            // Compressed data can be longer than what it stands for, by a few bytes per block and the gzip head.
            var raw = try file.bytes(count: min(file.size, max(count + count / 512 + 512, 4096)))
            isCompressed = raw.count >= 2 && raw[0] == 0x1f && raw[1] == 0x8b
            guard isCompressed else {
                bytes = Array(raw.prefix(count))
                return
            }
            var inflated = try Self.inflate(raw, count: count, path: path)
            // A long file name in the gzip head, or many small members, push the data further back.
            if inflated.count < count, raw.count < file.size {
                raw = try file.bytes(count: min(file.size, raw.count + 1 << 18))
                inflated = try Self.inflate(raw, count: count, path: path)
            }
            bytes = inflated
        } catch { throw NIfTIError(error) }
    }

    private static func inflate(
        _ raw: [UInt8], count: Int, path: String
    ) throws(FileError) -> [UInt8] {
        do {
            return try raw.withUnsafeBytes { (input) throws(DeflateError) in
                try Inflater.gzipPrefix(input, count: count)
            }
        } catch {
            throw FileError(.contents, path: path, message: "\(error)")
        }
    }
}
