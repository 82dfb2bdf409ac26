import JPEGCodec
import Testing

@testable import WholeSlides

@Suite("Slide windows")
struct SlideWindowTests {
    private func whole(_ slide: WholeSlide) throws -> RGBPixels {
        let level = slide.levels[0]
        return try slide.read(level: 0, x: 0, y: 0, width: level.width, height: level.height)
    }

    static let windows = [
        (0, 0, 1, 1), (99, 69, 1, 1), (47, 31, 2, 2), (13, 5, 60, 50), (0, 33, 100, 3),
        (48, 32, 48, 32),
    ]

    @Test("windows are crops of the whole, whole equals what was stored", arguments: windows)
    func crops(window: (x: Int, y: Int, width: Int, height: Int)) throws {
        for isTiled in [true, false] {
            var page = SlideBuilder.Page()
            page.isTiled = isTiled
            page.tileHeight = isTiled ? 32 : 9
            try SlideBuilder(pages: [SlideBuilder.plain(page)]).withSlide { slide in
                let all = try whole(slide)
                #expect(
                    all.samples == SlideBuilder.pixels(page, x: 0, y: 0, width: 100, height: 70))
                let part = try slide.read(
                    level: 0, x: window.x, y: window.y, width: window.width, height: window.height)
                #expect(
                    part.samples
                        == all.crop(
                            x: window.x, y: window.y, width: window.width, height: window.height))
            }
        }
    }

    @Test(
        "a window over the edge is background outside",
        arguments: [(-10, -5), (90, 60), (-200, 0), (0, 7000), (-7, 66)])
    func edges(corner: (x: Int, y: Int)) throws {
        let page = SlideBuilder.plain(SlideBuilder.Page())
        let background = RGBColour(red: 10, green: 20, blue: 30)
        try SlideBuilder(pages: [page]).withSlide(
            options: WholeSlideOptions(background: background)
        ) { slide in
            var memory = [UInt8](repeating: 99, count: 30 * 20 * 3)
            let counts = try memory.withUnsafeMutableBytes { bytes in
                try slide.read(
                    level: 0, x: corner.x, y: corner.y, width: 30, height: 20, into: bytes)
            }
            var outside = 0
            for y in 0..<20 {
                for x in 0..<30 {
                    let (column, row) = (x + corner.x, y + corner.y)
                    let isInside = (0..<100).contains(column) && (0..<70).contains(row)
                    if !isInside { outside += 1 }
                    let expected = isInside ? SlideBuilder.colour(column, row) : [10, 20, 30]
                    #expect(Array(memory[((y * 30 + x) * 3)...].prefix(3)) == expected)
                }
            }
            #expect(counts.outsidePixels == outside && counts.missingTiles == 0)
        }
    }

    @Test(
        "JPEG tiles have the pixels of their own files, with the colour model of the image",
        arguments: [JPEG.Chroma.halved, .full, .untransformedRGB])
    func jpeg(chroma: JPEG.Chroma) throws {
        let page = try SlideBuilder.jpeg(SlideBuilder.Page(), chroma: chroma)
        try SlideBuilder(pages: [page]).withSlide { slide in
            #expect(slide.levels[0].compression == "JPEG")
            let all = try whole(slide)
            for row in 0..<3 {
                for column in 0..<3 {
                    let file = try JPEG.encode(
                        JPEGPicture(
                            width: 48, height: 32, components: 3,
                            samples: SlideBuilder.pixels(
                                page, x: column * 48, y: row * 32, width: 48, height: 32)),
                        quality: 90, chroma: chroma)
                    let expected = try JPEG.decode(file)
                    let tile = RGBPixels(width: 48, height: 32, samples: expected.samples)
                    let width = min(48, 100 - column * 48)
                    let height = min(32, 70 - row * 32)
                    #expect(
                        all.crop(x: column * 48, y: row * 32, width: width, height: height)
                            == tile.crop(x: 0, y: 0, width: width, height: height))
                    let alone = try #require(
                        try slide.jpegTile(level: 0, column: column, row: row))
                    #expect(try JPEG.decode(alone).samples == expected.samples)
                }
            }
            // The colours are right, not only equal.
            let worst = zip(all[40, 30], SlideBuilder.colour(40, 30)).map { abs(Int($0) - Int($1)) }
            #expect(worst.allSatisfy { $0 < 8 })
            #expect(throws: SlideError.self) { try slide.jpegTile(level: 0, column: 3, row: 0) }
            #expect(throws: SlideError.self) { try slide.jpegTile(level: 0, column: 0, row: -1) }
        }
    }

    @Test("a caller who knows better may name the colour model")
    func forcedColour() throws {
        // Plain RGB that the container calls YCbCr: every reader shows wrong colours unless told.
        var page = try SlideBuilder.jpeg(SlideBuilder.Page(), chroma: .untransformedRGB)
        page.photometric = 6
        let builder = SlideBuilder(pages: [page])
        let tagged = try builder.withSlide { try whole($0) }
        let forced = try builder.withSlide(options: WholeSlideOptions(jpegColour: .rgb)) {
            try whole($0)
        }
        page.photometric = 2
        let right = try SlideBuilder(pages: [page]).withSlide { try whole($0) }
        #expect(forced == right && tagged != right)
    }

    @Test("tiles the file does not store are background and counted", arguments: [true, false])
    func missing(isJPEG: Bool) throws {
        var page =
            isJPEG
            ? try SlideBuilder.jpeg(SlideBuilder.Page(), chroma: .halved)
            : SlideBuilder.plain(SlideBuilder.Page())
        let full = try SlideBuilder(pages: [page]).withSlide { try whole($0) }
        page.blocks[4] = []
        page.blocks[8] = []
        let background = RGBColour(red: 200, green: 210, blue: 220)
        try SlideBuilder(pages: [page]).withSlide(
            options: WholeSlideOptions(background: background)
        ) { slide in
            #expect(try slide.missingTileCount(level: 0) == 2)
            for _ in 0..<2 {
                var memory = [UInt8](repeating: 1, count: 100 * 70 * 3)
                let counts = try memory.withUnsafeMutableBytes { bytes in
                    try slide.read(level: 0, x: 0, y: 0, width: 100, height: 70, into: bytes)
                }
                #expect(counts.tiles == 9 && counts.missingTiles == 2 && counts.outsidePixels == 0)
                let pixels = RGBPixels(width: 100, height: 70, samples: memory)
                #expect(pixels[50, 40] == [200, 210, 220] && pixels[99, 69] == [200, 210, 220])
                #expect(pixels[47, 40] == full[47, 40] && pixels[50, 31] == full[50, 31])
            }
            #expect(try slide.jpegTile(level: 0, column: 1, row: 1) == nil)
        }
    }

    @Test("strips the file does not store are background and counted")
    func missingStrips() throws {
        var page = SlideBuilder.Page()
        page.isTiled = false
        page.tileHeight = 9
        page = SlideBuilder.plain(page)
        page.blocks[2] = []
        try SlideBuilder(pages: [page]).withSlide { slide in
            let pixels = try whole(slide)
            #expect(pixels[5, 18] == [255, 255, 255] && pixels[5, 26] == [255, 255, 255])
            #expect(pixels[5, 17] == SlideBuilder.colour(5, 17))
            #expect(pixels[5, 27] == SlideBuilder.colour(5, 27))
            #expect(try slide.missingTileCount(level: 0) == 1)
        }
    }

    @Test("a window touches the tiles it needs and no other")
    func touched() throws {
        let page = SlideBuilder.plain(SlideBuilder.Page())
        let cache = TileCache()
        try SlideBuilder(pages: [page]).withSlide(options: WholeSlideOptions(cache: cache)) {
            _ = try $0.read(level: 0, x: 50, y: 33, width: 40, height: 30)
            #expect(cache.statistics.misses == 1)
            _ = try $0.read(level: 0, x: 40, y: 33, width: 40, height: 30)
            #expect(cache.statistics.misses == 2 && cache.statistics.hits == 1)
        }
        // A slide that is gone leaves nothing behind.
        #expect(cache.statistics.tiles == 0 && cache.statistics.bytes == 0)
    }

    @Test("impossible rectangles and levels are refused")
    func refused() throws {
        let page = SlideBuilder.plain(SlideBuilder.Page())
        try SlideBuilder(pages: [page]).withSlide { slide in
            for (x, y, width, height) in [
                (0, 0, 0, 1), (0, 0, 1, -1), (0, 0, Int.max, 2), (0, 0, 1 << 20, 1 << 20),
                (Int.max, 0, 5, 5), (0, Int.max - 3, 5, 5),
            ] {
                #expect(throws: SlideError.self) {
                    try slide.read(level: 0, x: x, y: y, width: width, height: height)
                }
            }
            #expect(throws: SlideError.self) {
                try slide.read(level: 1, x: 0, y: 0, width: 1, height: 1)
            }
            #expect(throws: SlideError.self) {
                try slide.read(level: -1, x: 0, y: 0, width: 1, height: 1)
            }
            let far = try slide.read(level: 0, x: Int.min, y: Int.min, width: 5, height: 5)
            #expect(far.samples.allSatisfy { $0 == 255 })
            var small = [UInt8](repeating: 0, count: 11)
            #expect(throws: SlideError.self) {
                try small.withUnsafeMutableBytes {
                    try slide.read(level: 0, x: 0, y: 0, width: 2, height: 2, into: $0)
                }
            }
        }
    }
}
