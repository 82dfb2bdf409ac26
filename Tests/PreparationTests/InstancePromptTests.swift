import MedicalImaging
import Testing

@testable import SamplePreparation

@Suite struct InstancePromptTests {
    private struct Missing: Error {}

    private func drawer(_ kinds: [PromptKind], minimumArea: Int = 1, seed: UInt64 = 5)
        -> PromptDrawer
    {
        PromptDrawer(
            recipe: PromptRecipe(kinds: kinds, unit: .instance, minimumArea: minimumArea),
            caseSeed: seed)
    }

    private func point(_ prompt: PromptRecord.Prompt) throws -> PointPrompt {
        guard case .points(let points) = prompt, points.count == 1 else { throw Missing() }
        return points[0]
    }

    private let map = InstanceMap(
        width: 6, height: 3,
        ids: [
            40, 40, 0, 7, 7, 0,
            40, 7, 7, 7, 0, 9,
            0, 0, 0, 0, 9, 9,
        ])

    @Test("Objects get a record each, by number, with the label that most of their pixels have")
    func records() {
        let labels = drawn(
            "21.11.",
            "211122",
            "....33")
        // Of 40's pixels two have label 2; of 9's, two have label 3.
        let records = drawer([.box, .exclusiveBox]).records(
            of: labels, instances: map, sliceIndex: 0)
        #expect(records.map(\.component) == [7, 9, 40])
        #expect(records.map(\.label) == [1, 3, 2])
        #expect(records.map(\.area) == [5, 3, 3])
        #expect(
            records.map { $0.prompts[0] } == [
                .box(BoxPrompt(x0: 1, y0: 0, x1: 4, y1: 1)),
                .box(BoxPrompt(x0: 4, y0: 1, x1: 5, y1: 2)),
                .box(BoxPrompt(x0: 0, y0: 0, x1: 1, y1: 1)),
            ])
        // The far corner is one more, also at the border of the image.
        #expect(
            records.map { $0.prompts[1] } == [
                .box(BoxPrompt(x0: 1, y0: 0, x1: 5, y1: 2)),
                .box(BoxPrompt(x0: 4, y0: 1, x1: 6, y1: 3)),
                .box(BoxPrompt(x0: 0, y0: 0, x1: 2, y1: 2)),
            ])
        // An object that the labels say nothing about has no record, and small ones have none.
        let half = drawn("11....", "1.....", "......")
        #expect(
            drawer([.box]).records(of: half, instances: map, sliceIndex: 0).map(\.component) == [40]
        )
        let binary = map.binary()
        #expect(
            drawer([.box], minimumArea: 4).records(of: binary, instances: map, sliceIndex: 0)
                .map(\.component) == [7])
    }

    @Test("Records of a map agree with what the map says of its objects")
    func centres() throws {
        let outlines = OutlineRasteriser(wobblyOutlines(12, seed: 13, side: 60))
        let map = InstanceMap.drawing(outlines, in: PatchWindow(width: 60, height: 60)).map
        let records = drawer([.centre, .box]).records(
            of: map.binary(), instances: map, sliceIndex: 2)
        let known = map.records()
        #expect(records.count == known.count && records.count > 5)
        for (record, known) in zip(records, known) {
            #expect(record.component == Int(known.id) && record.area == known.area)
            #expect(try point(record.prompts[0]) == known.centre)
            #expect(record.prompts[1] == .box(known.box))
        }
    }

    @Test("Draws depend on the object's number and place, not on the other objects")
    func keyed() {
        let outlines = OutlineRasteriser(wobblyOutlines(8, seed: 31, side: 50))
        let map = InstanceMap.drawing(outlines, in: PatchWindow(width: 50, height: 50)).map
        let kinds: [PromptKind] = [.randomPoints(2), .nucleusPoint, .jitteredBox(5)]
        let records = drawer(kinds).records(of: map.binary(), instances: map, sliceIndex: 3)
        for record in records {
            let alone = InstanceMap(
                width: 50, height: 50, ids: map.ids.map { Int($0) == record.component ? $0 : 0 })
            #expect(
                drawer(kinds).records(of: alone.binary(), instances: alone, sliceIndex: 3) == [
                    record
                ])
        }
        #expect(drawer(kinds).records(of: map.binary(), instances: map, sliceIndex: 4) != records)
        #expect(
            drawer(kinds, seed: 6).records(of: map.binary(), instances: map, sliceIndex: 3)
                != records)
    }

    @Test("Without a map, instances are the parts that hang together over corners")
    func withoutMap() {
        let slice = LabelSlice(rows: 30, columns: 40, labels: 3, seed: 2)
        let parts = PromptDrawer(
            recipe: PromptRecipe(kinds: [.centre], unit: .component8), caseSeed: 5)
        #expect(
            drawer([.centre]).records(of: slice, sliceIndex: 0)
                == parts.records(of: slice, sliceIndex: 0))
    }

    @Test(
        "Erosion keeps pixels whose square from 5 before to 4 after lies in the region or beyond the image"
    )
    func erosion() {
        for seed in UInt32(1)...60 {
            let slice = LabelSlice(blob: seed)
            guard let region = slice.region else { continue }
            var kept: [PixelPosition] = []
            for pixel in slice.pixels(of: 1) {
                var isKept = true
                for y in (pixel.y - 5)...(pixel.y + 4) where y >= 0 && y < slice.rows {
                    for x in (pixel.x - 5)...(pixel.x + 4) where x >= 0 && x < slice.columns {
                        if slice[y, x] != 1 { isKept = false }
                    }
                }
                if isKept { kept.append(pixel) }
            }
            let eroded = region.eroded(rows: slice.rows, columns: slice.columns)
            #expect((eroded?.area ?? 0) == kept.count)
            if let eroded {
                let found = (0..<eroded.area).map { eroded.pixel(number: $0) }
                #expect(found.map { PixelPosition(x: $0.x, y: $0.y) } == kept)
            }
        }
    }

    /// Columns and rows as `cv2.erode` with `numpy.ones((10, 10))` leaves them, OpenCV 5.0.
    @Test("Erosion equals OpenCV's on rectangles inside and at the border")
    func erosionOfOpenCV() throws {
        var slice = LabelSlice(rows: 30, columns: 40, samples: [UInt8](repeating: 0, count: 1200))
        for y in 3..<20 { for x in 7..<30 { slice[y, x] = 1 } }
        let inside = try #require(slice.region?.eroded(rows: 30, columns: 40))
        #expect(inside.pixel(number: 0) == (12, 8))
        #expect(inside.pixel(number: inside.area - 1) == (25, 15))
        slice.samples = [UInt8](repeating: 0, count: 1200)
        for y in 0..<12 { for x in 0..<15 { slice[y, x] = 1 } }
        let corner = try #require(slice.region?.eroded(rows: 30, columns: 40))
        #expect(corner.pixel(number: 0) == (0, 0))
        #expect(corner.pixel(number: corner.area - 1) == (10, 7))
    }

    @Test(
        "Nucleus points lie on the eroded region and reach all of it; a thin region gives its own pixels"
    )
    func nucleusPoints() throws {
        var slice = LabelSlice(rows: 20, columns: 40, samples: [UInt8](repeating: 0, count: 800))
        for y in 2..<14 { for x in 3..<14 { slice[y, x] = 1 } }
        for x in 20..<23 { slice[9, x] = 2 }
        var seen = [Set<PointPrompt>](repeating: [], count: 2)
        for index in 0..<200 {
            let records = drawer([.nucleusPoint]).records(of: slice, sliceIndex: index)
            #expect(records.count == 2)
            for (n, record) in records.enumerated() { seen[n].insert(try point(record.prompts[0])) }
        }
        // 11 columns leave 2, 12 rows leave 3.
        let left = (7...9).flatMap { y in (8...9).map { x in PointPrompt(x: Float(x), y: Float(y)) }
        }
        #expect(seen[0] == Set(left))
        #expect(seen[1] == Set((20..<23).map { PointPrompt(x: Float($0), y: 9) }))
    }
}
