import Testing

@testable import PNGCodec

@Suite("Writing PNG")
struct PNGEncodingTests {
    /// Samples without a pattern, the same on every run.
    static func noise(_ count: Int) -> [UInt64] {
        var state: UInt64 = 0x2545_f491_4f6c_dd1d
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 33
        }
    }

    @Test(
        "what is written reads back equal", arguments: [1, 3, 4],
        [(1, 1), (7, 5), (300, 2), (129, 200)])
    func roundTrip(channels: Int, size: (Int, Int)) throws {
        let samples = Self.noise(size.0 * size.1 * channels).map { UInt8(truncatingIfNeeded: $0) }
        let picture = try PNGPicture(
            width: size.0, height: size.1, channels: channels, samples: .bytes(samples))
        #expect(try PNG.decode(PNG.encode(picture)) == picture)
        #expect(try PNG.decode(PNG.encode(picture), as: .values) == picture)
    }

    @Test("every 16-bit value survives, grey and RGB")
    func words() throws {
        let grey = try PNGPicture(
            width: 256, height: 256, channels: 1, samples: .words(Array(0...UInt16.max)))
        #expect(try PNG.decode(PNG.encode(grey)) == grey)
        let colours = Self.noise(20 * 31 * 3).map { UInt16(truncatingIfNeeded: $0) }
        let rgb = try PNGPicture(width: 31, height: 20, channels: 3, samples: .words(colours))
        #expect(try PNG.decode(PNG.encode(rgb)) == rgb)
    }

    @Test("a file holds header, data and end only, and is the same each time")
    func chunks() throws {
        let pictures = [
            try PNGPicture(width: 8, height: 8, channels: 3, samples: .bytes(Array(0..<192))),
            try PNGPicture(width: 8, height: 8, channels: 1, samples: .words(Array(0..<64))),
        ]
        for picture in pictures {
            let file = try PNG.encode(picture)
            #expect(try PNG.encode(picture) == file)
            var chunks = try PNGChunks(file, file: "test")
            var types: [String] = []
            while types.last != "IEND" { types.append(try chunks.next().type) }
            #expect(types == ["IHDR", "IDAT", "IEND"])
        }
    }

    @Test("a header has the fields of the picture")
    func header() throws {
        let picture = try PNGPicture(
            width: 5, height: 3, channels: 4, samples: .bytes(.init(repeating: 9, count: 60)))
        let header = try PNG.header(of: PNG.encode(picture))
        #expect(header.width == 5 && header.height == 3 && header.bitDepth == 8)
        #expect(header.colour == .rgba && !header.isInterlaced)
    }

    @Test("samples that do not fill the picture are refused")
    func mismatch() {
        #expect(throws: PNGError.unwritable(found: "5 samples", expected: "2 x 3 x 1")) {
            try PNGPicture(
                width: 2, height: 3, channels: 1, samples: .bytes(.init(repeating: 0, count: 5)))
        }
        #expect(throws: PNGError.self) {
            try PNGPicture(width: 0, height: 3, channels: 1, samples: .bytes([]))
        }
        #expect(throws: PNGError.self) {
            try PNGPicture(width: 1, height: 1, channels: 2, samples: .bytes([1, 2]))
        }
        #expect(throws: PNGError.self) {
            try PNGPicture(width: 1, height: 1, channels: 4, samples: .words([1, 2, 3, 4]))
        }
        #expect(throws: PNGError.self) {
            try PNGPicture(
                width: 0x7fff_ffff, height: 0x7fff_ffff, channels: 4, samples: .bytes([]))
        }
    }

    @Test("a side longer than libpng allows is an error of libpng")
    func longSide() throws {
        let picture = try PNGPicture(
            width: 1_000_001, height: 1, channels: 1,
            samples: .bytes(.init(repeating: 0, count: 1_000_001)))
        let error = #expect(throws: PNGError.self) { try PNG.encode(picture) }
        guard case .library(operation: "encode", _, _) = error else {
            Issue.record("found \(String(describing: error))")
            return
        }
    }
}
