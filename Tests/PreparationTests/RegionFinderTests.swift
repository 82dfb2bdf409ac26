import MedicalImaging
import Testing

@testable import SamplePreparation

@Suite struct RegionFinderTests {
    /// Slices of many widths around the word lengths in which rows are scanned.
    private static let slices: [LabelSlice] = {
        var slices: [LabelSlice] = []
        for (n, columns) in [
            0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 40, 41, 63, 64, 65, 100, 131,
        ]
        .enumerated() {
            for rows in [0, 1, 2, 13] {
                for labels in [1, 3, 255] {
                    slices.append(
                        LabelSlice(
                            rows: rows, columns: columns, labels: labels,
                            seed: UInt32(n * 1000 + rows * 10 + labels)))
                }
            }
        }
        return slices
    }()

    @Test("Areas and boxes equal those of a pixel by pixel count")
    func extents() {
        for slice in Self.slices {
            let found = RegionFinder.extents(of: slice)
            #expect(found.count == 256)
            #expect(found[0].area == 0)
            for label in 1...255 {
                let pixels = slice.pixels(of: UInt8(label))
                #expect(found[label].area == pixels.count)
                guard !pixels.isEmpty else { continue }
                #expect(found[label].x0 == pixels.map(\.x).min())
                #expect(found[label].x1 == pixels.map(\.x).max())
                #expect(found[label].y0 == pixels.map(\.y).min())
                #expect(found[label].y1 == pixels.map(\.y).max())
            }
            #expect(slice.labelAreas() == found.map(\.area))
        }
    }

    @Test("Every row of up to nine pixels of three values is scanned right")
    func rows() {
        var count = 1
        for columns in 1...9 {
            count *= 3
            for number in 0..<count {
                var rest = number
                let samples = (0..<columns).map { _ in
                    defer { rest /= 3 }
                    return UInt8(rest % 3)
                }
                let found = RegionFinder.extents(
                    of: LabelSlice(rows: 1, columns: columns, samples: samples))
                for label in 1...2 {
                    let first = samples.firstIndex(of: UInt8(label))
                    let last = samples.lastIndex(of: UInt8(label))
                    let area = samples.filter { $0 == UInt8(label) }.count
                    guard found[label].area == area, area == 0 || found[label].x0 == first,
                        area == 0 || found[label].x1 == last
                    else {
                        Issue.record("row \(samples), label \(label): \(found[label])")
                        return
                    }
                }
            }
        }
    }

    @Test("A label that fills the slice ends with each row, whatever its width")
    func full() {
        for columns in 1...100 {
            let slice = LabelSlice(
                rows: 3, columns: columns, samples: [UInt8](repeating: 255, count: 3 * columns))
            let found = RegionFinder.extents(of: slice)[255]
            #expect(found.area == 3 * columns, "\(columns) columns")
            #expect(found.x0 == 0 && found.x1 == columns - 1, "\(columns) columns")
            #expect(found.y0 == 0 && found.y1 == 2, "\(columns) columns")
        }
    }

    @Test("A region is its label's pixels, in row-major order, with a ring around")
    func regions() {
        for slice in Self.slices {
            let regions = RegionFinder.regions(of: slice, unit: .organ, minimumArea: 1)
            #expect(regions.map(\.label) == Set(slice.samples).subtracting([0]).sorted())
            for region in regions {
                let pixels = slice.pixels(of: region.label)
                #expect(region.component == 0 && region.area == pixels.count)
                #expect(region.padded.count == region.paddedWidth * (region.height + 2))
                #expect(region.padded.reduce(0) { $0 + Int($1) } == region.area)
                for (number, pixel) in pixels.enumerated() {
                    let found = region.pixel(number: number)
                    #expect(found.x == pixel.x && found.y == pixel.y)
                    #expect(region.contains(x: pixel.x, y: pixel.y))
                }
                for y in -1...slice.rows {
                    for x in -1...slice.columns {
                        let inside =
                            y >= 0 && y < slice.rows && x >= 0 && x < slice.columns
                            && slice[y, x] == region.label
                        if region.contains(x: x, y: y) != inside {
                            Issue.record("pixel \(x) \(y) of label \(region.label)")
                            return
                        }
                    }
                }
            }
        }
    }

    /// Parts by relabelling until nothing changes.
    private func naiveParts(_ slice: LabelSlice, _ label: UInt8, diagonal: Bool)
        -> [[PixelPosition]]
    {
        var number = slice.samples.indices.map { slice.samples[$0] == label ? $0 : -1 }
        var changed = true
        while changed {
            changed = false
            for y in 0..<slice.rows {
                for x in 0..<slice.columns where number[y * slice.columns + x] >= 0 {
                    for (dx, dy) in [(1, 0), (0, 1), (1, 1), (-1, 1)]
                    where diagonal || dx == 0 || dy == 0 {
                        guard x + dx >= 0, x + dx < slice.columns, y + dy < slice.rows else {
                            continue
                        }
                        let (a, b) = (y * slice.columns + x, (y + dy) * slice.columns + x + dx)
                        guard number[b] >= 0, number[a] != number[b] else { continue }
                        let low = min(number[a], number[b])
                        (number[a], number[b]) = (low, low)
                        changed = true
                    }
                }
            }
        }
        return Set(number).subtracting([-1]).sorted().map { part in
            number.indices.filter { number[$0] == part }.map {
                PixelPosition(x: $0 % slice.columns, y: $0 / slice.columns)
            }
        }
    }

    private func check(_ slice: LabelSlice, _ unit: RegionUnit) {
        let regions = RegionFinder.regions(of: slice, unit: unit, minimumArea: 1)
        var wanted: [(UInt8, Int, [PixelPosition])] = []
        for label in Set(slice.samples).subtracting([0]).sorted() {
            let parts = naiveParts(slice, label, diagonal: unit == .component8)
            for (n, part) in parts.enumerated() { wanted.append((label, n + 1, part)) }
        }
        #expect(regions.count == wanted.count)
        for (region, part) in zip(regions, wanted) {
            let pixels = (0..<region.area).map { n in
                let pixel = region.pixel(number: n)
                return PixelPosition(x: pixel.x, y: pixel.y)
            }
            #expect(region.label == part.0 && region.component == part.1 && pixels == part.2)
            #expect(region.x0 == pixels.map(\.x).min() && region.x1 == pixels.map(\.x).max())
            #expect(region.y0 == pixels.map(\.y).min() && region.y1 == pixels.map(\.y).max())
        }
    }

    @Test(
        "Components equal a naive relabelling, numbered by their first pixels",
        arguments: [RegionUnit.component4, .component8])
    func components(unit: RegionUnit) {
        for bits in 0..<4096 { check(LabelSlice(rows: 3, columns: 4, bits: bits), unit) }
        for seed in UInt32(1)...40 {
            check(LabelSlice(rows: 17, columns: 23, labels: 3, seed: seed), unit)
        }
    }

    @Test("Small regions are left out; the others keep their numbers")
    func minimumArea() {
        let slice = drawn(
            "1.22.1",
            "..2..1",
            "3.....")
        func found(_ unit: RegionUnit, _ minimum: Int) -> [String] {
            RegionFinder.regions(of: slice, unit: unit, minimumArea: minimum).map {
                "\($0.label)/\($0.component):\($0.area)"
            }
        }
        #expect(found(.organ, 1) == ["1/0:3", "2/0:3", "3/0:1"])
        #expect(found(.organ, 0) == found(.organ, 1))
        #expect(found(.organ, 2) == ["1/0:3", "2/0:3"])
        #expect(found(.component4, 2) == ["1/2:2", "2/1:3"])
        #expect(found(.component4, 100) == [])
    }
}
