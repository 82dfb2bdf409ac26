import Foundation
import Testing

@testable import TIFF

@Suite("Reading TIFF")
struct TIFFReadingTests {
    struct Page: Decodable, Sendable {
        let width: Int
        let height: Int
        let samples: Int
        let type: String
        let sha256: String
        let seen: String?
    }

    /// What tifffile and Pillow read; made by `Tests/Fixtures/make_tiff.py`.
    static let expected: [String: [Page]] = {
        let data = FileManager.default.contents(atPath: TIFFFixtures.path("expected.json"))
        return data.flatMap { try? JSONDecoder().decode([String: [Page]].self, from: $0) } ?? [:]
    }()

    /// JPEG decoders may differ by one; libtiff's and tifffile's agreed when the fixtures were made.
    static let names = expected.keys.sorted()

    @Test("every page of every fixture has the samples tifffile reads")
    func fixtures() throws {
        var pages = 0
        var seen = 0
        for (name, all) in Self.expected {
            let reader = try TIFFReader(path: TIFFFixtures.path(name))
            #expect(reader.directories.count == all.count, "\(name)")
            for (index, page) in all.enumerated() {
                let image = reader.directories[index]
                #expect(image.width == page.width && image.height == page.height, "\(name)")
                let pixels = try reader.readAll(directory: index, as: .stored)
                #expect(pixels.samplesPerPixel == page.samples, "\(name)")
                #expect(pixels.samples.type.rawValue == page.type, "\(name)")
                #expect(pixels.sha256 == page.sha256, "\(name) page \(index)")
                pages += 1
                if let digest = page.seen {
                    #expect(try reader.readAll(directory: index).sha256 == digest, "\(name)")
                    #expect(digest != page.sha256, "\(name)")
                    seen += 1
                }
            }
        }
        print("TIFF fixtures: \(pages) pages, \(seen) turned round")
        #expect(pages == 25 && seen == 2)
    }

    @Test("regions and bands of any height are parts of the whole", arguments: names)
    func parts(name: String) throws {
        let reader = try TIFFReader(path: TIFFFixtures.path(name))
        var random = SplitMix(seed: 11)
        for image in reader.directories {
            let whole = try reader.readAll(directory: image.index)
            for _ in 0..<12 {
                let x = random.below(image.width)
                let y = random.below(image.height)
                let width = 1 + random.below(image.width - x)
                let height = 1 + random.below(image.height - y)
                let part = try reader.readRegion(
                    directory: image.index, x: x, y: y, width: width, height: height)
                #expect(
                    part.samples == whole.cut(x, y, width, height), "\(x) \(y) \(width) \(height)")
            }
            for rows in [nil, 1, 3, 7, 16, 20, 1000] as [Int?] {
                var next = 0
                try reader.forEachBand(directory: image.index, rows: rows) { band in
                    #expect(band.y == next)
                    #expect(
                        band.pixels.samples
                            == whole.cut(0, band.y, image.width, band.pixels.height))
                    next += band.pixels.height
                }
                #expect(next == image.height)
            }
            var bands = try reader.bands(directory: image.index)
            while bands.nextRow < image.height {
                let rows = 1 + random.below(20)
                let y = bands.nextRow
                let band = try #require(try bands.next(rows: rows))
                #expect(band.y == y && band.pixels.height == min(rows, image.height - y))
                #expect(band.pixels.samples == whole.cut(0, y, image.width, band.pixels.height))
            }
            #expect(try bands.next() == nil)
        }
    }

    @Test("a band that is kept does not change when the next one is read")
    func keptBands() throws {
        let reader = try TIFFReader(path: TIFFFixtures.path("grey8_tiled_deflate.tif"))
        var kept: [TIFFBand] = []
        try reader.forEachBand(rows: 5) { kept.append($0) }
        let whole = try reader.readAll()
        #expect(kept.count == 10)
        for band in kept { #expect(band.pixels.samples == whole.cut(0, band.y, 37, 5)) }
    }

    @Test("tiles that are not stored are zeros and are counted, in regions and in bands")
    func sparse() throws {
        let reader = try TIFFReader(path: TIFFFixtures.path("sparse.tif"))
        let pixels = try reader.readAll()
        let bytes = try #require(pixels.uint8)
        #expect(pixels.missingBlocks == 2)
        for y in 0..<16 {
            for x in 0..<16 {
                #expect(bytes[y * 48 + x] == 0 && bytes[(y + 32) * 48 + x + 32] == 0)
            }
        }
        #expect(bytes[20 * 48 + 20] != 0)
        #expect(try reader.readRegion(x: 16, y: 0, width: 32, height: 16).missingBlocks == 0)
        #expect(try reader.readRegion(x: 15, y: 15, width: 1, height: 1).missingBlocks == 1)
        var bands = try reader.bands()
        #expect(try bands.next(rows: 8)?.pixels.missingBlocks == 1)
        #expect(try bands.next(rows: 8)?.pixels.missingBlocks == 1)
        #expect(try bands.next(rows: 16)?.pixels.missingBlocks == 0)
    }

    @Test("a palette gives indices, or its colours as a picture")
    func palette() throws {
        let reader = try TIFFReader(path: TIFFFixtures.path("palette4.tif"))
        #expect(reader.directories[0].colour == .palette)
        let indices = try #require(try reader.readAll().uint8)
        let picture = try reader.readAll(as: .picture)
        let colours = try #require(picture.uint8)
        #expect(picture.samplesPerPixel == 3)
        #expect(Set(indices).count > 8)
        for (number, index) in indices.enumerated() {
            #expect(colours[number * 3] == index * 17)
            #expect(colours[number * 3 + 1] == 255 - index * 17)
            #expect(colours[number * 3 + 2] == (index == 3 ? 128 : 0))
        }
    }

    @Test("the white of a bilevel mask is 1 also where 0 is stored for it")
    func white() throws {
        let black = try TIFFReader(path: TIFFFixtures.path("bits1.tif"))
        let white = try TIFFReader(path: TIFFFixtures.path("bits1_white_group4.tif"))
        #expect(white.directories[0].colour == .minIsWhite)
        #expect(white.directories[0].compression.description == "CCITT group 4")
        let values = try #require(try white.readAll().uint8)
        #expect(try black.readAll().uint8 == values)
        #expect(try white.readAll(as: .stored).uint8 == values.map { 1 - $0 })
    }

    @Test("a pyramid lists its levels and leaves the thumbnail in strips out")
    func pyramid() throws {
        let reader = try TIFFReader(path: TIFFFixtures.path("pyramid.tif"))
        #expect(reader.directories.count == 4)
        #expect(reader.levels.map(\.directory) == [0, 1, 2])
        #expect(reader.levels.map(\.width) == [131, 65, 32])
        #expect(reader.levels[0].downsample == 1)
        #expect(abs(reader.levels[1].downsample - (131.0 / 65 + 101.0 / 50) / 2) < 1e-12)
        #expect(reader.directories.map(\.isReducedImage) == [false, true, true, true])
        let plain = try TIFFReader(path: TIFFFixtures.path("rgb8_planar_strips.tif"))
        #expect(plain.levels.count == 1)
    }

    @Test("a resolution becomes a pixel size only where it can be one of a microscope")
    func resolution() throws {
        let reader = try TIFFReader(path: TIFFFixtures.path("resolution.tif"))
        let image = reader.directories[0]
        #expect(image.pixelSize == TIFFDirectory.PixelSize(x: 0.25, y: 0.5))
        #expect(image.resolution?.unitMicrometres == 10_000)
        #expect(try reader.imageDescription() == "MPP = 0.25")
        let print = try TIFFReader(path: TIFFFixtures.path("bits1.tif"))
        #expect(print.directories[0].pixelSize == nil)
        #expect(try print.imageDescription() == nil)
    }

    @Test("the first four bytes tell a TIFF")
    func signature() throws {
        #expect(TIFFReader.isTIFF(prefix: try TIFFFixtures.bytes("bits1.tif")))
        #expect(TIFFReader.isTIFF(prefix: try TIFFFixtures.bytes("labels32_bigtiff_zstd.tif")))
        #expect(TIFFReader.isTIFF(prefix: try TIFFFixtures.bytes("uint32_big_endian.tif")))
        #expect(TIFFReader.isTIFF(prefix: [0x4d, 0x4d, 0, 43, 9]))
        for other in [[], [0x49, 0x49, 42], [0x49, 0x49, 0, 42], [0x4d, 0x4d, 42, 0]] as [[UInt8]] {
            #expect(!TIFFReader.isTIFF(prefix: other))
        }
    }

    @Test("halves of every kind become the floats of the same value")
    func halves() {
        #expect(SampleCopy.float(half: 0x3c00) == 1)
        #expect(SampleCopy.float(half: 0xc000) == -2)
        #expect(SampleCopy.float(half: 0x7bff) == 65504)
        #expect(SampleCopy.float(half: 0x0001) == 0x1p-24)
        #expect(SampleCopy.float(half: 0x83ff) == -0x1.ff8p-15)
        #expect(SampleCopy.float(half: 0x8000).bitPattern == 0x8000_0000)
        #expect(SampleCopy.float(half: 0x7c00) == .infinity)
        #expect(SampleCopy.float(half: 0xfe00).isNaN)
    }

    @Test("a reader is used by several threads at once, as are several readers")
    func threads() async throws {
        let shared = try TIFFReader(path: TIFFFixtures.path("pyramid.tif"))
        let digests = try shared.directories.map { try shared.readAll(directory: $0.index).sha256 }
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for task in 0..<8 {
                group.addTask {
                    let reader =
                        task % 2 == 0
                        ? shared : try TIFFReader(path: TIFFFixtures.path("pyramid.tif"))
                    return try (0..<12).allSatisfy { round in
                        let index = (round + task) % 4
                        return try reader.readAll(directory: index).sha256 == digests[index]
                    }
                }
            }
            for try await isSame in group { #expect(isSame) }
        }
    }

    @Test("changing between directories many times neither fails nor grows")
    func manySeeks() throws {
        let reader = try TIFFReader(path: TIFFFixtures.path("pyramid.tif"))
        var sum = 0
        for round in 0..<70_000 {
            let pixels = try reader.readRegion(
                directory: 1 + round % 2, x: 3, y: 3, width: 1, height: 1)
            sum += Int(pixels.uint8?.first ?? 0)
        }
        let one = try reader.readRegion(directory: 1, x: 3, y: 3, width: 1, height: 1)
        let two = try reader.readRegion(directory: 2, x: 3, y: 3, width: 1, height: 1)
        #expect(sum == 35_000 * (Int(one.uint8?.first ?? 0) + Int(two.uint8?.first ?? 0)))
    }

    @Test("what cannot be asked for is a misuse that says what can")
    func misuse() throws {
        let reader = try TIFFReader(path: TIFFFixtures.path("bits1.tif"))
        for (x, y, width, height) in [
            (0, 0, 0, 1), (0, 0, 44, 1), (43, 0, 1, 1), (-1, 0, 1, 1), (0, 20, 1, 2),
            (1, 1, .max, .max), (.max, 0, 1, 1),
        ] {
            do {
                _ = try reader.readRegion(x: x, y: y, width: width, height: height)
                Issue.record("\(x) \(y) \(width) \(height)")
            } catch {
                #expect(error.kind == .misuse && "\(error)".contains("43 x 21"))
            }
        }
        for index in [-1, 1, Int.max] {
            #expect(throws: TIFFError.self) { try reader.readAll(directory: index) }
            #expect(throws: TIFFError.self) { try reader.imageDescription(directory: index) }
        }
        #expect(throws: TIFFError.self) { try reader.forEachBand(rows: 0) { _ in } }
    }
}

/// A small generator with a seed.
struct SplitMix {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
        return z ^ z >> 31
    }
    mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }
}

extension TIFFPixels {
    /// A rectangle of the samples, cut the slow way.
    func cut(_ x: Int, _ y: Int, _ width: Int, _ height: Int) -> TIFFSamples {
        func rows<Sample>(_ values: [Sample]) -> [Sample] {
            (y..<y + height).flatMap { row in
                let start = (row * self.width + x) * samplesPerPixel
                return values[start..<start + width * samplesPerPixel]
            }
        }
        return switch samples {
        case .uint8(let v): .uint8(rows(v))
        case .int8(let v): .int8(rows(v))
        case .uint16(let v): .uint16(rows(v))
        case .int16(let v): .int16(rows(v))
        case .uint32(let v): .uint32(rows(v))
        case .int32(let v): .int32(rows(v))
        case .uint64(let v): .uint64(rows(v))
        case .int64(let v): .int64(rows(v))
        case .float32(let v): .float32(rows(v))
        case .float64(let v): .float64(rows(v))
        }
    }
}
