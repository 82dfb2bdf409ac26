/// A rectangle of a slide: red, green and blue of 8 bits each.
///
/// Rows run from the top, the samples of a pixel stand next to each other, without padding: channel `c` at (x, y) is number
/// `(y * width + x) * 3 + c`.
public struct RGBPixels: Hashable, Sendable {
    /// The number of columns.
    public let width: Int
    /// The number of rows.
    public let height: Int
    /// Width × height × 3 samples, row by row from the top.
    public let samples: [UInt8]

    /// Makes a rectangle.
    ///
    /// - Parameters:
    ///   - width: The number of columns; 0 or more.
    ///   - height: The number of rows; 0 or more.
    ///   - samples: Exactly width × height × 3 samples.
    public init(width: Int, height: Int, samples: [UInt8]) {
        precondition(
            width >= 0 && height >= 0 && samples.count == width * height * 3,
            "samples must fill the rectangle")
        self.width = width
        self.height = height
        self.samples = samples
    }
}

/// One colour, for what the scanner did not store.
public struct RGBColour: Hashable, Sendable {
    /// Red, 0 to 255.
    public let red: UInt8
    /// Green, 0 to 255.
    public let green: UInt8
    /// Blue, 0 to 255.
    public let blue: UInt8

    /// Makes a colour.
    ///
    /// - Parameters:
    ///   - red: Red, 0 to 255.
    ///   - green: Green, 0 to 255.
    ///   - blue: Blue, 0 to 255.
    public init(red: UInt8, green: UInt8, blue: UInt8) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    /// Empty glass.
    public static let white = RGBColour(red: 255, green: 255, blue: 255)
}

/// What reading a rectangle met.
public struct SlideReadCounts: Hashable, Sendable {
    /// The tiles or strips under the rectangle.
    public var tiles = 0
    /// Those of them the file does not store; their pixels are background.
    public var missingTiles = 0
    /// Pixels of the rectangle that lie outside the slide; they are background.
    public var outsidePixels = 0

    /// Makes counts of nothing.
    public init() {}

    static func += (total: inout SlideReadCounts, part: SlideReadCounts) {
        total.tiles += part.tiles
        total.missingTiles += part.missingTiles
        total.outsidePixels += part.outsidePixels
    }
}
