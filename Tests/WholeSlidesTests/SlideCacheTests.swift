import Foundation
import JPEGCodec
import Synchronization
import Testing

@testable import WholeSlides

@Suite("Slide cache and threads")
struct SlideCacheTests {
    /// A slide of 21 x 16 tiles of 16 x 16 pixels.
    private static func builder() throws -> SlideBuilder {
        var page = SlideBuilder.Page()
        page.width = 330
        page.height = 250
        page.tileWidth = 16
        page.tileHeight = 16
        return SlideBuilder(pages: [try SlideBuilder.jpeg(page, chroma: .halved)])
    }

    private static let tileBytes = 16 * 16 * 3

    @Test(
        "the bound holds for any order of reading, and pixels do not depend on it",
        arguments: [0, 1, 3, 40])
    func bound(tiles: Int) throws {
        let builder = try Self.builder()
        let expected = try builder.withSlide {
            try $0.read(level: 0, x: 0, y: 0, width: 330, height: 250)
        }
        let cache = TileCache(bytes: tiles * Self.tileBytes + 5)
        try builder.withSlide(options: WholeSlideOptions(cache: cache)) { slide in
            for turn in 0..<3 {
                for step in 0..<60 {
                    let x = step * 37 % 300
                    let y = (step * (turn + 5)) * 13 % 220
                    let window = try slide.read(level: 0, x: x, y: y, width: 30, height: 30)
                    #expect(window.samples == expected.crop(x: x, y: y, width: 30, height: 30))
                    #expect(cache.statistics.bytes <= cache.byteLimit)
                    #expect(cache.statistics.tiles <= tiles)
                }
            }
        }
        #expect(cache.statistics.largestBytes <= cache.byteLimit)
        #expect(cache.statistics.tiles == 0)
    }

    @Test("the tile used longest ago leaves first")
    func order() throws {
        let cache = TileCache(bytes: 3 * Self.tileBytes)
        try Self.builder().withSlide(options: WholeSlideOptions(cache: cache)) { slide in
            func touch(_ column: Int) throws -> Bool {
                let before = cache.statistics.misses
                _ = try slide.read(level: 0, x: column * 16, y: 0, width: 1, height: 1)
                return cache.statistics.misses == before
            }
            let found = try [0, 1, 2, 0, 3, 0, 2, 1, 0].map(touch)
            // 1 leaves for 3; then 3 leaves for 1.
            #expect(found == [false, false, false, true, false, true, true, false, true])
        }
    }

    @Test("a cache that starts small grows when tiles are wanted again, up to its bound")
    func growth() throws {
        var table = TileTable(limit: 400 << 20)
        let bytes = 1 << 20
        func touch(_ range: Range<Int>, _ table: inout TileTable) -> Int {
            let before = table.misses
            for block in range {
                _ = table.slot(TileKey(slide: 1, directory: 0, block: block), bytes: bytes)
            }
            return table.misses - before
        }
        // A walk that never returns stays small.
        #expect(touch(0..<300, &table) == 300)
        #expect(table.bytes <= 48 << 20)
        // Returning to what the bound would have kept makes it grow, and then everything is found.
        var misses: [Int] = []
        for _ in 0..<6 { misses.append(touch(1000..<1100, &table)) }
        #expect(misses.last == 0 && table.bytes >= 100 << 20)
        for _ in 0..<9 { misses.append(touch(2000..<3000, &table)) }
        #expect(table.largestBytes <= 400 << 20)
        #expect(misses.last == 1000)
    }

    @Test("threads get equal bytes, and no tile is decoded twice while it is kept")
    func threads() throws {
        let builder = try Self.builder()
        let expected = try builder.withSlide {
            try $0.read(level: 0, x: 0, y: 0, width: 330, height: 250)
        }
        for bytes in [256 << 20, 5 * Self.tileBytes] {
            let cache = TileCache(bytes: bytes)
            try builder.withSlide(options: WholeSlideOptions(cache: cache)) { slide in
                let wrong = Mutex(0)
                DispatchQueue.concurrentPerform(iterations: 16) { worker in
                    for step in 0..<40 {
                        let x = (step * 7 + worker % 2 * 3) * 11 % 280
                        let y = step * 23 % 200
                        let window = try? slide.read(level: 0, x: x, y: y, width: 50, height: 50)
                        let right = expected.crop(x: x, y: y, width: 50, height: 50)
                        if window?.samples != right { wrong.withLock { $0 += 1 } }
                    }
                }
                #expect(wrong.withLock { $0 } == 0)
                if bytes > 1 << 20 {
                    #expect(cache.statistics.misses == cache.statistics.tiles)
                }
            }
            #expect(cache.statistics.largestBytes <= bytes)
        }
    }

    @Test("threads read slides of other compressions at once")
    func libraryThreads() throws {
        var strips = SlideBuilder.Page()
        strips.isTiled = false
        strips.tileHeight = 3
        let page = SlideBuilder.plain(strips)
        try SlideBuilder(pages: [page]).withSlide(
            options: WholeSlideOptions(cache: TileCache(bytes: 0))
        ) { slide in
            let wrong = Mutex(0)
            DispatchQueue.concurrentPerform(iterations: 12) { worker in
                for step in 0..<20 {
                    let y = (step * 13 + worker * 5) % 60
                    let window = try? slide.read(level: 0, x: 3, y: y, width: 80, height: 10)
                    let right = SlideBuilder.pixels(page, x: 3, y: y, width: 80, height: 10)
                    if window?.samples != right { wrong.withLock { $0 += 1 } }
                }
            }
            #expect(wrong.withLock { $0 } == 0)
        }
    }

    @Test("slides that share a cache do not mix their tiles")
    func shared() throws {
        let cache = TileCache()
        let first = SlideBuilder(pages: [SlideBuilder.plain(SlideBuilder.Page(), seed: 0)])
        let second = SlideBuilder(pages: [SlideBuilder.plain(SlideBuilder.Page(), seed: 25)])
        let options = WholeSlideOptions(cache: cache)
        try first.withSlide(options: options) { one in
            try second.withSlide(options: options) { two in
                for _ in 0..<2 {
                    let left = try one.read(level: 0, x: 0, y: 0, width: 100, height: 70)
                    let right = try two.read(level: 0, x: 0, y: 0, width: 100, height: 70)
                    #expect(left[60, 30] == SlideBuilder.colour(60, 30))
                    #expect(right[60, 30] == SlideBuilder.colour(60, 30, seed: 25))
                }
                #expect(cache.statistics.tiles == 18)
            }
            #expect(cache.statistics.tiles == 9)
        }
    }
}
