import Foundation
import MedicalImaging

@testable import SamplePreparation

/// Real nuclei and the masks that other people made of them; see the README beside the files.
enum ForeignMasks {
    /// Where the files are, when they lie beside the checkout (`../shared`) or where `SAMDATA_SHARED` says.
    static let folder: String? = {
        let named = ProcessInfo.processInfo.environment["SAMDATA_SHARED"]
        let beside = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("shared").path
        return [named, beside].compactMap(\.self).map { $0 + "/data/monuseg/" }
            .first { FileManager.default.fileExists(atPath: $0) }
    }()

    /// The regions of an ImageScope file, in its order; a scan for two tags and two attributes, no more.
    static func outlines(_ name: String) throws -> [PlanePolygon] {
        let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: (folder ?? "") + name)))
        var outlines: [PlanePolygon] = []
        bytes.withUnsafeBufferPointer { bytes in
            guard let base = bytes.baseAddress else { return }
            func isWord(_ word: StaticString, at place: Int) -> Bool {
                place + word.utf8CodeUnitCount < bytes.count
                    && memcmp(base + place, word.utf8Start, word.utf8CodeUnitCount)
                        == 0
            }
            func number(after word: StaticString, from place: Int) -> Double {
                var n = place
                while !isWord(word, at: n) { n += 1 }
                return strtod(
                    UnsafeRawPointer(base + n + word.utf8CodeUnitCount)
                        .assumingMemoryBound(to: CChar.self), nil)
            }
            var place = 0
            while let found = memchr(base + place, 60, bytes.count - place) {
                place = found - UnsafeMutableRawPointer(mutating: base)
                if isWord("<Region ", at: place) {
                    outlines.append(PlanePolygon(outer: []))
                } else if isWord("<Vertex ", at: place) {
                    outlines[outlines.count - 1].outer.append(
                        PlanePoint(
                            x: number(after: " X=\"", from: place),
                            y: number(after: " Y=\"", from: place)))
                }
                place += 1
            }
        }
        return outlines
    }

    /// Whether each pixel of a 1000x1000 picture with 8-bit grey is other than 0.
    static func mask(_ name: String) throws -> [Bool] {
        var stream: [UInt8] = []
        let file = try [UInt8](Data(contentsOf: URL(fileURLWithPath: (folder ?? "") + name)))
        var place = 8
        while place + 8 < file.count {
            let size = file[place..<(place + 4)].reduce(0) { $0 << 8 | Int($1) }
            if file[(place + 4)..<(place + 8)].elementsEqual("IDAT".utf8) {
                stream += file[(place + 8)..<(place + 8 + size)]
            }
            place += size + 12
        }
        var inflater = PlainInflater(bytes: stream)
        let lines = inflater.inflate()
        var pixels = [UInt8](repeating: 0, count: 1_000_000)
        for y in 0..<1000 {
            let filter = lines[y * 1001]
            for x in 0..<1000 {
                let left = x > 0 ? Int(pixels[y * 1000 + x - 1]) : 0
                let above = y > 0 ? Int(pixels[(y - 1) * 1000 + x]) : 0
                let corner = x > 0 && y > 0 ? Int(pixels[(y - 1) * 1000 + x - 1]) : 0
                let guess: Int
                switch filter {
                case 1: guess = left
                case 2: guess = above
                case 3: guess = (left + above) / 2
                case 4:
                    let p = left + above - corner
                    let (a, b, c) = (abs(p - left), abs(p - above), abs(p - corner))
                    guess = a <= b && a <= c ? left : b <= c ? above : corner
                default: guess = 0
                }
                pixels[y * 1000 + x] = lines[y * 1001 + 1 + x] &+ UInt8(guess)
            }
        }
        return pixels.map { $0 != 0 }
    }
}

/// Inflates a zlib stream bit by bit; slow, and trusting.
///
/// - Source: RFC 1951.
struct PlainInflater {
    let bytes: [UInt8]
    private var bit = 16

    init(bytes: [UInt8]) { self.bytes = bytes }

    private mutating func bits(_ count: Int) -> Int {
        var value = 0
        for n in 0..<count {
            value |= Int(bytes[bit >> 3] >> UInt8(bit & 7) & 1) << n
            bit += 1
        }
        return value
    }

    private typealias Code = (counts: [Int], symbols: [Int])

    private static func code(_ lengths: [Int]) -> Code {
        let counts = (0..<16).map { length in length == 0 ? 0 : lengths.count { $0 == length } }
        let symbols = (1..<16).flatMap { length in lengths.indices.filter { lengths[$0] == length }
        }
        return (counts, symbols)
    }

    private mutating func symbol(_ code: Code) -> Int {
        var (value, first, index) = (0, 0, 0)
        for length in 1..<16 {
            value = value << 1 | bits(1)
            let count = code.counts[length]
            if value - first < count { return code.symbols[index + value - first] }
            index += count
            first = (first + count) << 1
        }
        return 256
    }

    private mutating func codes(_ kind: Int) -> (Code, Code) {
        if kind == 1 {
            let lengths = (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 }
            return (Self.code(lengths), Self.code([Int](repeating: 5, count: 30)))
        }
        let (literals, distances, count) = (bits(5) + 257, bits(5) + 1, bits(4) + 4)
        let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
        var small = [Int](repeating: 0, count: 19)
        for n in 0..<count { small[order[n]] = bits(3) }
        let code = Self.code(small)
        var lengths: [Int] = []
        while lengths.count < literals + distances {
            switch symbol(code) {
            case 16: lengths += [Int](repeating: lengths.last ?? 0, count: 3 + bits(2))
            case 17: lengths += [Int](repeating: 0, count: 3 + bits(3))
            case 18: lengths += [Int](repeating: 0, count: 11 + bits(7))
            case let length: lengths.append(length)
            }
        }
        return (Self.code(Array(lengths[..<literals])), Self.code(Array(lengths[literals...])))
    }

    mutating func inflate() -> [UInt8] {
        var output: [UInt8] = []
        var isLast = false
        while !isLast {
            isLast = bits(1) == 1
            let kind = bits(2)
            if kind == 0 {
                let start = (bit + 7) / 8 + 4
                let size = Int(bytes[start - 4]) | Int(bytes[start - 3]) << 8
                output += bytes[start..<(start + size)]
                bit = (start + size) * 8
                continue
            }
            let (literals, distances) = codes(kind)
            while true {
                let value = symbol(literals)
                if value == 256 { break }
                if value < 256 {
                    output.append(UInt8(value))
                    continue
                }
                let length = runLength(value)
                let distance = distance(symbol(distances))
                for _ in 0..<length { output.append(output[output.count - distance]) }
            }
        }
        return output
    }

    private mutating func runLength(_ value: Int) -> Int {
        if value < 265 { return value - 254 }
        if value == 285 { return 258 }
        let extra = (value - 261) / 4
        return ((value - 261) % 4 + 4) << extra + 3 + bits(extra)
    }

    private mutating func distance(_ value: Int) -> Int {
        if value < 4 { return value + 1 }
        let extra = value / 2 - 1
        return (value % 2 + 2) << extra + 1 + bits(extra)
    }
}
