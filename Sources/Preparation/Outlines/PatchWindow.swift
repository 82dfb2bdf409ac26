/// A rectangle of stored pixels over a plane of level-0 coordinates.
///
/// The pixel in column `i`, row `j` of the window covers the level-0 square from `origin + (x + i, y + j) * downsample`, one
/// `downsample` wide; its centre is half a downsample further.
///
/// Windows with the same origin and downsample lie on one grid: masks made window by window are the mask made whole.
public struct PatchWindow: Hashable, Sendable {
    /// First column on the grid; may be negative.
    public var x: Int
    /// First row on the grid; may be negative.
    public var y: Int
    /// Number of columns.
    public var width: Int
    /// Number of rows.
    public var height: Int
    /// Level-0 pixels per stored pixel, to the right.
    public var downsampleX: Double
    /// Level-0 pixels per stored pixel, down.
    public var downsampleY: Double
    /// Level-0 position of the left side of column 0 of the grid.
    public var originX: Double
    /// Level-0 position of the upper side of row 0 of the grid.
    public var originY: Double

    /// Makes a window on the grid that starts at level-0 position (0, 0).
    ///
    /// - Parameters:
    ///   - x: First column on the grid, in stored pixels.
    ///   - y: First row on the grid, in stored pixels.
    ///   - width: Number of columns.
    ///   - height: Number of rows.
    ///   - downsample: Level-0 pixels per stored pixel, 2⁻⁸...2²⁰.
    public init(x: Int = 0, y: Int = 0, width: Int, height: Int, downsample: Double = 1) {
        self.init(
            x: x, y: y, width: width, height: height, downsampleX: downsample,
            downsampleY: downsample)
    }

    /// Makes a window on any grid.
    ///
    /// - Parameters:
    ///   - x: First column on the grid, in stored pixels, at most 2⁴⁰ from 0.
    ///   - y: First row on the grid, in stored pixels, at most 2⁴⁰ from 0.
    ///   - width: Number of columns, below 2³¹.
    ///   - height: Number of rows, below 2³¹.
    ///   - downsampleX: Level-0 pixels per stored pixel to the right, 2⁻⁸...2²⁰.
    ///   - downsampleY: Level-0 pixels per stored pixel down, 2⁻⁸...2²⁰.
    ///   - originX: Level-0 position of the left side of column 0, at most 2³² from 0.
    ///   - originY: Level-0 position of the upper side of row 0, at most 2³² from 0.
    public init(
        x: Int, y: Int, width: Int, height: Int, downsampleX: Double, downsampleY: Double,
        originX: Double = 0, originY: Double = 0
    ) {
        self.x = x
        self.y = y
        self.width = width
        self.height = height
        self.downsampleX = downsampleX
        self.downsampleY = downsampleY
        self.originX = originX
        self.originY = originY
    }

    /// Makes a patch that starts at a level-0 pixel, on a grid of its own.
    ///
    /// - Parameters:
    ///   - levelZeroX: Level-0 column of the patch's upper left corner.
    ///   - levelZeroY: Level-0 row of the patch's upper left corner.
    ///   - width: Number of stored columns.
    ///   - height: Number of stored rows.
    ///   - downsampleX: Level-0 pixels per stored pixel, to the right.
    ///   - downsampleY: Level-0 pixels per stored pixel, down.
    public init(
        levelZeroX: Int, levelZeroY: Int, width: Int, height: Int, downsampleX: Double = 1,
        downsampleY: Double = 1
    ) {
        self.init(
            x: 0, y: 0, width: width, height: height, downsampleX: downsampleX,
            downsampleY: downsampleY, originX: Double(levelZeroX), originY: Double(levelZeroY))
    }

    /// Number of pixels.
    public var area: Int { width * height }

    /// Whether all numbers lie within the limits of the initialiser.
    var isValid: Bool {
        let scales = 0x1p-8...0x1p20
        let origins = -0x1p32...0x1p32
        let places = -(1 << 40)...(1 << 40)
        let sizes = 0..<(1 << 31)
        return scales.contains(downsampleX) && scales.contains(downsampleY)
            && origins.contains(originX) && origins.contains(originY)
            && places.contains(x) && places.contains(y)
            && sizes.contains(width) && sizes.contains(height)
    }
}
