import MedicalImaging
import Testing

@testable import SamdataWorkflow

@Suite("Outlines of pixels")
struct ExportOutlineTests {
    /// Whether a place lies inside by the even-odd rule over all rings: an independent test of what was traced.
    static func isInside(_ polygon: PlanePolygon, _ x: Double, _ y: Double) -> Bool {
        var isInside = false
        for ring in [polygon.outer] + polygon.holes {
            for (n, a) in ring.enumerated() {
                let b = ring[(n + 1) % ring.count]
                if (a.y > y) != (b.y > y), x < (b.x - a.x) * (y - a.y) / (b.y - a.y) + a.x {
                    isInside.toggle()
                }
            }
        }
        return isInside
    }

    /// Twice the signed area of a ring; positive when it runs clockwise on the screen.
    static func doubleArea(_ ring: [PlanePoint]) -> Double {
        ring.indices.reduce(0) { sum, n in
            let (a, b) = (ring[n], ring[(n + 1) % ring.count])
            return sum + a.x * b.y - b.x * a.y
        }
    }

    @Test("a square is four corners, clockwise, from the corner of its first pixel")
    func square() {
        let found = MaskOutline.all(
            in: [
                0, 0, 0, 0,
                0, 9, 9, 0,
                0, 9, 9, 0,
            ], rows: 3, columns: 4)
        let corners = [(3, 1), (3, 3), (1, 3), (1, 1)].map {
            PlanePoint(x: Double($0.0), y: Double($0.1))
        }
        #expect(found == [MaskOutline(value: 9, polygons: [PlanePolygon(outer: corners)])])
    }

    @Test("pixels that touch in a corner are two polygons, a ring that touches itself has a hole")
    func corners() throws {
        let apart = MaskOutline.all(in: [5, 0, 0, 5], rows: 2, columns: 2)
        #expect(apart.map(\.polygons.count) == [2])
        #expect(apart[0].polygons.allSatisfy { $0.outer.count == 4 && $0.holes.isEmpty })
        // The ends of a hook touch in a corner around the pixel in the middle.
        let hook = MaskOutline.all(
            in: [
                1, 1, 1,
                1, 0, 1,
                1, 1, 0,
            ], rows: 3, columns: 3)
        let polygon = try #require(hook.first?.polygons.first)
        #expect(hook[0].polygons.count == 1)
        #expect(polygon.outer.count == 6)
        #expect(polygon.holes.map(\.count) == [4])
        #expect(Self.doubleArea(polygon.outer) == 16)
        #expect(Self.doubleArea(polygon.holes[0]) == -2)
    }

    @Test("nothing gives no outline")
    func nothing() {
        #expect(MaskOutline.all(in: [0, 0], rows: 1, columns: 2) == [])
        #expect(MaskOutline.all(in: [], rows: 0, columns: 5) == [])
    }

    @Test(
        "every pixel of noise lies in exactly the polygons of its value, rings are simple",
        arguments: [2, 3, 5, 9], [1, 7, 23])
    func noise(kinds: Int, rows: Int) {
        let columns = 19
        var state = UInt32(kinds * 100 + rows)
        let values = (0..<rows * columns).map { _ -> UInt32 in
            state = state &* 1_664_525 &+ 1_013_904_223
            return (state >> 24) % UInt32(kinds)
        }
        let outlines = MaskOutline.all(in: values, rows: rows, columns: columns)
        #expect(outlines.map(\.value) == Set(values).subtracting([0]).sorted())
        var covered = [UInt32](repeating: 0, count: values.count)
        for outline in outlines {
            for polygon in outline.polygons {
                var area = Self.doubleArea(polygon.outer) / 2
                #expect(area > 0)
                for hole in polygon.holes {
                    #expect(Self.doubleArea(hole) < 0)
                    area += Self.doubleArea(hole) / 2
                }
                for ring in [polygon.outer] + polygon.holes {
                    #expect(Set(ring).count == ring.count, "a ring touches itself")
                    for (n, a) in ring.enumerated() {
                        // Vertices stand only where the ring turns: edges are upright and lying in turns.
                        let (b, c) = (ring[(n + 1) % ring.count], ring[(n + 2) % ring.count])
                        #expect((a.x == b.x) != (b.x == c.x))
                    }
                }
                var pixels = 0.0
                for n in values.indices
                where Self.isInside(
                    polygon, Double(n % columns) + 0.5, Double(n / columns) + 0.5)
                {
                    pixels += 1
                    #expect(covered[n] == 0)
                    covered[n] = outline.value
                }
                #expect(pixels == area)
            }
        }
        #expect(covered == values)
    }

    @Test("instances come as masks with their labels, in one pass")
    func masks() throws {
        let numbers: [UInt32] = [
            0, 7, 7,
            300_000, 0, 7,
            300_000, 2, 7,
        ]
        let labels = LabelSlice(
            rows: 3, columns: 3, samples: numbers.map { $0 == 7 ? 2 : $0 == 0 ? 0 : 1 })
        let found = try InstanceMasks.all(in: numbers, labels: labels)
        #expect(found.map(\.number) == [2, 300_000, 7])
        #expect(found.map(\.label) == [1, 1, 2])
        for instance in found {
            #expect(
                instance.mask.slice().samples
                    == numbers.map { $0 == instance.number ? 1 : 0 })
        }
        #expect(
            try InstanceMasks.all(in: [], labels: LabelSlice(rows: 0, columns: 0, samples: []))
                .isEmpty)
    }
}
