/// A decoded picture, 8 bits per sample.
///
/// Rows run from the top as stored, the samples of a pixel stand next to each other, without padding: sample `c` at (x, y)
/// is number `(y * width + x) * components + c`.
public struct JPEGPicture: Hashable, Sendable {
    /// The number of columns, at least 1.
    public let width: Int
    /// The number of rows, at least 1.
    public let height: Int
    /// The samples per pixel: 1 for grey, 3 for red, green and blue.
    public let components: Int
    /// The samples, row by row from the top.
    public let samples: [UInt8]

    /// Makes a picture from samples.
    ///
    /// - Parameters:
    ///   - width: The number of columns; 1 to 65,500.
    ///   - height: The number of rows; 1 to 65,500.
    ///   - components: 1 for grey, 3 for RGB.
    ///   - samples: Exactly width × height × components samples.
    /// - Throws: ``JPEGError/unwritable(found:expected:)`` when they do not fit together.
    public init(width: Int, height: Int, components: Int, samples: [UInt8]) throws(JPEGError) {
        let sides = 1...JPEGLimits.largestSide
        guard sides.contains(width), sides.contains(height), components == 1 || components == 3,
            samples.count == width * height * components
        else {
            throw .unwritable(
                found: "\(samples.count) samples for \(width) x \(height) x \(components)",
                expected:
                    "sides of 1 to \(JPEGLimits.largestSide), 1 or 3 components and their product"
            )
        }
        self.width = width
        self.height = height
        self.components = components
        self.samples = samples
    }
}
