import SegmentationMetrics
import Testing

@Suite("Lesions of a tumour mask")
struct LesionMapTests {
    /// Rings and discs, as in the script that printed the numbers below.
    private static func discs(
        seed: UInt64, _ width: Int, _ height: Int, count: Int, radius: Int
    ) -> [UInt8] {
        var random = InstanceRandom(seed: seed)
        var mask = [UInt8](repeating: 0, count: width * height)
        for _ in 0..<count {
            let (x, y) = (random.below(width), random.below(height))
            let outer = random.below(radius) + 1
            let inner = random.below(outer)
            for j in 0..<height {
                for i in 0..<width {
                    let d = (i - x) * (i - x) + (j - y) * (j - y)
                    if d <= outer * outer, d >= inner * inner { mask[j * width + i] = 1 }
                }
            }
        }
        return mask
    }

    /// One world, and what scipy 1.17 (exact distance transform, `binary_fill_holes`) and scikit-image 0.26 (`label`,
    /// `axis_major_length`) made of it.
    struct World: Sendable {
        let seed: UInt64
        let width: Int
        let height: Int
        let count: Int
        let radius: Int
        let pixel: (x: Double, y: Double)
        let isStrict: Bool
        let lesions: Int32
        let area: Int
        let excluded: Set<Int32>
        let hash: UInt64
    }

    private static let worlds = [
        World(
            seed: 1, width: 160, height: 120, count: 14, radius: 9, pixel: (7.776, 7.776),
            isStrict: false, lesions: 9, area: 3252, excluded: [1, 2, 3, 5, 6, 7, 8, 9],
            hash: 3_490_210_220_732_847_026),
        World(
            seed: 2, width: 200, height: 150, count: 30, radius: 7, pixel: (7.5, 7.5),
            isStrict: false, lesions: 16, area: 7026,
            excluded: [1, 2, 3, 4, 7, 8, 9, 10, 11, 13, 14, 15, 16],
            hash: 1_327_628_442_694_671_651),
        World(
            seed: 2, width: 200, height: 150, count: 30, radius: 7, pixel: (7.5, 7.5),
            isStrict: true, lesions: 17, area: 6520,
            excluded: [1, 2, 3, 4, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17],
            hash: 18_325_953_288_156_077_891),
        World(
            seed: 3, width: 120, height: 90, count: 10, radius: 12, pixel: (6, 9),
            isStrict: true, lesions: 4, area: 3472, excluded: [1, 2],
            hash: 9_277_568_599_139_007_315),
        World(
            seed: 4, width: 60, height: 40, count: 0, radius: 5, pixel: (7.8, 7.8),
            isStrict: false, lesions: 0, area: 0, excluded: [], hash: 0),
        World(
            seed: 5, width: 90, height: 70, count: 25, radius: 3, pixel: (30, 30),
            isStrict: false, lesions: 17, area: 646,
            excluded: [1, 3, 4, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17],
            hash: 12_404_647_965_336_764_442),
    ]

    @Test(
        "Growth, holes, parts and isolated tumour cells equal scipy and scikit-image",
        arguments: worlds)
    func oracle(_ world: World) throws {
        let mask = Self.discs(
            seed: world.seed, world.width, world.height, count: world.count, radius: world.radius)
        let map = try LesionMap(
            tumour: mask, width: world.width, height: world.height, pixelSize: world.pixel,
            rule: world.isStrict ? .camelyon16 : .standard)
        #expect(map.largestLabel == world.lesions)
        #expect(map.labels.filter { $0 > 0 }.count == world.area)
        #expect(map.excluded == world.excluded)
        #expect(map.targets == (1..<world.lesions + 1).filter { !world.excluded.contains($0) })
        let hash = map.labels.reduce(UInt64(0)) { $0 &* 31 &+ UInt64($1) }
        #expect(hash == world.hash)
    }

    @Test("Growth by a distance equals testing every pair of pixels, at any radius")
    func growth() throws {
        for seed in 50..<70 as Range<UInt64> {
            let (width, height) = (17, 13)
            let mask = Self.discs(seed: seed, width, height, count: 2, radius: 2)
            let (sx, sy) = (1.5, 0.75)
            for distance in [0, 1, 1.5, 3, 6.1, 40] {
                // No major axis is too long for a limit of 0, so that growth and holes are seen alone.
                let map = try LesionMap(
                    tumour: mask, width: width, height: height, pixelSize: (sx, sy),
                    rule: LesionRule(mergingDistance: distance, shortestMajorAxis: 0))
                let inside = mask.indices.filter { mask[$0] != 0 }
                for place in mask.indices {
                    let isNear = inside.contains {
                        let dx = Double($0 % width - place % width) * sx
                        let dy = Double($0 / width - place / width) * sy
                        return dx * dx + dy * dy <= distance * distance / 4
                    }
                    // Filled holes may add pixels, never take any.
                    #expect(!isNear || map.labels[place] > 0)
                    if !isNear, map.labels[place] > 0 {
                        let (i, j) = (place % width, place / width)
                        #expect(i > 0 && j > 0 && i < width - 1 && j < height - 1)
                    }
                }
            }
        }
    }

    @Test("Sizes and distances that make no sense are errors")
    func errors() {
        #expect(throws: MetricError.self) {
            try LesionMap(tumour: [1], width: 2, height: 1, pixelSize: (1, 1))
        }
        #expect(throws: MetricError.self) {
            try LesionMap(tumour: [1], width: 1, height: 1, pixelSize: (0, 1))
        }
        #expect(throws: MetricError.self) {
            try LesionMap(
                tumour: [1], width: 1, height: 1, pixelSize: (1, 1),
                rule: LesionRule(mergingDistance: .nan, shortestMajorAxis: 275))
        }
    }
}
