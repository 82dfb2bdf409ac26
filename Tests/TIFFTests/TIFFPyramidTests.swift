import Foundation
import Testing

@testable import TIFF

@Suite("Writing TIFF pyramids")
struct TIFFPyramidTests {
    /// A smooth picture with some noise, or a label map.
    static func picture(_ width: Int, _ height: Int, _ samples: Int = 3) throws -> TIFFPixels {
        var random = SplitMix(seed: UInt64(width * height))
        var bytes: [UInt8] = []
        for y in 0..<height {
            for x in 0..<width {
                for sample in 0..<samples {
                    bytes.append(
                        UInt8(truncatingIfNeeded: (x + y * (sample + 1)) / 3 + random.below(9)))
                }
            }
        }
        return try TIFFPixels(
            width: width, height: height, samplesPerPixel: samples, samples: .uint8(bytes))
    }

    static func write(
        _ pixels: TIFFPixels, _ format: TIFFFormat, _ reduction: TIFFPyramidWriter.Reduction,
        levels: Int? = nil, bands: Int = .max
    ) throws -> [UInt8] {
        let writer = try TIFFPyramidWriter(format: format, reduction: reduction, levels: levels)
        try hand(pixels, to: writer, bands: bands)
        return try writer.finish()
    }

    static func hand(
        _ pixels: TIFFPixels, to writer: TIFFPyramidWriter, bands: Int
    ) throws {
        while writer.rows < pixels.height {
            let rows = min(bands, pixels.height - writer.rows)
            try writer.write(
                TIFFPixels(
                    width: pixels.width, height: rows, samplesPerPixel: pixels.samplesPerPixel,
                    samples: pixels.cut(0, writer.rows, pixels.width, rows)))
        }
    }

    static func format(
        _ pixels: TIFFPixels, tile: Int = 16, compression: TIFFCompression = .lzw
    ) -> TIFFFormat {
        TIFFFormat(
            width: pixels.width, height: pixels.height, samplesPerPixel: pixels.samplesPerPixel,
            sampleType: pixels.samples.type, layout: .tiles(width: tile, height: tile),
            compression: compression)
    }

    /// The next level the slow way, from the definition.
    static func halved(
        _ pixels: TIFFPixels, _ reduction: TIFFPyramidWriter.Reduction
    ) throws -> TIFFPixels {
        let values = pixels.samples.doubles
        let channels = pixels.samplesPerPixel
        let (width, height) = ((pixels.width + 1) / 2, (pixels.height + 1) / 2)
        var made: [Double] = []
        for y in 0..<height {
            for x in 0..<width {
                for channel in 0..<channels {
                    func at(_ dx: Int, _ dy: Int) -> Double {
                        let column = min(2 * x + dx, pixels.width - 1)
                        let row = min(2 * y + dy, pixels.height - 1)
                        return values[(row * pixels.width + column) * channels + channel]
                    }
                    let mean = (at(0, 0) + at(1, 0) + at(0, 1) + at(1, 1)) / 4
                    made.append(reduction == .nearest ? at(0, 0) : mean)
                }
            }
        }
        let samples: TIFFSamples =
            switch pixels.samples.type {
            case .uint8: .uint8(made.map { UInt8(($0 + 0.5).rounded(.down)) })
            case .uint16: .uint16(made.map { UInt16(($0 + 0.5).rounded(.down)) })
            case .uint32: .uint32(made.map { UInt32($0) })
            default: .float32(made.map { Float($0) })
            }
        return try TIFFPixels(
            width: width, height: height, samplesPerPixel: channels, samples: samples)
    }

    @Test(
        "every level is the one before halved, odd sides rounded up",
        arguments: [
            (64, 64), (67, 45), (16, 16), (1, 1), (17, 1), (1, 100), (129, 33),
        ])
    func levels(width: Int, height: Int) throws {
        let colour = try Self.picture(width, height)
        let grey = try Self.picture(width, height, 1)
        let words = try TIFFPixels(
            width: width, height: height,
            samples: .uint16(grey.samples.doubles.map { UInt16($0) * 257 }))
        let labels = try TIFFPixels(
            width: width, height: height,
            samples: .uint32(grey.samples.doubles.map { UInt32($0) * 70_000 }))
        let map = try TIFFPixels(
            width: width, height: height, samples: .float32(grey.samples.doubles.map { Float($0) }))
        for (pixels, reduction) in [
            (colour, TIFFPyramidWriter.Reduction.mean), (colour, .nearest), (grey, .mean),
            (grey, .nearest), (words, .mean), (labels, .nearest), (map, .mean),
        ] {
            let bytes = try Self.write(pixels, Self.format(pixels), reduction)
            let reader = try TIFFReader(bytes: bytes)
            var expected = pixels
            var number = 0
            while true {
                #expect(try reader.readAll(directory: number) == expected, "level \(number)")
                #expect(reader.directories[number].isReducedImage == (number > 0))
                number += 1
                if expected.width <= 16 && expected.height <= 16 { break }
                expected = try Self.halved(expected, reduction)
            }
            #expect(reader.directories.count == number)
            #expect(!reader.isBigTIFF)
            let writer = try TIFFPyramidWriter(format: Self.format(pixels), reduction: reduction)
            #expect(writer.levels.map(\.width) == reader.directories.map(\.width))
            if min(width, height) > 16 { #expect(reader.levels == writer.levels) }
        }
    }

    @Test(
        "bands of any height give the same bytes, in memory and on disk",
        arguments: [
            TIFFCompression.lzw, .jpeg, .deflate,
        ])
    func bands(compression: TIFFCompression) throws {
        let pixels = try Self.picture(101, 77)
        let format = Self.format(pixels, compression: compression)
        for reduction in TIFFPyramidWriter.Reduction.allCases {
            let whole = try Self.write(pixels, format, reduction)
            for bands in [1, 2, 3, 7, 16, 31, 40] {
                let bytes = try Self.write(pixels, format, reduction, bands: bands)
                #expect(bytes == whole, "\(reduction) \(bands)")
            }
        }
        let whole = try Self.write(pixels, format, .mean)
        try TIFFFixtures.withFolder { folder in
            let path = folder + "slide.tif"
            // What was there before is gone.
            try Data([UInt8](repeating: 1, count: whole.count * 2)).write(
                to: URL(fileURLWithPath: path))
            let writer = try TIFFPyramidWriter(path: path, format: format, reduction: .mean)
            try Self.hand(pixels, to: writer, bands: 13)
            #expect(try writer.finish().isEmpty)
            #expect(Array(try Data(contentsOf: URL(fileURLWithPath: path))) == whole)
        }
    }

    @Test("pixel sizes, texts, 64-bit offsets and pictures beside the pyramid are kept")
    func extras() throws {
        let pixels = try Self.picture(90, 70)
        let label = try Self.picture(33, 21)
        for isBig in [false, true] {
            var format = Self.format(pixels)
            format.pixelSize = TIFFDirectory.PixelSize(x: 0.25, y: 0.5)
            format.imageDescription = "a slide"
            format.isBigTIFF = isBig
            let writer = try TIFFPyramidWriter(format: format, reduction: .mean, levels: 3)
            try Self.hand(pixels, to: writer, bands: 30)
            try writer.addPicture(label, subfileType: 1, imageDescription: "label 33x21")
            try writer.addPicture(
                label, compression: .jpeg, subfileType: 9, imageDescription: "macro 33x21")
            let bytes = try writer.finish()
            let reader = try TIFFReader(bytes: bytes)
            #expect(reader.isBigTIFF == isBig)
            #expect(reader.directories.map(\.width) == [90, 45, 23, 33, 33])
            #expect(reader.directories.map(\.isTiled) == [true, true, true, false, false])
            #expect(reader.directories.map(\.subfileType) == [0, 1, 1, 1, 9])
            #expect(reader.levels.map(\.directory) == [0, 1, 2])
            let texts = try (0..<5).map { try reader.imageDescription(directory: $0) }
            #expect(texts == ["a slide", nil, nil, "label 33x21", "macro 33x21"])
            for tag in [TIFFText.make, .model, .software] {
                for page in 0..<5 { #expect(try reader.text(tag, directory: page) == nil) }
            }
            let size = try #require(reader.directories[2].pixelSize)
            #expect(abs(size.x - 0.25 * 90 / 23) < 1e-6 && abs(size.y - 0.5 * 70 / 18) < 1e-6)
            #expect(try reader.readAll() == pixels)
            #expect(try reader.readAll(directory: 3) == label)
            #expect(throws: TIFFError.self) { try writer.finish() }
            #expect(throws: TIFFError.self) { try writer.addPicture(label) }
        }
    }

    @Test("JPEG keeps colours within its loss, with shared tables and halved colour differences")
    func jpeg() throws {
        let pixels = try Self.picture(150, 90)
        var sizes: [Int] = []
        for quality in [40, 90] {
            var format = Self.format(pixels, tile: 64, compression: .jpeg)
            format.jpegQuality = quality
            let bytes = try Self.write(pixels, format, .mean)
            sizes.append(bytes.count)
            let reader = try TIFFReader(bytes: bytes)
            let image = reader.directories[0]
            #expect(image.colour == .yCbCr && image.compression == .jpeg)
            #expect(image.chromaSubsampling == TIFFDirectory.Subsampling(x: 2, y: 2))
            let tables = try #require(try reader.jpegTables())
            let tile = try #require(try reader.rawBlock(index: 0))
            // Quantisation and Huffman tables stand in the shared stream only.
            #expect(tables.hasMarker(0xdb) && tables.hasMarker(0xc4))
            #expect(!tile.hasMarker(0xdb) && !tile.hasMarker(0xc4) && tile.hasMarker(0xc0))
            let read = try #require(try reader.readAll().uint8)
            let stored = try #require(pixels.uint8)
            let mean =
                zip(read, stored).map { abs(Double($0) - Double($1)) }.reduce(0, +)
                / Double(read.count)
            #expect(mean < (quality == 90 ? 4 : 8), "\(quality): \(mean)")
            #expect(mean > 0)
            // Grey has one component, in tiles and in strips.
            let grey = try Self.picture(40, 50, 1)
            for layout in [TIFFFormat.Layout.tiles(width: 32, height: 32), .strips(rows: 16)] {
                let one = try TIFFReader(
                    bytes: TIFFWriter.encode(grey, compression: .jpeg, layout: layout))
                #expect(one.directories[0].colour == .minIsBlack)
                let values = try #require(try one.readAll().uint8)
                #expect(
                    zip(values, try #require(grey.uint8)).allSatisfy { abs(Int($0) - Int($1)) < 40 }
                )
            }
        }
        #expect(sizes[0] < sizes[1])
        // A flat colour comes back, also where tiles reach over the edge.
        let flat = try TIFFPixels(
            width: 37, height: 21, samplesPerPixel: 3,
            samples: .uint8((0..<37 * 21).flatMap { _ in [200, 100, 150] as [UInt8] }))
        let read = try TIFFReader(
            bytes: TIFFWriter.encode(
                flat, compression: .jpeg, layout: .tiles(width: 32, height: 16)))
        let values = try #require(try read.readAll().uint8)
        for (number, value) in values.enumerated() {
            #expect(abs(Int(value) - [200, 100, 150][number % 3]) <= 2)
        }
    }

    @Test("what cannot be a pyramid is refused, and an unfinished one cannot be opened")
    func misuse() throws {
        let pixels = try Self.picture(40, 40)
        let good = Self.format(pixels)
        var strips = good
        strips.layout = .strips(rows: 16)
        var signed = good
        signed.sampleType = .int16
        var poor = Self.format(pixels, compression: .jpeg)
        poor.jpegQuality = 0
        var words = Self.format(pixels, compression: .jpeg)
        words.sampleType = .uint16
        var tall = poor
        tall.jpegQuality = 80
        tall.layout = .strips(rows: 20)
        #expect(throws: TIFFError.self) { try TIFFWriter(format: tall) }
        for format in [strips, signed, poor, words] {
            #expect(throws: TIFFError.self) {
                try TIFFPyramidWriter(format: format, reduction: .mean)
            }
        }
        #expect(throws: TIFFError.self) {
            try TIFFPyramidWriter(format: good, reduction: .mean, levels: 0)
        }
        try TIFFFixtures.withFolder { folder in
            let path = folder + "half.tif"
            do {
                let writer = try TIFFPyramidWriter(path: path, format: good, reduction: .nearest)
                try writer.write(
                    TIFFPixels(
                        width: 40, height: 39, samplesPerPixel: 3,
                        samples: pixels.cut(0, 0, 40, 39)))
                #expect(throws: TIFFError.self) { try writer.finish() }
                #expect(throws: TIFFError.self) { try writer.write(pixels) }
            }
            #expect(throws: TIFFError.self) { try TIFFReader(path: path) }
        }
    }

    @Test("a full disk is an error of writing", .enabled(if: access("/dev/full", W_OK) == 0))
    func fullDisk() throws {
        let pixels = try Self.picture(40, 40)
        do {
            let writer = try TIFFPyramidWriter(
                path: "/dev/full", format: Self.format(pixels), reduction: .mean)
            try writer.write(pixels)
            try writer.finish()
            Issue.record("a full disk took a file")
        } catch {
            #expect(error.kind == .writing)
        }
    }

    @Test(
        "tifffile and OpenSlide see the same levels and pixels",
        .enabled(if: PyramidPython.interpreter != nil), arguments: [true, false])
    func python(isMask: Bool) throws {
        let python = try #require(PyramidPython.interpreter)
        let pixels = try Self.picture(1300, 900, isMask ? 1 : 3)
        var format = Self.format(pixels, tile: 512, compression: isMask ? .lzw : .jpeg)
        format.pixelSize = TIFFDirectory.PixelSize(x: 0.243, y: 0.243)
        try TIFFFixtures.withFolder { folder in
            let path = folder + "slide.tif"
            let writer = try TIFFPyramidWriter(
                path: path, format: format, reduction: isMask ? .nearest : .mean)
            try Self.hand(pixels, to: writer, bands: 200)
            try writer.finish()
            let reader = try TIFFReader(path: path)
            let result = try PyramidPython.run(python, ["-c", PyramidPython.script, path])
            #expect(result.status == 0, "\(result.text)")
            let lines = result.text.split(separator: "\n").map(String.init)
            for image in reader.directories {
                let digest = try reader.readAll(directory: image.index).sha256
                let line =
                    "page \(image.width) \(image.height) \(image.subfileType) \(digest)"
                #expect(lines.contains(line), "\(line) not in \(result.text)")
            }
            #expect(lines.contains("series [1300, 650, 325]"), "\(result.text)")
            guard !lines.contains("no openslide") else { return }
            #expect(lines.contains("vendor generic-tiff"), "\(result.text)")
            let size = lines.first { $0.hasPrefix("mpp ") }?.split(separator: " ")
            #expect(abs((size.flatMap { Double($0[1]) } ?? 0) - 0.243) < 1e-5)
            for image in reader.directories {
                let whole = try reader.readAll(directory: image.index)
                let grey = try #require(whole.uint8)
                // OpenSlide shows grey as RGB.
                let shown =
                    isMask
                    ? try TIFFPixels(
                        width: image.width, height: image.height, samplesPerPixel: 3,
                        samples: .uint8(grey.flatMap { [$0, $0, $0] })) : whole
                let line = "level \(image.width) \(image.height) \(shown.sha256)"
                #expect(lines.contains(line), "\(line) not in \(result.text)")
            }
            #expect(lines.filter { $0.hasPrefix("level ") }.count == reader.directories.count)
        }
    }
}

extension [UInt8] {
    /// Whether a JPEG marker occurs; within entropy-coded data 0xff is always followed by 0 or a restart.
    func hasMarker(_ marker: UInt8) -> Bool {
        indices.dropLast().contains { self[$0] == 0xff && self[$0 + 1] == marker }
    }
}
