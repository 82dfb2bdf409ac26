import Testing

@testable import JPEGCodec

@Suite("JPEG encoding")
struct JPEGEncodingTests {
    private func picture(_ components: Int, width: Int = 61, height: Int = 47) throws -> JPEGPicture
    {
        try JPEGPicture(
            width: width, height: height, components: components,
            samples: JPEGFixtures.samples(width: width, height: height, components: components))
    }

    @Test(
        "a picture comes back nearly as it was", arguments: [1, 3],
        [JPEG.Chroma.full, .untransformedRGB])
    func roundTrip(components: Int, chroma: JPEG.Chroma) throws {
        let width = 61
        let height = 47
        // Without hard edges: smooth pictures survive quality 100 almost unharmed.
        let smooth = (0..<(width * height * components)).map { index in
            UInt8(index / components % width * 2 + index / components / width)
        }
        let original = try JPEGPicture(
            width: width, height: height, components: components, samples: smooth)
        let file = try JPEG.encode(original, quality: 100, chroma: chroma)
        let back = try JPEG.decode(file)
        #expect(back.width == width && back.height == height && back.components == components)
        #expect(JPEGFixtures.worst(back.samples, smooth) <= 3)
    }

    @Test("the header says how colours were stored")
    func header() throws {
        let original = try picture(3)
        let halved = try JPEG.header(of: JPEG.encode(original, chroma: .halved))
        #expect(halved.chroma == (2, 2) && halved.colour == .yCbCr && halved.precision == 8)
        let full = try JPEG.header(of: JPEG.encode(original, chroma: .full))
        #expect(full.chroma == (1, 1) && full.colour == .yCbCr)
        let plain = try JPEG.header(of: JPEG.encode(original, chroma: .untransformedRGB))
        #expect(plain.chroma == (1, 1) && plain.colour == .rgb)
        let grey = try JPEG.header(of: JPEG.encode(try picture(1)))
        #expect(grey.colour == .grey && grey.components == 1)
    }

    @Test("equal calls give equal bytes, and lower quality gives fewer")
    func deterministic() throws {
        let original = try picture(3)
        #expect(try JPEG.encode(original, quality: 80) == JPEG.encode(original, quality: 80))
        #expect(
            try JPEG.encode(original, quality: 40).count
                < JPEG.encode(original, quality: 95).count)
    }

    @Test("a picture larger than the first memory of the encoder is written whole")
    func large() throws {
        let original = try picture(3, width: 900, height: 700)
        let file = try JPEG.encode(original, quality: 98, chroma: .full)
        #expect(file.count > 1 << 17)
        #expect(try JPEG.decode(file).samples.count == original.samples.count)
    }

    @Test("what does not fit together is refused")
    func refused() throws {
        let original = try picture(1)
        #expect(throws: JPEGError.self) { try JPEG.encode(original, quality: 0) }
        #expect(throws: JPEGError.self) { try JPEG.encode(original, quality: 101) }
        #expect(throws: JPEGError.self) {
            try JPEGPicture(width: 2, height: 2, components: 2, samples: [0, 0, 0, 0, 0, 0, 0, 0])
        }
        #expect(throws: JPEGError.self) {
            try JPEGPicture(width: 2, height: 2, components: 1, samples: [0, 0, 0])
        }
        #expect(throws: JPEGError.self) {
            try JPEGPicture(width: 0, height: 2, components: 1, samples: [])
        }
    }
}
