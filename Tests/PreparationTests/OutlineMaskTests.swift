import MedicalImaging
import Testing

@testable import SamplePreparation

@Suite struct OutlineMaskTests {
    private let window = PatchWindow(width: 20, height: 20)

    private func drawnIn(_ outlines: [PlanePolygon], _ values: [UInt8], _ rule: PolygonRule)
        -> [UInt8]
    {
        var mask = [UInt8](repeating: 0, count: window.area)
        mask.withUnsafeMutableBufferPointer {
            OutlineRasteriser(outlines, rule: rule).draw(window, values: values, in: $0)
        }
        return mask
    }

    @Test(
        "Under rules that draw in order the last polygon has the pixel",
        arguments: [PolygonRule.asap, .asapProgram])
    func drawingOrder(rule: PolygonRule) {
        let outlines = [rectangle(0.5, 0.5, 10.5, 10.5), rectangle(5.5, 5.5, 15.5, 15.5)]
        var ids = [UInt32](repeating: 0, count: window.area)
        let count = ids.withUnsafeMutableBufferPointer {
            OutlineRasteriser(outlines, rule: rule).fillInstances(window, into: $0)
        }
        #expect(count == 25)
        #expect(ids[7 * 20 + 7] == 2 && ids[3 * 20 + 3] == 1 && ids[12 * 20 + 12] == 2)
        // A hole drawn first is drawn over; drawn last it stays.
        #expect(drawnIn(outlines, [0, 3], rule)[7 * 20 + 7] == 3)
        #expect(drawnIn(outlines.reversed(), [3, 0], rule)[7 * 20 + 7] == 0)
    }

    @Test(
        "A mask is the union of areas less the union of exclusions, in any order",
        arguments: PolygonRule.allCases)
    func exclusions(rule: PolygonRule) {
        let areas = wobblyOutlines(5, seed: 21, side: 20)
        let exclusions = wobblyOutlines(4, seed: 22, side: 20)
        let mask = OutlineMask(areas: areas, exclusions: exclusions, rule: rule)
        let expected = (0..<window.area).map { n -> UInt8 in
            func covers(_ outlines: [PlanePolygon]) -> Bool {
                outlines.contains { OutlineRasteriser([$0], rule: rule).mask(window)[n] == 1 }
            }
            return covers(areas) && !covers(exclusions) ? 1 : 0
        }
        #expect(mask.mask(window) == expected)
        #expect(mask.mask(window).contains(1))
        let reversed = OutlineMask(
            areas: areas.reversed(), exclusions: exclusions.reversed(), rule: rule)
        #expect(reversed.mask(window) == expected)
        #expect(mask.coverage(window) == Double(expected.reduce(0) { $0 + Int($1) }) / 400)
    }

    @Test("A polygon's own hole does not cut into another polygon", arguments: PolygonRule.allCases)
    func ownHoles(rule: PolygonRule) {
        let ring = outline(
            [(2, 2), (18, 2), (18, 18), (2, 18)], holes: [[(5, 5), (15, 5), (15, 15), (5, 15)]])
        let island = rectangle(8, 8, 12, 12)
        let alone = OutlineRasteriser([ring], rule: rule).mask(window)
        #expect(alone[10 * 20 + 10] == 0 && alone[3 * 20 + 3] == 1)
        let both = OutlineMask(areas: [ring, island], rule: rule).mask(window)
        #expect(both[10 * 20 + 10] == 1 && both[6 * 20 + 6] == 0)
        let excluded = OutlineMask(areas: [ring], exclusions: [island], rule: rule).mask(window)
        #expect(excluded == alone)
    }

    @Test("The fraction covered is exact, and 0 for windows away from all areas or without pixels")
    func coverage() {
        let mask = OutlineMask(areas: [rectangle(0, 0, 10, 5)], exclusions: [rectangle(0, 0, 2, 2)])
        #expect(mask.coverage(window) == 46.0 / 400)
        #expect(mask.coverage(PatchWindow(x: 100, y: 0, width: 5, height: 5)) == 0)
        #expect(mask.coverage(PatchWindow(width: 0, height: 5)) == 0)
        #expect(OutlineMask(areas: []).coverage(window) == 0)
        #expect(OutlineMask(areas: []).mask(window) == [UInt8](repeating: 0, count: 400))
    }

    @Test(
        "Outlines that enclose nothing are named and cover nothing", arguments: PolygonRule.allCases
    )
    func degenerate(rule: PolygonRule) {
        let outlines = [
            outline([]), outline([(3, 3)]), outline([(3, 3), (12, 12)]),
            outline([(3, 3), (.nan, 4), (5, 9)]), outline([(3, 3), (.infinity, 4), (5, 9)]),
            outline([(3, 3), (9, 1e300), (5, 9)]),
            outline(
                [(2, 2), (8, 2), (8, 8), (2, 8)], holes: [[(3, 3)], [(.nan, 1), (2, 2), (3, 3)]]),
        ]
        let rasteriser = OutlineRasteriser(outlines, rule: rule)
        #expect(rasteriser.count == 7)
        #expect(
            rasteriser.unusable == [
                UnusableOutline(index: 0, hole: nil, reason: .tooFewVertices(0)),
                UnusableOutline(index: 1, hole: nil, reason: .tooFewVertices(1)),
                UnusableOutline(index: 2, hole: nil, reason: .tooFewVertices(2)),
                UnusableOutline(index: 3, hole: nil, reason: .notAPlace),
                UnusableOutline(index: 4, hole: nil, reason: .notAPlace),
                UnusableOutline(index: 5, hole: nil, reason: .notAPlace),
                UnusableOutline(index: 6, hole: 0, reason: .tooFewVertices(1)),
                UnusableOutline(index: 6, hole: 1, reason: .notAPlace),
            ])
        #expect(
            rasteriser.unusable[1].description
                == "polygon 1 has 1 vertices, and at least 3 enclose an area")
        #expect(Set(rasteriser.instances(window).ids) == [0, 7])
    }

    @Test("Huge and hostile shapes come out without a trap", arguments: PolygonRule.allCases)
    func hostile(rule: PolygonRule) {
        let far = 0x1p32
        let outlines = [
            outline([(-far, -far), (far, -far), (far, far), (-far, far)]),
            outline([(-far, 3), (far, 3.0001), (0, 3)]), outline([(5, -far), (5, far), (5, 0)]),
            outline([(5, 5), (5, 5), (5, 5)]),
            outline([(1e-300, 1e-300), (.leastNonzeroMagnitude, 5), (3, 1e-305)]),
            outline([(-0.0, 0), (7, 0), (7, 7), (0, 7)]),
        ]
        let rasteriser = OutlineRasteriser(outlines, rule: rule)
        for window in [
            window, PatchWindow(x: -3, y: -3, width: 7, height: 9, downsample: 0x1p-8),
            PatchWindow(x: 1 << 39, y: -(1 << 39), width: 5, height: 5),
            PatchWindow(x: -4, y: -4, width: 8, height: 8, downsample: 0x1p20),
        ] {
            let whole = rasteriser.instances(window)
            #expect(whole.ids.count == window.area)
            #expect(whole.contested.reduce(0) { $0 + Int($1) } == whole.count)
        }
        let covered = OutlineRasteriser([outlines[0]], rule: rule).mask(window)
        if rule != .asapProgram { #expect(covered == [UInt8](repeating: 1, count: 400)) }
    }

    @Test("Polygons near a window are listed in order, whatever bands they lie in")
    func near() {
        let outlines = wobblyOutlines(200, seed: 5, side: 1000)
        let rasteriser = OutlineRasteriser(outlines)
        for n in 0..<60 {
            let window = PatchWindow(x: n * 17, y: 900 - n * 15, width: 30, height: 20 + n * 3)
            let near = rasteriser.polygons(near: window)
            #expect(near == near.sorted() && Set(near).count == near.count)
            for (number, polygon) in outlines.enumerated() {
                guard let (low, high) = polygon.bounds else { continue }
                let meets =
                    low.x <= Double(window.x + window.width) && high.x >= Double(window.x)
                    && low.y <= Double(window.y + window.height) && high.y >= Double(window.y)
                if meets { #expect(near.contains(number)) }
            }
            #expect(near.count < 200)
        }
    }
}
