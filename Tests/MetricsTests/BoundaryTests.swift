import MedicalImaging
import SegmentationMetrics
import Testing

@Suite("Boundary bands")
struct BoundaryTests {
    @Test("the records of boundary-iou-api and MetricsReloaded are reproduced")
    func records() throws {
        let oracle = try MetricOracle("binary")
        var (cheng, reloaded, undefined) = (0, 0, 0)
        for one in oracle.cases {
            let pair = try oracle.pair(of: one)
            for record in one.records where record.metric == "boundary_iou" {
                let expected = try #require(record.number)
                let definition: BoundaryDefinition
                if let ratio = MetricOracle.number(record.args["dilation_ratio"]) {
                    definition = .cheng2021(ratio: ratio)
                    cheng += 1
                } else {
                    let voxels = try #require(MetricOracle.number(record.args["boundary_dist"]))
                    definition = .reloaded(voxels: voxels)
                    reloaded += 1
                }
                let found = pair.boundaryOverlaps(of: [1], by: definition)[0]
                if found.union == 0 {
                    // Two empty masks: not a number in one library, 1 in the other.
                    undefined += 1
                    #expect(expected.isNaN || expected == 1, "\(one.id)")
                    #expect(found.iou.isNaN)
                } else {
                    #expect(
                        MetricOracle.agree(found.iou, expected),
                        "\(one.id) \(record.lib) \(record.args): \(found.iou), not \(expected)")
                }
            }
        }
        #expect((cheng, reloaded, undefined) == (78, 240, 8))
    }

    /// The band of one label, pixel by pixel.
    private func slow(
        _ map: [UInt8], _ pair: LabelPair, _ label: UInt8, _ definition: BoundaryDefinition
    ) -> [Bool] {
        let shape = pair.grid.shape
        if case .cheng2021(let ratio) = definition {
            let diagonal = Double(shape.i * shape.i + shape.j * shape.j).squareRoot()
            let reach = max(1, Int((ratio * diagonal).rounded(.toNearestOrEven)))
            return map.indices.map { at in
                if map[at] != label { return false }
                let (i, j) = (at % shape.i, at / shape.i % shape.j)
                let first = at - i - j * shape.i
                for y in (j - reach)...(j + reach) {
                    for x in (i - reach)...(i + reach) {
                        guard (0..<shape.i).contains(x), (0..<shape.j).contains(y),
                            map[first + y * shape.i + x] == label
                        else { return true }
                    }
                }
                return false
            }
        }
        let usesSpacing = if case .reloaded = definition { false } else { true }
        let surface = SurfaceDefinition(.voxel(.face), usesSpacing: usesSpacing)
        let twin = SurfaceTwin(map: map, grid: pair.grid, definition: surface)
        let solid = SurfaceTwin(
            map: map, grid: pair.grid,
            definition: SurfaceDefinition(.solid, usesSpacing: usesSpacing))
        let points = solid.elements(of: label)
        let distances = twin.distances(points, twin.elements(of: label))
        var band = map.map { _ in false }
        for (point, distance) in zip(points, distances) {
            let isInside =
                switch definition {
                case .millimetres(let width): distance <= width
                case .diagonalFraction(let part): distance <= part * pair.grid.diagonal
                case .reloaded(let voxels): distance < voxels
                case .cheng2021: false
                }
            band[(point.k * shape.j + point.j) * shape.i + point.i] = isInside
        }
        return band
    }

    @Test("random label maps have the bands of their definitions")
    func randomWorlds() throws {
        var worlds = SurfaceWorlds(state: 12)
        var (count, inside) = (0, UInt64(0))
        for round in 0..<24 {
            let flat = round % 2 == 0
            let shape = GridShape(
                Int.random(in: 1...17, using: &worlds), Int.random(in: 1...12, using: &worlds),
                flat ? 1 : 4)
            let grid = try MaskGrid(
                shape: shape, spacing: Spacing(0.8, 1.1, 2), dimensions: flat ? 2 : 3)
            let pair = try LabelPair(
                prediction: worlds.map(shape, labels: 3), reference: worlds.map(shape, labels: 3),
                grid: grid)
            let definitions: [BoundaryDefinition] = [
                .millimetres(1.6), .millimetres(0), .diagonalFraction(0.08), .reloaded(voxels: 2),
                .reloaded(voxels: 1), .cheng2021(ratio: 0.02), .cheng2021(ratio: 0.1),
            ]
            for definition in definitions {
                let found = pair.boundaryOverlaps(of: [2, 0, 1, 9], by: definition)
                for (label, overlap) in zip([UInt8](arrayLiteral: 2, 0, 1, 9), found) {
                    let p = slow(pair.prediction, pair, label, definition)
                    let r = slow(pair.reference, pair, label, definition)
                    let expected = BoundaryOverlap(
                        intersection: UInt64(zip(p, r).filter { $0 && $1 }.count),
                        prediction: UInt64(p.filter { $0 }.count),
                        reference: UInt64(r.filter { $0 }.count))
                    #expect(overlap == expected, "\(definition), label \(label), \(shape)")
                    count += 1
                    inside += overlap.intersection
                }
            }
        }
        #expect(count == 24 * 7 * 4)
        #expect(inside > 1_000)
    }

    @Test("a width that is no number, or larger than the picture, stops nothing")
    func widths() throws {
        let shape = GridShape(9, 7, 1)
        let grid = try MaskGrid(shape: shape, dimensions: 2)
        let full = [UInt8](repeating: 1, count: shape.count)
        let pair = try LabelPair(prediction: full, reference: full, grid: grid)
        #expect(pair.boundaryOverlaps(of: [1], by: .cheng2021(ratio: .infinity))[0].union == 63)
        #expect(pair.boundaryOverlaps(of: [1], by: .cheng2021(ratio: .nan))[0].union == 28)
        #expect(pair.boundaryOverlaps(of: [1], by: .millimetres(.nan))[0].union == 0)
        #expect(pair.boundaryOverlaps(of: [1], by: .millimetres(.infinity))[0].union == 63)
        #expect(pair.boundaryOverlaps(of: [1], by: .millimetres(0))[0].union == 28)
    }

    @Test(
        "a grid with so many rows that columns are measured in pieces has the bands of a small one")
    func pieces() throws {
        var worlds = SurfaceWorlds(state: 14)
        let small = GridShape(27, 4, 5)
        func noise() -> [UInt8] {
            (0..<small.count).map { _ in UInt8(Int.random(in: 0..<3, using: &worlds)) }
        }
        let maps = (noise(), noise())
        // Background about the masks in both, so that only the size differs.
        func place(_ map: [UInt8], in shape: GridShape) -> [UInt8] {
            var out = [UInt8](repeating: 0, count: shape.count)
            for k in 0..<small.k {
                for j in 0..<small.j {
                    for i in 0..<small.i {
                        out[((k + 1) * shape.j + j + 1) * shape.i + i + 1] =
                            map[(k * small.j + j) * small.i + i]
                    }
                }
            }
            return out
        }
        var found: [[BoundaryOverlap]] = []
        for depth in [7, 70_000] {
            let shape = GridShape(29, 6, depth)
            let pair = try LabelPair(
                prediction: place(maps.0, in: shape), reference: place(maps.1, in: shape),
                grid: MaskGrid(shape: shape, spacing: Spacing(0.8, 1.1, 2)))
            for definition in [BoundaryDefinition.millimetres(1.7), .reloaded(voxels: 2)] {
                found.append(pair.boundaryOverlaps(of: [1, 2], by: definition))
            }
        }
        #expect(found[0] == found[2] && found[1] == found[3])
        #expect(found.allSatisfy { $0.allSatisfy { $0.intersection > 0 } })
    }
}
