/// The directories of a file, walked without libtiff: it counts, and stops at loops.
///
/// The chain that starts in the header comes first, in its order; behind it the images that tag 330 (SubIFDs) names,
/// those of directory 0 first, each followed by what is chained to it.
struct DirectoryChain {
    /// Where a directory starts, and which one names it as its SubIFD.
    struct Entry {
        let offset: UInt64
        let parent: Int?
    }

    /// All directories, those of the main chain first.
    private(set) var entries: [Entry] = []
    /// How many of them belong to the main chain.
    private(set) var mainCount = 0
    /// Whether the file has 64-bit offsets.
    let isBigTIFF: Bool

    private let file: ByteFile
    private let name: String
    private let limit: Int
    private let isBigEndian: Bool
    private var seen: Set<UInt64> = []
    /// The directories that name SubIFDs, and which; those of the main chain first.
    private var pending: [(parent: Int, offsets: [UInt64])] = []

    /// libtiff refuses directories with more entries.
    private static let largestEntryCount: UInt64 = 4096
    private static let subIFDs: UInt64 = 330

    init(_ file: ByteFile, name: String, limit: Int) throws(TIFFError) {
        let header = file.read(at: 0, count: 16)
        guard TIFFReader.isTIFF(prefix: header), header.count >= 8 else {
            let start = header.prefix(4).map { byte in
                (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
            throw Self.damaged(
                name, "header", start.isEmpty ? "no bytes" : "bytes \(start.joined())",
                "a TIFF header (49492a00, 4d4d002a, 49492b00 or 4d4d002b)")
        }
        self.file = file
        self.name = name
        self.limit = limit
        isBigEndian = header[0] == 0x4d
        isBigTIFF = (isBigEndian ? header[3] : header[2]) == 43
        if isBigTIFF {
            guard header.count == 16, number(header[4..<6]) == 8, number(header[6..<8]) == 0 else {
                throw Self.damaged(
                    name, "header", "a cut or unknown BigTIFF header", "8-byte offsets")
            }
        }
        try walk(from: number(isBigTIFF ? header[8..<16] : header[4..<8]), parent: nil, listed: [])
        guard !entries.isEmpty else {
            throw Self.damaged(name, "header", "no directory", "at least one image")
        }
        mainCount = entries.count
        // SubIFDs may name SubIFDs of their own, which join the end of the list.
        var next = 0
        while next < pending.count {
            let (parent, offsets) = pending[next]
            next += 1
            let listed = Set(offsets)
            // Offset 0 is room for a directory that was never written.
            for offset in offsets where offset != 0 {
                try walk(from: offset, parent: parent, listed: listed)
            }
        }
        seen = []
        pending = []
    }

    private static func damaged(
        _ file: String, _ place: String, _ found: String, _ expected: String
    ) -> TIFFError {
        TIFFError(
            .damaged, file: file, place: place, found: found,
            expected: expected + "; check that the file is a TIFF and was fetched whole")
    }

    private func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        let ordered = isBigEndian ? Array(bytes) : bytes.reversed()
        return ordered.reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Follows a chain of directories to its end.
    ///
    /// Some writers list SubIFDs and chain them too; a link to another listed one ends the chain quietly.
    private mutating func walk(
        from start: UInt64, parent: Int?, listed: Set<UInt64>
    ) throws(TIFFError) {
        var next = start
        var own: Set<UInt64> = []
        while next != 0 {
            let place = Self.place(entries.count, parent)
            if parent != nil && next != start && listed.contains(next) && !own.contains(next) {
                return
            }
            guard entries.count < limit else {
                throw TIFFError(
                    .tooLarge, file: name, place: place, found: "more than \(limit) directories",
                    expected: "at most that many; raise the limit if the file is genuine")
            }
            guard seen.insert(next).inserted else {
                throw Self.damaged(
                    name, place, "the offset \(next) of an earlier directory",
                    "a chain without a loop")
            }
            own.insert(next)
            next = try add(next, parent: parent, place)
        }
    }

    /// Notes the directory at an offset and the SubIFDs it names; the offset of the next in its chain.
    private mutating func add(
        _ offset: UInt64, parent: Int?, _ place: String
    ) throws(TIFFError) -> UInt64 {
        let (countBytes, entryBytes, offsetBytes) = isBigTIFF ? (8, 20, 8) : (2, 12, 4)
        let start = file.read(at: offset, count: countBytes)
        guard start.count == countBytes else {
            throw Self.damaged(
                name, place, "offset \(offset) in a file of \(file.size) bytes",
                "an offset inside")
        }
        let count = number(start[...])
        guard (1...Self.largestEntryCount).contains(count) else {
            throw Self.damaged(
                name, place, "\(count) entries", "1 to \(Self.largestEntryCount) of them")
        }
        // Below: an offset inside the file plus at most 4096 entries of 20 bytes.
        let tableBytes = Int(count) * entryBytes
        let table = file.read(
            at: offset + UInt64(countBytes), count: tableBytes + offsetBytes)
        guard table.count == tableBytes + offsetBytes else {
            throw Self.damaged(
                name, place, "an end of the file after \(file.size) bytes",
                "\(count) entries from byte \(offset) on")
        }
        let index = entries.count
        entries.append(Entry(offset: offset, parent: parent))
        for entry in stride(from: 0, to: tableBytes, by: entryBytes)
        where number(table[entry..<entry + 2]) == Self.subIFDs {
            let offsets = try subIFDs(table[entry..<entry + entryBytes], place)
            if !offsets.isEmpty { pending.append((index, offsets)) }
            break
        }
        return number(table[tableBytes...])
    }

    /// The offsets in an entry of tag 330.
    private func subIFDs(
        _ entry: ArraySlice<UInt8>, _ place: String
    ) throws(TIFFError) -> [UInt64] {
        let at = entry.startIndex
        let type = number(entry[at + 2..<at + 4])
        let word = isBigTIFF ? 8 : 4
        let count = number(entry[at + 4..<at + 4 + word])
        let value = entry[(at + 4 + word)...]
        // LONG and IFD have 4 bytes, LONG8 and IFD8 have 8.
        let sizes: [UInt64: Int] = [4: 4, 13: 4, 16: 8, 18: 8]
        guard let size = sizes[type], count <= UInt64(limit) else {
            throw Self.damaged(
                name, place, "\(count) SubIFDs of type \(type)",
                "at most \(limit) offsets (type 4, 13, 16 or 18)")
        }
        let bytes = Int(count) * size
        let stored =
            bytes <= word
            ? Array(value.prefix(bytes))
            : file.read(at: number(value), count: bytes)
        guard stored.count == bytes else {
            throw Self.damaged(
                name, place, "SubIFDs at byte \(number(value)) in a file of \(file.size) bytes",
                "\(bytes) bytes inside")
        }
        return stride(from: 0, to: bytes, by: size).map { number(stored[$0..<$0 + size]) }
    }

    private static func place(_ index: Int, _ parent: Int?) -> String {
        parent.map { "directory \(index) (SubIFD of \($0))" } ?? "directory \(index)"
    }
}
