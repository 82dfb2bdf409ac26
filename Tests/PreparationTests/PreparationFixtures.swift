import Foundation
import MedicalImaging

@testable import SamplePreparation

/// Oracle answers in `Fixtures/preparation`, written by `make_preparation.py`.
enum PreparationFixtures {
    static func decode<Content: Decodable>(_ name: String) -> Content {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Fixtures/preparation/\(name)")
        do {
            return try JSONDecoder().decode(Content.self, from: Data(contentsOf: file))
        } catch {
            fatalError("\(name): \(error)")
        }
    }
}

/// The generator of `make_preparation.py`: a linear congruence modulo 2³².
struct Noise {
    private var state: UInt32

    init(seed: UInt32) { state = seed }

    mutating func word() -> UInt32 {
        state = 1_664_525 &* state &+ 1_013_904_223
        return state
    }

    mutating func below(_ bound: Int) -> Int { Int(word() >> 8) % bound }

    static func words(_ count: Int, seed: UInt32) -> [UInt32] {
        var noise = Noise(seed: seed)
        return (0..<count).map { _ in noise.word() }
    }
}

/// FNV-1a, 64 bits, as 16 hexadecimal digits.
func fnv(_ bytes: some Sequence<UInt8>) -> String {
    var value: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
}

/// A slice drawn with characters: `.` is background, digits are labels.
func drawn(_ rows: String...) -> LabelSlice {
    LabelSlice(
        rows: rows.count, columns: rows.first?.count ?? 0,
        samples: rows.joined().map { UInt8(String($0)) ?? 0 })
}

extension LabelSlice {
    /// Bit n of the number is pixel n, row by row.
    init(rows: Int, columns: Int, bits: Int) {
        self.init(
            rows: rows, columns: columns,
            samples: (0..<(rows * columns)).map { bits >> $0 & 1 == 1 ? 1 : 0 })
    }

    /// A union of ellipses, some cut by the border, with holes; as `make_preparation.py` makes it.
    init(blob seed: UInt32) {
        var noise = Noise(seed: seed)
        let rows = 1 + noise.below(60)
        let columns = 1 + noise.below(60)
        self.init(
            rows: rows, columns: columns, samples: [UInt8](repeating: 0, count: rows * columns))
        for n in 0..<(1 + noise.below(5)) {
            let cx = noise.below(columns)
            let cy = noise.below(rows)
            let rx = 1 + noise.below(1 + columns)
            let ry = 1 + noise.below(1 + rows)
            for y in 0..<rows {
                for x in 0..<columns
                where (x - cx) * (x - cx) * ry * ry + (y - cy) * (y - cy) * rx * rx
                    <= rx * rx * ry * ry
                {
                    self[y, x] = n % 3 != 2 ? 1 : 0
                }
            }
        }
    }

    /// Blobs and specks of labels from 1 on.
    init(rows: Int, columns: Int, labels: Int, seed: UInt32) {
        var noise = Noise(seed: seed)
        self.init(
            rows: rows, columns: columns, samples: [UInt8](repeating: 0, count: rows * columns))
        guard rows > 0, columns > 0 else { return }
        for _ in 0..<12 {
            let label = UInt8(1 + noise.below(labels))
            let (x0, y0) = (noise.below(columns), noise.below(rows))
            let (w, h) = (1 + noise.below(1 + columns / 2), 1 + noise.below(1 + rows / 3))
            for y in y0..<min(rows, y0 + h) {
                for x in x0..<min(columns, x0 + w) { self[y, x] = label }
            }
        }
        for _ in 0..<(rows * columns / 10) {
            self[noise.below(rows), noise.below(columns)] = UInt8(noise.below(labels + 1))
        }
    }

    /// The region of label 1; `nil` when there is none.
    var region: Region? {
        RegionFinder.regions(of: self, unit: .organ, minimumArea: 1).first { $0.label == 1 }
    }

    /// Pixels of one label, row by row.
    func pixels(of label: UInt8) -> [PixelPosition] {
        samples.indices.filter { samples[$0] == label }.map {
            PixelPosition(x: $0 % columns, y: $0 / columns)
        }
    }
}

extension Affine {
    /// An affine whose axes point as the letters say, as `make_preparation.py` makes it.
    init(_ orientation: Orientation) {
        self.init(values: [Double](repeating: 0, count: 12))
        for (axis, direction) in orientation.axes.enumerated() {
            let size = [0.7, 0.8, 2.5][axis]
            self[direction.worldAxis, axis] = direction.isPositive ? size : -size
        }
        (self[0, 3], self[1, 3], self[2, 3]) = (-11, 7, 3)
    }
}

extension ImageVolume {
    /// One row of voxels.
    static func row(_ samples: [Int16]) -> ImageVolume {
        .int16(Volume(grid: Grid(row: samples.count), samples: samples))
    }
    static func row(_ samples: [Int32]) -> ImageVolume {
        .int32(Volume(grid: Grid(row: samples.count), samples: samples))
    }
    static func row(_ samples: [Float]) -> ImageVolume {
        .float32(Volume(grid: Grid(row: samples.count), samples: samples))
    }

    /// All voxels as one row of pixels.
    func bytes(through mapping: PixelMapping) -> [UInt8] {
        let count = grid.shape.count
        let plane = VoxelGather.Plane(
            start: 0, rowStride: count, columnStride: 1, rows: 1, columns: count)
        var output = [UInt8](repeating: 0xee, count: count * mapping.output.byteCount)
        output.withUnsafeMutableBytes { mapping.extract(plane, of: self, into: $0) }
        return output
    }

    func floats(through mapping: PixelMapping) -> [Float] {
        bytes(through: mapping).withUnsafeBytes { raw in
            (0..<grid.shape.count).map { raw.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
        }
    }
}

extension Grid {
    init(row count: Int) { self.init(shape: GridShape(count, 1, 1), affine: .identity) }
}
