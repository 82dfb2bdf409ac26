import Foundation
import Testing

@testable import TIFF

@Suite("Tiles, tags and readers of TIFF files")
struct TIFFBlockTests {
    @Test("missing tiles are painted with the chosen colour, in regions and in bands")
    func fill() throws {
        let reader = try TIFFReader(path: TIFFFixtures.path("sparse.tif"))
        let zeros = try reader.readAll()
        let white = try reader.readAll(missing: .white)
        let grey = try reader.readAll(missing: .samples([99.6]))
        #expect(white.missingBlocks == 2 && grey.missingBlocks == 2)
        let (a, b, c) = (
            try #require(zeros.uint8), try #require(white.uint8), try #require(grey.uint8)
        )
        for y in 0..<48 {
            for x in 0..<48 {
                let isMissing = (x < 16 && y < 16) || (x >= 32 && y >= 32)
                #expect(b[y * 48 + x] == (isMissing ? 255 : a[y * 48 + x]))
                #expect(c[y * 48 + x] == (isMissing ? 100 : a[y * 48 + x]))
            }
        }
        var rows: [UInt8] = []
        try reader.forEachBand(rows: 5, missing: .white) { band in
            rows += band.pixels.uint8 ?? []
        }
        #expect(rows == b)
        #expect(try reader.missingBlockCount() == 2)
        #expect(try reader.blockByteCount(index: 0) == 0)
        #expect(try reader.rawBlock(index: 0) == nil)
        #expect(try reader.rawBlock(index: 1)?.count == reader.blockByteCount(index: 1))
        #expect(throws: TIFFError.self) { try reader.readAll(missing: .samples([1, 2, 3])) }
        #expect(throws: TIFFError.self) { try reader.readAll(missing: .samples([.nan])) }
    }

    @Test("a fill of several samples keeps their order, also in planes and wider types")
    func fillKinds() throws {
        let mark = HostileTIFF.payloadMark
        let rgb = HostileTIFF(tiled: true).with(258, [8, 8, 8], type: 3).with(262, [2], type: 3)
            .with(277, [3], type: 3)
        let together = rgb.with(324, [0]).with(325, [0])
        let planes = rgb.with(284, [2], type: 3).with(324, [0, mark, 0]).with(325, [0, 256, 0])
        for (file, middle, missing) in [(together, 2, 1), (planes, 7, 2)] {
            let reader = try TIFFReader(bytes: file.bytes)
            let pixels = try reader.readAll(missing: .samples([1, 2, 300]))
            let expected: [UInt8] = (0..<256).flatMap { _ in [1, UInt8(middle), 255] as [UInt8] }
            #expect(pixels.uint8 == expected && pixels.missingBlocks == missing)
        }
        let words = HostileTIFF(tiled: true).with(258, [16], type: 3).with(324, [0])
            .with(325, [0])
        let sixteen = try TIFFReader(bytes: words.bytes)
        #expect(
            try sixteen.readAll(missing: .samples([258])).uint16
                == [UInt16](repeating: 258, count: 256))
        #expect(
            try sixteen.readAll(missing: .white).uint16 == [UInt16](repeating: .max, count: 256))
        let bits = HostileTIFF(tiled: true).with(258, [1], type: 3).with(324, [0]).with(325, [0])
        #expect(
            try TIFFReader(bytes: bits.bytes).readAll(missing: .white).uint8
                == [UInt8](repeating: 1, count: 256))
        let real = HostileTIFF(tiled: true).with(258, [32], type: 3).with(339, [3], type: 3)
            .with(324, [0]).with(325, [0])
        #expect(
            try TIFFReader(bytes: real.bytes).readAll(missing: .samples([0.25])).float32
                == [Float](repeating: 0.25, count: 256))
    }

    @Test("raw tiles are the bytes of the file, and their numbers are checked")
    func raw() throws {
        let payload = (0..<256).map { UInt8(truncatingIfNeeded: $0 * 7) }
        let file = HostileTIFF(tiled: true).with(payload: payload)
        let reader = try TIFFReader(bytes: file.bytes)
        #expect(reader.directories[0].blockCount == 1)
        #expect(reader.directories[0].blocksAcross == 1 && reader.directories[0].blocksDown == 1)
        #expect(try reader.rawBlock(index: 0) == payload)
        for index in [-1, 1, Int.max, Int.min] {
            #expect(throws: TIFFError.self) { try reader.rawBlock(index: index) }
            #expect(throws: TIFFError.self) { try reader.blockByteCount(index: index) }
        }
        #expect(throws: TIFFError.self) { try reader.rawBlock(directory: 1, index: 0) }
        let beyond = try TIFFReader(
            bytes: file.with(324, [100_000]).with(259, [5], type: 3).bytes)
        #expect(throws: TIFFError.self) { try beyond.rawBlock(index: 0) }
        #expect(throws: TIFFError.self) { try beyond.missingBlockCount() }
        // A codec that is not read here gives its name, not its bytes.
        let unknown = try TIFFReader(bytes: file.with(259, [33005], type: 3).bytes)
        do {
            _ = try unknown.rawBlock(index: 0)
            Issue.record("raw bytes of an unknown codec")
        } catch {
            #expect(error.kind == .unsupported && "\(error)".contains("JPEG 2000 RGB"))
        }
        // More bytes than the limit are not fetched.
        let limits = TIFFLimits(blockBytes: 4096)
        let large = try TIFFReader(
            bytes: file.with(259, [8], type: 3).with(325, [5000])
                .with(payload: [UInt8](repeating: 1, count: 5000)).bytes, limits: limits)
        do {
            _ = try large.rawBlock(index: 0)
            Issue.record("5000 bytes under a limit of 4096")
        } catch { #expect(error.kind == .tooLarge) }
    }

    @Test("texts are given by name, and absent ones are nil")
    func texts() throws {
        var format = TIFFFormat(width: 16, height: 16)
        format.imageDescription = "Aperio |MPP = 0.25"
        let writer = try TIFFWriter(format: format)
        try writer.write(
            TIFFPixels(width: 16, height: 16, samples: .uint8([UInt8](repeating: 0, count: 256))))
        let bytes = try writer.finish()
        let reader = try TIFFReader(bytes: bytes)
        #expect(try reader.text(.imageDescription) == "Aperio |MPP = 0.25")
        #expect(try reader.imageDescription() == "Aperio |MPP = 0.25")
        for tag in [TIFFText.make, .model, .software] { #expect(try reader.text(tag) == nil) }
        #expect(throws: TIFFError.self) { try reader.text(.make, directory: 1) }
        // "Philips" in the Make tag of a hostile file: five bytes at the payload.
        let make = HostileTIFF().with(271, [0x50, 0x48, 0x49, 0], type: 2)
        #expect(try TIFFReader(bytes: make.bytes).text(.make) == "PHI")
        var bad = TIFFFormat(width: 16, height: 16)
        bad.imageDescription = "a\0b"
        #expect(throws: TIFFError.self) { try TIFFWriter(format: bad) }
    }

    @Test("a reopened reader reads the same file, also after another took its name")
    func reopened() async throws {
        let digests = try TIFFReader(path: TIFFFixtures.path("pyramid.tif")).digests()
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("tiff-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("slide.tif")
        try FileManager.default.copyItem(
            at: URL(fileURLWithPath: TIFFFixtures.path("pyramid.tif")), to: file)
        var first: TIFFReader? = try TIFFReader(path: file.path)
        try FileManager.default.removeItem(at: file)
        try Data([1, 2, 3]).write(to: file)
        let second = try #require(first).reopened()
        #expect(second.allDirectories == first?.allDirectories && second.levels == first?.levels)
        #expect(second.path == file.path)
        // The file stays open for the second when the first is gone.
        first = nil
        #expect(try second.digests() == digests)
        let memory = try TIFFReader(bytes: TIFFFixtures.bytes("pyramid.tif"))
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for task in 0..<6 {
                let own = try (task % 2 == 0 ? second : memory).reopened()
                group.addTask { try (0..<10).allSatisfy { _ in try own.digests() == digests } }
            }
            for try await isSame in group { #expect(isSame) }
        }
    }

    @Test("memory of the caller is filled, and must have the right size")
    func intoMemory() throws {
        let reader = try TIFFReader(path: TIFFFixtures.path("pyramid.tif"))
        let whole = try reader.readRegion(x: 3, y: 5, width: 40, height: 30)
        var memory = [UInt8](repeating: 1, count: 40 * 30 * whole.samplesPerPixel)
        let missing = try memory.withUnsafeMutableBytes { bytes in
            try reader.readRegion(x: 3, y: 5, width: 40, height: 30, into: bytes)
        }
        #expect(missing == 0 && memory == whole.uint8)
        memory.withUnsafeMutableBytes { bytes in
            _ = #expect(throws: TIFFError.self) {
                try reader.readRegion(x: 3, y: 5, width: 41, height: 30, into: bytes)
            }
            _ = #expect(throws: TIFFError.self) {
                try reader.readRegion(x: 3, y: 5, width: 400, height: 30, into: bytes)
            }
        }
    }

    @Test(
        "a slide whose tags contradict its JPEG stream keeps its colours",
        .enabled(if: TIFFFixtures.shared != nil))
    func aperio() throws {
        let shared = try #require(TIFFFixtures.shared)
        let svs = try TIFFReader(
            path: shared.appendingPathComponent("data/camelyon/CMU-1-Small-Region.svs").path)
        let base = svs.directories[0]
        #expect(base.photometric == 2 && base.colour == .rgb && base.compression == .jpeg)
        #expect(base.chromaSubsampling == TIFFDirectory.Subsampling(x: 2, y: 2))
        #expect(base.blockWidth == 240 && base.blocksAcross == 10 && base.blockCount == 130)
        #expect(svs.directories.map(\.subfileType) == [0, 0, 1, 9])
        let tables = try #require(try svs.jpegTables())
        #expect(tables.count == 289 && tables.prefix(2) == [0xff, 0xd8])
        let tile = try #require(try svs.rawBlock(index: 12))
        #expect(tile.prefix(2) == [0xff, 0xd8] && tile.suffix(2) == [0xff, 0xd9])
        #expect(try svs.blockByteCount(index: 12) == tile.count)
        #expect(try svs.jpegTables(directory: 2) == nil)
        #expect(try svs.missingBlockCount() == 0)
        // Glass is white, and tissue redder than green: what openslide shows.
        let picture = try svs.readAll(as: .picture)
        let samples = try #require(picture.uint8)
        var sums = [0, 0, 0]
        for (number, sample) in samples.enumerated() { sums[number % 3] += Int(sample) }
        let means = sums.map { Double($0) / Double(samples.count / 3) }
        #expect(means[0] > means[1] + 10 && means[2] > means[1], "\(means)")
        let small = try TIFFReader(
            path: shared.appendingPathComponent("data/tiff-coverage/openslide_small.svs").path)
        #expect(try small.imageDescription()?.contains("MPP") == true)
        // Shared tables and colour differences for every second pixel come out as RGB.
        let quad = try TIFFReader(
            path: shared.appendingPathComponent("data/tiff-coverage/lt_quad-tile.jpg.tiff").path)
        #expect(quad.directories[0].colour == .yCbCr && quad.directories[0].photometric == 6)
        #expect(try quad.jpegTables() != nil)
        #expect(try quad.readAll(as: .picture) == quad.readAll(as: .stored))
    }

    @Test("a window of a large image in a small file costs the strips it touches")
    func smallFile() throws {
        // 10 000 x 5 000 pixels, one value per strip of 100 rows.
        let (width, height) = (10_000, 5_000)
        let writer = try TIFFWriter(
            format: TIFFFormat(width: width, height: height, layout: .strips(rows: 100)))
        for strip in 0..<50 {
            try writer.write(
                TIFFPixels(
                    width: width, height: 100,
                    samples: .uint8([UInt8](repeating: UInt8(strip), count: width * 100))))
        }
        let bytes = try writer.finish()
        #expect(bytes.count < 60_000)
        // The limits leave room for a strip and a window, not for the image of 50 MB.
        let limits = TIFFLimits(bytes: 1 << 20, blockBytes: 1 << 20)
        let reader = try TIFFReader(bytes: bytes, limits: limits)
        #expect(throws: TIFFError.self) { try reader.readAll() }
        let window = try reader.readRegion(x: 9_000, y: 4_950, width: 256, height: 50)
        #expect(window.uint8 == [UInt8](repeating: 49, count: 256 * 50))
        // Damage in strips that are not touched does not matter: they are not decoded.
        var damaged = bytes
        let place = try #require(try reader.placeOfFirstBlock())
        for byte in place { damaged[byte] = 0x55 }
        let other = try TIFFReader(bytes: damaged, limits: limits)
        #expect(try other.readRegion(x: 9_000, y: 4_950, width: 256, height: 50) == window)
        #expect(throws: TIFFError.self) { try other.readRegion(x: 0, y: 0, width: 1, height: 1) }
    }
}

extension TIFFReader {
    /// The digests of all images.
    func digests() throws -> [String] {
        try allDirectories.map { try readAll(directory: $0.index).sha256 }
    }

    /// Where the bytes of the first strip lie.
    func placeOfFirstBlock() throws -> Range<Int>? {
        try withHandle(on: directories[0]) { handle throws(TIFFError) in
            try handle.place(ofBlock: 0, self.directories[0], noun: "strip").map {
                Int($0.lowerBound)..<Int($0.upperBound)
            }
        }
    }
}
