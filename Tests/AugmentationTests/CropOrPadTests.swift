import Foundation
import MedicalImaging
import Testing

@testable import SampleAugmentation

@Suite("Crop or pad")
struct CropOrPadTests {
    @Test(
        "a crop keeps the middle, a pad surrounds it, and halves go up",
        arguments: [Fill.black, .constant(-1)])
    func byHand(_ fill: Fill) throws {
        var sample = AugmentationSample(
            extent: SampleExtent(rows: 2, columns: 4), image: [1, 2, 3, 4, 5, 6, 7, 8],
            range: -1...8, labels: [1, 2, 3, 4, 5, 6, 7, 8],
            points: [.init(PointPrompt(x: 2, y: 1)), .init(PointPrompt(x: 0, y: 0))],
            boxes: [.init(BoxPrompt(x0: 1, y0: 0, x1: 3, y1: 1), around: .label(7))])
        try CropOrPad(rows: 5, columns: 3, fill: fill).apply(to: &sample)
        // three rows missing: two above; one column too many: it goes off to the left
        #expect(
            sample.image == [-1, -1, -1, -1, -1, -1, 2, 3, 4, 6, 7, 8, -1, -1, -1])
        #expect(sample.labels == [0, 0, 0, 0, 0, 0, 2, 3, 4, 6, 7, 8, 0, 0, 0])
        #expect(sample.extent == SampleExtent(rows: 5, columns: 3))
        #expect(sample.points.map(\.prompt.x) == [1, -1])
        #expect(sample.points.map(\.prompt.y) == [3, 2])
        #expect(sample.boxes[0].prompt == BoxPrompt(x0: 1, y0: 3, x1: 1, y1: 3))
    }

    // numpy.pad(numpy.arange(6).reshape(2, 3), ((3, 4), (1, 5)), mode="reflect")
    @Test("reflection is NumPy's, even far outside")
    func reflection() throws {
        var sample = AugmentationSample(
            extent: SampleExtent(rows: 2, columns: 3), image: [0, 1, 2, 3, 4, 5],
            labels: [0, 1, 2, 3, 4, 5])
        try CropOrPad(
            rows: 9, columns: 9, top: .fixed(3.0 / 7), left: .fixed(1.0 / 6), fill: .reflect
        )
        .apply(to: &sample)
        let odd: [Float] = [4, 3, 4, 5, 4, 3, 4, 5, 4]
        let even: [Float] = [1, 0, 1, 2, 1, 0, 1, 2, 1]
        #expect(sample.image == odd + even + odd + even + odd + even + odd + even + odd)
        #expect(sample.labels == sample.image.map { UInt8($0) })
    }

    @Test("all small pictures, sizes, places and fills agree with the rule written pixel by pixel")
    func smallWorlds() throws {
        for rows in 1...4 {
            for newRows in 1...6 {
                for newColumns in [1, 2, 3, 5] {
                    for part in [0, 0.3, 0.5, 1] {
                        for fill in [Fill.black, .constant(99), .edge, .reflect] {
                            try compare(rows, newRows, newColumns, part, fill)
                        }
                    }
                }
            }
        }
    }

    private func compare(
        _ rows: Int, _ newRows: Int, _ newColumns: Int, _ part: Double, _ fill: Fill
    ) throws {
        let columns = 3
        let extent = SampleExtent(channels: 2, slices: 2, rows: rows, columns: columns)
        var sample = AugmentationSample(
            extent: extent, image: (0..<extent.imageCount).map { Float($0 + 1) }, range: 0...100,
            labels: (0..<extent.labelCount).map { UInt8($0 + 1) })
        let before = sample
        let transform = CropOrPad(
            rows: newRows, columns: newColumns, top: .fixed(part), left: .fixed(1 - part),
            fill: fill)
        try transform.apply(to: &sample)
        #expect(sample.extent == transform.extent(after: extent))
        func source(_ index: Int, _ part: Double, _ old: Int, _ new: Int) -> Int? {
            let above = Int(floor(part * Double(abs(old - new)) + 0.5))
            var place = old > new ? index + above : index - above
            switch fill {
            case .edge: place = min(max(place, 0), old - 1)
            case .reflect:
                while old > 1 && (place < 0 || place >= old) {
                    place = place < 0 ? -place : 2 * (old - 1) - place
                }
                if old == 1 { place = 0 }
            default: break
            }
            return place >= 0 && place < old ? place : nil
        }
        var image: [Float] = []
        var labels: [UInt8] = []
        for plane in 0..<4 {
            for row in 0..<newRows {
                for column in 0..<newColumns {
                    let r = source(row, part, rows, newRows)
                    let c = source(column, 1 - part, columns, newColumns)
                    if let r, let c {
                        let place = (plane * rows + r) * columns + c
                        image.append(before.image[place])
                        if plane < 2, let old = before.labels { labels.append(old[place]) }
                    } else {
                        image.append(fill == .black ? 0 : 99)
                        if plane < 2 { labels.append(0) }
                    }
                }
            }
        }
        #expect(sample.image == image, "\(rows) \(transform)")
        #expect(sample.labels == labels, "\(rows) \(transform)")
    }

    @Test("padding is undone bit by bit; a crop has no inverse")
    func inverse() throws {
        for part in [0, 0.25, 0.5, 0.9, 1] {
            for (rows, columns) in [(7, 5), (9, 5), (7, 12), (20, 31)] {
                let extent = SampleExtent(channels: 2, rows: 7, columns: 5)
                let start = AugmentationSample(
                    extent: extent, image: (0..<70).map(Float.init),
                    labels: (0..<35).map(UInt8.init),
                    points: [.init(PointPrompt(x: 1.5, y: 6))],
                    boxes: [.init(BoxPrompt(x0: 2, y0: 1, x1: 2, y1: 1), around: .label(7))])
                var sample = start
                let pad = CropOrPad(
                    rows: rows, columns: columns, top: .fixed(part), left: .fixed(1 - part))
                try pad.apply(to: &sample)
                #expect(sample != start || (rows == 7 && columns == 5))
                let undo = try #require(pad.inverse(extent: extent))
                try undo.transform.apply(to: &sample)
                #expect(sample == start, "\(pad)")
            }
        }
        let extent = SampleExtent(rows: 7, columns: 5)
        #expect(CropOrPad(rows: 6, columns: 9).inverse(extent: extent) == nil)
        #expect(CropOrPad(rows: 8, columns: 4).inverse(extent: extent) == nil)
        #expect(CropOrPad(rows: 8, columns: 8, top: .uniform(0, 1)).inverse(extent: extent) == nil)
    }

    @Test("places are drawn once and replayed from JSON")
    func drawing() throws {
        let crop = CropOrPad(rows: 3, columns: 3, top: .uniform(0, 1), left: .uniform(0, 1))
        let extent = SampleExtent(rows: 8, columns: 8)
        #expect(!crop.isDrawn)
        var random = RandomSource(seed: 3)
        var places: Set<[Float]> = []
        for _ in 0..<400 {
            let drawn = crop.drawn(from: &random, extent: extent)
            #expect(drawn.isDrawn)
            var sample = AugmentationSample(extent: extent, image: (0..<64).map(Float.init))
            try drawn.apply(to: &sample)
            places.insert(sample.image)
            let again = try JSONDecoder().decode(
                Transform.self, from: JSONEncoder().encode(Transform.cropOrPad(drawn)))
            #expect(again == .cropOrPad(drawn))
        }
        #expect(places.count == 36, "all six by six places are reached")
        var sample = AugmentationSample(extent: extent, image: (0..<64).map(Float.init))
        #expect(throws: AugmentationError.notDrawn(transform: "crop-or-pad")) {
            try crop.apply(to: &sample)
        }
        let short = Data(#"{"transform": "crop-or-pad", "rows": 4, "columns": 6}"#.utf8)
        #expect(
            try JSONDecoder().decode(Transform.self, from: short)
                == .cropOrPad(CropOrPad(rows: 4, columns: 6)))
    }

    @Test(
        "sizes and places out of bounds are errors, and the sample stays",
        arguments: [
            CropOrPad(rows: 0, columns: 3), CropOrPad(rows: 3, columns: -1),
            CropOrPad(rows: .max, columns: .max), CropOrPad(rows: .min, columns: 3),
            CropOrPad(rows: 65_537, columns: 1), CropOrPad(rows: 65_536, columns: 65_536),
            CropOrPad(rows: 3, columns: 3, top: -0.1), CropOrPad(rows: 3, columns: 3, left: 1.1),
            CropOrPad(rows: 3, columns: 3, top: .fixed(.nan)),
            CropOrPad(rows: 3, columns: 3, left: .whole(0, 2)),
            CropOrPad(rows: 3, columns: 3, fill: .constant(.infinity)),
        ])
    func hostile(_ transform: CropOrPad) throws {
        var random = RandomSource(seed: 1)
        var sample = AugmentationSample(
            extent: SampleExtent(rows: 2, columns: 2), image: [1, 2, 3, 4])
        let before = sample
        let drawn = transform.drawn(from: &random, extent: sample.extent)
        #expect(drawn.extent(after: sample.extent) == sample.extent)
        #expect(drawn.inverse(extent: sample.extent) == nil)
        let error = #expect(throws: AugmentationError.self) { try drawn.apply(to: &sample) }
        guard case .parameter("crop-or-pad", _, _, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(sample == before)
    }

    @Test(
        "the map for combined transforms names the pixel that is shown, and points go its way back")
    func sourceMap() throws {
        let extent = SampleExtent(rows: 5, columns: 6)
        for (rows, columns) in [(3, 4), (8, 9), (2, 9), (8, 1)] {
            let transform = CropOrPad(rows: rows, columns: columns, top: 0.2, left: 0.9)
            let map = try #require(transform.sourceMap(extent: extent))
            var sample = AugmentationSample(
                extent: extent, image: (0..<30).map(Float.init), range: -1...30,
                points: [.init(PointPrompt(x: 2.5, y: 1))])
            try transform.apply(to: &sample)
            for row in 0..<rows {
                for column in 0..<columns {
                    let place = map(Double(column), Double(row))
                    let inside = place.x >= 0 && place.x < 6 && place.y >= 0 && place.y < 5
                    #expect(
                        sample.image[row * columns + column]
                            == Float(inside ? place.y * 6 + place.x : -1))
                }
            }
            let point = sample.points[0].prompt
            let origin = map(Double(point.x), Double(point.y))
            #expect(origin.x == 2.5 && origin.y == 1)
        }
        #expect(CropOrPad(rows: 0, columns: 1).sourceMap(extent: extent) == nil)
        #expect(
            CropOrPad(rows: 3, columns: 3, top: .uniform(0, 1)).sourceMap(extent: extent) == nil)
    }

    @Test("a crop clips boxes of unknown objects, padding only moves them")
    func unknownBoxes() throws {
        let start = AugmentationSample(
            extent: SampleExtent(rows: 8, columns: 8), image: [Float](repeating: 0, count: 64),
            boxes: [
                .init(BoxPrompt(x0: 1, y0: 3, x1: 4, y1: 7)),
                .init(BoxPrompt(x0: 0, y0: 0, x1: 1, y1: 7)),
                .init(BoxPrompt(x0: -3, y0: 3, x1: 2, y1: 4)),
            ])
        var cropped = start
        try CropOrPad(rows: 4, columns: 4).apply(to: &cropped)
        #expect(cropped.boxes[0].prompt == BoxPrompt(x0: 0, y0: 1, x1: 2, y1: 3))
        #expect(cropped.boxes[1].prompt == nil)
        #expect(cropped.boxes[2].prompt == BoxPrompt(x0: 0, y0: 1, x1: 0, y1: 2))
        var padded = start
        try CropOrPad(rows: 8, columns: 10).apply(to: &padded)
        #expect(padded.boxes[0].prompt == BoxPrompt(x0: 2, y0: 3, x1: 5, y1: 7))
        #expect(padded.boxes[2].prompt == BoxPrompt(x0: -2, y0: 3, x1: 3, y1: 4))
    }
}
