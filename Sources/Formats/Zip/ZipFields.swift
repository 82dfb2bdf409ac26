/// Reads little-endian numbers from a piece of an archive; outside the piece is an error, never a trap.
struct ZipFields {
    let bytes: [UInt8]
    /// Where the piece starts in the file; offsets below count from the start of the file.
    let start: Int
    let file: String

    var end: Int { start + bytes.count }

    func u16(_ offset: Int) throws(ZipError) -> Int {
        Int(truncatingIfNeeded: try number(offset, 2))
    }

    func u32(_ offset: Int) throws(ZipError) -> UInt32 {
        UInt32(truncatingIfNeeded: try number(offset, 4))
    }

    /// A 64-bit size or offset, at most the largest one a file can have.
    func size(_ offset: Int) throws(ZipError) -> Int {
        let value = try number(offset, 8)
        guard let size = Int(exactly: value) else {
            throw .damaged(
                file: file, offset: offset, found: "the number \(value)", expected: "below 2^63")
        }
        return size
    }

    /// Bytes of the piece.
    func slice(_ range: Range<Int>) throws(ZipError) -> ArraySlice<UInt8> {
        guard range.lowerBound >= start, range.upperBound <= end else {
            throw .damaged(
                file: file, offset: range.lowerBound, found: "an end at byte \(end)",
                expected: "\(range.count) bytes at this place")
        }
        return bytes[(range.lowerBound - start)..<(range.upperBound - start)]
    }

    private func number(_ offset: Int, _ count: Int) throws(ZipError) -> UInt64 {
        guard offset >= start, offset <= end - count else {
            throw .damaged(
                file: file, offset: offset, found: "an end at byte \(end)",
                expected: "\(count) more at this place")
        }
        return (0..<count).reversed().reduce(0) { $0 << 8 | UInt64(bytes[offset - start + $1]) }
    }
}
