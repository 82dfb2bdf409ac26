import Foundation
import MedicalImaging

/// Oracle answers in `Fixtures/imaging`, written by `make_imaging.py`.
enum ImagingFixtures {
    static func decode<Content: Decodable>(_ name: String) -> Content {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Fixtures/imaging/\(name)")
        do {
            return try JSONDecoder().decode(Content.self, from: Data(contentsOf: file))
        } catch {
            fatalError("\(name): \(error)")
        }
    }
}

extension Affine {
    /// Nine values, row by row, and no shift.
    init(matrix m: [Double]) {
        self.init(values: [m[0], m[1], m[2], 0, m[3], m[4], m[5], 0, m[6], m[7], m[8], 0])
    }

    /// An affine whose axes point as the letters say, with unequal spacing and a shifted origin.
    init(_ orientation: Orientation, spacing: Spacing = Spacing(0.7, 0.8, 2.5)) {
        self.init(values: [Double](repeating: 0, count: 12))
        for (axis, direction) in orientation.axes.enumerated() {
            self[direction.worldAxis, axis] = direction.isPositive ? spacing[axis] : -spacing[axis]
        }
        (self[0, 3], self[1, 3], self[2, 3]) = (-11, 7, 3)
    }
}

extension Grid {
    /// Every voxel position of a small grid.
    var positions: [(i: Int, j: Int, k: Int)] {
        (0..<shape.k).flatMap { k in
            (0..<shape.j).flatMap { j in (0..<shape.i).map { i in (i, j, k) } }
        }
    }

    func world(_ i: Int, _ j: Int, _ k: Int) -> WorldPosition {
        affine.world(at: VoxelPosition(i: Double(i), j: Double(j), k: Double(k)))
    }
}

/// Random affines as `make_imaging.py` makes them: the same numbers to the last bit.
struct RandomAffines {
    private var words: [UInt32]
    private var used = 0

    init(count: Int, seed: UInt32) { words = Noise.words(9 * count, seed: seed) }

    private mutating func unit() -> Double {
        used += 1
        return Double(words[used - 1]) / 4_294_967_296
    }

    mutating func next(shear: Double) -> Affine {
        let (a, b, c, d) = (2 * unit() - 1, 2 * unit() - 1, 2 * unit() - 1, 2 * unit() - 1)
        let n = a * a + b * b + c * c + d * d
        let size = [0.25 + 5 * unit(), 0.25 + 5 * unit(), 0.25 + 5 * unit()]
        let mirror: Double = unit() < 0.5 ? -1 : 1
        let lean = shear * (2 * unit() - 1)
        let rows = [
            [a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c)],
            [2 * (b * c + a * d), a * a + c * c - b * b - d * d, 2 * (c * d - a * b)],
            [2 * (b * d - a * c), 2 * (c * d + a * b), a * a + d * d - b * b - c * c],
        ]
        return Affine(
            matrix: rows.flatMap { row in
                [
                    row[0] / n * size[0], row[1] / n * size[1] * mirror,
                    (row[2] + lean * row[0]) / n * size[2],
                ]
            })
    }
}
