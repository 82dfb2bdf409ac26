import Testing

@testable import PNGCodec

@Suite("Hostile PNG")
struct PNGHostileTests {
    static let files = [
        PNGFixtures.rgb, PNGFixtures.bilevel, PNGFixtures.transparentPalette, PNGFixtures.gammaGrey,
        PNGFixtures.wideGrey, PNGFixtures.interlaced,
    ]

    @Test("a file cut anywhere is refused", arguments: files)
    func truncated(file: [UInt8]) {
        for length in 0..<file.count {
            #expect(throws: PNGError.self, "cut to \(length)") {
                try PNG.decode(Array(file.prefix(length)))
            }
        }
    }

    @Test("a file with any one bit changed is refused", arguments: files)
    func flipped(file: [UInt8]) {
        for index in file.indices {
            for bit in 0..<8 {
                var damaged = file
                damaged[index] ^= 1 << bit
                #expect(throws: PNGError.self, "byte \(index), bit \(bit)") {
                    try PNG.decode(damaged)
                }
            }
        }
    }

    @Test("damage under a right checksum throws or decodes, but never traps")
    func resealed() throws {
        var state: UInt64 = 7
        func next(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        var refused = 0
        for _ in 0..<3000 {
            var chunks = try Self.split(Self.files[next(Self.files.count)])
            let chosen = next(chunks.count)
            guard !chunks[chosen].data.isEmpty else { continue }
            let place = next(chunks[chosen].data.count)
            chunks[chosen].data[place] = UInt8(next(256))
            let file = Self.join(chunks)
            for reading in [PNG.Reading.picture, .values] {
                do {
                    let picture = try PNG.decode(
                        file, as: reading, limits: PNGLimits(pixels: 1 << 16, bytes: 1 << 18))
                    #expect(
                        picture.samples.count == picture.width * picture.height * picture.channels)
                } catch {
                    refused += 1
                }
            }
        }
        #expect(refused > 100)
    }

    @Test("a header that announces too much is refused before memory is asked for")
    func tooLarge() {
        let huge = Self.file(width: 0x7fff_ffff, height: 0x7fff_ffff, data: [0x78])
        #expect(
            throws: PNGError.tooLarge(
                file: "big.png", width: 0x7fff_ffff, height: 0x7fff_ffff, limit: "268435456 pixels")
        ) {
            try PNG.decode(huge, named: "big.png")
        }
        #expect(throws: PNGError.tooLarge(file: "PNG data", width: 4, height: 3, limit: "35 bytes"))
        {
            try PNG.decode(PNGFixtures.rgb, limits: PNGLimits(bytes: 35))
        }
        #expect(throws: Never.self) {
            try PNG.decode(PNGFixtures.rgb, limits: PNGLimits(bytes: 36))
        }
        // Within the limits, but 4 compressed bytes cannot hold 16 Mpx.
        let bomb = Self.file(width: 4096, height: 4096, data: [0x78, 0x9c, 0x03, 0x00])
        #expect(
            throws: PNGError.damaged(
                file: "PNG data", offset: 33, found: "4 compressed bytes",
                expected: "enough for 4096 x 4096 pixels")
        ) {
            try PNG.decode(bomb)
        }
    }

    @Test("chunks in the wrong place are refused")
    func order() throws {
        let chunks = try Self.split(PNGFixtures.transparentPalette)
        let (header, palette, alpha, data, end) = (
            chunks[0], chunks[1], chunks[2], chunks[3], chunks[4]
        )
        #expect(palette.type == "PLTE" && alpha.type == "tRNS" && data.type == "IDAT")
        let text = (type: "tEXt", data: [UInt8](repeating: 0x41, count: 3))
        for wrong in [
            [palette, header, data, end], [header, data, end], [header, data, palette, end],
            [header, palette, palette, data, end], [header, palette, end],
            [header, palette, data, alpha, end], [header, alpha, palette, data, end],
            [header, palette, (type: "tRNS", data: [1, 2, 3, 4, 5]), data, end],
            [header, palette, data, text, data, end],
            [header, palette, (type: "CRIT", data: [1]), data, end], [header, palette, data],
        ] {
            #expect(throws: PNGError.self, "\(wrong.map(\.type))") {
                try PNG.decode(Self.join(wrong))
            }
        }
        #expect(throws: Never.self) {
            try PNG.decode(Self.join([header, palette, text, data, end]))
        }
    }

    @Test("messages are one line with file, place, found, expected and next step")
    func messages() {
        let table: [(PNGError, String)] = [
            (
                .notPNG(file: "a.png", found: "ffd8ffe0"),
                "a.png: starts with ffd8ffe0, a PNG starts with 89504e470d0a1a0a; "
                    + "check that the file is a PNG and was fetched whole"
            ),
            (
                .damaged(
                    file: "a.png", offset: 33, found: "chunk IEND", expected: "IDAT before it"),
                "a.png: at byte 33: found chunk IEND, expected IDAT before it; "
                    + "the file is damaged, fetch or write it again"
            ),
            (
                .tooLarge(file: "a.png", width: 9, height: 8, limit: "70 pixels"),
                "a.png: header announces 9 x 8 pixels, the limit is 70 pixels; "
                    + "raise the limit if the picture is genuine"
            ),
            (
                .unwritable(found: "5 samples", expected: "2 x 3 x 1"),
                "PNG picture: found 5 samples, expected 2 x 3 x 1; "
                    + "check the picture's size and channels"
            ),
        ]
        for (error, text) in table { #expect(error.description == text) }
    }

    // MARK: - Taking files apart

    typealias Part = (type: String, data: [UInt8])

    static func split(_ file: [UInt8]) throws -> [Part] {
        var chunks = try PNGChunks(file, file: "test")
        var parts: [Part] = []
        while parts.last?.type != "IEND" {
            let chunk = try chunks.next()
            parts.append((chunk.type, Array(chunk.data)))
        }
        return parts
    }

    static func join(_ parts: [Part]) -> [UInt8] {
        parts.reduce(into: PNGChunks.signature) { file, part in
            let body = Array(part.type.utf8) + part.data
            file += big(UInt32(part.data.count)) + body + big(PNGChecksum.of(body[...]))
        }
    }

    static func file(width: UInt32, height: UInt32, data: [UInt8]) -> [UInt8] {
        join([("IHDR", big(width) + big(height) + [8, 0, 0, 0, 0]), ("IDAT", data), ("IEND", [])])
    }

    static func big(_ value: UInt32) -> [UInt8] {
        withUnsafeBytes(of: value.bigEndian) { Array($0) }
    }
}
