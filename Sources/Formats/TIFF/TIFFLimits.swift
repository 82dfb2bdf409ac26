/// How much memory and work a file may ask for, compared before anything is allocated.
///
/// A TIFF of a few hundred bytes can announce gigabytes: missing tiles cost no bytes at all.
public struct TIFFLimits: Hashable, Sendable {
    /// The most pixels of one image, width × height.
    public var pixels: Int
    /// The most bytes of decoded samples one read may return.
    public var bytes: Int
    /// The most bytes of one tile or strip, decoded or as stored; also the C library's largest single allocation.
    ///
    /// Taller strips are decoded row by row, except where samples are stored in separate planes.
    public var blockBytes: Int
    /// The most directories (images) of a file.
    public var directories: Int

    /// Makes limits.
    ///
    /// - Parameters:
    ///   - pixels: The most pixels of one image; 64 Gpx unless told, three times the largest Camelyon slide.
    ///   - bytes: The most bytes one read may return; 4 GiB unless told.
    ///   - blockBytes: The most bytes of one tile or strip; 256 MiB unless told.
    ///   - directories: The most directories; 1024 unless told.
    public init(
        pixels: Int = 1 << 36, bytes: Int = 4 << 30, blockBytes: Int = 256 << 20,
        directories: Int = 1024
    ) {
        precondition(
            pixels > 0 && bytes > 0 && blockBytes > 0 && directories > 0,
            "limits of a TIFF must be positive")
        self.pixels = pixels
        self.bytes = bytes
        self.blockBytes = blockBytes
        self.directories = directories
    }

    /// 64 Gpx, 4 GiB per read, 256 MiB per tile, 1024 directories.
    public static let standard = TIFFLimits()

    /// The longest side; libtiff counts rows in 32 bits.
    static let largestSide = 0x7fff_ffff
    /// The most samples per pixel.
    static let samplesPerPixel = 1024
    /// Strips with more decoded bytes are read row by row.
    static let tallStripBytes = 16 << 20

    /// A product of counts, or `nil` when it overflows or a factor is negative.
    static func product(_ factors: Int...) -> Int? {
        var total = 1
        for factor in factors {
            guard factor >= 0 else { return nil }
            let (next, overflow) = total.multipliedReportingOverflow(by: factor)
            guard !overflow else { return nil }
            total = next
        }
        return total
    }
}
