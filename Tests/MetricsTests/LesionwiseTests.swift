import MedicalImaging
import SegmentationMetrics
import Testing

@Suite("Lesion-wise scores")
struct LesionwiseTests {
    /// Balls, as in the script that printed the numbers below.
    private static func balls(
        seed: UInt64, _ shape: GridShape, count: Int, radius: Int
    ) -> [UInt8] {
        var random = InstanceRandom(seed: seed)
        var mask = [UInt8](repeating: 0, count: shape.count)
        for _ in 0..<count {
            let (x, y, z) = (random.below(shape.i), random.below(shape.j), random.below(shape.k))
            let r = random.below(radius) + 1
            var place = 0
            for k in 0..<shape.k {
                for j in 0..<shape.j {
                    for i in 0..<shape.i {
                        let d = (i - x) * (i - x) + (j - y) * (j - y) + (k - z) * (k - z)
                        if d <= r * r { mask[place] = 1 }
                        place += 1
                    }
                }
            }
        }
        return mask
    }

    /// The other seed's balls moved by one along i (around the edge), more balls, and the first quarter of rows empty.
    private static func prediction(
        seed: UInt64, _ shape: GridShape, count: Int, radius: Int
    ) -> [UInt8] {
        let base = balls(seed: seed, shape, count: count, radius: radius)
        let more = balls(seed: seed + 100, shape, count: count / 4, radius: radius)
        return base.indices.map { place in
            let (i, rest) = (place % shape.i, place / shape.i)
            let moved = base[rest * shape.i + (i + shape.i - 1) % shape.i]
            return count > 0 && rest % shape.j < shape.j / 4 ? 0 : moved | more[place]
        }
    }

    /// What numpy and scipy made of a world by the rules of the BraTS 2023 script; the distance is |P| + |R|/4 +
    /// |P and R|/2 in voxels, which shows that the right voxels arrive.
    struct World: Sendable {
        let seed: UInt64
        let shape: GridShape
        let spacing: Spacing
        let count: Int
        let radius: Int
        let rule: LesionwiseRule
        let dice: Double
        let distance: Double
        let lesions: Int
        let counted: Int
        let missed: Int
        let falsePositives: Int
    }

    private static let worlds = [
        World(
            seed: 11, shape: GridShape(36, 30, 24), spacing: Spacing(1, 1, 1), count: 12, radius: 4,
            rule: .brats2023Glioma, dice: 0.33811230585424135, distance: 1187.875, lesions: 1,
            counted: 1, missed: 0, falsePositives: 1),
        World(
            seed: 12, shape: GridShape(40, 40, 20), spacing: Spacing(1, 1, 1), count: 30, radius: 3,
            rule: .brats2023Metastases, dice: 0.2601456214468016, distance: 351.3529411764706,
            lesions: 13, counted: 13, missed: 3, falsePositives: 4),
        World(
            seed: 13, shape: GridShape(28, 24, 20), spacing: Spacing(0.8, 0.8, 2.5), count: 8,
            radius: 4, rule: LesionwiseRule(dilation: 2, smallestVolume: 50),
            dice: 0.2843238467261905, distance: 425.5625, lesions: 2, counted: 2, missed: 0,
            falsePositives: 2),
        World(
            seed: 14, shape: GridShape(16, 16, 16), spacing: Spacing(1, 1, 1), count: 0, radius: 3,
            rule: .brats2023Glioma, dice: 1, distance: 0, lesions: 0, counted: 0, missed: 0,
            falsePositives: 0),
        World(
            seed: 15, shape: GridShape(50, 40, 30), spacing: Spacing(1, 1, 1), count: 40, radius: 3,
            rule: LesionwiseRule(dilation: 0, smallestVolume: 10), dice: 0.35346601153355256,
            distance: 249.27941176470588, lesions: 36, counted: 22, missed: 4, falsePositives: 12),
    ]

    @Test("Groups, matches and penalties equal the script's rules in numpy", arguments: worlds)
    func oracle(_ world: World) throws {
        let reference = Self.balls(
            seed: world.seed, world.shape, count: world.count, radius: world.radius)
        let prediction = Self.prediction(
            seed: world.seed, world.shape, count: world.count, radius: world.radius)
        var calls = 0
        let score = try LesionwiseScore(
            prediction: prediction, reference: reference,
            grid: MaskGrid(shape: world.shape, spacing: world.spacing), rule: world.rule
        ) { pair throws(MetricError) in
            calls += 1
            let p = pair.prediction.reduce(0.0) { $0 + Double($1) }
            let r = pair.reference.reduce(0.0) { $0 + Double($1) }
            let both = zip(pair.prediction, pair.reference).reduce(0.0) {
                $0 + Double($1.0 & $1.1)
            }
            return p + 0.25 * r + 0.5 * both
        }
        #expect(MetricOracle.agree(score.dice.number, world.dice))
        #expect(MetricOracle.agree(score.hausdorff95.number, world.distance))
        #expect(score.lesions.count == world.lesions)
        #expect(score.lesions.filter(\.isCounted).count == world.counted)
        #expect(score.falseNegatives == world.missed)
        #expect(score.truePositives == world.counted - world.missed)
        #expect(score.falsePositives == world.falsePositives)
        #expect(calls == world.counted - world.missed)
    }

    @Test(
        "A missed mask has Dice 0 and distance 374, a hallucinated one too, and nothing at all 1 and 0"
    )
    func emptyMasks() throws {
        let grid = try MaskGrid(shape: GridShape(8, 8, 8))
        let none = [UInt8](repeating: 0, count: 512)
        let all = [UInt8](repeating: 1, count: 512)
        func score(_ prediction: [UInt8], _ reference: [UInt8]) throws -> LesionwiseScore {
            try LesionwiseScore(prediction: prediction, reference: reference, grid: grid) { _ in
                .infinity
            }
        }
        #expect(try score(none, none).dice == MetricValue(.na, 1))
        #expect(try score(none, none).hausdorff95 == MetricValue(.na, 0))
        #expect(try score(none, all).dice == MetricValue(.miss, 0))
        #expect(try score(none, all).hausdorff95 == MetricValue(.miss, 374))
        #expect(try score(all, none).dice == MetricValue(.ghost, 0))
        #expect(try score(all, none).hausdorff95 == MetricValue(.ghost, 374))
        // A distance that is not finite becomes the fixed one.
        #expect(try score(all, all).hausdorff95 == MetricValue(.value, 374))
        #expect(throws: MetricError.self) { try score([1], all) }
    }
}
