import MedicalImaging
import SegmentationMetrics
import Testing

/// The lengths and areas of marching-squares and marching-cubes patches, seen through the public interface.
@Suite("Weights of surfels")
struct SurfaceElementTableTests {
    @Test("all 16 lengths and 256 areas of the published table are reproduced at four spacings")
    func table() throws {
        let oracle = try MetricOracle("surfel")
        var (lengths, areas) = (0, 0)
        for one in oracle.cases {
            let s = one.spacing
            let volume = try MaskGrid(shape: GridShape(2, 2, 2), spacing: Spacing(s[2], s[1], s[0]))
            let picture = try MaskGrid(
                shape: GridShape(2, 2, 1), spacing: Spacing(s[2], s[1], 1), dimensions: 2)
            for (code, expected) in (numbers(one.json["area_3d"]) ?? []).enumerated() {
                let map = (0..<8).map { UInt8(code & (128 >> $0) != 0 ? 1 : 0) }
                let found = try Self.middle(map, volume)
                #expect(
                    MetricOracle.agree(found, expected), "\(s) \(code): \(found), not \(expected)")
                areas += 1
            }
            for (code, expected) in (numbers(one.json["length_2d"]) ?? []).enumerated() {
                let map = (0..<4).map { UInt8(code & (8 >> $0) != 0 ? 1 : 0) }
                let found = try Self.middle(map, picture)
                #expect(
                    MetricOracle.agree(found, expected), "\(s) \(code): \(found), not \(expected)")
                lengths += 1
            }
        }
        #expect((lengths, areas) == (64, 1024))
    }

    /// The weight of the lattice point in the middle, 0 when it is no element.
    static func middle(_ map: [UInt8], _ grid: MaskGrid) throws -> Double {
        let pair = try LabelPair(prediction: map, reference: map, grid: grid)
        let found = pair.surfaceDistances(of: [1], by: .surfel)[0]
        let points = SurfaceTwin(map: map, grid: grid, definition: .surfel).elements(of: 1)
        let weights = try #require(found.predictionWeights)
        #expect(weights.count == points.count)
        let k = grid.dimensions == 3 ? 1 : 0
        guard let place = points.firstIndex(where: { ($0.i, $0.j, $0.k) == (1, 1, k) }) else {
            return 0
        }
        return weights[place]
    }

    @Test("every lattice point of random label maps weighs what the published table says")
    func randomWorlds() throws {
        var worlds = SurfaceWorlds(state: 8)
        var count = 0
        for one in try MetricOracle("surfel").cases {
            let s = one.spacing
            let tables = [numbers(one.json["length_2d"]) ?? [], numbers(one.json["area_3d"]) ?? []]
            for dimensions in [2, 3] {
                let shape = GridShape(19, 6, dimensions == 3 ? 4 : 1)
                let map = worlds.map(shape, labels: 3)
                let grid = try MaskGrid(
                    shape: shape, spacing: Spacing(s[2], s[1], s[0]), dimensions: dimensions)
                let pair = try LabelPair(
                    prediction: map, reference: worlds.map(shape, labels: 3), grid: grid)
                let found = pair.surfaceDistances(of: [0, 1, 2], by: .surfel)
                for label in 0..<3 {
                    let points = SurfaceTwin(map: map, grid: grid, definition: .surfel)
                        .elements(of: UInt8(label))
                    let weights = try #require(found[label].predictionWeights)
                    #expect(weights.count == points.count)
                    for (weight, point) in zip(weights, points) {
                        #expect(MetricOracle.agree(weight, tables[dimensions - 2][point.code]))
                        count += 1
                    }
                }
            }
        }
        #expect(count > 1500)
    }
}
