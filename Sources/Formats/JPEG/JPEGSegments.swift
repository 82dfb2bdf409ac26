/// The marked segments of a JPEG up to its first scan, found without decoding.
struct JPEGSegments {
    /// A mark and the bytes of its segment, without mark and length.
    struct Segment {
        let mark: UInt8
        let start: Int
        let end: Int
    }

    /// Those before the first scan.
    private(set) var segments: [Segment] = []
    /// Where the first scan's mark (or the end mark) stands; the end of the bytes when there is none.
    private(set) var rest: Int
    /// Whether the walk ended at a scan or the end mark.
    private(set) var isSound = false

    init(_ bytes: [UInt8]) {
        var position = 2
        rest = bytes.count
        guard bytes.count >= 2, bytes[0] == 0xff, bytes[1] == 0xd8 else { return }
        while position + 1 < bytes.count {
            guard bytes[position] == 0xff else { return }
            let mark = bytes[position + 1]
            // Fill bytes may stand before any mark.
            if mark == 0xff {
                position += 1
                continue
            }
            if mark == 0xda || mark == 0xd9 {
                rest = position
                isSound = true
                return
            }
            guard position + 4 <= bytes.count else { return }
            let length = Int(bytes[position + 2]) << 8 | Int(bytes[position + 3])
            guard length >= 2, length <= bytes.count - position - 2 else { return }
            segments.append(
                Segment(mark: mark, start: position + 4, end: position + 2 + length))
            position += 2 + length
        }
    }

    /// The Exif orientation of a JPEG, 1 to 8; 1 when there is none or it makes no sense.
    static func orientation(of bytes: [UInt8]) -> Int {
        for segment in JPEGSegments(bytes).segments where segment.mark == 0xe1 {
            let body = bytes[segment.start..<segment.end]
            guard body.count > 14, body.prefix(6).elementsEqual([0x45, 0x78, 0x69, 0x66, 0, 0])
            else { continue }
            return orientation(ofExif: Array(body.dropFirst(6)))
        }
        return 1
    }

    /// Looks for tag 274 in the first directory of the TIFF inside an Exif segment.
    private static func orientation(ofExif body: [UInt8]) -> Int {
        let isBig = body[0] == 0x4d
        func number(_ offset: Int, _ count: Int) -> Int? {
            guard offset >= 0, offset <= body.count - count else { return nil }
            let part = body[offset..<(offset + count)]
            return (isBig ? Array(part) : part.reversed()).reduce(0) { $0 << 8 | Int($1) }
        }
        guard number(2, 2) == 42, let directory = number(4, 4), let count = number(directory, 2)
        else { return 1 }
        for entry in 0..<count {
            let place = directory + 2 + entry * 12
            guard let tag = number(place, 2) else { return 1 }
            guard tag == 274 else { continue }
            guard let value = number(place + 8, 2), (1...8).contains(value) else { return 1 }
            return value
        }
        return 1
    }
}

extension JPEG {
    /// Makes a complete JPEG file out of a tile that needs shared tables and is told its colours from outside.
    ///
    /// The tables go in front, marks of other colour models (JFIF, Adobe) are taken out, and an Adobe mark says whether
    /// the colours are transformed. The compressed pixels stay as they are, byte for byte.
    ///
    /// - Parameters:
    ///   - stream: The bytes of the tile.
    ///   - tables: The shared tables, a stream of its own; empty when there are none.
    ///   - colour: What the components mean; `other` keeps the tile's own marks.
    ///   - name: What error messages call the tile.
    /// - Returns: A file that any JPEG reader opens with the right colours.
    /// - Throws: ``JPEGError`` when a stream is damaged before its first scan.
    public static func standalone(
        _ stream: [UInt8], tables: [UInt8], colour: JPEGColour, named name: String = "JPEG tile"
    ) throws(JPEGError) -> [UInt8] {
        try checkStart(stream, named: name)
        let picture = JPEGSegments(stream)
        guard picture.isSound, picture.rest < stream.count, stream[picture.rest + 1] == 0xda else {
            throw .damaged(file: name, found: "no scan")
        }
        var file: [UInt8] = [0xff, 0xd8]
        file.reserveCapacity(stream.count + tables.count + 16)
        if colour == .rgb || colour == .yCbCr {
            file += [0xff, 0xee, 0, 14, 0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0]
            file.append(colour == .yCbCr ? 1 : 0)
        }
        if !tables.isEmpty {
            let shared = JPEGSegments(tables)
            guard shared.isSound else { throw .damaged(file: name, found: "cut shared tables") }
            // Quantisation (DB) and Huffman tables (C4), arithmetic conditioning (CC), restart interval (DD).
            for segment in shared.segments where [0xdb, 0xc4, 0xcc, 0xdd].contains(segment.mark) {
                file += tables[(segment.start - 4)..<segment.end]
            }
        }
        for segment in picture.segments {
            let isMark = segment.mark == 0xe0 || segment.mark == 0xee
            if isMark && colour != .other { continue }
            file += stream[(segment.start - 4)..<segment.end]
        }
        file += stream[picture.rest...]
        return file
    }
}
