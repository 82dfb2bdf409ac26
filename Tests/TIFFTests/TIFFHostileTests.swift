import Foundation
import Testing

@testable import TIFF

@Suite("Hostile TIFF")
struct TIFFHostileTests {
    /// Opens, and reads every image in whole and in bands; the pixels of the first.
    @discardableResult
    static func readEverything(
        _ bytes: [UInt8], limits: TIFFLimits = .standard
    ) throws -> [TIFFPixels] {
        let reader = try TIFFReader(bytes: bytes, named: "x.tif", limits: limits)
        return try reader.allDirectories.map { image in
            _ = try reader.jpegTables(directory: image.index)
            if try reader.missingBlockCount(directory: image.index) < image.blockCount {
                _ = try (0..<image.blockCount).first {
                    try reader.rawBlock(directory: image.index, index: $0) != nil
                }
            }
            let whole = try reader.readAll(directory: image.index)
            #expect(whole.samples.count == image.width * image.height * image.samplesPerPixel)
            try reader.forEachBand(directory: image.index, rows: 5) { band in
                #expect(band.pixels.width == image.width)
            }
            _ = try reader.readAll(directory: image.index, as: .picture)
            return whole
        }
    }

    /// The error of reading everything; one line that names the file.
    static func refusal(
        _ bytes: [UInt8], limits: TIFFLimits = .standard, _ what: Comment
    ) -> TIFFError? {
        do {
            try readEverything(bytes, limits: limits)
            Issue.record("\(what): was read")
            return nil
        } catch let error as TIFFError {
            #expect(error.description.hasPrefix("x.tif: "), what)
            #expect(!error.description.contains("\n"), what)
            return error
        } catch {
            Issue.record("\(what): \(error)")
            return nil
        }
    }

    @Test("the sound files the hostile ones are made from can be read")
    func sound() throws {
        for isTiled in [false, true] {
            for isBig in [false, true] {
                var file = HostileTIFF(tiled: isTiled)
                file.isBig = isBig
                let pixels = try Self.readEverything(file.bytes)
                #expect(pixels[0].uint8 == [UInt8](repeating: 7, count: 256))
            }
        }
    }

    @Test("headers and chains of directories that lead nowhere are refused")
    func chains() throws {
        let good = HostileTIFF().bytes
        func patched(_ place: Int, _ bytes: [UInt8]) -> [UInt8] {
            var copy = good
            copy.replaceSubrange(place..<place + bytes.count, with: bytes)
            return copy
        }
        var itself = HostileTIFF()
        itself.next = 8
        var beyond = HostileTIFF()
        beyond.next = 1_000_000
        var big = HostileTIFF()
        big.isBig = true
        var bigCount = big.bytes
        bigCount[23] = 0x10
        var bigOffset = big.bytes
        bigOffset[15] = 0x80
        var bigWord = big.bytes
        bigWord[4] = 4
        let cases: [(String, [UInt8], String)] = [
            ("nothing", [], "no bytes"), ("one byte", [0x49], "bytes 49"),
            ("another format", [0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 0], "bytes 89504e47"),
            ("a header alone", Array(good.prefix(8)), "offset 8"),
            ("no directory", patched(4, [0, 0, 0, 0]), "no directory"),
            (
                "an offset beyond the file", patched(4, [0xff, 0xff, 0xff, 0xff]),
                "offset 4294967295"
            ),
            ("no entries", patched(8, [0, 0]), "0 entries"),
            ("too many entries", patched(8, [0xff, 0xff]), "65535 entries"),
            ("entries beyond the file", patched(8, [0xff, 0x0f]), "end of the file"),
            ("a loop", itself.bytes, "earlier directory"),
            ("a chain beyond the file", beyond.bytes, "directory 1"),
            ("2^60 entries", bigCount, "entries"), ("a negative offset", bigOffset, "offset"),
            ("short offsets", bigWord, "BigTIFF"),
        ]
        for (what, bytes, words) in cases {
            let error = Self.refusal(bytes, "\(what)")
            #expect(error?.kind == .damaged, "\(what)")
            #expect(error?.description.contains(words) == true, "\(what): \(error as Any)")
        }
    }

    @Test("more than 1024 directories are refused, and so is a loop of two")
    func manyDirectories() throws {
        // Directories of one entry each; the walk does not look at their tags.
        func chain(_ count: Int, last: UInt32) -> [UInt8] {
            var bytes: [UInt8] = [0x49, 0x49, 42, 0, 8, 0, 0, 0]
            for index in 0..<count {
                let next = index == count - 1 ? last : UInt32(8 + (index + 1) * 18)
                bytes += [1, 0] + [UInt8](repeating: 0, count: 12)
                bytes += (0..<4).map { UInt8(truncatingIfNeeded: next >> (8 * $0)) }
            }
            return bytes
        }
        #expect(Self.refusal(chain(1025, last: 0), "1025")?.kind == .tooLarge)
        let loop = Self.refusal(chain(2, last: 8), "loop")
        #expect(loop?.description.contains("loop") == true)
        let few = TIFFLimits(directories: 2)
        #expect(Self.refusal(chain(3, last: 0), limits: few, "3")?.kind == .tooLarge)
    }

    @Test("tags that cannot be right, or ask for too much, are refused by name")
    func tags() throws {
        let strip = HostileTIFF()
        let tile = HostileTIFF(tiled: true)
        let largest: UInt64 = 0x7fff_ffff
        let mark = HostileTIFF.payloadMark
        let cases: [(String, HostileTIFF, TIFFError.Kind, String)] = [
            ("no width", strip.with(256, []), .damaged, "directory 0"),
            ("width 0", strip.with(256, [0]), .damaged, "scanline size is zero"),
            ("width 2^32-1", strip.with(256, [0xffff_ffff]), .damaged, "4294967295"),
            (
                "4 Epx", strip.with(256, [largest]).with(257, [largest]), .tooLarge,
                "2147483647 x 2147483647"
            ),
            (
                "64 Gpx and a bit", strip.with(256, [262_145]).with(257, [262_144]), .tooLarge,
                "raise the limit"
            ),
            ("rows per strip 0", strip.with(278, [0]), .damaged, "RowsPerStrip"),
            ("tile width 0", tile.with(322, [0]), .damaged, "zero number of tiles"),
            ("tile height 0", tile.with(323, [0]), .damaged, "zero number of tiles"),
            ("tiles of 4 Epx", tile.with(322, [largest]).with(323, [largest]), .tooLarge, "tile"),
            ("tiles of 1 Gpx", tile.with(322, [32768]).with(323, [32768]), .tooLarge, "tile"),
            ("7 bits", strip.with(258, [7], type: 3), .unsupported, "7-bit unsigned"),
            ("24 bits", strip.with(258, [24], type: 3), .unsupported, "24-bit"),
            ("0 bits", strip.with(258, [0], type: 3), .damaged, "scanline size is zero"),
            ("4 signed bits", strip.with(258, [4]).with(339, [2], type: 3), .unsupported, "signed"),
            ("floats of 8 bits", strip.with(339, [3], type: 3), .unsupported, "8-bit float"),
            ("complex", strip.with(258, [64]).with(339, [6], type: 3), .unsupported, "format 6"),
            ("no samples", strip.with(277, [0], type: 3), .damaged, "SamplesPerPixel"),
            ("old-style JPEG", strip.with(259, [6], type: 3), .unsupported, "old-style JPEG"),
            ("JPEG 2000", strip.with(259, [34712], type: 3), .unsupported, "JPEG 2000"),
            ("JBIG", strip.with(259, [34661], type: 3), .unsupported, "JBIG"),
            ("unknown", strip.with(259, [12345], type: 3), .unsupported, "compression 12345"),
            (
                "raw YCbCr", strip.with(262, [6], type: 3).with(277, [3], type: 3), .unsupported,
                "YCbCr"
            ),
            ("a volume", strip.with(32997, [2]), .unsupported, "volume"),
            ("no offsets", strip.with(273, []), .damaged, "StripOffsets"),
            ("an offset beyond", strip.with(273, [100_000]), .damaged, "byte 100000"),
            ("an offset of 0", strip.with(273, [0]), .damaged, "byte 0"),
            (
                "a count beyond", strip.with(259, [5], type: 3).with(279, [100_000]), .damaged,
                "100000 bytes"
            ),
            (
                "too few bytes in a strip",
                strip.with(259, [32773], type: 3).with(278, [8]).with(273, [mark, mark])
                    .with(279, [143, 144]), .damaged, "strip 0"
            ),
            (
                "too few bytes in a tile",
                tile.with(259, [32773], type: 3).with(325, [200]), .damaged, "tile 0"
            ),
            ("an end before the samples", strip.with(payload: [1, 2, 3]), .damaged, "strip 0"),
            ("a tile beyond", tile.with(324, [0xffff_fff0]), .damaged, "4294967280"),
            (
                "2^32 tiles",
                tile.with(256, [1 << 18]).with(257, [1 << 18]).with(322, [1])
                    .with(323, [1]), .damaged, "NumberOfTiles"
            ),
            (
                "2^24 tiles, one offset", tile.with(256, [65536]).with(257, [65536]), .damaged,
                "16777216 tiles"
            ),
            (
                "no data in deflate", strip.with(259, [8], type: 3), .damaged, "deflate"
            ),
            ("no data in JPEG", strip.with(259, [7], type: 3), .damaged, "JPEG"),
        ]
        for (what, file, kind, words) in cases {
            let error = Self.refusal(file.bytes, "\(what)")
            #expect(error?.kind == kind, "\(what): \(error as Any)")
            #expect(error?.description.contains(words) == true, "\(what): \(error as Any)")
        }
        print("hostile TIFF tags: \(cases.count)")
    }

    @Test("a wrong byte count of uncompressed samples is put right from their size")
    func wrongCount() throws {
        let strip = HostileTIFF()
        let mark = HostileTIFF.payloadMark
        let two = strip.with(278, [8]).with(273, [mark, mark])
        for file in [
            strip.with(279, [255]), strip.with(279, [1]), strip.with(279, [100_000]),
            two.with(279, [127, 128]), HostileTIFF(tiled: true).with(325, [9]),
        ] {
            let pixels = try Self.readEverything(file.bytes)
            #expect(pixels[0].uint8 == [UInt8](repeating: 7, count: 256))
        }
    }

    @Test("any uncompressed tile may be missing", arguments: 0..<3)
    func missingTile(index: Int) throws {
        var offsets = [UInt64](repeating: HostileTIFF.payloadMark, count: 3)
        var counts = [UInt64](repeating: 256, count: 3)
        offsets[index] = 0
        counts[index] = 0
        let file = HostileTIFF(tiled: true).with(257, [48]).with(324, offsets).with(325, counts)
        let pixels = try Self.readEverything(file.bytes)
        #expect(pixels[0].missingBlocks == 1)
        let values = (0..<3).flatMap { [UInt8](repeating: $0 == index ? 0 : 7, count: 256) }
        #expect(pixels[0].uint8 == values)
    }

    @Test("what one image cannot be read for does not hide the others")
    func oneOfTwo() throws {
        let sound = HostileTIFF(tiled: true)
        var first = HostileTIFF().with(259, [6], type: 3)
        first.next = UInt64(first.bytes.count)
        // The second directory's own offsets count from the start of its file.
        let length = UInt64(first.bytes.count)
        let second = Array(
            sound.with(324, [length + UInt64(sound.bytes.count) - 256 - 8]).bytes.dropFirst(8))
        let reader = try TIFFReader(bytes: first.bytes + second)
        #expect(reader.directories.count == 2)
        #expect(reader.directories[0].problem?.kind == .unsupported)
        #expect(reader.directories[1].problem == nil)
        #expect(throws: TIFFError.self) { try reader.readAll() }
        #expect(try reader.readAll(directory: 1).uint8 == [UInt8](repeating: 7, count: 256))
    }

    @Test("a small file cannot fill memory")
    func bombs() throws {
        // 60 000 x 60 000 pixels of tiles that are not stored.
        let count = 118 * 118
        let sparse = HostileTIFF(tiled: true).with(256, [60_000]).with(257, [60_000])
            .with(322, [512]).with(323, [512]).with(324, [UInt64](repeating: 0, count: count))
            .with(325, [UInt64](repeating: 0, count: count))
        let reader = try TIFFReader(
            bytes: sparse.bytes, named: "x.tif", limits: TIFFLimits(bytes: 1 << 26))
        #expect(throws: TIFFError.self) { try reader.readAll() }
        #expect(throws: TIFFError.self) { try reader.forEachBand(rows: 1200) { _ in } }
        let part = try reader.readRegion(x: 59_000, y: 59_000, width: 1000, height: 1000)
        #expect(part.missingBlocks == 9 && part.uint8 == [UInt8](repeating: 0, count: 1_000_000))
        var bands = try reader.bands()
        #expect(try bands.next(rows: 10)?.pixels.missingBlocks == 118)
        // One strip of 400 Mpx announced by 40 bytes of deflate, read row by row.
        let zeros = HostileTIFF().with(256, [20_000]).with(257, [20_000]).with(278, [20_000])
            .with(259, [8], type: 3).with(279, [40])
            .with(payload: [0x78, 0x9c] + [UInt8](repeating: 0, count: 38))
        let tall = try TIFFReader(bytes: zeros.bytes)
        #expect(throws: TIFFError.self) {
            try tall.readRegion(x: 0, y: 0, width: 20_000, height: 1)
        }
        #expect(throws: TIFFError.self) {
            try tall.readRegion(x: 0, y: 19_999, width: 20_000, height: 1)
        }
    }

    @Test("half a JPEG tile is damage, not a grey patch", arguments: [true, false])
    func jpeg(isTiled: Bool) throws {
        let name = isTiled ? "jpeg_ycbcr420_tiled.tif" : "jpeg_rgb_strips.tif"
        var bytes = try TIFFFixtures.bytes(name)
        let whole = try Self.readEverything(bytes)
        // Overwrite the second half of the first scan with the end of the image.
        let scan = try #require(
            bytes.indices.dropLast().first { bytes[$0] == 0xff && bytes[$0 + 1] == 0xda })
        for place in stride(from: scan + 60, to: scan + 90, by: 2) {
            bytes[place] = 0xff
            bytes[place + 1] = 0xd9
        }
        let error = Self.refusal(bytes, "half")
        #expect(error?.kind == .damaged)
        #expect(error?.description.contains("filled in") == true, "\(error as Any)")
        // The reader goes on with other tiles after the failure.
        let reader = try TIFFReader(bytes: bytes)
        #expect(throws: TIFFError.self) { try reader.readAll() }
        let rest = try reader.readRegion(x: 0, y: 32, width: 50, height: 8, as: .stored)
        #expect(rest.samples == whole[0].cut(0, 32, 50, 8))
    }

    @Test("a file that is no file is missing")
    func missing() throws {
        for path in ["/nowhere/at/all.tif", "/", "/dev/null", "a\0b"] {
            do {
                _ = try TIFFReader(path: path)
                Issue.record("\(path)")
            } catch {
                #expect(error.kind == .missing && error.file == path)
            }
        }
        try TIFFFixtures.withFolder { folder in
            try Data().write(to: URL(fileURLWithPath: folder + "empty.tif"))
            #expect(throws: TIFFError.self) { try TIFFReader(path: folder + "empty.tif") }
        }
    }

    @Test(
        "a file cut anywhere throws, or gives the samples it would have given",
        arguments: TIFFReadingTests.names + made)
    func truncated(name: String) throws {
        let bytes = try Self.bytes(name)
        let whole = try Self.readEverything(bytes)
        var refused = 0
        let step = max(1, bytes.count / 300)
        for length in stride(from: 0, to: bytes.count, by: step) {
            do {
                let pixels = try Self.readEverything(Array(bytes.prefix(length)))
                #expect(pixels == whole, "cut to \(length)")
            } catch {
                #expect(error is TIFFError)
                refused += 1
            }
        }
        #expect(refused > 50)
    }

    /// Files that are made here: SubIFDs, and a pyramid of JPEG.
    static let made = ["SubIFDs", "JPEG pyramid"]

    static func bytes(_ name: String) throws -> [UInt8] {
        switch name {
        case "SubIFDs":
            let small = TIFFSubIFDTests.small
            return TIFFSubIFDTests.Parts(subs: [(small, 2), (small, nil)]).bytes()
        case "JPEG pyramid":
            let pixels = try TIFFPyramidTests.picture(70, 50)
            return try TIFFPyramidTests.write(
                pixels, TIFFPyramidTests.format(pixels, tile: 32, compression: .jpeg), .mean)
        default: return try TIFFFixtures.bytes(name)
        }
    }

    @Test(
        "random changes throw or decode, and never trap",
        arguments: TIFFReadingTests.names + made)
    func mutated(name: String) throws {
        let good = try Self.bytes(name)
        let limits = TIFFLimits(
            pixels: 1 << 16, bytes: 1 << 18, blockBytes: 1 << 18, directories: 16)
        var random = SplitMix(seed: UInt64(good.count))
        var refused = 0
        for _ in 0..<2000 {
            var bytes = good
            for _ in 0...random.below(3) {
                // Tags stand at the start of these files; half the changes go there.
                // A writer of pyramids puts its directories at the end.
                let near = random.below(min(400, good.count))
                let place =
                    random.below(2) == 0
                    ? (name == "JPEG pyramid" ? good.count - 1 - near : near)
                    : random.below(good.count)
                bytes[place] =
                    random.below(3) == 0
                    ? UInt8(random.below(256)) : bytes[place] ^ 1 << UInt8(random.below(8))
            }
            do {
                let reader = try TIFFReader(bytes: bytes, named: "x.tif", limits: limits)
                for image in reader.allDirectories {
                    _ = try reader.jpegTables(directory: image.index)
                    for tag in TIFFText.allCases {
                        _ = try reader.text(tag, directory: image.index)
                    }
                    do {
                        for block in 0..<min(image.blockCount, 4) {
                            let bytes = try reader.rawBlock(directory: image.index, index: block)
                            let count = try reader.blockByteCount(
                                directory: image.index, index: block)
                            #expect((bytes?.count ?? 0) == count)
                        }
                        let pixels = try reader.readAll(directory: image.index, as: .picture)
                        #expect(pixels.width == image.width && pixels.height == image.height)
                        try reader.forEachBand(directory: image.index, rows: 9) { _ in }
                    } catch {
                        refused += 1
                    }
                }
                _ = try reader.imageDescription()
            } catch {
                refused += 1
            }
        }
        #expect(refused > 200, "\(refused)")
    }
}
