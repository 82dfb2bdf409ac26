import Foundation
import Testing

@testable import WholeSlides

/// Slides written by other programs, compared with what other readers give.
///
/// The numbers of fixtures were printed by `Fixtures/slides/make_slides.py` (tifffile); those of shared files were computed
/// once with tifffile and Pillow, which agree.
@Suite("Slides of other programs")
struct RealSlidesTests {
    static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Fixtures/slides")

    /// The folder of real files, when it lies beside the repository or where `SAMDATA_SHARED` says.
    static let shared: URL? = {
        let named = ProcessInfo.processInfo.environment["SAMDATA_SHARED"]
        let root =
            named.map { URL(fileURLWithPath: $0) }
            ?? fixtures.deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("shared")
        let data = root.appendingPathComponent("data")
        let isThere = FileManager.default.fileExists(
            atPath: data.appendingPathComponent("camelyon").path)
        return isThere ? data : nil
    }()

    private func sums(_ slide: WholeSlide) throws -> [UInt32] {
        try slide.levels.map { level in
            try slide.read(
                level: level.index, x: 0, y: 0, width: level.width, height: level.height
            ).weighted
        }
    }

    @Test("a JPEG pyramid in pages and an LZW pyramid in SubIFDs by tifffile")
    func tifffile() throws {
        let pages = try WholeSlide(
            path: Self.fixtures.appendingPathComponent("pages_ycbcr420.tif").path)
        #expect(try sums(pages) == [134_040_027, 1_306_374_243])
        let size = try #require(pages.pixelSize)
        #expect(abs(size.x - 0.25) < 1e-6)
        let children = try WholeSlide(
            path: Self.fixtures.appendingPathComponent("subifd_lzw.tif").path)
        #expect(try sums(children) == [256_999_840, 1_322_711_823])
        #expect(children.pixelSize == nil && children.notes.contains { $0.contains("72 per inch") })
    }

    @Test("the real SVS: pixels, colours, pictures, pixel size", .enabled(if: shared != nil))
    func svs() throws {
        let data = try #require(Self.shared)
        let slide = try WholeSlide(
            path: data.appendingPathComponent("camelyon/CMU-1-Small-Region.svs").path)
        #expect(slide.vendor == .aperio && slide.objectivePower == 20)
        #expect(slide.levels.count == 1)
        #expect(slide.levels[0].width == 2220 && slide.levels[0].height == 2967)
        #expect(try sums(slide) == [4_195_312_332])
        #expect(slide.pixelSize == SlidePixelSize(x: 0.499, y: 0.499, source: .aperioDescription))
        #expect(slide.associatedImages.map(\.name) == ["thumbnail", "label", "macro"])
        let pictures = try slide.associatedImages.map { try slide.read(associated: $0).weighted }
        #expect(pictures == [707_320_694, 2_874_265_835, 5_373_589])
        let window = try slide.read(level: 0, x: 1000, y: 700, width: 256, height: 256)
        #expect(window.weighted == 3_578_104_624 && window[128, 128] == [190, 123, 148])
        let half = try slide.choice(level: 0, factorX: 2, factorY: 2)
        let shrunk = try slide.read(half, x: 600, y: 400, width: 100, height: 100).pixels
        #expect(shrunk.weighted == 2_472_096_518)
    }

    @Test(
        "the derived pyramid: three levels, resolution in centimetres", .enabled(if: shared != nil))
    func derived() throws {
        let data = try #require(Self.shared)
        let path = data.appendingPathComponent("camelyon/derived/CMU-1_pyramid_ycbcr420.tif").path
        let slide = try WholeSlide(path: path)
        #expect(slide.levels.map(\.width) == [2220, 1110, 555])
        #expect(slide.levels.map(\.height) == [2967, 1483, 741])
        #expect(try sums(slide) == [3_933_330_117, 4_150_306_450, 3_412_126_115])
        let size = try #require(slide.pixelSize)
        #expect(abs(size.x - 0.499) < 1e-4 && size.source == .resolutionTags)
        #expect(try slide.level(micronsPerPixel: 1, tolerance: 0.05).level == 1)
        // The file calls plain RGB YCbCr; told so, it has the colours of the SVS it was made from.
        let told = try WholeSlide(path: path, options: WholeSlideOptions(jpegColour: .rgb))
        let source = try WholeSlide(
            path: data.appendingPathComponent("camelyon/CMU-1-Small-Region.svs").path)
        let first = try told.read(level: 0, x: 1000, y: 700, width: 256, height: 256)
        let second = try source.read(level: 0, x: 1000, y: 700, width: 256, height: 256)
        let difference = zip(first.samples, second.samples).reduce(0) { sum, pair in
            sum + abs(Int(pair.0) - Int(pair.1))
        }
        #expect(Double(difference) / Double(first.samples.count) < 8)
    }

    @Test(
        "other TIFFs open as slides with the pixels other readers give",
        .enabled(if: shared != nil),
        arguments: [
            ("openslide_small.svs", [69_920_061 as UInt32]),
            (
                "openslide_boxes_pyramid.tiff",
                [356_032_809, 1_102_623_867, 3_427_366_487, 985_634_998]
            ),
            ("it_tiled-jpeg-rgb-u8.tif", [3_008_033_667]),
            ("it_tiled-jpeg-ycbcr.tif", [195_999_735]),
            ("pil_tiff_tiled_planar_lzw.tiff", [2_950_503_707]),
            ("lt_quad-tile.jpg.tiff", [445_356_318]), ("lt_palette-1c-4b.tiff", [681_944_679]),
            ("lt_miniswhite-1c-1b.tiff", [1_158_356_299]),
            ("pil_tiff_strip_ycbcr_jpeg_2x2_sampling.tif", [1_363_929_379]),
            ("li_orient1.tif", [3_223_934_862, 217_182_309, 1_626_554_532]),
        ])
    func coverage(file: String, expected: [UInt32]) throws {
        let data = try #require(Self.shared)
        let slide = try WholeSlide(
            path: data.appendingPathComponent("tiff-coverage/\(file)").path)
        #expect(try sums(slide) == expected)
    }

    @Test("the real MoNuSeg images are slides of one level", .enabled(if: shared != nil))
    func nuclei() throws {
        let data = try #require(Self.shared)
        let means = [
            "TCGA-AO-A0J2-01A-01-BSA": 118.237425, "TCGA-B0-5710-01Z-00-DX1": 183.488513,
            "TCGA-NH-A8F7-01A-01-TS1": 109.847532,
        ]
        for (name, mean) in means {
            let slide = try WholeSlide(
                path: data.appendingPathComponent("monuseg/\(name).tif").path)
            #expect(slide.levels.count == 1 && slide.pixelSize == nil)
            let all = try slide.read(level: 0, x: 0, y: 0, width: 1000, height: 1000)
            var sum = 0
            for sample in all.samples { sum += Int(sample) }
            #expect(abs(Double(sum) / 3_000_000 - mean) < 1e-6)
            let window = try slide.read(level: 0, x: 333, y: 777, width: 100, height: 100)
            #expect(window.samples == all.crop(x: 333, y: 777, width: 100, height: 100))
        }
    }
}
