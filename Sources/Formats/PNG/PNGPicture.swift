/// A rectangle of samples: grey, RGB or RGBA with 8 bits each, or grey or RGB with 16.
///
/// Rows run from the top, samples of a pixel stand next to each other, without padding:
/// the sample of channel `c` at (x, y) is number `(y * width + x) * channels + c`.
public struct PNGPicture: Hashable, Sendable {
    /// The samples of a picture, in one of the two widths a PNG keeps them in.
    public enum Samples: Hashable, Sendable {
        /// Samples of 8 bits, 0...255.
        case bytes([UInt8])
        /// Samples of 16 bits, 0...65535.
        case words([UInt16])

        /// How many samples there are.
        public var count: Int {
            switch self {
            case .bytes(let values): values.count
            case .words(let values): values.count
            }
        }
    }

    /// The number of columns, at least 1.
    public let width: Int
    /// The number of rows, at least 1.
    public let height: Int
    /// The samples per pixel: 1 grey, 3 RGB, 4 RGB and alpha.
    public let channels: Int
    /// The samples, row by row from the top.
    public let samples: Samples

    /// Makes a picture from samples.
    ///
    /// - Parameters:
    ///   - width: The number of columns; 1 or more.
    ///   - height: The number of rows; 1 or more.
    ///   - channels: 1 for grey, 3 for RGB, 4 for RGBA (8 bits only).
    ///   - samples: Exactly width × height × channels samples.
    /// - Throws: ``PNGError/unwritable(found:expected:)`` when they do not fit together; a PNG has no empty picture.
    public init(width: Int, height: Int, channels: Int, samples: Samples) throws(PNGError) {
        guard (1...PNGHeader.largestSide).contains(width),
            (1...PNGHeader.largestSide).contains(height)
        else {
            throw .unwritable(
                found: "\(width) x \(height) pixels",
                expected: "sides of 1 to \(PNGHeader.largestSide)")
        }
        let isWide = if case .words = samples { true } else { false }
        guard channels == 1 || channels == 3 || (channels == 4 && !isWide) else {
            throw .unwritable(
                found: "\(channels) channels of \(isWide ? 16 : 8) bits",
                expected: "1 or 3 channels, or 4 of 8 bits")
        }
        // At most 2^31 * 2^31 * 4 would overflow; the sides of real pictures do not.
        let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
        let (count, overflowToo) = pixels.multipliedReportingOverflow(by: channels)
        guard !overflow, !overflowToo, samples.count == count else {
            throw .unwritable(
                found: "\(samples.count) samples", expected: "\(width) x \(height) x \(channels)")
        }
        self.width = width
        self.height = height
        self.channels = channels
        self.samples = samples
    }

    /// The bits per sample, 8 or 16.
    public var bitDepth: Int {
        switch samples {
        case .bytes: 8
        case .words: 16
        }
    }

    /// The samples when they have 8 bits, else `nil`.
    public var bytes: [UInt8]? {
        if case .bytes(let values) = samples { values } else { nil }
    }

    /// The samples when they have 16 bits, else `nil`.
    public var words: [UInt16]? {
        if case .words(let values) = samples { values } else { nil }
    }
}
