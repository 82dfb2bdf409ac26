/// What one directory of a TIFF file says about its image; texts are read by ``TIFFReader/text(_:directory:)``.
public struct TIFFDirectory: Hashable, Sendable {
    /// How stored bits are numbers.
    public enum SampleFormat: String, Hashable, Sendable {
        /// Unsigned integers, also where the file does not say.
        case unsigned
        /// Two's complement.
        case signed
        /// IEEE floating point.
        case float
    }

    /// What the samples of a pixel mean: the photometric interpretation.
    public enum Colour: String, Hashable, Sendable {
        /// Grey or bilevel, 0 is white.
        case minIsWhite
        /// Grey or bilevel, 0 is black.
        case minIsBlack
        /// Red, green, blue.
        case rgb
        /// Indices into a table of colours.
        case palette
        /// A transparency mask of another image.
        case mask
        /// Separated inks, usually cyan, magenta, yellow, black.
        case separated
        /// Luminance and two colour differences; comes out as RGB.
        case yCbCr
        /// CIE L*a*b* or another space; the stored numbers are given.
        case other
    }

    /// How many pixels lie along a length, as the file says.
    public struct Resolution: Hashable, Sendable {
        /// Pixels per unit along a row.
        public let x: Double
        /// Pixels per unit along a column.
        public let y: Double
        /// The unit in micrometres: 25 400 for inch, 10 000 for centimetre, `nil` where the file names none.
        public let unitMicrometres: Double?
    }

    /// A pixel's size in micrometres.
    public struct PixelSize: Hashable, Sendable {
        /// Micrometres per pixel along a row.
        public let x: Double
        /// Micrometres per pixel along a column.
        public let y: Double

        /// Makes a size, for ``TIFFFormat/pixelSize``.
        ///
        /// - Parameters:
        ///   - x: Micrometres per pixel along a row.
        ///   - y: Micrometres per pixel along a column.
        public init(x: Double, y: Double) {
            self.x = x
            self.y = y
        }
    }

    /// How coarsely colour differences are stored.
    public struct Subsampling: Hashable, Sendable {
        /// Pixels per stored colour difference along a row: 1, 2 or 4.
        public let x: Int
        /// Pixels per stored colour difference along a column: 1, 2 or 4.
        public let y: Int
    }

    /// The number of the directory, from 0: its place in ``TIFFReader/allDirectories``.
    public let index: Int
    /// The directory that names this one in its SubIFDs; `nil` in the file's main chain.
    public let parent: Int?
    /// The number of columns.
    public let width: Int
    /// The number of rows.
    public let height: Int
    /// The samples per pixel, with those that are not colours.
    public let samplesPerPixel: Int
    /// How many of the samples are not colours, for example alpha.
    public let extraSamples: Int
    /// The stored bits per sample.
    public let bitsPerSample: Int
    /// How stored bits are numbers.
    public let sampleFormat: SampleFormat
    /// What the samples of a pixel mean.
    public let colour: Colour
    /// The photometric interpretation as a number: the value of tag 262, or what its absence means.
    public let photometric: Int
    /// The YCbCrSubSampling tag as the file has it, right or wrong; `nil` when absent.
    ///
    /// Scanners write it also where it means nothing (photometric interpretation RGB), and wrongly: a JPEG stream says itself
    /// how it is sampled.
    public let chromaSubsampling: Subsampling?
    /// How tiles or strips are compressed.
    public let compression: TIFFCompression
    /// Whether each sample has a plane of its own in the file; reading interleaves them.
    public let isPlanar: Bool
    /// Whether the image is stored in tiles, not strips.
    public let isTiled: Bool
    /// The columns of a tile, which may reach over the edge; of a strip, the width.
    public let blockWidth: Int
    /// The rows of a tile, which may reach over the edge; of a strip, at most the height.
    ///
    /// libtiff divides one uncompressed strip over the whole image into smaller ones, which this then describes.
    public let blockHeight: Int
    /// The orientation tag, 1 (upright) to 8; reported, never applied.
    public let orientation: Int
    /// The resolution tags as they are; `nil` unless both are positive and finite.
    public let resolution: Resolution?
    /// Whether the file marks this as a smaller version of another image.
    public var isReducedImage: Bool { subfileType & 1 != 0 }
    /// The NewSubfileType tag: bit 0 reduced image, bit 1 page, bit 2 mask; Aperio marks macro pictures with 9; 0 if absent.
    public let subfileType: Int
    /// The tiles or strips side by side, at least 1; 0 where the image cannot be read.
    public internal(set) var blocksAcross = 0
    /// The tiles or strips from top to bottom, at least 1; 0 where the image cannot be read.
    public internal(set) var blocksDown = 0
    /// All tiles or strips, those of all planes together; 0 where the image cannot be read.
    public internal(set) var blockCount = 0
    /// Why the image cannot be read; reading it throws this error.
    public internal(set) var problem: TIFFError?

    /// The place of the directory in the file.
    let offset: UInt64

    /// The type the samples come out as; `nil` for a combination that cannot be read.
    public var sampleType: TIFFSampleType? {
        switch (sampleFormat, bitsPerSample) {
        case (.unsigned, 1), (.unsigned, 2), (.unsigned, 4), (.unsigned, 8): .uint8
        case (.unsigned, 12), (.unsigned, 16): .uint16
        case (.unsigned, 32): .uint32
        case (.unsigned, 64): .uint64
        case (.signed, 8): .int8
        case (.signed, 16): .int16
        case (.signed, 32): .int32
        case (.signed, 64): .int64
        case (.float, 16), (.float, 32): .float32
        case (.float, 64): .float64
        default: nil
        }
    }

    /// The pixel size where the resolution tags can mean one of a microscope, else `nil`.
    ///
    /// Writers that know nothing store 72, 96 or 300 dots per inch, so sizes above 20 µm (1270 dots per inch) are taken for
    /// print resolutions. Smaller levels of a pyramid often repeat the tags of the largest: multiply the size of level 0
    /// with ``TIFFLevel/downsample``.
    public var pixelSize: PixelSize? {
        guard let resolution, let unit = resolution.unitMicrometres else { return nil }
        let size = PixelSize(x: unit / resolution.x, y: unit / resolution.y)
        return size.x <= 20 && size.y <= 20 ? size : nil
    }

    /// The bytes of a decoded pixel in memory.
    var pixelBytes: Int { samplesPerPixel * (sampleType?.bytes ?? 8) }
}

/// How the tiles or strips of an image are compressed: the number in the file.
public struct TIFFCompression: Hashable, Sendable, CustomStringConvertible {
    /// The value of the tag.
    public let rawValue: Int

    /// Makes a compression from the value of the tag.
    ///
    /// - Parameter rawValue: The value of tag 259.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// No compression.
    public static let none = TIFFCompression(rawValue: 1)
    /// Lempel, Ziv and Welch.
    public static let lzw = TIFFCompression(rawValue: 5)
    /// Baseline JPEG.
    public static let jpeg = TIFFCompression(rawValue: 7)
    /// Deflate with the number all writers use today; the older 32946 is read too.
    public static let deflate = TIFFCompression(rawValue: 8)

    /// The usual name, for example `LZW`; `compression 12345` for unknown numbers.
    public var description: String {
        Self.names[rawValue] ?? "compression \(rawValue)"
    }

    private static let names: [Int: String] = [
        1: "no compression", 2: "CCITT RLE", 3: "CCITT group 3", 4: "CCITT group 4", 5: "LZW",
        6: "old-style JPEG", 7: "JPEG", 8: "deflate", 9: "JBIG T.85", 10: "JBIG T.43",
        32766: "NeXT", 32771: "CCITT RLE with words", 32773: "PackBits", 32809: "ThunderScan",
        32908: "PixarFilm", 32909: "PixarLog", 32946: "deflate (old number)",
        33003: "JPEG 2000 YCbCr",
        33005: "JPEG 2000 RGB", 34661: "JBIG", 34676: "SGI LogL", 34677: "SGI LogLuv",
        34712: "JPEG 2000", 34887: "LERC", 34892: "lossy DNG JPEG", 34925: "LZMA",
        50000: "Zstandard",
        50001: "WebP", 50002: "JPEG XL",
    ]

    /// Decoders that are let near bytes from outside: in common use, and able to refuse damage.
    static let readable: Set<Int> = [1, 2, 3, 4, 5, 7, 8, 32771, 32773, 32946, 34925, 50000, 50001]

    /// Decoders that may leave part of a block unwritten.
    var mayLeaveGaps: Bool { [2, 3, 4, 7, 32771, 50001].contains(rawValue) }
}
