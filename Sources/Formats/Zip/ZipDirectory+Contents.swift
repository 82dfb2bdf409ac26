internal import DeflateCompression

extension ZipDirectory {
    /// The contents of a member from its bytes in the file: inflated where it is deflated, and checked.
    ///
    /// The caller compares the size of the member with its own limit first.
    ///
    /// - Complexity: O(*n*); stored members are not copied.
    ///
    /// - Parameters:
    ///   - index: The place of the member in ``members``.
    ///   - packed: The bytes of its range in ``ranges``.
    /// - Returns: As many bytes as the directory says, with its checksum.
    /// - Throws: ``ZipError`` when they are damaged, or compressed by another method.
    public func contents(
        of index: Int, packed: ArraySlice<UInt8>
    ) throws(ZipError) -> ArraySlice<UInt8> {
        let member = members[index]
        let offset = ranges[index].lowerBound
        let data: ArraySlice<UInt8>
        switch member.method {
        case 0: data = packed
        case 8: data = try inflate(index, packed)[...]
        default:
            throw .unsupported(
                file: label(of: index), found: "compression method \(member.method)",
                next: "write the archive again without compression")
        }
        guard data.count == member.size else {
            throw .damaged(
                file: label(of: index), offset: offset, found: "\(data.count) bytes",
                expected: "the \(member.size) of the directory")
        }
        guard data.withUnsafeBytes({ CRC32.checksum(of: $0) }) == member.checksum else {
            throw .damaged(
                file: label(of: index), offset: offset, found: "data with another checksum",
                expected: "the checksum of the directory")
        }
        return data
    }

    private func inflate(
        _ index: Int, _ packed: ArraySlice<UInt8>
    ) throws(ZipError) -> [UInt8] {
        let size = members[index].size
        let offset = ranges[index].lowerBound
        // Deflate shrinks by at most 1032 to 1; anything beyond is a lie about the size.
        guard size / 1032 <= packed.count else {
            throw .damaged(
                file: label(of: index), offset: offset, found: "\(packed.count) compressed bytes",
                expected: "enough for \(size)")
        }
        let inflater = Inflater()
        var failure: DeflateError?
        let result = packed.withUnsafeBytes { input in
            [UInt8](unsafeUninitializedCapacity: size) { output, count in
                do throws(DeflateError) {
                    try inflater.raw(
                        input,
                        into: UnsafeMutableRawBufferPointer(
                            rebasing: UnsafeMutableRawBufferPointer(output)[..<size]))
                    count = size
                } catch {
                    failure = error
                }
            }
        }
        if let failure {
            throw .damaged(
                file: label(of: index), offset: offset,
                found: "a deflate stream that fails (\(failure))",
                expected: "one of \(size) bytes")
        }
        return result
    }
}
