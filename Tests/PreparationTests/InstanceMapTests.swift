import MedicalImaging
import Testing

@testable import SamplePreparation

@Suite struct InstanceMapTests {
    /// A map drawn with characters: `.` is background.
    private func map(_ rows: String...) -> InstanceMap {
        InstanceMap(
            width: rows.first?.count ?? 0, height: rows.count,
            ids: rows.joined().map { UInt32(String($0), radix: 36) ?? 0 })
    }

    private func randomMap(seed: UInt32) -> InstanceMap {
        let slice = LabelSlice(rows: 23, columns: 31, labels: 9, seed: seed)
        return InstanceMap(width: 31, height: 23, ids: slice.samples.map { UInt32($0) * 1000 })
    }

    @Test(
        "Components equal a naive flood fill, numbered by their first pixels",
        arguments: [true, false])
    func components(diagonal: Bool) {
        func check(_ mask: LabelSlice) {
            var expected = [UInt32](repeating: 0, count: mask.samples.count)
            var count: UInt32 = 0
            for seed in expected.indices where mask.samples[seed] != 0 && expected[seed] == 0 {
                count += 1
                expected[seed] = count
                var pending = [seed]
                while let pixel = pending.popLast() {
                    let (y, x) = (pixel / mask.columns, pixel % mask.columns)
                    for row in max(0, y - 1)...min(mask.rows - 1, y + 1) {
                        for column in max(0, x - 1)...min(mask.columns - 1, x + 1)
                        where diagonal || row == y || column == x {
                            let next = row * mask.columns + column
                            if mask.samples[next] != 0, expected[next] == 0 {
                                expected[next] = count
                                pending.append(next)
                            }
                        }
                    }
                }
            }
            #expect(InstanceMap(componentsOf: mask, diagonal: diagonal).ids == expected)
        }
        for bits in 0..<4096 { check(LabelSlice(rows: 3, columns: 4, bits: bits)) }
        for bits in stride(from: 0, to: 1 << 20, by: 997) {
            check(LabelSlice(rows: 4, columns: 5, bits: bits))
        }
        for seed in UInt32(1)...30 { check(LabelSlice(blob: seed)) }
        for seed in UInt32(1)...30 {
            check(LabelSlice(rows: 19, columns: 27, labels: 1, seed: seed))
        }
        check(LabelSlice(rows: 0, columns: 0, samples: []))
    }

    @Test("Records hold area, boxes and the most interior pixel of each object")
    func records() {
        for seed in UInt32(1)...20 {
            let map = randomMap(seed: seed)
            let records = map.records()
            #expect(records.map(\.id) == Set(map.ids).subtracting([0]).sorted())
            for record in records {
                let pixels = map.ids.indices.filter { map.ids[$0] == record.id }
                let (xs, ys) = (pixels.map { $0 % 31 }, pixels.map { $0 / 31 })
                let (x0, y0) = (xs.min() ?? -1, ys.min() ?? -1)
                let (x1, y1) = (xs.max() ?? -1, ys.max() ?? -1)
                #expect(record.area == pixels.count)
                #expect(
                    record.box
                        == BoxPrompt(x0: Float(x0), y0: Float(y0), x1: Float(x1), y1: Float(y1)))
                #expect(
                    record.exclusiveBox
                        == BoxPrompt(
                            x0: Float(x0), y0: Float(y0), x1: Float(x1 + 1), y1: Float(y1 + 1)))
                #expect(record.touchesEdge == (x0 == 0 || y0 == 0 || x1 == 30 || y1 == 22))
                /// Squared distance to the nearest pixel of something else, or beyond the map.
                func depth(_ pixel: Int) -> Int {
                    var nearest = Int.max
                    for y in -1...23 {
                        for x in -1...31 {
                            let isInside = x >= 0 && x < 31 && y >= 0 && y < 23
                            if isInside, map[x: x, y: y] == record.id { continue }
                            let (dx, dy) = (pixel % 31 - x, pixel / 31 - y)
                            nearest = min(nearest, dx * dx + dy * dy)
                        }
                    }
                    return nearest
                }
                let depths = pixels.map(depth)
                let best = depths.firstIndex(of: depths.max() ?? 0) ?? 0
                #expect(record.centre == PointPrompt(x: Float(xs[best]), y: Float(ys[best])))
            }
        }
        #expect(map("1.2", "..2").records(minimumArea: 2).map(\.id) == [2])
        #expect(InstanceMap(width: 0, height: 0, ids: []).records().isEmpty)
    }

    @Test("An object that another one cuts in two stays one")
    func fragments() {
        let cut = map(
            "..2..",
            "11211",
            "..2..")
        let records = cut.records()
        #expect(records.map(\.id) == [1, 2])
        #expect(records[0].area == 4)
        #expect(records[0].box == BoxPrompt(x0: 0, y0: 1, x1: 4, y1: 1))
        // The bar is drawn second, and the first keeps the crossing: now the bar has two pieces.
        let outlines = OutlineRasteriser([rectangle(0, 1, 5, 2), rectangle(2, 0, 3, 3)])
        let (drawn, contested) = InstanceMap.drawing(outlines, in: PatchWindow(width: 5, height: 3))
        #expect(contested == 1)
        #expect(drawn == map("..2..", "11111", "..2.."))
        #expect(drawn.records().map(\.area) == [5, 2])
    }

    @Test("Inner outlines have a neighbour at an edge with another number; the border is none")
    func boundary() {
        #expect(
            map(
                "111..",
                "11122",
                "11122",
                "....2"
            ).boundary()
                == drawn(
                    "..1..",
                    "..111",
                    "1111.",
                    "....1"))
        for seed in UInt32(1)...10 {
            let map = randomMap(seed: seed)
            let boundary = map.boundary()
            for y in 0..<23 {
                for x in 0..<31 {
                    let near = [(x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1)].filter {
                        $0.0 >= 0 && $0.0 < 31 && $0.1 >= 0 && $0.1 < 23
                    }
                    let id = map[x: x, y: y]
                    let expected = id != 0 && near.contains { map[x: $0.0, y: $0.1] != id }
                    #expect(boundary[y, x] == (expected ? 1 : 0))
                }
            }
        }
    }

    @Test("Crops keep the numbers of the image and are background beyond it")
    func crops() {
        let map = randomMap(seed: 4)
        for (x, y, width, height) in [
            (0, 0, 31, 23), (5, 6, 10, 4), (-3, -2, 9, 9), (25, 20, 12, 12), (40, 2, 3, 3),
            (-9, 0, 4, 4), (3, 3, 0, 5), (-5, -5, 50, 50),
        ] {
            let crop = map.crop(x: x, y: y, width: width, height: height)
            for row in 0..<height {
                for column in 0..<width {
                    let (i, j) = (x + column, y + row)
                    let isInside = i >= 0 && i < 31 && j >= 0 && j < 23
                    #expect(crop[x: column, y: row] == (isInside ? map[x: i, y: j] : 0))
                }
            }
        }
        let cut = self.map("11..22", "11..22", "......").crop(x: 1, y: 0, width: 4, height: 3)
        #expect(cut.records().map(\.id) == [1, 2])
        #expect(cut.records().map(\.touchesEdge) == [true, true])
    }

    @Test("A crop of a map is the map of the crop's window")
    func cropsOfOutlines() {
        let rasteriser = OutlineRasteriser(wobblyOutlines(20, seed: 6, side: 80))
        let whole = InstanceMap.drawing(rasteriser, in: PatchWindow(width: 80, height: 80)).map
        for (x, y) in [(0, 0), (17, 3), (48, 48)] {
            let window = PatchWindow(x: x, y: y, width: 32, height: 32)
            #expect(
                InstanceMap.drawing(rasteriser, in: window).map
                    == whole.crop(x: x, y: y, width: 32, height: 32))
        }
    }

    @Test("Stored label images of any type are taken, negative and oversized numbers are not")
    func labels() {
        #expect(
            InstanceMap(width: 2, height: 2, labels: [0, 7, 65535, 1] as [UInt16])?.ids == [
                0, 7, 65535, 1,
            ])
        #expect(InstanceMap(width: 2, height: 1, labels: [-1, 3] as [Int32]) == nil)
        #expect(InstanceMap(width: 2, height: 1, labels: [0, 1 << 31] as [Int64]) == nil)
        #expect(InstanceMap(width: 2, height: 1, labels: [0, (1 << 31) - 1] as [Int64]) != nil)
        #expect(InstanceMap(width: 2, height: 2, labels: [1, 2, 3] as [UInt8]) == nil)
        #expect(InstanceMap(width: -2, height: -2, labels: [1, 2, 3, 4] as [UInt8]) == nil)
        #expect(InstanceMap(width: .max, height: 2, labels: [] as [UInt8]) == nil)
    }

    @Test("The binary mask has the label wherever there is an object")
    func binary() {
        #expect(map("1.2", ".z.").binary(label: 3) == drawn("3.3", ".3."))
    }
}
