import MedicalImaging
import SegmentationMetrics
import Testing

@Suite("Surface distances against all pairs of elements")
struct SurfaceTwinTests {
    /// Compares every definition on one pair, bit for bit; returns how many elements were compared.
    private func compare(_ pair: LabelPair, labels: [UInt8], _ definition: SurfaceDefinition) -> Int
    {
        let found = pair.surfaceDistances(of: labels, by: definition)
        var count = 0
        for (label, distances) in zip(labels, found) {
            let twin = SurfaceTwin.measure(pair, label, definition)
            let same =
                bits(distances.fromPrediction) == bits(twin.distances.fromPrediction)
                && bits(distances.fromReference) == bits(twin.distances.fromReference)
                && distances.farthest == twin.distances.farthest
            #expect(
                same,
                "label \(label), \(definition), shape \(pair.grid.shape), \(pair.grid.dimensions)D")
            #expect((distances.predictionWeights != nil) == (definition.elements == .surfel))
            count += twin.prediction.count + twin.reference.count
        }
        return count
    }

    @Test("random worlds of every shape give the same bits for all elements, edges and dimensions")
    func randomWorlds() throws {
        var worlds = SurfaceWorlds(state: 1)
        var count = 0
        let spacings = [
            Spacing(0.8, 0.8, 3), Spacing(1, 1, 1), Spacing(0.9, 0.7, 5), Spacing(2.5, 0.3, 0.1),
        ]
        for round in 0..<32 {
            let flat = round % 3 == 0
            // Widths about the eight labels of a word, and rows longer than a word of bits.
            let width = [1, 2, 7, 8, 9, 15, 16, 17, 33, 70][Int.random(in: 0..<10, using: &worlds)]
            let shape = GridShape(
                width, Int.random(in: 1...7, using: &worlds),
                flat ? 1 : Int.random(in: 1...5, using: &worlds))
            let grid = try MaskGrid(
                shape: shape, spacing: spacings[round % 4], dimensions: flat ? 2 : 3)
            let pair = try LabelPair(
                prediction: worlds.map(shape, labels: 4), reference: worlds.map(shape, labels: 4),
                grid: grid)
            for definition in SurfaceDefinition.all {
                count += compare(pair, labels: [3, 1, 200, 0, 1], definition)
            }
        }
        #expect(count > 30_000)
    }

    @Test(
        "all pairs of masks of a 2 x 2 picture, and a sample of those of 3 x 3, give the same bits")
    func smallMasks() throws {
        var count = 0
        func map(_ mask: Int, _ n: Int) -> [UInt8] { (0..<n).map { mask >> $0 & 1 == 1 ? 1 : 0 } }
        let small = try MaskGrid(
            shape: GridShape(2, 2, 1), spacing: Spacing(0.5, 1.25, 1), dimensions: 2)
        let grid = try MaskGrid(
            shape: GridShape(3, 3, 1), spacing: Spacing(0.7, 1.9, 1), dimensions: 2)
        for definition in SurfaceDefinition.all {
            for p in 0..<16 {
                for r in 0..<16 {
                    let pair = try LabelPair(
                        prediction: map(p, 4), reference: map(r, 4), grid: small)
                    count += compare(pair, labels: [1], definition)
                }
            }
            // Every mask of 3 x 3 occurs on both sides.
            for p in 0..<512 {
                let pair = try LabelPair(
                    prediction: map(p, 9), reference: map((p * 167 + 91) % 512, 9), grid: grid)
                count += compare(pair, labels: [1], definition)
            }
        }
        #expect(count > 30_000)
    }

    @Test("one, two and three jobs give the same bits")
    func jobs() throws {
        var worlds = SurfaceWorlds(state: 2)
        let shape = GridShape(40, 31, 12)
        let pair = try LabelPair(
            prediction: worlds.map(shape, labels: 9), reference: worlds.map(shape, labels: 9),
            grid: MaskGrid(shape: shape, spacing: Spacing(0.8, 0.8, 3)))
        let labels = (0..<12).map { UInt8($0) }
        for definition in SurfaceDefinition.all {
            let one = pair.surfaceDistances(of: labels, by: definition)
            for jobs in [2, 3] {
                let more = pair.surfaceDistances(of: labels, by: definition, jobs: jobs)
                for (a, b) in zip(one, more) {
                    #expect(bits(a.fromPrediction) == bits(b.fromPrediction))
                    #expect(bits(a.fromReference) == bits(b.fromReference))
                    #expect(a.predictionWeights == b.predictionWeights)
                    #expect(a.referenceWeights == b.referenceWeights)
                    #expect(a.farthest == b.farthest)
                }
            }
        }
    }

    @Test("distances in voxels ignore the spacing")
    func voxels() throws {
        var worlds = SurfaceWorlds(state: 3)
        let shape = GridShape(9, 8, 5)
        let (p, r) = (worlds.map(shape, labels: 2), worlds.map(shape, labels: 2))
        let wide = try LabelPair(
            prediction: p, reference: r, grid: MaskGrid(shape: shape, spacing: Spacing(0.3, 2, 7)))
        let unit = try LabelPair(prediction: p, reference: r, grid: MaskGrid(shape: shape))
        for definition in SurfaceDefinition.all {
            let inVoxels = SurfaceDefinition(
                definition.elements, imageEdge: definition.imageEdge, usesSpacing: false)
            let (a, b) = (
                wide.surfaceDistances(of: [1], by: inVoxels)[0],
                unit.surfaceDistances(of: [1], by: definition)[0]
            )
            #expect(bits(a.fromPrediction) == bits(b.fromPrediction))
            #expect(a.predictionWeights == b.predictionWeights)
            #expect(a.fromPrediction.count > 0)
        }
    }
}
