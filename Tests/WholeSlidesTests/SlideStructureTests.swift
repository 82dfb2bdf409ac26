import Testing

@testable import WholeSlides

@Suite("Slide structure")
struct SlideStructureTests {
    private func page(
        _ width: Int, _ height: Int, _ change: (inout SlideBuilder.Page) -> Void = { _ in }
    ) -> SlideBuilder.Page {
        var page = SlideBuilder.Page()
        page.width = width
        page.height = height
        change(&page)
        return SlideBuilder.plain(page)
    }

    private let aperio =
        "Aperio Image Library v11.2.1\r\n400x300 (48x32) -> 100x75 JPEG/RGB|AppMag = 20"

    @Test("an Aperio slide keeps levels apart from thumbnail, label and macro")
    func aperioSlide() throws {
        let slide = SlideBuilder(pages: [
            page(401, 299) { $0.description = aperio + "|MPP = 0.4990|Filename = CMU" },
            page(64, 48) {
                $0.description = aperio
                $0.isTiled = false
            },
            page(100, 74) { $0.description = aperio },
            page(30, 20) {
                $0.description = "Aperio Image Library v11.2.1\r\nlabel 30x20"
                $0.isTiled = false
                $0.subfileType = 1
            },
            page(50, 20) {
                $0.description = "Aperio Image Library v11.2.1\r\nmacro 50x20"
                $0.isTiled = false
                $0.subfileType = 9
            },
        ])
        try slide.withSlide { slide in
            #expect(slide.vendor == .aperio && slide.objectivePower == 20)
            #expect(slide.levels.map(\.directory) == [0, 2])
            #expect(slide.levels[1].downsampleX == 4.01)
            #expect(slide.levels[1].downsampleY == 299.0 / 74)
            #expect(slide.levels[0].tileWidth == 48 && slide.levels[0].isTiled)
            #expect(slide.associatedImages.map(\.name) == ["thumbnail", "label", "macro"])
            #expect(
                slide.pixelSize == SlidePixelSize(x: 0.499, y: 0.499, source: .aperioDescription))
            #expect(slide.notes.isEmpty)
            let label = try slide.read(associated: slide.associatedImages[1])
            #expect(label.width == 30 && label.height == 20)
            #expect(
                label.samples
                    == SlideBuilder.pixels(page(30, 20), x: 0, y: 0, width: 30, height: 20))
            #expect(throws: SlideError.self) {
                try slide.read(
                    associated: AssociatedImage(name: "label", width: 9, height: 9, directory: 0))
            }
        }
    }

    @Test("Aperio pictures without names in their descriptions are told by their marks")
    func aperioMarks() throws {
        let slide = SlideBuilder(pages: [
            page(401, 299) { $0.description = aperio },
            page(64, 48) { $0.isTiled = false },
            page(30, 20) {
                $0.isTiled = false
                $0.subfileType = 1
            },
            page(50, 20) {
                $0.isTiled = false
                $0.subfileType = 9
            },
            page(50, 20) { $0.isTiled = false },
        ])
        try slide.withSlide { slide in
            #expect(
                slide.associatedImages.map(\.name) == ["thumbnail", "label", "macro", "directory4"])
        }
    }

    @Test("a decimal comma is understood", arguments: ["0,2520", "0.2520", " 2.52e-1 "])
    func comma(text: String) throws {
        let slide = SlideBuilder(pages: [
            page(100, 70) { $0.description = aperio + "|MPP = \(text)|Left = 1,5" }
        ])
        try slide.withSlide { #expect($0.pixelSize?.x == 0.252) }
    }

    @Test(
        "a description without a usable MPP gives a note",
        arguments: ["", "|MPP = -1", "|MPP = nan", "|MPP=x", "|MPP = 99"])
    func noMPP(text: String) throws {
        let slide = SlideBuilder(pages: [page(100, 70) { $0.description = aperio + text }])
        try slide.withSlide { slide in
            #expect(slide.pixelSize == nil)
            #expect(slide.notes.contains { $0.contains("names no pixel size") })
        }
    }

    @Test("resolution tags of a microscope give the pixel size")
    func resolution() throws {
        let slide = SlideBuilder(pages: [page(100, 70) { $0.resolution = (10_000 / 0.25, 3) }])
        try slide.withSlide { slide in
            #expect(slide.vendor == .genericTIFF)
            #expect(slide.pixelSize == SlidePixelSize(x: 0.25, y: 0.25, source: .resolutionTags))
            #expect(slide.notes.isEmpty)
        }
    }

    @Test("print resolutions give no pixel size but a note", arguments: [72.0, 96, 300])
    func printResolution(perInch: Double) throws {
        let slide = SlideBuilder(pages: [page(100, 70) { $0.resolution = (perInch, 2) }])
        try slide.withSlide { slide in
            #expect(slide.pixelSize == nil)
            #expect(slide.notes.contains { $0.contains("\(Int(perInch)) per inch") })
            #expect(throws: SlideError.self) { try slide.level(micronsPerPixel: 0.5) }
        }
        try slide.withSlide(options: WholeSlideOptions(pixelSize: (0.25, 0.3))) { slide in
            #expect(slide.pixelSize == SlidePixelSize(x: 0.25, y: 0.3, source: .given))
        }
    }

    @Test("a file without resolution says so, and nonsense given by the caller is refused")
    func unknown() throws {
        let slide = SlideBuilder(pages: [page(100, 70)])
        try slide.withSlide { slide in
            #expect(slide.pixelSize == nil)
            #expect(slide.notes == ["pixel size unknown: the file has no resolution tags"])
        }
        for bad in [0, -1, Double.nan, .infinity] {
            #expect(throws: SlideError.self) {
                try slide.withSlide(options: WholeSlideOptions(pixelSize: (bad, 1))) { _ in }
            }
        }
        let unitless = SlideBuilder(pages: [page(100, 70) { $0.resolution = (40_000, 1) }])
        try unitless.withSlide { slide in
            #expect(slide.pixelSize == nil && slide.notes.contains { $0.contains("no unit") })
        }
    }

    @Test("smaller sizes in SubIFDs are levels")
    func subIFDs() throws {
        var base = page(200, 140)
        base.subIFDs = [page(100, 70), page(50, 35)]
        try SlideBuilder(pages: [base]).withSlide { slide in
            #expect(slide.levels.map(\.width) == [200, 100, 50])
            #expect(slide.associatedImages.isEmpty)
            let window = try slide.read(level: 2, x: 0, y: 0, width: 50, height: 35)
            #expect(
                window.samples
                    == SlideBuilder.pixels(page(50, 35), x: 0, y: 0, width: 50, height: 35))
        }
    }

    @Test("a Philips slide is recognised: padded levels are cut to size, the spacing is found")
    func philips() throws {
        func text(_ spacing: String) -> String {
            "<?xml version=\"1.0\"?><DataObject ObjectType=\"DPUfsImport\"><Attribute "
                + "Name=\"DICOM_PIXEL_SPACING\" PMSVR=\"IDoubleArray\">\(spacing)</Attribute>"
                + "<Attribute Name=\"DICOM_PIXEL_SPACING\" PMSVR=\"x\">\"0.0009\" \"0.0008\""
                + "</Attribute></DataObject>"
        }
        let padded = { (page: inout SlideBuilder.Page) in
            page.tileWidth = 64
            page.tileHeight = 64
        }
        let spacing = "&quot;0.000226891&quot; &quot;0.000226907&quot;"
        let builder = SlideBuilder(pages: [
            page(320, 192) {
                padded(&$0)
                $0.description = text(spacing)
            },
            page(192, 128, padded), page(128, 64, padded),
            page(40, 20) {
                $0.isTiled = false
                $0.description = "Macro"
            },
            page(40, 20) {
                $0.isTiled = false
                $0.description = "Label"
            },
        ])
        try builder.withSlide { slide in
            #expect(slide.vendor == .philips)
            #expect(slide.levels.map(\.width) == [320, 160, 80])
            #expect(slide.levels.map(\.height) == [192, 96, 48])
            #expect(slide.levels.map(\.downsampleX) == [1, 2, 4])
            #expect(slide.associatedImages.map(\.name) == ["macro", "label"])
            let size = try #require(slide.pixelSize)
            #expect(abs(size.x - 0.226907) < 1e-9 && abs(size.y - 0.226891) < 1e-9)
            #expect(size.source == .philipsDescription)
            #expect(slide.notes.contains { $0.contains("padded") })
            // What lies beyond the true size is background, whatever the padding holds.
            let edge = try slide.read(level: 1, x: 158, y: 0, width: 4, height: 1)
            #expect(edge[2, 0] == [255, 255, 255] && edge[1, 0] != [255, 255, 255])
        }
        let odd = SlideBuilder(pages: [page(100, 70) { $0.description = text("rubbish <<") }])
        try odd.withSlide { #expect($0.vendor == .philips && $0.pixelSize?.x == 0.8) }
    }

    @Test("plain images of one size are slides too: strips, grey, bilevel", arguments: [1, 8])
    func plainImages(bits: Int) throws {
        var grey = SlideBuilder.Page()
        grey.width = 64
        grey.height = 50
        grey.isTiled = false
        grey.tileHeight = 7
        grey.samples = 1
        grey.bits = bits
        grey.photometric = 1
        grey.blocks = (0..<8).map { strip in
            let rows = min(7, 50 - strip * 7)
            return (0..<(rows * 64 * bits / 8)).map { UInt8(truncatingIfNeeded: $0 + strip) }
        }
        try SlideBuilder(pages: [grey]).withSlide { slide in
            #expect(slide.levels.count == 1 && !slide.levels[0].isTiled)
            let all = try slide.read(level: 0, x: 0, y: 0, width: 64, height: 50)
            let stored = grey.blocks.flatMap { $0 }
            let expected =
                bits == 8
                ? stored
                : stored.flatMap { byte in (0..<8).map { byte >> (7 - $0) & 1 == 1 ? 255 : 0 } }
            #expect(all.samples == expected.flatMap { [$0, $0, $0] })
        }
    }

    @Test("an orientation is noted and not applied")
    func orientation() throws {
        let slide = SlideBuilder(pages: [page(100, 70) { $0.orientation = 6 }])
        try slide.withSlide { slide in
            #expect(slide.levels[0].width == 100)
            #expect(slide.notes.contains { $0.contains("orientation tag 6") })
        }
    }
}
