/// One chunk of a PNG: a four-letter type and its data.
struct PNGChunk {
    let type: String
    /// The data, a slice of the file.
    let data: ArraySlice<UInt8>
    /// The whole chunk with length, type, data and checksum.
    let whole: ArraySlice<UInt8>

    /// A reader that does not know a critical chunk cannot show the picture; the case of the first letter tells.
    var isCritical: Bool { type.utf8.first.map { $0 & 0x20 == 0 } ?? false }
}

/// Walks over the chunks of a PNG and checks length and checksum of each.
///
/// libpng checks them too, but only as far as it needs to read; a file whose end was damaged would pass.
struct PNGChunks {
    static let signature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

    private let bytes: [UInt8]
    private let file: String
    private var position: Int

    init(_ bytes: [UInt8], file: String) throws(PNGError) {
        guard bytes.starts(with: Self.signature) else {
            throw .notPNG(file: file, found: Self.hexadecimal(bytes.prefix(8)))
        }
        self.bytes = bytes
        self.file = file
        position = Self.signature.count
    }

    /// The next chunk; the caller stops after IEND.
    mutating func next() throws(PNGError) -> PNGChunk {
        let start = position
        guard bytes.count - start >= 12 else {
            throw .damaged(
                file: file, offset: start, found: "\(bytes.count - start) bytes at the end",
                expected: "a chunk of at least 12")
        }
        let length = Int(Self.bigEndian(bytes[...], at: start))
        guard length <= bytes.count - start - 12 else {
            throw .damaged(
                file: file, offset: start, found: "a chunk of \(length) bytes",
                expected: "at most the \(bytes.count - start - 12) that follow")
        }
        let name = bytes[(start + 4)..<(start + 8)]
        guard name.allSatisfy({ (0x41...0x5a).contains($0 & 0xdf) }) else {
            throw .damaged(
                file: file, offset: start + 4, found: "chunk type \(Self.hexadecimal(name))",
                expected: "four letters")
        }
        let end = start + 8 + length
        let checksum = PNGChecksum.of(bytes[(start + 4)..<end])
        guard Self.bigEndian(bytes[...], at: end) == checksum else {
            throw .damaged(
                file: file, offset: end,
                found: "checksum \(Self.hexadecimal(bytes[end..<(end + 4)]))",
                expected: "the checksum of the \(String(decoding: name, as: UTF8.self)) chunk")
        }
        position = end + 4
        return PNGChunk(
            type: String(decoding: name, as: UTF8.self), data: bytes[(start + 8)..<end],
            whole: bytes[start..<position])
    }

    /// The header, which must be the first chunk.
    mutating func header() throws(PNGError) -> PNGHeader {
        let chunk = try next()
        guard chunk.type == "IHDR" else {
            throw .damaged(
                file: file, offset: Self.signature.count, found: "chunk \(chunk.type)",
                expected: "IHDR first")
        }
        return try PNGHeader(chunk.data, file: file)
    }

    static func bigEndian(_ bytes: ArraySlice<UInt8>, at index: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 << 8 | UInt32(bytes[index + $1]) }
    }

    static func hexadecimal(_ bytes: ArraySlice<UInt8>) -> String {
        if bytes.isEmpty { return "nothing" }
        let digits = Array("0123456789abcdef")
        return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
}

/// The CRC-32 that ends every chunk.
enum PNGChecksum {
    private static let table: [UInt32] = (0..<256).map { start in
        (0..<8).reduce(UInt32(start)) { value, _ in
            value & 1 == 1 ? value >> 1 ^ 0xedb8_8320 : value >> 1
        }
    }

    static func of(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        table.withUnsafeBufferPointer { table in
            bytes.withUnsafeBufferPointer { bytes in
                var value = UInt32.max
                for byte in bytes {
                    value = value >> 8 ^ table[Int(UInt8(truncatingIfNeeded: value) ^ byte)]
                }
                return ~value
            }
        }
    }
}
