import MedicalImaging
import Testing

@testable import SamplePreparation

@Suite struct OutlineRuleTests {
    private let fixtures = OutlineFixtures.all

    @Test("Every rule covers the pixels that its program covers", arguments: PolygonRule.allCases)
    func programs(rule: PolygonRule) {
        #expect(fixtures.polygons.count == 40)
        for (n, polygon) in fixtures.polygons.enumerated() {
            let mask = OutlineRasteriser([polygon.outline], rule: rule).mask(fixtures.window)
            let expected = polygon.mask(rule, pixels: fixtures.window.area)
            let differing = expected.indices.filter { mask[$0] != expected[$0] }
            #expect(differing.isEmpty, "polygon \(n): pixels \(differing)")
        }
    }

    @Test("The rules tell themselves apart, and names lead back to them")
    func names() {
        #expect(
            PolygonRule.allCases.map(\.rawValue) == [
                "pixel-centre", "asap", "asap-program", "poly2mask", "skimage", "opencv",
            ])
        let outlines = fixtures.polygons.map(\.outline)
        let masks = PolygonRule.allCases.map { rule in
            outlines.map { OutlineRasteriser([$0], rule: rule).mask(fixtures.window) }
        }
        #expect(Set(masks).count == PolygonRule.allCases.count)
    }

    @Test(
        "A mask is the same made whole or window by window", arguments: PolygonRule.allCases,
        [1, 3, 1.37])
    func windows(rule: PolygonRule, downsample: Double) {
        // Many vertices, so that the edges are listed by bands.
        let outlines =
            wobblyOutlines(14, seed: 3, side: 90, vertices: 75)
            + wobblyOutlines(10, seed: 4, side: 90, vertices: 5)
        let rasteriser = OutlineRasteriser(outlines, rule: rule)
        let whole = PatchWindow(x: -7, y: -5, width: 110, height: 104, downsample: downsample)
        let expected = rasteriser.instances(whole)
        #expect(expected.count == expected.contested.reduce(0) { $0 + Int($1) })
        #expect(expected.count > 0)
        for (width, height) in [(110, 1), (37, 26), (13, 64)] {
            var ids = [UInt32](repeating: 99, count: whole.area)
            var contested = [UInt8](repeating: 99, count: whole.area)
            var count = 0
            for y in stride(from: 0, to: whole.height, by: height) {
                for x in stride(from: 0, to: whole.width, by: width) {
                    let window = PatchWindow(
                        x: whole.x + x, y: whole.y + y, width: min(width, whole.width - x),
                        height: min(height, whole.height - y), downsample: downsample)
                    let part = rasteriser.instances(window)
                    count += part.count
                    for row in 0..<window.height {
                        for column in 0..<window.width {
                            let to = (y + row) * whole.width + x + column
                            ids[to] = part.ids[row * window.width + column]
                            contested[to] = part.contested[row * window.width + column]
                        }
                    }
                }
            }
            #expect(ids == expected.ids)
            #expect(contested == expected.contested)
            #expect(count == expected.count)
        }
    }

    @Test("A stored pixel at a downsample samples the middle of its level-0 square")
    func downsample() {
        let outlines = wobblyOutlines(9, seed: 8, side: 120)
        let rasteriser = OutlineRasteriser(outlines)
        // Odd factors: the middle of a square is the middle of its middle pixel.
        for factor in [3, 5] {
            let whole = rasteriser.instances(PatchWindow(width: 120, height: 120)).ids
            let size = 120 / factor
            let small = rasteriser.instances(
                PatchWindow(width: size, height: size, downsample: Double(factor)))
            for y in 0..<size {
                for x in 0..<size {
                    let middle = (y * factor + factor / 2) * 120 + x * factor + factor / 2
                    #expect(small.ids[y * size + x] == whole[middle])
                }
            }
        }
        // Different factors along the axes, on a grid that does not start at 0.
        let odd = PatchWindow(
            x: 2, y: 1, width: 9, height: 9, downsampleX: 3, downsampleY: 5, originX: 6, originY: 10
        )
        let whole = rasteriser.instances(PatchWindow(width: 120, height: 120)).ids
        let ids = rasteriser.instances(odd).ids
        for y in 0..<9 {
            for x in 0..<9 {
                #expect(ids[y * 9 + x] == whole[(10 + (y + 1) * 5 + 2) * 120 + 6 + (x + 2) * 3 + 1])
            }
        }
        let patch = PatchWindow(
            levelZeroX: 12, levelZeroY: 15, width: 9, height: 5, downsampleX: 3, downsampleY: 5)
        let same = PatchWindow(x: 4, y: 3, width: 9, height: 5, downsampleX: 3, downsampleY: 5)
        #expect(rasteriser.mask(patch) == rasteriser.mask(same))
    }

    @Test("Polygons that share edges share no pixel and leave none out")
    func partition() {
        // A fan of triangles around points on and off the pixel grid.
        for (cx, cy) in [(10.0, 8.0), (10.5, 8.5), (9.3, 7.7)] {
            let corners: [(Double, Double)] = [
                (0, 0), (7.5, 0), (20, 0), (20, 3.3), (20, 16), (11, 16), (0.0, 16), (0, 5.5),
            ]
            let fan = corners.indices.map { n in
                outline([(cx, cy), corners[n], corners[(n + 1) % corners.count]])
            }
            let found = OutlineRasteriser(fan).instances(PatchWindow(width: 20, height: 16))
            #expect(found.count == 0)
            #expect(!found.ids.contains(0))
            #expect(Set(found.ids) == Set(1...8))
        }
    }

    @Test("The first polygon keeps a contested pixel, except under rules that draw in order")
    func overlaps() {
        let outlines = [rectangle(1, 1, 5, 5), rectangle(3, 3, 7, 7), rectangle(4, 4, 6, 6)]
        let window = PatchWindow(width: 8, height: 8)
        let first = OutlineRasteriser(outlines).instances(window)
        #expect(first.count == 7)
        #expect(first.ids[4 * 8 + 4] == 1 && first.ids[5 * 8 + 5] == 2)
        #expect(first.contested[5 * 8 + 5] == 1 && first.contested[6 * 8 + 6] == 0)
        #expect(first.contested.reduce(0) { $0 + Int($1) } == 7)
    }
}
