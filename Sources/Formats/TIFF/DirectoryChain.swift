/// The chain of directories of a file, walked without libtiff: it counts, and stops at loops.
struct DirectoryChain {
    /// Where each directory starts.
    let offsets: [UInt64]
    /// Whether the file has 64-bit offsets.
    let isBigTIFF: Bool

    /// libtiff refuses directories with more entries.
    private static let largestEntryCount: UInt64 = 4096

    init(_ file: ByteFile, name: String, limit: Int) throws(TIFFError) {
        func damaged(_ place: String, _ found: String, _ expected: String) -> TIFFError {
            TIFFError(
                .damaged, file: name, place: place, found: found,
                expected: expected + "; check that the file is a TIFF and was fetched whole")
        }
        let header = file.read(at: 0, count: 16)
        guard TIFFReader.isTIFF(prefix: header), header.count >= 8 else {
            let start = header.prefix(4).map { byte in
                (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
            throw damaged(
                "header", start.isEmpty ? "no bytes" : "bytes \(start.joined())",
                "a TIFF header (49492a00, 4d4d002a, 49492b00 or 4d4d002b)")
        }
        let isBigEndian = header[0] == 0x4d
        func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
            let ordered = isBigEndian ? Array(bytes) : bytes.reversed()
            return ordered.reduce(0) { $0 << 8 | UInt64($1) }
        }
        let isBig = number(header[2..<4]) == 43
        if isBig {
            guard header.count == 16, number(header[4..<6]) == 8, number(header[6..<8]) == 0 else {
                throw damaged("header", "a cut or unknown BigTIFF header", "8-byte offsets")
            }
        }
        let (countBytes, entryBytes, offsetBytes) = isBig ? (8, 20, 8) : (2, 12, 4)

        var next = number(isBig ? header[8..<16] : header[4..<8])
        var found: [UInt64] = []
        var seen: Set<UInt64> = []
        while next != 0 {
            let place = "directory \(found.count)"
            guard found.count < limit else {
                throw TIFFError(
                    .tooLarge, file: name, place: place, found: "more than \(limit) directories",
                    expected: "at most that many; raise the limit if the file is genuine")
            }
            guard seen.insert(next).inserted else {
                throw damaged(
                    place, "the offset \(next) of an earlier directory", "a chain without a loop")
            }
            let start = file.read(at: next, count: countBytes)
            guard start.count == countBytes else {
                throw damaged(
                    place, "offset \(next) in a file of \(file.size) bytes", "an offset inside")
            }
            let entries = number(start[...])
            guard (1...Self.largestEntryCount).contains(entries) else {
                throw damaged(
                    place, "\(entries) entries", "1 to \(Self.largestEntryCount) of them")
            }
            // Below: an offset inside the file plus at most 4096 entries of 20 bytes.
            let end = next + UInt64(countBytes) + entries * UInt64(entryBytes)
            let link = file.read(at: end, count: offsetBytes)
            guard link.count == offsetBytes else {
                throw damaged(
                    place, "an end of the file after \(file.size) bytes",
                    "\(entries) entries from byte \(next) on")
            }
            found.append(next)
            next = number(link[...])
        }
        guard !found.isEmpty else {
            throw damaged("header", "no directory", "at least one image")
        }
        offsets = found
        isBigTIFF = isBig
    }
}
