import JPEGCodec
import TIFF

/// How much memory a slide may ask for, compared before anything is allocated.
public struct SlideLimits: Hashable, Sendable {
    /// The limits of the TIFF underneath.
    public var tiff: TIFFLimits
    /// The most bytes of one decoded tile, as RGB.
    public var tileBytes: Int
    /// The most bytes one read may return.
    public var readBytes: Int

    /// Makes limits.
    ///
    /// - Parameters:
    ///   - tiff: The limits of the TIFF underneath.
    ///   - tileBytes: The most bytes of one decoded tile; 64 MiB unless told.
    ///   - readBytes: The most bytes one read may return; 2 GiB unless told.
    public init(
        tiff: TIFFLimits = .standard, tileBytes: Int = 64 << 20, readBytes: Int = 2 << 30
    ) {
        precondition(tileBytes > 0 && readBytes > 0, "limits of a slide must be positive")
        self.tiff = tiff
        self.tileBytes = tileBytes
        self.readBytes = readBytes
    }

    /// 64 MiB per tile, 2 GiB per read.
    public static let standard = SlideLimits()
}

/// How a slide is opened.
public struct WholeSlideOptions: Sendable {
    /// How much memory the slide may ask for.
    public var limits: SlideLimits
    /// What pixels get that the file does not store or that lie outside.
    public var background: RGBColour
    /// Where decoded tiles are kept; give slides the same cache to bound them together.
    public var cache: TileCache
    /// The level-0 pixel size in micrometres, across and down, when the caller knows better than the file.
    public var pixelSize: (x: Double, y: Double)?
    /// What the JPEG tiles of colour images hold, `rgb` or `yCbCr`, when the caller knows better than the file.
    ///
    /// Some converted slides call plain RGB YCbCr; every reader then shows wrong colours, and nothing in the file tells.
    public var jpegColour: JPEGColour?

    /// Makes options.
    ///
    /// - Parameters:
    ///   - limits: How much memory the slide may ask for.
    ///   - background: What pixels get that the file does not store; white unless told.
    ///   - cache: Where decoded tiles are kept; one of its own of 256 MiB unless told.
    ///   - pixelSize: The level-0 pixel size in micrometres; from the file unless told.
    ///   - jpegColour: What the JPEG tiles of colour images hold; what the file says unless told.
    public init(
        limits: SlideLimits = .standard, background: RGBColour = .white,
        cache: TileCache = TileCache(), pixelSize: (x: Double, y: Double)? = nil,
        jpegColour: JPEGColour? = nil
    ) {
        self.limits = limits
        self.background = background
        self.cache = cache
        self.pixelSize = pixelSize
        self.jpegColour = jpegColour
    }
}
