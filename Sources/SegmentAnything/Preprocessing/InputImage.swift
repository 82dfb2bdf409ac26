import MedicalImaging

/// A picture to segment: 8 bits, grey or red, green and blue.
public struct InputImage: Hashable, Sendable {
    /// Number of rows and columns.
    public let size: SliceSize
    /// Values of a pixel: 1 for grey, 3 for red, green and blue.
    public let channels: Int
    /// The values, row by row, channels fastest.
    public let samples: [UInt8]

    /// Makes a colour picture.
    ///
    /// - Parameters:
    ///   - rows: Number of rows.
    ///   - columns: Number of columns.
    ///   - samples: `rows * columns * 3` values, row by row, red, green and blue of each pixel.
    public init(rows: Int, columns: Int, rgb samples: [UInt8]) {
        precondition(
            samples.count == rows * columns * 3, "samples do not fill the picture")
        size = SliceSize(rows: rows, columns: columns)
        channels = 3
        self.samples = samples
    }

    /// Makes a grey picture; all three colours are the same.
    ///
    /// - Parameter slice: Grey values, such as those of a windowed CT slice.
    public init(grey slice: Slice<UInt8>) {
        size = slice.size
        channels = 1
        samples = slice.samples
    }
}
