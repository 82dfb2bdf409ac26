/// One member of a zip archive as its directory describes it.
public struct ZipMember: Hashable, Sendable {
    /// The path inside the archive.
    public let name: String
    /// 0 stored, 8 deflated.
    public let method: Int
    /// The CRC-32 of the contents.
    public let checksum: UInt32
    /// The bytes it takes in the file.
    public internal(set) var compressedSize: Int
    /// The bytes of the contents.
    public internal(set) var size: Int
    /// Where its local header starts in the file.
    public var offset: Int

    /// Makes the description of a member.
    ///
    /// - Parameters:
    ///   - name: The path inside the archive.
    ///   - method: 0 stored, 8 deflated.
    ///   - checksum: The CRC-32 of the contents.
    ///   - compressedSize: The bytes it takes in the file.
    ///   - size: The bytes of the contents.
    ///   - offset: Where its local header starts in the file.
    public init(
        name: String, method: Int, checksum: UInt32, compressedSize: Int, size: Int, offset: Int
    ) {
        self.name = name
        self.method = method
        self.checksum = checksum
        self.compressedSize = compressedSize
        self.size = size
        self.offset = offset
    }

    static let localSignature: UInt32 = 0x0403_4b50
    static let directorySignature: UInt32 = 0x0201_4b50
    static let wideExtra: UInt16 = 1

    /// Whether a name stays inside the archive and prints as it is.
    ///
    /// - Parameter name: The path as written.
    /// - Returns: `false` for an empty, absolute or stepping-out name, back-slashes and control characters.
    public static func isPlain(_ name: String) -> Bool {
        !name.isEmpty
            && name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f && $0 != "\\" }
            && name.split(separator: "/", omittingEmptySubsequences: false).allSatisfy {
                !$0.isEmpty && $0 != "." && $0 != ".."
            }
    }

    private var isWideText: Bool { !name.utf8.allSatisfy { $0 < 0x80 } }

    /// Version needed, flags, method, fixed date, checksum: the same bytes in both headers.
    private func common(isWide: Bool) -> ZipBytes {
        var bytes = ZipBytes()
        bytes.append(UInt16(isWide ? 45 : 20))
        // Bit 11 says that the name is UTF-8.
        bytes.append(UInt16(isWideText ? 0x0800 : 0))
        bytes.append(UInt16(method))
        // 00:00:00 on 1980-01-01, the first moment a zip can name.
        bytes.append(UInt16(0))
        bytes.append(UInt16(0x0021))
        bytes.append(checksum)
        return bytes
    }

    /// The record in front of the data, dated 1980-01-01 00:00.
    ///
    /// - Parameter wideFrom: Sizes from here on are written in zip64 form; lower than 2^32 - 1 in tests only.
    /// - Returns: Its bytes.
    public func localHeader(wideFrom: Int) -> [UInt8] {
        // The local form must give both sizes if it gives one.
        let isWide = size >= wideFrom || compressedSize >= wideFrom
        var extra = ZipBytes()
        if isWide {
            extra.append(Self.wideExtra)
            extra.append(UInt16(16))
            extra.append(UInt64(size))
            extra.append(UInt64(compressedSize))
        }
        var bytes = ZipBytes()
        bytes.append(Self.localSignature)
        bytes.values += common(isWide: isWide).values
        bytes.append(isWide ? UInt32.max : UInt32(compressedSize))
        bytes.append(isWide ? UInt32.max : UInt32(size))
        bytes.append(UInt16(name.utf8.count))
        bytes.append(UInt16(extra.values.count))
        return bytes.values + Array(name.utf8) + extra.values
    }

    /// The record in the directory.
    ///
    /// - Parameter wideFrom: Sizes and offsets from here on are written in zip64 form; lower than 2^32 - 1 in tests only.
    /// - Returns: Its bytes.
    public func directoryEntry(wideFrom: Int) -> [UInt8] {
        var wide = ZipBytes()
        for value in [size, compressedSize, offset] where value >= wideFrom {
            wide.append(UInt64(value))
        }
        let isWide = !wide.values.isEmpty
        var extra = ZipBytes()
        if isWide {
            extra.append(Self.wideExtra)
            extra.append(UInt16(wide.values.count))
            extra.values += wide.values
        }
        var bytes = ZipBytes()
        bytes.append(Self.directorySignature)
        // Made by: Unix, so that the attributes below are a file mode.
        bytes.append(UInt16(3 << 8 | (isWide ? 45 : 20)))
        bytes.values += common(isWide: isWide).values
        for value in [compressedSize, size] {
            bytes.append(value >= wideFrom ? UInt32.max : UInt32(value))
        }
        bytes.append(UInt16(name.utf8.count))
        bytes.append(UInt16(extra.values.count))
        // Comment length, disk number, internal attributes.
        for _ in 0..<3 { bytes.append(UInt16(0)) }
        // A plain file, rw-r--r--.
        bytes.append(UInt32(0o100644) << 16)
        bytes.append(offset >= wideFrom ? UInt32.max : UInt32(offset))
        return bytes.values + Array(name.utf8) + extra.values
    }
}

/// Appends little-endian numbers.
struct ZipBytes {
    var values: [UInt8] = []

    mutating func append<Value: FixedWidthInteger>(_ value: Value) {
        withUnsafeBytes(of: value.littleEndian) { values += $0 }
    }
}
