import Testing

@testable import JPEGCodec

@Suite("JPEG tiles")
struct JPEGTileTests {
    private let width = 48
    private let height = 32

    private func file(_ chroma: JPEG.Chroma) throws -> [UInt8] {
        try JPEG.encode(
            JPEGPicture(
                width: width, height: height, components: 3,
                samples: JPEGFixtures.samples(width: width, height: height, components: 3)),
            quality: 90, chroma: chroma)
    }

    private func decode(
        _ tile: [UInt8], _ decoder: JPEGTileDecoder, width: Int? = nil, height: Int? = nil,
        visible: (Int, Int)? = nil
    ) throws -> [UInt8] {
        let width = width ?? self.width
        let height = height ?? self.height
        var memory = [UInt8](repeating: 7, count: width * height * 3)
        try memory.withUnsafeMutableBytes { target in
            try tile.withUnsafeBytes { stream in
                try decoder.decode(
                    stream, width: width, height: height, visibleWidth: visible?.0 ?? width,
                    visibleHeight: visible?.1 ?? height, named: "slide.tif: tile 3", into: target)
            }
        }
        return memory
    }

    @Test(
        "a tile with its tables apart gives the pixels of the whole file",
        arguments: [JPEG.Chroma.halved, .full, .untransformedRGB])
    func sharedTables(chroma: JPEG.Chroma) throws {
        let file = try file(chroma)
        let parts = JPEGFixtures.split(file)
        let colour: JPEGColour = chroma == .untransformedRGB ? .rgb : .yCbCr
        let decoder = JPEGTileDecoder(tables: parts.tables, colour: colour)
        let expected = try JPEG.decode(file).samples
        #expect(try decode(parts.tile, decoder) == expected)
        // A tile may also be complete, with or without tables beside it.
        #expect(try decode(file, decoder) == expected)
        #expect(try decode(file, JPEGTileDecoder(tables: [], colour: colour)) == expected)
    }

    @Test("a tile of plain RGB keeps its colours where a guess would change them")
    func forcedColour() throws {
        let parts = JPEGFixtures.split(try file(.untransformedRGB))
        // Components numbered 0, 1, 2, as Aperio writes them, say nothing about colours.
        var tile = parts.tile
        let frame = try #require(tile.indices.first { tile[$0] == 0xff && tile[$0 + 1] == 0xc0 })
        let scan = try #require(tile.indices.first { tile[$0] == 0xff && tile[$0 + 1] == 0xda })
        for component in 0..<3 {
            tile[frame + 10 + component * 3] = UInt8(component)
            tile[scan + 5 + component * 2] = UInt8(component)
        }
        let expected = try JPEG.decode(try file(.untransformedRGB)).samples
        #expect(
            try decode(tile, JPEGTileDecoder(tables: parts.tables, colour: .rgb)) == expected)
        #expect(
            try decode(tile, JPEGTileDecoder(tables: parts.tables, colour: .yCbCr)) != expected)
    }

    @Test("a tile that names its components R, G, B is believed against the container")
    func markedRGB() throws {
        let parts = JPEGFixtures.split(try file(.untransformedRGB))
        let expected = try JPEG.decode(try file(.untransformedRGB)).samples
        #expect(
            try decode(parts.tile, JPEGTileDecoder(tables: parts.tables, colour: .yCbCr))
                == expected)
    }

    @Test("a grey tile is spread over three samples")
    func grey() throws {
        let picture = try JPEGPicture(
            width: width, height: height, components: 1,
            samples: JPEGFixtures.samples(width: width, height: height, components: 1))
        let file = try JPEG.encode(picture)
        let pixels = try decode(file, JPEGTileDecoder(tables: [], colour: .grey))
        let grey = try JPEG.decode(file).samples
        #expect(pixels == grey.flatMap { [$0, $0, $0] })
    }

    @Test("a tile cut at the edge of the image is accepted, a smaller or larger one is not")
    func sizes() throws {
        let file = try file(.full)
        let decoder = JPEGTileDecoder(tables: [], colour: .yCbCr)
        let pixels = try decode(file, decoder, width: 64, height: 64, visible: (48, 20))
        let expected = try JPEG.decode(file).samples
        for row in 0..<64 {
            let line = pixels[(row * 64 * 3)..<((row + 1) * 64 * 3)]
            let inside =
                row < height ? Array(expected[(row * width * 3)..<((row + 1) * width * 3)]) : []
            #expect(Array(line) == inside + [UInt8](repeating: 7, count: 64 * 3 - inside.count))
        }
        #expect(throws: JPEGError.self) {
            try decode(file, decoder, width: 64, height: 64, visible: (49, 20))
        }
        #expect(throws: JPEGError.self) { try decode(file, decoder, width: 32, height: 32) }
    }

    @Test("a tile without its tables, or with tables cut short, is damaged")
    func noTables() throws {
        let parts = JPEGFixtures.split(try file(.halved))
        #expect(throws: JPEGError.self) {
            try decode(parts.tile, JPEGTileDecoder(tables: [], colour: .yCbCr))
        }
        for length in [1, 5, 40, parts.tables.count - 3] {
            #expect(throws: JPEGError.self, "\(length) bytes of tables") {
                try decode(
                    parts.tile,
                    JPEGTileDecoder(tables: Array(parts.tables.prefix(length)), colour: .yCbCr))
            }
        }
        // A picture among the tables would be decoded in the place of the tile.
        #expect(throws: JPEGError.self) {
            try decode(parts.tile, JPEGTileDecoder(tables: try file(.halved), colour: .yCbCr))
        }
    }

    @Test("tables of one tile do not reach the next")
    func noMemory() throws {
        let file = try file(.halved)
        let parts = JPEGFixtures.split(file)
        let decoder = JPEGTileDecoder(tables: [], colour: .yCbCr)
        _ = try decode(file, decoder)
        #expect(throws: JPEGError.self) { try decode(parts.tile, decoder) }
    }

    @Test(
        "a tile made to stand alone gives the same pixels in any reader",
        arguments: [JPEG.Chroma.halved, .full, .untransformedRGB])
    func standalone(chroma: JPEG.Chroma) throws {
        let file = try file(chroma)
        let parts = JPEGFixtures.split(file)
        let colour: JPEGColour = chroma == .untransformedRGB ? .rgb : .yCbCr
        let alone = try JPEG.standalone(parts.tile, tables: parts.tables, colour: colour)
        #expect(try JPEG.decode(alone).samples == JPEG.decode(file).samples)
        #expect(try JPEG.header(of: alone).colour == colour)
        // Making it again changes nothing.
        #expect(try JPEG.standalone(alone, tables: [], colour: colour).count == alone.count)
    }

    @Test("a wrong mark in a tile is replaced by what the container says")
    func wrongMark() throws {
        // A JFIF mark makes every reader see YCbCr.
        let parts = JPEGFixtures.split(try file(.untransformedRGB))
        var tile = parts.tile
        tile.insert(
            contentsOf: [0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0],
            at: 2)
        let alone = try JPEG.standalone(tile, tables: parts.tables, colour: .rgb)
        #expect(
            try JPEG.decode(alone).samples == JPEG.decode(try file(.untransformedRGB)).samples)
    }

    @Test("a tile without a scan cannot stand alone")
    func noScan() throws {
        #expect(throws: JPEGError.self) {
            try JPEG.standalone([0xff, 0xd8, 0xff, 0xd9], tables: [], colour: .rgb)
        }
        #expect(throws: JPEGError.self) {
            try JPEG.standalone([1, 2, 3], tables: [], colour: .rgb)
        }
        let parts = JPEGFixtures.split(try file(.halved))
        #expect(throws: JPEGError.self) {
            try JPEG.standalone(
                parts.tile, tables: Array(parts.tables.dropLast(9)), colour: .yCbCr)
        }
    }
}
