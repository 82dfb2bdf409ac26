/// The records that end a zip archive: how many members there are and where their directory is.
public struct ZipEnd: Hashable, Sendable {
    /// The members of the archive.
    public let members: Int
    /// Where the directory starts in the file.
    public let offset: Int
    /// The bytes of the directory.
    public let size: Int

    /// Makes the end of an archive.
    ///
    /// - Parameters:
    ///   - members: The members of the archive.
    ///   - offset: Where the directory starts in the file.
    ///   - size: The bytes of the directory.
    public init(members: Int, offset: Int, size: Int) {
        self.members = members
        self.offset = offset
        self.size = size
    }

    static let signature: UInt32 = 0x0605_4b50
    static let wideSignature: UInt32 = 0x0606_4b50
    static let locatorSignature: UInt32 = 0x0706_4b50
    static let length = 22
    static let wideLength = 56
    static let locatorLength = 20

    /// The records that end the file.
    ///
    /// - Parameter wideFrom: Sizes and offsets from here on get zip64 records; lower than 2^32 - 1 in tests only.
    /// - Returns: Their bytes, without a comment.
    public func records(wideFrom: Int) -> [UInt8] {
        let wideMembers = members >= min(0xffff, wideFrom)
        var bytes = ZipBytes()
        if wideMembers || offset >= wideFrom || size >= wideFrom {
            bytes.append(Self.wideSignature)
            // The bytes that follow this number.
            bytes.append(UInt64(Self.wideLength - 12))
            bytes.append(UInt16(3 << 8 | 45))
            bytes.append(UInt16(45))
            // This disk, and the disk of the directory.
            bytes.append(UInt32(0))
            bytes.append(UInt32(0))
            for value in [members, members, size, offset] { bytes.append(UInt64(value)) }
            bytes.append(Self.locatorSignature)
            bytes.append(UInt32(0))
            bytes.append(UInt64(offset + size))
            bytes.append(UInt32(1))
        }
        bytes.append(Self.signature)
        bytes.append(UInt16(0))
        bytes.append(UInt16(0))
        for _ in 0..<2 { bytes.append(wideMembers ? UInt16.max : UInt16(members)) }
        for value in [size, offset] { bytes.append(value >= wideFrom ? UInt32.max : UInt32(value)) }
        // No comment.
        bytes.append(UInt16(0))
        return bytes.values
    }
}
