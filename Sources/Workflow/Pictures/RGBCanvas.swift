/// A picture in memory that things are drawn on.
///
/// Pixels are counted from the top left, x to the right and y down. Whatever falls outside is cut off.
/// All arithmetic is on whole numbers, so the same calls give the same pixels on every machine.
public struct RGBCanvas: Hashable, Sendable {
    /// The number of columns.
    public let width: Int
    /// The number of rows.
    public let height: Int
    /// Red, green and blue of every pixel, row by row: `width * height * 3` bytes.
    public private(set) var pixels: [UInt8]

    /// Makes a canvas of one colour.
    ///
    /// - Parameters:
    ///   - width: The number of columns, 1 or more.
    ///   - height: The number of rows, 1 or more.
    ///   - color: The colour of every pixel.
    public init(width: Int, height: Int, color: RGBColor) {
        precondition(width > 0 && height > 0, "a canvas needs at least one pixel")
        self.width = width
        self.height = height
        pixels = [UInt8](unsafeUninitializedCapacity: width * height * 3) { buffer, count in
            count = width * height * 3
            for start in stride(from: 0, to: count, by: 3) {
                buffer[start] = color.red
                buffer[start + 1] = color.green
                buffer[start + 2] = color.blue
            }
        }
    }

    /// The colour of a pixel.
    ///
    /// - Parameters:
    ///   - x: The column, inside the canvas.
    ///   - y: The row, inside the canvas.
    /// - Returns: The colour.
    public func color(x: Int, y: Int) -> RGBColor {
        precondition(contains(x: x, y: y), "pixel (\(x), \(y)) is outside the canvas")
        let start = (y * width + x) * 3
        return RGBColor(red: pixels[start], green: pixels[start + 1], blue: pixels[start + 2])
    }

    /// Mixes a colour into a pixel.
    ///
    /// - Parameters:
    ///   - color: The colour.
    ///   - x: The column; nothing happens outside the canvas.
    ///   - y: The row; nothing happens outside the canvas.
    ///   - opacity: 0 leaves the pixel, 255 replaces it.
    public mutating func blend(_ color: RGBColor, x: Int, y: Int, opacity: Int = 255) {
        guard contains(x: x, y: y) else { return }
        let start = (y * width + x) * 3
        pixels[start] = Self.mix(pixels[start], color.red, opacity)
        pixels[start + 1] = Self.mix(pixels[start + 1], color.green, opacity)
        pixels[start + 2] = Self.mix(pixels[start + 2], color.blue, opacity)
    }

    /// Fills a rectangle.
    ///
    /// - Parameters:
    ///   - x: Its first column.
    ///   - y: Its first row.
    ///   - width: Its columns; none or fewer draw nothing.
    ///   - height: Its rows; none or fewer draw nothing.
    ///   - color: The colour.
    ///   - opacity: 0 leaves the pixels, 255 replaces them.
    public mutating func fillRectangle(
        x: Int, y: Int, width: Int, height: Int, color: RGBColor, opacity: Int = 255
    ) {
        for row in max(y, 0)..<max(max(y, 0), min(y + height, self.height)) {
            for column in max(x, 0)..<max(max(x, 0), min(x + width, self.width)) {
                blend(color, x: column, y: row, opacity: opacity)
            }
        }
    }

    /// Copies a grey picture whose window is already applied.
    ///
    /// - Parameters:
    ///   - grey: The samples, row by row; exactly `width * height` of them.
    ///   - width: The columns of the picture.
    ///   - height: The rows of the picture.
    ///   - x: Where its first column goes.
    ///   - y: Where its first row goes.
    public mutating func drawGrey(_ grey: [UInt8], width: Int, height: Int, x: Int, y: Int) {
        drawChannels([grey], width: width, height: height, x: x, y: y)
    }

    /// Copies a picture of one or three channels.
    ///
    /// - Parameters:
    ///   - channels: Grey values, or red, green and blue; each exactly `width * height`, row by row.
    ///   - width: The columns of the picture.
    ///   - height: The rows of the picture.
    ///   - x: Where its first column goes.
    ///   - y: Where its first row goes.
    public mutating func drawChannels(
        _ channels: [[UInt8]], width: Int, height: Int, x: Int, y: Int
    ) {
        precondition(
            channels.count == 1 || channels.count == 3, "a picture has one channel or three")
        precondition(
            channels.allSatisfy { $0.count == width * height },
            "a picture needs width x height samples in every channel")
        for row in 0..<height where (0..<self.height).contains(y + row) {
            for column in 0..<width where (0..<self.width).contains(x + column) {
                let start = ((y + row) * self.width + x + column) * 3
                for n in 0..<3 {
                    pixels[start + n] = channels[n % channels.count][row * width + column]
                }
            }
        }
    }

    func contains(x: Int, y: Int) -> Bool {
        x >= 0 && y >= 0 && x < width && y < height
    }

    private static func mix(_ below: UInt8, _ above: UInt8, _ opacity: Int) -> UInt8 {
        UInt8(clamping: (Int(below) * (255 - opacity) + Int(above) * opacity + 127) / 255)
    }
}
