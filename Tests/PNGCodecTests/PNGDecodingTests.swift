import Testing

@testable import PNGCodec

@Suite("Reading PNG")
struct PNGDecodingTests {
    @Test("a Pillow RGB file gives its samples")
    func rgb() throws {
        let picture = try PNG.decode(PNGFixtures.rgb)
        #expect(picture.width == 4 && picture.height == 3 && picture.channels == 3)
        #expect(picture.bytes == (0..<36).map { UInt8($0 * 7) })
        #expect(picture.words == nil && picture.bitDepth == 8)
    }

    @Test("one-bit grey is 0 and 255 as a picture, 0 and 1 as values")
    func bilevel() throws {
        let picture = try PNG.decode(PNGFixtures.bilevel)
        #expect(picture.bytes == [255, 0, 255, 255, 0, 0, 255, 0, 0, 255])
        let values = try PNG.decode(PNGFixtures.bilevel, as: .values)
        #expect(values.bytes == [1, 0, 1, 1, 0, 0, 1, 0, 0, 1])
    }

    @Test("a palette is RGB as a picture, indices as values, even where two colours are equal")
    func palette() throws {
        let picture = try PNG.decode(PNGFixtures.palette)
        let (red, green, dark): ([UInt8], [UInt8], [UInt8]) = (
            [255, 0, 0], [0, 255, 0], [9, 8, 7]
        )
        #expect(picture.channels == 3)
        #expect(picture.bytes == red + green + green + dark + green + green)
        let values = try PNG.decode(PNGFixtures.palette, as: .values)
        #expect(values.channels == 1)
        #expect(values.bytes == [0, 1, 2, 3, 2, 1])
    }

    @Test("a transparent colour gives alpha in a picture and leaves values alone")
    func transparency() throws {
        let picture = try PNG.decode(PNGFixtures.transparentPalette)
        #expect(picture.channels == 4)
        #expect(picture.bytes?.prefix(8) == [255, 0, 0, 0, 0, 255, 0, 255])
        let values = try PNG.decode(PNGFixtures.transparentPalette, as: .values)
        #expect(values.bytes == [0, 1, 2, 3, 2, 1])
    }

    @Test("gamma, text and time do not touch the samples")
    func gamma() throws {
        #expect(try PNG.decode(PNGFixtures.gammaGrey).bytes == [100, 200])
        #expect(try PNG.decode(PNGFixtures.wideGrey).words == [0x1234, 0xfedc])
    }

    @Test("interlaced rows come back in order")
    func interlaced() throws {
        #expect(try PNG.header(of: PNGFixtures.interlaced).isInterlaced)
        #expect(try PNG.decode(PNGFixtures.interlaced).bytes == Array(1...9))
    }

    @Test("the header is read from the first 33 bytes alone")
    func header() throws {
        let header = try PNG.header(of: Array(PNGFixtures.palette.prefix(33)))
        #expect(header.width == 3 && header.height == 2)
        #expect(header.bitDepth == 2 && header.colour == .palette && !header.isInterlaced)
    }

    @Test("16-bit samples with alpha are refused by name")
    func wideAlpha() {
        #expect(
            throws: PNGError.unsupported(
                file: "a.png", found: "16-bit samples with alpha",
                next: "save it without transparency or with 8 bits")
        ) {
            try PNG.decode(PNGFixtures.wideAlpha, named: "a.png")
        }
    }

    @Test("a palette index beyond the palette is refused")
    func shortPalette() {
        for reading in [PNG.Reading.picture, .values] {
            #expect(
                throws: PNGError.damaged(
                    file: "p.png", offset: 54, found: "palette index 3",
                    expected: "below the 3 colours of the palette")
            ) {
                try PNG.decode(PNGFixtures.shortPalette, as: reading, named: "p.png")
            }
        }
    }
}
