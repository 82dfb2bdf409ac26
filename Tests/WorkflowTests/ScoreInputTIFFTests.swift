import Foundation
import MedicalImaging
import SafeFiles
import SegmentationMetrics
import TIFF
import Testing

@testable import SamdataWorkflow

@Suite("TIFF images of a score")
struct ScoreInputTIFFTests {
    private let reader = ScoreImageReader()

    @discardableResult
    private func tiff(
        _ data: ScoreFolder, _ name: String, _ width: Int, _ height: Int, _ samples: TIFFSamples,
        channels: Int = 1, layout: TIFFFormat.Layout = .strips(rows: 4)
    ) throws -> String {
        try data.write(
            name,
            try TIFFWriter.encode(
                try TIFFPixels(
                    width: width, height: height, samplesPerPixel: channels, samples: samples),
                layout: layout))
    }

    @Test("every integer and float type gives the same ids")
    func types() throws {
        let data = try ScoreFolder()
        let values: [UInt8] = (0..<63).map { UInt8(($0 * 5 + 2) % 11) }
        let rows: [(String, TIFFSamples)] = [
            ("u8.tif", .uint8(values)), ("i8.tiff", .int8(values.map { Int8($0) })),
            ("u16.tif", .uint16(values.map { UInt16($0) })),
            ("i16.tif", .int16(values.map { Int16($0) })),
            ("u32.tif", .uint32(values.map { UInt32($0) })),
            ("i32.tif", .int32(values.map { Int32($0) })),
            ("f32.tif", .float32(values.map { Float($0) })),
            ("f64.tif", .float64(values.map { Double($0) })),
        ]
        for (name, samples) in rows {
            try tiff(data, name, 9, 7, samples)
            let file = try data.file(name)
            let image = try reader.instances(file)
            #expect(image.instances == values.map { Int32($0) }, "\(name)")
            #expect(image.maskGrid.shape == GridShape(9, 7, 1) && image.maskGrid.dimensions == 2)
            #expect(image.sha256 == (try FileReading.sha256(of: data.path(name))))
            #expect(try reader.labels(file, by: try identityTable(1...10)).labels == values)
        }
        let scores = try reader.scores(try data.file("u16.tif"))
        #expect(scores.scores == values.map { Float(Double($0) / 65_535) })
        #expect(scores.notes.contains("scores are the stored values divided by 65535"))
        #expect(try reader.scores(try data.file("f32.tif")).scores == values.map { Float($0) })
    }

    @Test("equal colours are one value, different ones an error with their place")
    func colours() throws {
        let data = try ScoreFolder()
        try tiff(data, "equal.tif", 2, 1, .uint8([7, 7, 7, 0, 0, 0]), channels: 3)
        try tiff(
            data, "differ.tif", 2, 2, .uint8([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 1]), channels: 3)
        let image = try reader.instances(try data.file("equal.tif"))
        #expect(image.instances == [7, 0])
        #expect(image.notes.contains { $0.contains("three colours are equal") })
        let failed = failure { _ = try reader.instances(try data.file("differ.tif")) }
        #expect(failed.kind == .data)
        #expect(
            failed.text.contains("differ.tif: at column 1, row 1: found the colour (1, 2, 1)"),
            "\(failed.text)")
    }

    @Test("broken files are errors of their case, named as the report names them")
    func hostile() throws {
        let data = try ScoreFolder()
        let path = try tiff(data, "whole.tif", 40, 40, .uint8((0..<1600).map { UInt8($0 % 251) }))
        let bytes = try FileReading.contents(of: path)
        try data.write("cut.tif", Array(bytes.prefix(bytes.count / 2)))
        try data.write("text.tif", "no picture at all")
        for name in ["cut.tif", "text.tif"] {
            let failed = failure { _ = try reader.instances(try data.file(name)) }
            #expect(failed.kind == .data, "\(failed.text)")
            #expect(failed.text.hasPrefix(name) && !failed.text.contains("\n"), "\(failed.text)")
        }
        let gone = ScoreFile(displayPath: "gone.tif", path: data.path("gone.tif"), format: .tiff)
        #expect(failure { _ = try reader.instances(gone) }.kind == .missingInput)
    }

    @Test("bands of any height give the counts of the whole images")
    func bands() throws {
        let data = try ScoreFolder()
        let (width, height) = (53, 97)
        var state: UInt32 = 7
        func map() -> [UInt16] {
            var ids = [UInt16](repeating: 0, count: width * height)
            for id in 1...12 {
                state = state &* 1_664_525 &+ 1_013_904_223
                let (x, y) = (Int(state >> 8) % (width - 9), Int(state >> 16) % (height - 30))
                for row in y..<(y + 30) {
                    for column in x..<(x + 9) { ids[row * width + column] = UInt16(id) }
                }
            }
            return ids
        }
        let (a, b) = (map(), map())
        try tiff(data, "p.tif", width, height, .uint16(a), layout: .tiles(width: 16, height: 32))
        try tiff(
            data, "r.tif", width, height, .uint8(b.map { UInt8($0) }), layout: .strips(rows: 5))
        let (prediction, reference) = (try data.file("p.tif"), try data.file("r.tif"))
        let bands = try ScoreBands(prediction: prediction, reference: reference, reader: reader)
        #expect(bands.grid.shape == GridShape(width, height, 1))
        #expect(bands.predictionDigest == (try FileReading.sha256(of: data.path("p.tif"))))
        for rows in [1, 7, 32, 64, 97, 1000] {
            var (p, r): ([Int32], [Int32]) = ([], [])
            var heights: [Int] = []
            try bands.forEachBand(rows: rows) { (band) throws(WorkflowError) in
                #expect(band.reference.firstRow == heights.reduce(0, +))
                heights.append(band.reference.shape.j)
                p += try band.prediction.instances().instances ?? []
                r += try band.reference.instances().instances ?? []
            }
            #expect(p == a.map { Int32($0) } && r == b.map { Int32($0) }, "\(rows)")
            #expect(heights.dropLast().allSatisfy { $0 == rows })
        }
        let overlap = try bands.instanceOverlap()
        let whole = try InstanceOverlap(
            prediction: a.map { Int32($0) }, reference: b.map { Int32($0) })
        #expect(overlap.contacts == whole.contacts && overlap.references == whole.references)
        #expect(overlap.pixelCount == whole.pixelCount)
        let labels = try ScoreLabels.resolve(
            reference: LabelScheme(values: 1...12), groups: ["low=1+2+3"])
        let confusion = try bands.confusion(by: labels)
        let pair = try LabelPair(
            prediction: try reader.labels(prediction, by: labels.prediction).labels ?? [],
            reference: try reader.labels(reference, by: labels.reference).labels ?? [],
            grid: bands.grid)
        #expect(confusion == LabelConfusion(pair))
        #expect(confusion.total == UInt64(width * height))
    }

    @Test("a value that is in no table is named with the rows it was found in")
    func strayInBand() throws {
        let data = try ScoreFolder()
        var values = [UInt8](repeating: 1, count: 20 * 300)
        values[20 * 250 + 3] = 9
        try tiff(data, "p.tif", 20, 300, .uint8(values))
        try tiff(data, "r.tif", 20, 300, .uint8([UInt8](repeating: 1, count: 6000)))
        let bands = try ScoreBands(
            prediction: try data.file("p.tif"), reference: try data.file("r.tif"), reader: reader)
        let labels = try ScoreLabels.resolve(reference: try LabelScheme.parse("1=tumour,2=other"))
        let failed = failure { _ = try bands.confusion(by: labels) }
        #expect(
            failed.text.contains("p.tif, rows 192 to 255: label values: found 9 in 1 voxel"),
            "\(failed.text)")
        var signed = [Int16](repeating: 0, count: 20 * 300)
        signed[20 * 250 + 3] = -2
        try tiff(data, "s.tif", 20, 300, .int16(signed))
        let negative = failure {
            _ = try ScoreBands(
                prediction: try data.file("s.tif"), reference: try data.file("r.tif"),
                reader: reader
            ).instanceOverlap()
        }
        #expect(
            negative.text.contains("s.tif: at column 3, row 250: found the value -2"),
            "\(negative.text)")
    }

    @Test("bands are for large TIFF pairs of one size")
    func bandsNeeded() throws {
        let data = try ScoreFolder()
        try tiff(data, "a.tif", 100, 100, .uint8([UInt8](repeating: 0, count: 10_000)))
        try tiff(data, "b.tif", 100, 99, .uint8([UInt8](repeating: 0, count: 9_900)))
        try data.png("c.png", 1, 1, [0])
        let (a, b, c) = (try data.file("a.tif"), try data.file("b.tif"), try data.file("c.png"))
        #expect(ScoreBands.needed(a, a, memoryLimit: 159_999))
        #expect(!ScoreBands.needed(a, a, memoryLimit: 160_000))
        #expect(
            !ScoreBands.needed(a, c, memoryLimit: 1) && !ScoreBands.needed(c, a, memoryLimit: 1))
        let sizes = failure {
            _ = try ScoreBands(prediction: b, reference: a, reader: reader)
        }
        #expect(sizes.kind == .data && sizes.text.contains("shape 100x100 against 100x99"))
        let kinds = failure {
            _ = try ScoreBands(prediction: c, reference: a, reader: reader)
        }
        #expect(
            kinds.kind == .usage && kinds.text.contains("c.png: only TIFF images are read in bands")
        )
    }

    @Test("the instance map of stardist's example has 183 nuclei", .enabled(if: SharedData.isThere))
    func stardist() throws {
        let path = try #require(SharedData.root) + "/nuclei-other/stardist_mask2d.tif"
        let image = try reader.instances(try ScoreSource.file(path, display: "mask.tif"))
        #expect(image.maskGrid.shape == GridShape(512, 512, 1))
        let ids = Set(try #require(image.instances))
        #expect(ids.contains(0) && ids.max() == 183)
    }

    @Test(
        "palettes, white-is-zero, BigTIFF and stacks of real files",
        .enabled(if: SharedData.isThere))
    func coverage() throws {
        let root = try #require(SharedData.root) + "/tiff-coverage/"
        func read(_ name: String) throws -> StoredImage {
            try reader.stored(try ScoreSource.file(root + name, display: name), like: nil)
        }
        // 4-bit palette: indices, not colours.
        let palette = try read("lt_palette-1c-4b.tiff")
        #expect(palette.shape == GridShape(157, 151, 1))
        #expect(try palette.valueCounts().keys.max() ?? 99 < 16)
        // One bit, 0 is white: the numbers are 0 and 1.
        let bilevel = try read("lt_miniswhite-1c-1b.tiff")
        #expect(try bilevel.valueCounts().keys.sorted() == [0, 1] && bilevel.scoreMaximum == 1)
        // Pages of different sizes are no volume.
        let pages = try read("pil_multipage.tiff")
        #expect(
            pages.shape.k == 1 && pages.notes.contains { $0.contains("only the first of 3 images") }
        )
        #expect(failure { _ = try read("lt_rgb-3c-8b.tiff") }.text.contains("found the colour"))
    }
}
