import Foundation
import MedicalImaging

/// One answer of Pillow, SciPy or scikit-image, from `Fixtures/resampling.json` (written by
/// `make_resampling.py`).
struct ResamplingOracle: Decodable, Sendable, CustomStringConvertible {
    let method: String
    let input: String
    let size: [Int]
    let target: [Int]
    let seed: UInt32
    let channels: Int
    let type: String
    let base64: String?
    let fnv: String?
    let places: [Int]?
    let probes: [Double]?
    let sum: Double?

    static let all: [ResamplingOracle] = {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent()
        let file = folder.appendingPathComponent("Fixtures/resampling.json")
        do {
            return try JSONDecoder().decode([ResamplingOracle].self, from: Data(contentsOf: file))
        } catch {
            fatalError("resampling.json: \(error)")
        }
    }()

    var description: String {
        "\(method) of \(input) \(size) x\(channels) to \(target), \(type)"
    }

    var inputSize: SliceSize { SliceSize(rows: size[0], columns: size[1]) }
    var targetSize: SliceSize { SliceSize(rows: target[0], columns: target[1]) }

    /// Whether the oracle smoothed first, with an exponential whose last bit NumPy may round in its
    /// own way.
    var isSmoothed: Bool {
        method == "scikit-3" && (target[0] < size[0] || target[1] < size[1])
    }

    // MARK: - The inputs, made again

    var bytes: [UInt8] {
        let words = Noise.words(inputSize.count * channels, seed: seed)
        return words.map { input == "labels" ? UInt8($0 >> 24) % 14 : UInt8($0 >> 24) }
    }

    var grey: Slice<UInt8> { Slice(rows: size[0], columns: size[1], samples: bytes) }

    var real: Slice<Float> {
        var slice = Noise.real(inputSize, seed: seed)
        if input == "island" {
            let (top, left) = (size[0] / 4, size[1] / 4)
            for row in 0..<size[0] {
                for column in 0..<size[1]
                where row < top || row >= size[0] - top || column < left
                    || column >= size[1] - left
                {
                    slice[row, column] = 0
                }
            }
        }
        return slice
    }
}

/// The generator of `make_resampling.py`.
enum Noise {
    static func words(_ count: Int, seed: UInt32) -> [UInt32] {
        var state = seed
        return (0..<count).map { _ in
            state = 1_664_525 &* state &+ 1_013_904_223
            return state
        }
    }

    static func real(_ size: SliceSize, seed: UInt32) -> Slice<Float> {
        Slice(
            rows: size.rows, columns: size.columns,
            samples: words(size.count, seed: seed).map { Float($0 >> 8) / 16_777_216 })
    }

    static func grey(_ size: SliceSize, seed: UInt32) -> Slice<UInt8> {
        Slice(
            rows: size.rows, columns: size.columns,
            samples: words(size.count, seed: seed).map { UInt8($0 >> 24) })
    }
}

/// The samples as little-endian bytes.
func littleEndianBytes(_ samples: [Float]) -> [UInt8] {
    samples.flatMap { value in withUnsafeBytes(of: value.bitPattern.littleEndian) { [UInt8]($0) } }
}

/// The samples as little-endian bytes.
func littleEndianBytes(_ samples: [Double]) -> [UInt8] {
    samples.flatMap { value in withUnsafeBytes(of: value.bitPattern.littleEndian) { [UInt8]($0) } }
}

/// FNV-1a, 64 bits, as 16 hexadecimal digits.
func fnv(_ bytes: [UInt8]) -> String {
    var value: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
}
