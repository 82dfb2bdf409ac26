import MedicalImaging
import Testing

@testable import SamplePreparation

@Suite struct PromptDrawerTests {
    private let slice = LabelSlice(rows: 60, columns: 80, labels: 5, seed: 11)

    private func drawer(
        _ kinds: [PromptKind], unit: RegionUnit = .organ, seed: UInt64 = 5
    ) -> PromptDrawer {
        PromptDrawer(recipe: PromptRecipe(kinds: kinds, unit: unit), caseSeed: seed)
    }

    private func box(_ prompt: PromptRecord.Prompt) throws -> BoxPrompt {
        guard case .box(let box) = prompt else { throw Missing() }
        return box
    }

    private func points(_ prompt: PromptRecord.Prompt) throws -> [PointPrompt] {
        guard case .points(let points) = prompt else { throw Missing() }
        return points
    }

    private struct Missing: Error {}

    @Test("Boxes are inclusive, and enlarged ones are clipped to the image")
    func boxes() throws {
        let slice = drawn(
            "......1",
            ".......",
            "..22...",
            "..2....",
            "3333333")
        let records = drawer([.box, .enlargedBox(1), .enlargedBox(1000)])
            .records(of: slice, sliceIndex: 0)
        #expect(records.map(\.label) == [1, 2, 3])
        #expect(records.map(\.area) == [1, 3, 7])
        #expect(try box(records[0].prompts[0]) == BoxPrompt(x0: 6, y0: 0, x1: 6, y1: 0))
        #expect(try box(records[0].prompts[1]) == BoxPrompt(x0: 5, y0: 0, x1: 6, y1: 1))
        #expect(try box(records[1].prompts[0]) == BoxPrompt(x0: 2, y0: 2, x1: 3, y1: 3))
        #expect(try box(records[1].prompts[1]) == BoxPrompt(x0: 1, y0: 1, x1: 4, y1: 4))
        #expect(try box(records[2].prompts[0]) == BoxPrompt(x0: 0, y0: 4, x1: 6, y1: 4))
        for record in records {
            #expect(try box(record.prompts[2]) == BoxPrompt(x0: 0, y0: 0, x1: 6, y1: 4))
        }
    }

    @Test("Each side of a jittered box moves outwards by 0 to n pixels, all of them")
    func jitter() throws {
        var slice = LabelSlice(rows: 40, columns: 40, samples: [UInt8](repeating: 0, count: 1600))
        for y in 15...20 { for x in 18...25 { slice[y, x] = 1 } }
        var seen = [Set<Float>](repeating: [], count: 4)
        for index in 0..<300 {
            let record = drawer([.jitteredBox(4)]).records(of: slice, sliceIndex: index)[0]
            let found = try box(record.prompts[0])
            for (n, moved) in [18 - found.x0, 15 - found.y0, found.x1 - 25, found.y1 - 20]
                .enumerated()
            {
                #expect(moved >= 0 && moved <= 4)
                seen[n].insert(moved)
            }
        }
        for side in seen { #expect(side == [0, 1, 2, 3, 4]) }
        for index in 0..<50 {
            let record = drawer([.jitteredBox(1000)]).records(of: slice, sliceIndex: index)[0]
            let found = try box(record.prompts[0])
            #expect(found.x0 >= 0 && found.y0 >= 0 && found.x1 <= 39 && found.y1 <= 39)
        }
    }

    @Test("Random points lie on the region, and every pixel is reached")
    func randomPoints() throws {
        for record in drawer([.randomPoints(50)]).records(of: slice, sliceIndex: 3) {
            let found = try points(record.prompts[0])
            #expect(found.count == 50)
            for point in found {
                #expect(point.isForeground)
                #expect(slice[Int(point.y), Int(point.x)] == record.label)
            }
        }
        let small = drawn("1.1", ".1.", "1..")
        let record = drawer([.randomPoints(200)]).records(of: small, sliceIndex: 0)[0]
        #expect(Set(try points(record.prompts[0])).count == 4)
    }

    @Test("Background points lie beside the region, at most 20 pixels from its box")
    func background() throws {
        for unit in RegionUnit.allCases {
            let regions = RegionFinder.regions(of: slice, unit: unit, minimumArea: 1)
            let records = drawer([.backgroundPoints(30)], unit: unit)
                .records(of: slice, sliceIndex: 0)
            #expect(records.count == regions.count)
            for (record, region) in zip(records, regions) {
                let found = try points(record.prompts[0])
                #expect(found.count == 30)
                for point in found {
                    let (x, y) = (Int(point.x), Int(point.y))
                    #expect(!point.isForeground)
                    #expect(!region.contains(x: x, y: y))
                    #expect(x >= max(0, region.x0 - 20) && x <= min(79, region.x1 + 20))
                    #expect(y >= max(0, region.y0 - 20) && y <= min(59, region.y1 + 20))
                }
            }
        }
    }

    @Test("Every background pixel is reached, also far from a region that fills its surroundings")
    func backgroundReach() throws {
        let small = drawn("11.", "1.1")
        let record = drawer([.backgroundPoints(100)]).records(of: small, sliceIndex: 0)[0]
        #expect(
            Set(try points(record.prompts[0])) == [
                PointPrompt(x: 2, y: 0, isForeground: false),
                PointPrompt(x: 1, y: 1, isForeground: false),
            ])
        let full = LabelSlice(rows: 4, columns: 5, samples: [UInt8](repeating: 9, count: 20))
        let none = drawer([.backgroundPoints(2)]).records(of: full, sliceIndex: 0)[0]
        #expect(
            try points(none.prompts[0])
                == [PointPrompt](
                    repeating: PointPrompt(x: -1, y: -1, isForeground: false), count: 2))
    }

    @Test("Keyed draws depend on seed, slice, label, component and kind, and on nothing else")
    func keyed() throws {
        let kinds: [PromptKind] = [
            .randomPoints(3), .jitteredBox(20), .backgroundPoints(2), .randomPoints(1),
        ]
        let records = drawer(kinds).records(of: slice, sliceIndex: 7)
        // The same again, and after other slices were drawn.
        let again = drawer(kinds)
        _ = again.records(of: LabelSlice(blob: 3), sliceIndex: 6)
        #expect(again.records(of: slice, sliceIndex: 7) == records)
        // Other labels of the slice gone, kinds in another order, kinds alone.
        for record in records {
            var alone = slice
            alone.samples = alone.samples.map { $0 == record.label ? $0 : 0 }
            #expect(drawer(kinds).records(of: alone, sliceIndex: 7) == [record])
            let backwards = drawer(kinds.reversed()).records(of: alone, sliceIndex: 7)[0]
            #expect(backwards.prompts == record.prompts.reversed())
            for (kind, prompt) in zip(kinds, record.prompts) {
                #expect(
                    drawer([kind]).records(of: alone, sliceIndex: 7)[0].prompts == [prompt])
            }
        }
        #expect(drawer(kinds).records(of: slice, sliceIndex: 8) != records)
        #expect(drawer(kinds, seed: 6).records(of: slice, sliceIndex: 7) != records)
        // One point is not the first of three.
        #expect(
            try records.contains { record in
                try points(record.prompts[0])[0] != points(record.prompts[3])[0]
            })
    }

    @Test("Two labels, and two components, of the same shape get points of their own")
    func keyedByLabel() throws {
        let row = String(repeating: "1", count: 30)
        let other = String(repeating: "2", count: 30)
        let gap = String(repeating: ".", count: 30)
        let labels = drawer([.randomPoints(8)]).records(of: drawn(row, other), sliceIndex: 0)
        #expect(
            try points(labels[0].prompts[0]).map(\.x) != points(labels[1].prompts[0]).map(\.x))
        let parts = drawer([.randomPoints(8)], unit: .component4)
            .records(of: drawn(row, gap, row), sliceIndex: 0)
        #expect(parts.map(\.component) == [1, 2])
        #expect(try points(parts[0].prompts[0]).map(\.x) != points(parts[1].prompts[0]).map(\.x))
    }

    @Test("Centres agree with the exact and the chamfer transform, per record")
    func centres() throws {
        let records = drawer([.centre, .chamferCentre]).records(of: slice, sliceIndex: 0)
        let regions = RegionFinder.regions(of: slice, unit: .organ, minimumArea: 1)
        for (record, region) in zip(records, regions) {
            let exact = CentrePoint.exact(of: region)
            let chamfer = ChamferPoint.centre(of: region, rows: 60, columns: 80)
            #expect(
                try points(record.prompts[0])
                    == [PointPrompt(x: Float(exact.x), y: Float(exact.y))])
            #expect(
                try points(record.prompts[1])
                    == [PointPrompt(x: Float(chamfer.x), y: Float(chamfer.y))])
        }
    }

    @Test("A slice without labels has no records")
    func empty() {
        for slice in [
            LabelSlice(rows: 0, columns: 0, samples: []),
            LabelSlice(rows: 0, columns: 5, samples: []),
            drawn("...", "..."),
        ] {
            #expect(drawer(PromptKind.termProject).records(of: slice, sliceIndex: 0).isEmpty)
            #expect(drawer(PromptKind.termProject).regionAreas(of: slice).isEmpty)
        }
    }

    @Test("The areas foretold are those of the records")
    func areas() {
        for unit in RegionUnit.allCases {
            let drawer = PromptDrawer(
                recipe: PromptRecipe(kinds: [.box], unit: unit, minimumArea: 3), caseSeed: 0)
            #expect(
                drawer.regionAreas(of: slice)
                    == drawer.records(of: slice, sliceIndex: 0).map(\.area))
        }
    }
}
