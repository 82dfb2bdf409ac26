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
    /// `none`, `lzw`, `deflate`, or `jpeg` for grey and RGB of 8 bits.
    ///
    /// RGB is kept as JPEG in YCbCr with colour differences for every second pixel both ways, and one set of tables.
    public var compression: TIFFCompression
    /// The quality of JPEG, 1 to 100.
    public var jpegQuality = 80
    /// The pixel size to store; none unless told.
    public var pixelSize: TIFFDirectory.PixelSize?
    /// Whether to use 64-bit offsets; `nil` decides by the size before compression.
    public var isBigTIFF: Bool?
    /// The text of the ImageDescription tag; none unless set.
    public var imageDescription: String?
    /// The NewSubfileType tag: 1 marks a smaller version of another image; written unless 0.
    public var subfileType = 0

    /// Describes a TIFF.
    ///
    /// - Parameters:
    ///   - width: The number of columns.
    ///   - height: The number of rows.
    ///   - samplesPerPixel: 1 for grey, 3 for RGB.
    ///   - sampleType: The type of the samples.
    ///   - layout: How the image is cut; tiles of 512 x 512 unless told.
    ///   - compression: `none`, `lzw`, `deflate` or `jpeg`.
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
        guard [.none, .lzw, .deflate, .jpeg].contains(compression) else {
            throw misuse("\(compression)", "no compression, LZW, deflate or JPEG")
        }
        if compression == .jpeg {
            guard sampleType == .uint8, samplesPerPixel == 1 || samplesPerPixel == 3 else {
                throw misuse(
                    "JPEG of \(samplesPerPixel) \(sampleType.rawValue) samples", "1 or 3 of uint8")
            }
            guard (1...100).contains(jpegQuality) else {
                throw misuse("JPEG of quality \(jpegQuality)", "1 to 100")
            }
            guard max(blockWidth, blockHeight) <= 65_500 else {
                throw misuse("JPEG of \(blockWidth) x \(blockHeight)", "sides up to 65500")
            }
            if case .strips(let rows) = layout, rows < height {
                guard rows % 16 == 0 else {
                    throw misuse("JPEG strips of \(rows) rows", "a multiple of 16")
                }
            }
        }
        if let text = imageDescription {
            guard !text.utf8.contains(0), text.utf8.count <= 1 << 20 else {
                throw misuse(
                    "a description of \(text.utf8.count) bytes", "at most 2^20, none of them 0")
            }
        }
        if let pixelSize {
            guard pixelSize.x > 0, pixelSize.y > 0, pixelSize.x.isFinite, pixelSize.y.isFinite
            else {
                throw misuse("pixels of \(pixelSize.x) x \(pixelSize.y) µm", "more than 0")
            }
        }
        return bytes
    }

    /// Compares rows that are to be written with the format and with what is still missing.
    func check(_ pixels: TIFFPixels, after rows: Int, file: String) throws(TIFFError) {
        guard pixels.width == width, pixels.samplesPerPixel == samplesPerPixel,
            pixels.samples.type == sampleType, pixels.height <= height - rows
        else {
            throw TIFFError(
                .misuse, file: file, place: "row \(rows)",
                found:
                    "\(pixels.width) x \(pixels.height) pixels of \(pixels.samplesPerPixel) "
                    + "\(pixels.samples.type.rawValue) samples",
                expected:
                    "at most \(height - rows) rows of \(width) pixels of "
                    + "\(samplesPerPixel) \(sampleType.rawValue) samples")
        }
    }
}
