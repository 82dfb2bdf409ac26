/// A rectangle of decoded samples.
///
/// Rows run from the top as stored, the samples of a pixel stand next to each other (also where the file keeps separate
/// planes), without padding: sample `c` at (x, y) is number `(y * width + x) * samplesPerPixel + c`.
public struct TIFFPixels: Hashable, Sendable {
    /// The number of columns, at least 1.
    public let width: Int
    /// The number of rows, at least 1.
    public let height: Int
    /// The samples per pixel, at least 1.
    public let samplesPerPixel: Int
    /// The samples, row by row from the top.
    public internal(set) var samples: TIFFSamples
    /// How many tiles or strips under the rectangle are not stored in the file; ``TIFFFill`` says what they hold.
    public internal(set) var missingBlocks: Int

    /// Makes a rectangle from samples, for ``TIFFWriter``.
    ///
    /// - Parameters:
    ///   - width: The number of columns; 1 or more.
    ///   - height: The number of rows; 1 or more.
    ///   - samplesPerPixel: The samples per pixel; 1 or more.
    ///   - samples: Exactly width × height × samplesPerPixel samples.
    /// - Throws: ``TIFFError`` of kind `misuse` when they do not fit together.
    public init(
        width: Int, height: Int, samplesPerPixel: Int = 1, samples: TIFFSamples
    ) throws(TIFFError) {
        guard width > 0, height > 0, samplesPerPixel > 0,
            TIFFLimits.product(width, height, samplesPerPixel) == samples.count
        else {
            throw TIFFError(
                .misuse, file: "TIFF pixels", place: "samples", found: "\(samples.count) samples",
                expected: "\(width) x \(height) x \(samplesPerPixel), each 1 or more")
        }
        self.init(width, height, samplesPerPixel, samples, missingBlocks: 0)
    }

    init(
        _ width: Int, _ height: Int, _ samplesPerPixel: Int, _ samples: TIFFSamples,
        missingBlocks: Int
    ) {
        self.width = width
        self.height = height
        self.samplesPerPixel = samplesPerPixel
        self.samples = samples
        self.missingBlocks = missingBlocks
    }

    /// The samples when they are unsigned and have at most 8 bits, else `nil`.
    public var uint8: [UInt8]? {
        if case .uint8(let values) = samples { values } else { nil }
    }

    /// The samples when they are unsigned and have 12 or 16 bits, else `nil`.
    public var uint16: [UInt16]? {
        if case .uint16(let values) = samples { values } else { nil }
    }

    /// The samples when they are floating point numbers of 16 or 32 bits, else `nil`.
    public var float32: [Float]? {
        if case .float32(let values) = samples { values } else { nil }
    }
}

/// What the samples of a decoded image mean.
public enum TIFFReading: Hashable, Sendable {
    /// Numbers for masks and label maps: a palette gives its indices, and larger is brighter.
    ///
    /// Where the file says that 0 is white (photometric interpretation 0), unsigned samples are turned round, so that the
    /// white of a 1-bit mask is 1; this is what viewers, Pillow and OpenCV show.
    case values
    /// Exactly the stored numbers, also where 0 is white; this is what tifffile returns.
    case stored
    /// The picture as one sees it: as `values`, but a palette becomes RGB of 8 bits.
    case picture
}

/// A band of full rows on the way from top to bottom.
public struct TIFFBand: Hashable, Sendable {
    /// The first row of the band in the image.
    public let y: Int
    /// The rows, as wide as the image.
    public let pixels: TIFFPixels
}
