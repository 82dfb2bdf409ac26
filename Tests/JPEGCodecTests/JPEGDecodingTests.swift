import Testing

@testable import JPEGCodec

@Suite("JPEG decoding")
struct JPEGDecodingTests {
    @Test("a baseline picture gives the samples Pillow gives")
    func baseline() throws {
        let picture = try JPEG.decode(JPEGFixtures.baseline)
        #expect(picture.width == 27 && picture.height == 20 && picture.components == 3)
        #expect(picture.samples.prefix(9) == [45, 215, 65, 47, 215, 66, 54, 213, 69])
        #expect(picture.samples.reduce(0) { $0 + Int($1) } == 216_733)
        #expect(JPEGFixtures.weighted(picture.samples) == 174_793_269)
    }

    @Test("a progressive picture gives the samples Pillow gives")
    func progressive() throws {
        #expect(try JPEG.header(of: JPEGFixtures.progressive).isProgressive)
        let picture = try JPEG.decode(JPEGFixtures.progressive)
        #expect(picture.samples.reduce(0) { $0 + Int($1) } == 216_867)
        #expect(JPEGFixtures.weighted(picture.samples) == 175_194_967)
    }

    @Test("an Exif orientation is reported and not applied")
    func orientation() throws {
        let header = try JPEG.header(of: JPEGFixtures.turned)
        #expect(header.orientation == 6 && header.colour == .grey)
        let picture = try JPEG.decode(JPEGFixtures.turned)
        #expect(picture.width == 27 && picture.height == 20 && picture.components == 1)
        #expect(JPEGFixtures.weighted(picture.samples) == 17_398_030)
        #expect(try JPEG.header(of: JPEGFixtures.baseline).orientation == 1)
    }

    @Test("an Exif segment that makes no sense counts as upright", arguments: 0..<40)
    func brokenExif(cut: Int) throws {
        let file = JPEGFixtures.turned
        let exif = try #require(file.firstIndex(of: 0xe1))
        var broken = file
        broken[exif + 3 + cut % 36] = 0xff
        // Whatever the byte meant, reading the header must end with an answer or an error.
        let header = try? JPEG.header(of: broken)
        #expect((1...8).contains(header?.orientation ?? 1))
    }

    @Test("inks are refused by name")
    func inks() {
        #expect {
            try JPEG.decode(JPEGFixtures.cmyk)
        } throws: { error in
            "\(error)".contains("CMYK") || "\(error)".contains("YCCK")
        }
        #expect((try? JPEG.header(of: JPEGFixtures.cmyk))?.components == 4)
    }

    @Test("samples of 12 bits are refused by name")
    func twelveBits() throws {
        var file = JPEGFixtures.baseline
        let frame = try #require(file.indices.first { file[$0] == 0xff && file[$0 + 1] == 0xc0 })
        file[frame + 4] = 12
        #expect {
            try JPEG.decode(file)
        } throws: { error in
            guard case .unsupported(_, let found)? = error as? JPEGError else { return false }
            return found.contains("8 bits") && found.contains("12")
        }
    }

    @Test("lossless pictures are refused as unsupported, not as damaged")
    func lossless() throws {
        var file = JPEGFixtures.baseline
        let frame = try #require(file.indices.first { file[$0] == 0xff && file[$0 + 1] == 0xc0 })
        file[frame + 1] = 0xc3
        #expect {
            try JPEG.decode(file)
        } throws: { error in
            if case .unsupported? = error as? JPEGError { true } else { false }
        }
    }

    @Test("a file cut anywhere is refused")
    func cut() {
        for file in [JPEGFixtures.baseline, JPEGFixtures.progressive, JPEGFixtures.turned] {
            for length in 0..<file.count {
                #expect(throws: JPEGError.self, "\(length) of \(file.count) bytes") {
                    try JPEG.decode(Array(file.prefix(length)))
                }
            }
        }
    }

    @Test("changed bytes end in a picture or an error, never elsewhere")
    func changed() {
        var refused = 0
        for position in 2..<JPEGFixtures.baseline.count {
            var file = JPEGFixtures.baseline
            file[position] ^= 0xff
            do { _ = try JPEG.decode(file, limits: JPEGLimits(pixels: 1 << 20)) } catch {
                refused += 1
            }
        }
        #expect(refused > 100)
    }

    @Test("other files are named for what they are not")
    func notJPEG() {
        #expect(throws: JPEGError.notJPEG(file: "a.jpg", found: "89504e")) {
            try JPEG.decode([0x89, 0x50, 0x4e, 0x47, 0, 0], named: "a.jpg")
        }
        #expect(throws: JPEGError.notJPEG(file: "JPEG data", found: "nothing")) {
            try JPEG.header(of: [])
        }
        #expect(!JPEG.isJPEG(prefix: [0xff, 0xd8]))
        #expect(JPEG.isJPEG(prefix: JPEGFixtures.baseline))
    }

    @Test("a picture larger than the limit is refused before memory is asked for")
    func tooLarge() throws {
        var file = JPEGFixtures.baseline
        let frame = try #require(file.indices.first { file[$0] == 0xff && file[$0 + 1] == 0xc0 })
        for (offset, byte) in [0xff, 0xdc, 0xff, 0xdc].enumerated() {
            file[frame + 5 + offset] = UInt8(byte)
        }
        #expect(
            throws: JPEGError.tooLarge(
                file: "JPEG data", width: 65_500, height: 65_500, limit: "268435456 pixels")
        ) { try JPEG.decode(file) }
        #expect {
            try JPEG.decode(file, limits: JPEGLimits(pixels: .max))
        } throws: { error in
            if case .damaged? = error as? JPEGError { true } else { false }
        }
    }

    @Test("errors are one line that names the file and the next step")
    func errorText() {
        let errors: [JPEGError] = [
            .notJPEG(file: "a", found: "b"), .damaged(file: "a", found: "b"),
            .tooLarge(file: "a", width: 1, height: 2, limit: "3"),
            .unsupported(file: "a", found: "b"),
            .wrongSize(file: "a", found: "b", expected: "c"), .outOfMemory(file: "a"),
        ]
        for error in errors {
            #expect(error.description.hasPrefix("a: ") && !error.description.contains("\n"))
        }
    }
}
