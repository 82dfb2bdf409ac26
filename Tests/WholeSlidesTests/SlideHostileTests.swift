import JPEGCodec
import Testing

@testable import WholeSlides

@Suite("Hostile slides")
struct SlideHostileTests {
    @Test(
        "a damaged tile is an error that names it; its neighbours are read", arguments: [0, 1, 2])
    func damagedTile(kind: Int) throws {
        var page = try SlideBuilder.jpeg(SlideBuilder.Page(), chroma: .halved)
        switch kind {
        case 0: page.blocks[4] = Array(page.blocks[4].prefix(page.blocks[4].count / 2))
        case 1: page.blocks[4] = [1, 2, 3, 4, 5]
        default:
            page.blocks[4] = try JPEG.encode(
                JPEGPicture(
                    width: 16, height: 16, components: 1,
                    samples: [UInt8](repeating: 9, count: 256)))
        }
        try SlideBuilder(pages: [page]).withSlide { slide in
            for _ in 0..<2 {
                #expect {
                    try slide.read(level: 0, x: 40, y: 30, width: 20, height: 20)
                } throws: { error in
                    guard let error = error as? SlideError else { return false }
                    return error.kind == .damaged
                        && error.place == "level 0, tile 4 (column 1, row 1)"
                        && !error.description.contains("\n")
                        && error.description.hasPrefix(slide.path)
                }
            }
            #expect(throws: Never.self) {
                try slide.read(level: 0, x: 0, y: 0, width: 48, height: 32)
            }
        }
    }

    @Test("a tile whose bytes lie outside the file is an error that names it")
    func outside() throws {
        for isJPEG in [true, false] {
            let page =
                isJPEG
                ? try SlideBuilder.jpeg(SlideBuilder.Page(), chroma: .full)
                : SlideBuilder.plain(SlideBuilder.Page())
            var bytes = SlideBuilder(pages: [page]).bytes
            // The list of byte counts stands last in the file but for the tables.
            let counts = page.blocks.flatMap { block in
                (0..<4).map { UInt8(truncatingIfNeeded: block.count >> (8 * $0)) }
            }
            let place = try #require(
                bytes.indices.dropLast(counts.count - 1).first {
                    bytes[$0..<($0 + counts.count)].elementsEqual(counts)
                })
            bytes[place + 2 * 4 + 3] = 0x7f
            try SlideBuilder.withFile(bytes) { path in
                let slide = try WholeSlide(path: path)
                #expect {
                    try slide.read(level: 0, x: 96, y: 0, width: 4, height: 4)
                } throws: { error in
                    (error as? SlideError)?.place == "level 0, tile 2 (column 2, row 0)"
                }
            }
        }
    }

    @Test("a picture of gigabytes in a small file costs one tile for one window")
    func sparse() throws {
        var page = SlideBuilder.Page()
        page.width = 200_000
        page.height = 150_000
        page.tileWidth = 16_384
        page.tileHeight = 1024
        page.blocks = [[UInt8]](repeating: [], count: 13 * 147)
        let cache = TileCache()
        try SlideBuilder(pages: [page]).withSlide(options: WholeSlideOptions(cache: cache)) {
            let window = try $0.read(level: 0, x: 150_000, y: 100_000, width: 40, height: 30)
            #expect(window.samples.allSatisfy { $0 == 255 })
            #expect(cache.statistics.bytes < 1000 && cache.statistics.misses == 1)
        }
    }

    @Test("tiles beyond the limits are refused at opening")
    func largeTiles() throws {
        var page = SlideBuilder.Page()
        page.tileWidth = 1 << 14
        page.tileHeight = 1 << 14
        page.blocks = [[1]]
        #expect {
            try SlideBuilder(pages: [page]).withSlide { _ in }
        } throws: { error in (error as? SlideError)?.kind == .tooLarge }
        var small = SlideBuilder.plain(SlideBuilder.Page())
        small.description = "x"
        let limits = SlideLimits(tileBytes: 48 * 32 * 3 - 1)
        #expect {
            try SlideBuilder(pages: [small]).withSlide(options: WholeSlideOptions(limits: limits)) {
                _ in
            }
        } throws: { error in (error as? SlideError)?.kind == .tooLarge }
    }

    @Test("samples that are no 8-bit colours are refused by name")
    func unsupported() throws {
        var deep = SlideBuilder.Page()
        deep.bits = 16
        deep.blocks = [[UInt8]](repeating: [UInt8](repeating: 0, count: 48 * 32 * 6), count: 9)
        #expect {
            try SlideBuilder(pages: [deep]).withSlide { _ in }
        } throws: { error in
            (error as? SlideError)?.kind == .unsupported && "\(error)".contains("16-bit")
        }
        var aperio = SlideBuilder.plain(SlideBuilder.Page())
        aperio.compression = 33003
        #expect {
            try SlideBuilder(pages: [aperio]).withSlide { _ in }
        } throws: { error in "\(error)".contains("JPEG 2000") }
        var inks = SlideBuilder.Page()
        inks.samples = 4
        inks.photometric = 5
        inks.blocks = [[UInt8]](repeating: [UInt8](repeating: 0, count: 48 * 32 * 4), count: 9)
        #expect {
            try SlideBuilder(pages: [inks]).withSlide { _ in }
        } throws: { error in "\(error)".contains("separated") }
    }

    @Test("missing files and other files are refused")
    func notSlides() throws {
        #expect {
            try WholeSlide(path: "no-such-slide.tif")
        } throws: { error in (error as? SlideError)?.kind == .missing }
        try SlideBuilder.withFile(Array("not a slide at all".utf8)) { path in
            #expect {
                try WholeSlide(path: path)
            } throws: { error in (error as? SlideError)?.kind == .damaged }
        }
    }

    @Test("a file cut or changed anywhere ends in pixels or an error, never elsewhere")
    func changed() throws {
        var base = try SlideBuilder.jpeg(SlideBuilder.Page(), chroma: .halved)
        base.description = "Aperio x\r\n100x70|AppMag = 20|MPP = 0.5"
        base.resolution = (40_000, 3)
        let file = SlideBuilder(pages: [base]).bytes
        let limits = SlideLimits(tileBytes: 1 << 20, readBytes: 1 << 22)
        var read = 0
        func open(_ bytes: [UInt8]) throws {
            try SlideBuilder.withFile(bytes) { path in
                guard
                    let slide = try? WholeSlide(
                        path: path, options: WholeSlideOptions(limits: limits)),
                    (try? slide.read(level: 0, x: 30, y: 20, width: 60, height: 40)) != nil
                else { return }
                read += 1
            }
        }
        for length in stride(from: 0, to: file.count, by: 41) {
            try open(Array(file.prefix(length)))
        }
        #expect(read == 0)
        let start = file.count - 500
        for position in start..<file.count {
            var bytes = file
            bytes[position] ^= UInt8(truncatingIfNeeded: position * 73 | 1)
            try open(bytes)
        }
        #expect(read > 0)
    }
}
