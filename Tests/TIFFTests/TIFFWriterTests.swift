import Foundation
import Testing

@testable import TIFF

@Suite("Writing TIFF")
struct TIFFWriterTests {
    /// Samples of every type that use its whole range.
    static func samples(_ type: TIFFSampleType, _ count: Int) -> TIFFSamples {
        var random = SplitMix(seed: 5)
        // Runs, so that compressors have something to find.
        var last: UInt64 = 0
        let words = (0..<count).map { _ in
            if random.below(4) == 0 { last = random.next() }
            return last
        }
        return switch type {
        case .uint8: .uint8(words.map { UInt8(truncatingIfNeeded: $0) })
        case .int8: .int8(words.map { Int8(truncatingIfNeeded: $0) })
        case .uint16: .uint16(words.map { UInt16(truncatingIfNeeded: $0) })
        case .int16: .int16(words.map { Int16(truncatingIfNeeded: $0) })
        case .uint32: .uint32(words.map { UInt32(truncatingIfNeeded: $0) })
        case .int32: .int32(words.map { Int32(truncatingIfNeeded: $0) })
        case .uint64: .uint64(words)
        case .int64: .int64(words.map { Int64(truncatingIfNeeded: $0) })
        case .float32: .float32(words.map { Float($0 >> 40) - 1000 })
        case .float64: .float64(words.map { Double($0 >> 11) - 0.5 })
        }
    }

    @Test("what is written is read again", arguments: TIFFSampleType.allCases)
    func roundTrip(type: TIFFSampleType) throws {
        for (width, height, channels) in [(1, 1, 1), (37, 50, 1), (33, 20, 3), (16, 16, 2)] {
            let pixels = try TIFFPixels(
                width: width, height: height, samplesPerPixel: channels,
                samples: Self.samples(type, width * height * channels))
            for compression in [TIFFCompression.none, .lzw, .deflate] {
                for layout in [
                    TIFFFormat.Layout.tiles(width: 16, height: 32), .strips(rows: 7),
                    .strips(rows: 1000),
                ] {
                    let bytes = try TIFFWriter.encode(
                        pixels, compression: compression, layout: layout)
                    let reader = try TIFFReader(bytes: bytes)
                    #expect(try reader.readAll() == pixels, "\(compression) \(layout)")
                    #expect(reader.directories.count == 1 && !reader.isBigTIFF)
                    let image = reader.directories[0]
                    #expect(image.compression == compression)
                    let isRGB = channels == 3 && (type == .uint8 || type == .uint16)
                    #expect(image.colour == (isRGB ? .rgb : .minIsBlack))
                    #expect(image.extraSamples == (isRGB ? 0 : channels - 1))
                }
            }
        }
    }

    @Test("bands of any height give the file that one call gives, on disk and in memory")
    func bands() throws {
        let pixels = try TIFFPixels(
            width: 70, height: 61, samples: Self.samples(.uint16, 70 * 61))
        let whole = try TIFFWriter.encode(pixels, layout: .tiles(width: 32, height: 16))
        var random = SplitMix(seed: 3)
        try TIFFFixtures.withFolder { folder in
            let path = folder + "mask.tif"
            let writer = try TIFFWriter(
                path: path,
                format: TIFFFormat(
                    width: 70, height: 61, sampleType: .uint16,
                    layout: .tiles(width: 32, height: 16)))
            while writer.rows < 61 {
                let rows = min(1 + random.below(25), 61 - writer.rows)
                try writer.write(
                    TIFFPixels(
                        width: 70, height: rows,
                        samples: pixels.cut(0, writer.rows, 70, rows)))
            }
            #expect(try writer.finish().isEmpty)
            let data = try Data(contentsOf: URL(fileURLWithPath: path))
            #expect(Array(data) == whole)
            #expect(throws: TIFFError.self) { try writer.finish() }
        }
    }

    @Test("BigTIFF and a pixel size are written when asked for")
    func bigAndSized() throws {
        let writer = try TIFFWriter(
            format: TIFFFormat(
                width: 5, height: 4, pixelSize: TIFFDirectory.PixelSize(x: 0.25, y: 0.5),
                isBigTIFF: true))
        let pixels = try TIFFPixels(width: 5, height: 4, samples: Self.samples(.uint8, 20))
        try writer.write(pixels)
        let reader = try TIFFReader(bytes: try writer.finish())
        #expect(reader.isBigTIFF)
        #expect(reader.directories[0].pixelSize == TIFFDirectory.PixelSize(x: 0.25, y: 0.5))
        #expect(try reader.readAll() == pixels)
    }

    @Test("a file that was not finished cannot be opened")
    func unfinished() throws {
        try TIFFFixtures.withFolder { folder in
            for layout in [TIFFFormat.Layout.tiles(width: 16, height: 16), .strips(rows: 16)] {
                do {
                    let writer = try TIFFWriter(
                        path: folder + "half.tif",
                        format: TIFFFormat(width: 16, height: 32, layout: layout))
                    try writer.write(
                        TIFFPixels(
                            width: 16, height: 20, samples: Self.samples(.uint8, 16 * 20)))
                }
                #expect(throws: TIFFError.self) { try TIFFReader(path: folder + "half.tif") }
            }
        }
    }

    @Test("a full disk is an error of writing", .enabled(if: access("/dev/full", W_OK) == 0))
    func fullDisk() throws {
        let pixels = try TIFFPixels(width: 16, height: 16, samples: Self.samples(.uint8, 256))
        do {
            let writer = try TIFFWriter(
                path: "/dev/full", format: TIFFFormat(width: 16, height: 16, compression: .none))
            try writer.write(pixels)
            try writer.finish()
            Issue.record("a full disk took a file")
        } catch {
            #expect(error.kind == .writing)
        }
    }

    @Test("a slide of 5 Gpx announces 64-bit offsets by itself")
    func slideSized() throws {
        let format = TIFFFormat(width: 70_000, height: 70_000)
        try TIFFFixtures.withFolder { folder in
            _ = try TIFFWriter(path: folder + "slide.tif", format: format)
            let start = try Data(contentsOf: URL(fileURLWithPath: folder + "slide.tif")).prefix(4)
            #expect(Array(start) == [0x49, 0x49, 43, 0])
        }
    }

    @Test("a strip too large to hold is read row by row, forwards, backwards and in columns")
    func tallStrip() throws {
        let (width, height) = (5000, 4000)
        let row: [UInt8] = (0..<width).map { UInt8(truncatingIfNeeded: $0 / 16) }
        for compression in [TIFFCompression.deflate, .lzw, .none] {
            let writer = try TIFFWriter(
                format: TIFFFormat(
                    width: width, height: height, layout: .strips(rows: height),
                    compression: compression))
            for y in 0..<height {
                var line = row
                line[0] = UInt8(truncatingIfNeeded: y)
                line[1] = UInt8(truncatingIfNeeded: y >> 8)
                try writer.write(TIFFPixels(width: width, height: 1, samples: .uint8(line)))
            }
            let reader = try TIFFReader(bytes: try writer.finish())
            for y in [3999, 7, 100, 100, 99, 2500] {
                let part = try reader.readRegion(x: 0, y: y, width: 40, height: 1)
                var line = Array(row[0..<40])
                line[0] = UInt8(truncatingIfNeeded: y)
                line[1] = UInt8(truncatingIfNeeded: y >> 8)
                #expect(part.uint8 == line, "\(compression) row \(y)")
            }
            var next = 0
            try reader.forEachBand(rows: 999) { band in
                let bytes = try #require(band.pixels.uint8)
                for y in stride(from: 0, to: band.pixels.height, by: 37) {
                    #expect(Int(bytes[y * width]) + Int(bytes[y * width + 1]) * 256 == band.y + y)
                    #expect(bytes[y * width + 4999] == row[4999])
                }
                next += band.pixels.height
            }
            #expect(next == height)
        }
    }

    @Test("what does not fit the format is refused")
    func misuse() throws {
        for format in [
            TIFFFormat(width: 0, height: 4), TIFFFormat(width: 4, height: -1),
            TIFFFormat(width: 4, height: 4, samplesPerPixel: 0),
            TIFFFormat(width: 4, height: 4, layout: .tiles(width: 8, height: 16)),
            TIFFFormat(width: 4, height: 4, layout: .tiles(width: 0, height: 16)),
            TIFFFormat(width: 4, height: 4, layout: .strips(rows: 0)),
            TIFFFormat(width: 1 << 30, height: 1 << 30, layout: .strips(rows: 1 << 30)),
            TIFFFormat(width: 4, height: 4, compression: TIFFCompression(rawValue: 50000)),
            TIFFFormat(width: 4, height: 4, sampleType: .uint16, compression: .jpeg),
            TIFFFormat(width: 4, height: 4, pixelSize: TIFFDirectory.PixelSize(x: 0, y: 1)),
        ] {
            #expect(throws: TIFFError.self, "\(format)") { try TIFFWriter(format: format) }
        }
        #expect(throws: TIFFError.self) {
            try TIFFPixels(width: 2, height: 2, samples: .uint8([1, 2, 3]))
        }
        let writer = try TIFFWriter(format: TIFFFormat(width: 4, height: 2))
        let fitting = try TIFFPixels(width: 4, height: 1, samples: .uint8([1, 2, 3, 4]))
        try writer.write(fitting)
        #expect(throws: TIFFError.self) { try writer.finish() }
        for other in [
            try TIFFPixels(width: 4, height: 1, samples: .uint16([1, 2, 3, 4])),
            try TIFFPixels(width: 2, height: 1, samples: .uint8([1, 2])),
            try TIFFPixels(width: 4, height: 2, samples: .uint8([1, 2, 3, 4, 5, 6, 7, 8])),
        ] {
            #expect(throws: TIFFError.self) { try writer.write(other) }
        }
        try writer.write(fitting)
        #expect(try !writer.finish().isEmpty)
        #expect(throws: TIFFError.self) {
            try TIFFWriter(
                path: "/nowhere/at/all.tif", format: TIFFFormat(width: 1, height: 1))
        }
    }
}
