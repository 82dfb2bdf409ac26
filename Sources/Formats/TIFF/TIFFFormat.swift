/// What a TIFF that is to be written looks like.
public struct TIFFFormat: Hashable, Sendable {
    /// How an image is cut into pieces that are compressed on their own.
    public enum Layout: Hashable, Sendable {
        /// Tiles of this many columns and rows, each a multiple of 16.
        case tiles(width: Int, height: Int)
        /// Strips of this many full rows.
        case strips(rows: Int)
    }

    /// The number of columns.
    public var width: Int
    /// The number of rows.
    public var height: Int
    /// 1 for grey, masks and label maps; 3 for RGB; other numbers are written as grey with extra samples.
    public var samplesPerPixel: Int
    /// The type of the samples; RGB of 8 or 16 bits.
    public var sampleType: TIFFSampleType
    /// How the image is cut.
    public var layout: Layout
    /// `none`, `lzw` or `deflate`.
    public var compression: TIFFCompression
    /// The pixel size to store; none unless told.
    public var pixelSize: TIFFDirectory.PixelSize?
    /// Whether to use 64-bit offsets; `nil` decides by the size before compression.
    public var isBigTIFF: Bool?

    /// Describes a TIFF.
    ///
    /// - Parameters:
    ///   - width: The number of columns.
    ///   - height: The number of rows.
    ///   - samplesPerPixel: 1 for grey, 3 for RGB.
    ///   - sampleType: The type of the samples.
    ///   - layout: How the image is cut; tiles of 512 x 512 unless told.
    ///   - compression: `none`, `lzw` or `deflate`.
    ///   - pixelSize: The pixel size to store.
    ///   - isBigTIFF: Whether to use 64-bit offsets; decided by the size unless told.
    public init(
        width: Int, height: Int, samplesPerPixel: Int = 1, sampleType: TIFFSampleType = .uint8,
        layout: Layout = .tiles(width: 512, height: 512), compression: TIFFCompression = .deflate,
        pixelSize: TIFFDirectory.PixelSize? = nil, isBigTIFF: Bool? = nil
    ) {
        self.width = width
        self.height = height
        self.samplesPerPixel = samplesPerPixel
        self.sampleType = sampleType
        self.layout = layout
        self.compression = compression
        self.pixelSize = pixelSize
        self.isBigTIFF = isBigTIFF
    }

    var blockWidth: Int {
        if case .tiles(let width, _) = layout { width } else { width }
    }

    var blockHeight: Int {
        switch layout {
        case .tiles(_, let height): height
        case .strips(let rows): min(rows, height)
        }
    }

    var isTiled: Bool { if case .tiles = layout { true } else { false } }

    /// Compares everything with what the format can express; the bytes before compression.
    func check(_ file: String) throws(TIFFError) -> Int {
        func misuse(_ found: String, _ expected: String) -> TIFFError {
            TIFFError(.misuse, file: file, place: "format", found: found, expected: expected)
        }
        let sides = 1...TIFFLimits.largestSide
        guard sides.contains(width), sides.contains(height),
            (1...TIFFLimits.samplesPerPixel).contains(samplesPerPixel),
            let bytes = TIFFLimits.product(width, height, samplesPerPixel, sampleType.bytes)
        else {
            throw misuse(
                "\(width) x \(height) pixels of \(samplesPerPixel) samples",
                "sides of 1 to \(TIFFLimits.largestSide), 1 to \(TIFFLimits.samplesPerPixel) samples"
            )
        }
        switch layout {
        case .tiles(let width, let height):
            guard width > 0, height > 0, width % 16 == 0, height % 16 == 0,
                max(width, height) <= 1 << 20
            else { throw misuse("tiles of \(width) x \(height)", "multiples of 16 up to 2^20") }
        case .strips(let rows):
            guard rows > 0 else { throw misuse("strips of \(rows) rows", "1 or more") }
        }
        guard
            let block = TIFFLimits.product(
                blockWidth, blockHeight, samplesPerPixel, sampleType.bytes),
            block <= TIFFLimits.standard.blockBytes
        else {
            throw misuse(
                "tiles or strips of \(blockWidth) x \(blockHeight) pixels",
                "at most \(TIFFLimits.standard.blockBytes) bytes each; choose smaller ones")
        }
        guard [.none, .lzw, .deflate].contains(compression) else {
            throw misuse("\(compression)", "no compression, LZW or deflate")
        }
        if let pixelSize {
            guard pixelSize.x > 0, pixelSize.y > 0, pixelSize.x.isFinite, pixelSize.y.isFinite
            else {
                throw misuse("pixels of \(pixelSize.x) x \(pixelSize.y) µm", "more than 0")
            }
        }
        return bytes
    }
}
