/// What the first chunk of a PNG announces.
public struct PNGHeader: Hashable, Sendable {
    /// How the samples of a PNG are to be understood.
    public enum Colour: UInt8, Hashable, Sendable {
        /// One grey sample per pixel.
        case grey = 0
        /// Red, green and blue.
        case rgb = 2
        /// One index into a palette of RGB colours.
        case palette = 3
        /// Grey and alpha.
        case greyAlpha = 4
        /// Red, green, blue and alpha.
        case rgba = 6

        /// The samples per pixel as stored; a palette index counts as one.
        public var channels: Int {
            switch self {
            case .grey, .palette: 1
            case .greyAlpha: 2
            case .rgb: 3
            case .rgba: 4
            }
        }

        var depths: [Int] {
            switch self {
            case .grey: [1, 2, 4, 8, 16]
            case .palette: [1, 2, 4, 8]
            case .rgb, .greyAlpha, .rgba: [8, 16]
            }
        }
    }

    /// The number of columns, 1 to 2³¹ − 1.
    public let width: Int
    /// The number of rows, 1 to 2³¹ − 1.
    public let height: Int
    /// The bits of a stored sample: 1, 2, 4, 8 or 16.
    public let bitDepth: Int
    /// The meaning of the stored samples.
    public let colour: Colour
    /// Whether the rows are stored in the seven passes of Adam7.
    public let isInterlaced: Bool

    /// The longest side the format can express.
    static let largestSide = 0x7fff_ffff

    /// The fewest bytes the picture takes once inflated; interlacing and filters only add to it.
    ///
    /// `nil` when the product overflows.
    var rawBytes: Int? {
        // Width < 2^31 times at most 64 bits stays far below 2^63.
        let row = (width * bitDepth * colour.channels + 7) / 8
        let (total, overflow) = row.multipliedReportingOverflow(by: height)
        return overflow ? nil : total
    }

    /// Reads the 13 bytes of an IHDR chunk.
    init(_ data: ArraySlice<UInt8>, file: String) throws(PNGError) {
        let start = data.startIndex
        func fail(_ offset: Int, _ found: String, _ expected: String) -> PNGError {
            .damaged(file: file, offset: start + offset, found: found, expected: expected)
        }
        guard data.count == 13 else {
            throw fail(0, "a header of \(data.count) bytes", "13")
        }
        let width = Int(PNGChunks.bigEndian(data, at: start))
        let height = Int(PNGChunks.bigEndian(data, at: start + 4))
        guard (1...Self.largestSide).contains(width), (1...Self.largestSide).contains(height) else {
            throw fail(0, "\(width) x \(height) pixels", "sides of 1 to \(Self.largestSide)")
        }
        guard let colour = Colour(rawValue: data[start + 9]) else {
            throw fail(9, "colour type \(data[start + 9])", "0, 2, 3, 4 or 6")
        }
        let depth = Int(data[start + 8])
        guard colour.depths.contains(depth) else {
            throw fail(
                8, "bit depth \(depth) for colour type \(colour.rawValue)", "\(colour.depths)")
        }
        guard data[start + 10] == 0, data[start + 11] == 0, data[start + 12] <= 1 else {
            throw fail(
                10, "methods \(data[start + 10]), \(data[start + 11]), \(data[start + 12])",
                "compression 0, filter 0, interlace 0 or 1")
        }
        self.width = width
        self.height = height
        self.bitDepth = depth
        self.colour = colour
        self.isInterlaced = data[start + 12] == 1
    }
}

extension PNG {
    /// Reads only the header of a PNG.
    ///
    /// The pixels may be missing; the 33 bytes of signature and header are enough.
    ///
    /// - Parameters:
    ///   - bytes: The file, or its start.
    ///   - name: What error messages call the file.
    /// - Returns: The header.
    /// - Throws: ``PNGError`` when the bytes are no PNG or the header is damaged.
    public static func header(
        of bytes: [UInt8], named name: String = "PNG data"
    ) throws(PNGError) -> PNGHeader {
        var chunks = try PNGChunks(bytes, file: name)
        return try chunks.header()
    }
}
