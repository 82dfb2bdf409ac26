import MedicalImaging
import SegmentationMetrics
import Testing

/// Masks on which a search by rows alone would take for ever: here small enough to try all pairs.
@Suite("Surface distances of hostile masks")
struct SurfaceHostileTests {
    static let shape = GridShape(34, 24, 8)

    /// A mask from a rule on `(i, j, k)`.
    private static func mask(_ isInside: (Int, Int, Int) -> Bool) -> [UInt8] {
        var map = [UInt8](repeating: 0, count: shape.count)
        for k in 0..<shape.k {
            for j in 0..<shape.j {
                for i in 0..<shape.i where isInside(i, j, k) {
                    map[(k * shape.j + j) * shape.i + i] = 1
                }
            }
        }
        return map
    }

    private static func ball(_ i: Int, _ j: Int, _ k: Int, _ c: (Int, Int, Int), _ r: Int) -> Bool {
        (i - c.0) * (i - c.0) + (j - c.1) * (j - c.1) + 9 * (k - c.2) * (k - c.2) <= r * r
    }

    private static func salt(_ share: Int, _ seed: UInt64) -> [UInt8] {
        var worlds = SurfaceWorlds(state: seed)
        return mask { _, _, _ in Int.random(in: 0..<1000, using: &worlds) < share }
    }

    static let patterns: [(name: String, prediction: [UInt8], reference: [UInt8])] = [
        ("salt in both", salt(30, 4), salt(30, 5)),
        ("salt and one voxel", salt(100, 6), mask { $0 == 33 && $1 == 3 && $2 == 7 }),
        (
            "salt and two far clusters", salt(50, 7),
            mask { i, j, k in (i + j + k) % 73 < 3 && (i < 3 || i > 31) }
        ),
        (
            "one voxel and an organ", mask { $0 + $1 + $2 == 0 },
            mask { ball($0, $1, $2, (17, 12, 4), 11) }
        ),
        (
            "two organs far apart along i", mask { ball($0, $1, $2, (4, 12, 4), 4) },
            mask { ball($0, $1, $2, (29, 12, 4), 4) }
        ),
        (
            "two organs far apart along j", mask { ball($0, $1, $2, (15, 4, 4), 4) },
            mask { ball($0, $1, $2, (17, 19, 4), 4) }
        ),
        (
            "two organs far apart along k", mask { ball($0, $1, $2, (15, 12, 1), 4) },
            mask { ball($0, $1, $2, (17, 12, 7), 4) }
        ),
        (
            "a full image and one voxel", mask { _, _, _ in true },
            mask { $0 == 17 && $1 == 12 && $2 == 4 }
        ),
        (
            "a full image and a rod", mask { _, _, _ in true },
            mask { i, j, k in j == 12 && k == 4 && i > 17 }
        ),
        (
            "checkerboards", mask { ($0 + $1 + $2) % 2 == 0 && $2 < 3 },
            mask { ($0 + $1 + $2) % 2 == 1 && $2 < 3 }
        ),
        (
            "shells in shells", mask { ball($0, $1, $2, (17, 12, 4), 4) },
            mask { ball($0, $1, $2, (17, 12, 4), 12) && !ball($0, $1, $2, (17, 12, 4), 11) }
        ),
        (
            "points in a ring of equal distances",
            mask { $0 >= 15 && $0 <= 19 && $1 == 12 && $2 == 4 },
            mask { i, j, _ in [65, 85, 130].contains((i - 17) * (i - 17) + (j - 12) * (j - 12)) }
        ),
    ]

    @Test("give the bits of all pairs", arguments: patterns.indices)
    func allPairs(_ index: Int) throws {
        let pattern = Self.patterns[index]
        for spacing in [Spacing(0.8, 0.8, 3), Spacing(0.1, 4, 0.37)] {
            let pair = try LabelPair(
                prediction: pattern.prediction, reference: pattern.reference,
                grid: MaskGrid(shape: Self.shape, spacing: spacing))
            let found = pair.surfaceDistances(of: [1], by: .voxel)[0]
            let twin = SurfaceTwin.measure(pair, 1, .voxel).distances
            #expect(twin.fromPrediction.count > 0 && twin.fromReference.count > 0)
            #expect(
                bits(found.fromPrediction) == bits(twin.fromPrediction),
                "\(pattern.name), \(spacing)")
            #expect(
                bits(found.fromReference) == bits(twin.fromReference), "\(pattern.name), \(spacing)"
            )
            #expect(found.farthest == twin.farthest)
        }
    }

    @Test("a long thin picture is measured to its far end")
    func thin() throws {
        let width = 2000
        var (p, r) = ([UInt8](repeating: 0, count: width), [UInt8](repeating: 0, count: width))
        for at in 0..<20 { p[at * 3] = 1 }
        for at in 0..<20 { r[width - 1 - at * 7] = 1 }
        for shape in [GridShape(width, 1, 1), GridShape(1, width, 1), GridShape(1, 1, width)] {
            let pair = try LabelPair(
                prediction: p, reference: r,
                grid: MaskGrid(shape: shape, spacing: Spacing(0.3, 0.7, 1.1)))
            let found = pair.surfaceDistances(of: [1], by: .voxel)[0]
            let twin = SurfaceTwin.measure(pair, 1, .voxel).distances
            #expect(bits(found.fromPrediction) == bits(twin.fromPrediction))
            #expect(bits(found.fromReference) == bits(twin.fromReference))
            #expect(found.fromPrediction.count == 20)
        }
    }
}
