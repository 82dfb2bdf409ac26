import Foundation
import Testing

@testable import TIFF

/// Real files compared with what an independent reader (tifffile) returned for their first page.
///
/// The table hashes the first page as stored: no orientation, no palette, 0 is not turned round where it is white. Where
/// its conventions differ from this module's, `types` and `planesFirst(_:)` say how.
@Suite("Real TIFF files", .enabled(if: TIFFFixtures.shared != nil))
struct RealFilesTests {
    struct Row: Sendable {
        let file: String
        let reader: String
        let shape: [Int]
        let type: String
        let smallest: Double
        let largest: Double
        let mean: Double
        let sha256: String
        var isLossy: Bool { reader.hasSuffix("-lossy") }
    }

    /// The rows of the table about TIFF files.
    static func rows(_ shared: URL) throws -> [Row] {
        let table = try String(
            contentsOf: shared.appendingPathComponent("data/EXPECTED.tsv"), encoding: .utf8)
        return table.split(separator: "\n").compactMap { line in
            let cells = line.split(separator: "\t", omittingEmptySubsequences: false)
                .map(String.init)
            guard cells.count >= 8, cells[1].hasPrefix("tifffile"),
                let smallest = Double(cells[4]), let largest = Double(cells[5]),
                let mean = Double(cells[6])
            else { return nil }
            return Row(
                file: cells[0], reader: cells[1],
                shape: cells[2].split(separator: "x").compactMap { Int($0) }, type: cells[3],
                smallest: smallest, largest: largest, mean: mean, sha256: cells[7])
        }
    }

    /// The table counts bits as `bool` and keeps halves; this module gives 8-bit numbers and floats.
    static let types = ["bool": "uint8", "float16": "float32"]

    /// Samples in the order of the table: planes first where the file keeps planes.
    static func planesFirst(_ pixels: TIFFPixels) throws -> TIFFPixels {
        let bytes = try #require(pixels.uint8)
        let count = pixels.samplesPerPixel
        let turned = (0..<count).flatMap { plane in
            stride(from: plane, to: bytes.count, by: count).map { bytes[$0] }
        }
        return try TIFFPixels(
            width: pixels.width, height: pixels.height, samplesPerPixel: count,
            samples: .uint8(turned))
    }

    @Test("every TIFF of the table has its shape, type, extremes, mean and digest")
    func table() throws {
        let shared = try #require(TIFFFixtures.shared)
        var exact = 0
        var lossyExact = 0
        var lossyClose = 0
        var planar = 0
        var halves = 0
        for row in try Self.rows(shared) {
            let reader = try TIFFReader(
                path: shared.appendingPathComponent("data/" + row.file).path)
            let image = try #require(reader.directories.first)
            let pixels = try reader.readAll(as: .stored)
            let found =
                image.isPlanar
                ? [pixels.samplesPerPixel, pixels.height, pixels.width]
                : pixels.samplesPerPixel == 1
                    ? [pixels.height, pixels.width]
                    : [pixels.height, pixels.width, pixels.samplesPerPixel]
            #expect(found == row.shape, "\(row.file)")
            #expect(
                pixels.samples.type.rawValue == Self.types[row.type] ?? row.type, "\(row.file)")
            #expect(pixels.missingBlocks == 0, "\(row.file)")
            // The digest of a large file says the same as its mean, in a tenth of the time.
            if pixels.samples.count < 600_000 { try Self.checkRange(pixels, row) }
            if row.type == "float16" {
                // The digest is over halves.
                let floats = try #require(pixels.float32)
                let words = floats.map { Self.half($0) }
                #expect(words.withUnsafeBytes { SHA256.hex($0) } == row.sha256, "\(row.file)")
                halves += 1
            } else if image.isPlanar {
                #expect(try Self.planesFirst(pixels).sha256 == row.sha256, "\(row.file)")
                planar += 1
            } else if row.isLossy {
                // Another JPEG decoder may differ by one; the mean then tells.
                if pixels.sha256 == row.sha256 {
                    lossyExact += 1
                } else {
                    try Self.checkRange(pixels, row)
                    lossyClose += 1
                }
            } else {
                #expect(pixels.sha256 == row.sha256, "\(row.file)")
                exact += 1
            }
        }
        print(
            "TIFF table: \(exact) exact, \(planar) planar, \(halves) half, \(lossyExact) lossy exact, \(lossyClose) lossy within 1"
        )
        #expect(exact + planar + halves + lossyExact + lossyClose == 63)
    }

    @Test("every file of the coverage set is in the table that is checked")
    func coverage() throws {
        let shared = try #require(TIFFFixtures.shared)
        let listed = Set(try Self.rows(shared).map(\.file))
        let folder = shared.appendingPathComponent("data/tiff-coverage").path
        let files = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(files.count == 53)
        for file in files { #expect(listed.contains("tiff-coverage/" + file), "\(file)") }
    }

    @Test("bands of every page of every file are the rows of the whole")
    func bands() throws {
        let shared = try #require(TIFFFixtures.shared)
        var pages = 0
        for row in try Self.rows(shared) {
            let reader = try TIFFReader(
                path: shared.appendingPathComponent("data/" + row.file).path)
            for image in reader.allDirectories {
                let whole = try reader.readAll(directory: image.index)
                var same = true
                var next = 0
                try reader.forEachBand(directory: image.index, rows: 100) { band in
                    same = same && band.y == next && band.pixels.isPart(of: whole, from: band.y)
                    next += band.pixels.height
                }
                #expect(same && next == image.height, "\(row.file) page \(image.index)")
                pages += 1
            }
        }
        // Four of them in SubIFDs.
        #expect(pages == 96)
    }

    @Test("the orientation is told and not applied")
    func orientations() throws {
        let shared = try #require(TIFFFixtures.shared)
        for number in 1...8 {
            let reader = try TIFFReader(
                path: shared.appendingPathComponent("data/tiff-coverage/li_orient\(number).tif")
                    .path)
            #expect(reader.directories[0].orientation == number)
            #expect(reader.directories[0].width == 120)
            #expect(reader.levels.map(\.width) == [120, 60, 30])
        }
    }

    @Test("a slide's levels and pixel size are those OpenSlide finds")
    func slides() throws {
        let shared = try #require(TIFFFixtures.shared)
        func open(_ name: String) throws -> TIFFReader {
            try TIFFReader(path: shared.appendingPathComponent("data/camelyon/" + name).path)
        }
        let pyramid = try open("derived/CMU-1_pyramid_ycbcr420.tif")
        #expect(pyramid.levels.map(\.width) == [2220, 1110, 555])
        #expect(pyramid.levels.map(\.height) == [2967, 1483, 741])
        let size = try #require(pyramid.directories[0].pixelSize)
        #expect(abs(size.x - 0.499) < 1e-6 && abs(size.y - 0.499) < 1e-6)
        // One level; thumbnail, label and macro picture are no levels. The pixel size stands in the description.
        let svs = try open("CMU-1-Small-Region.svs")
        #expect(svs.directories.count == 4 && svs.levels.map(\.directory) == [0])
        #expect(svs.directories[0].pixelSize == nil)
        #expect(try svs.imageDescription()?.contains("MPP = 0.499") == true)
    }

    static func checkRange(_ pixels: TIFFPixels, _ row: Row) throws {
        let values = pixels.samples.doubles
        let tolerance = row.isLossy ? 1.0 : 1e-8 * max(1, abs(row.largest))
        let mean = values.reduce(0, +) / Double(values.count)
        #expect(abs(try #require(values.min()) - row.smallest) <= tolerance, "\(row.file)")
        #expect(abs(try #require(values.max()) - row.largest) <= tolerance, "\(row.file)")
        #expect(abs(mean - row.mean) <= tolerance, "\(row.file): \(mean)")
    }

    /// The half with the bits of an exactly representable normal number.
    static func half(_ value: Float) -> UInt16 {
        let bits = value.bitPattern
        return UInt16(bits >> 16 & 0x8000)
            | UInt16((bits >> 23 & 0xff) - 112) << 10 | UInt16(bits >> 13 & 0x3ff)
    }
}

extension TIFFPixels {
    /// Whether these rows stand in another image of the same width from a row on.
    func isPart(of whole: TIFFPixels, from row: Int) -> Bool {
        guard width == whole.width, samples.type == whole.samples.type,
            samplesPerPixel == whole.samplesPerPixel
        else { return false }
        return samples.withUnsafeBytes { part in
            whole.samples.withUnsafeBytes { all in
                let start = row * (part.count / height)
                guard start + part.count <= all.count, let one = part.baseAddress,
                    let other = all.baseAddress
                else { return false }
                return memcmp(one, other + start, part.count) == 0
            }
        }
    }
}
