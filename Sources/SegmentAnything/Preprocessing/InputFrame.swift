import MedicalImaging

/// Where a picture lies in the square input of the model: resized so that its longer side fills the square, at the top left.
///
/// - Units: pixels. Coordinates are pixel indices, x to the right and y down.
/// - Source: `ResizeLongestSide` of Segment Anything.
public struct InputFrame: Hashable, Sendable, Codable {
    /// The picture as the user has it.
    public let original: SliceSize
    /// The picture after resizing.
    public let resized: SliceSize
    /// Side of the model's square input.
    public let modelSize: Int

    /// The frame of a picture.
    ///
    /// - Parameters:
    ///   - original: Size of the picture.
    ///   - modelSize: Side of the model's square input, at least 1.
    /// - Throws: ``SAMError/image(_:)`` when the picture has no pixels, or is so thin that none are left after resizing.
    public init(original: SliceSize, modelSize: Int) throws(SAMError) {
        precondition(modelSize > 0, "a model without input")
        guard !original.isEmpty else { throw .image("found \(original) pixels, expected some") }
        let resized = original.longestSide(modelSize)
        guard !resized.isEmpty else {
            throw .image(
                "\(original) pixels become \(resized) for a model input of \(modelSize), expected at least 1 "
                    + "on each side; cut the picture into pieces that are less thin")
        }
        self.original = original
        self.resized = resized
        self.modelSize = modelSize
    }

    /// A position of the picture in the model's input.
    ///
    /// Each axis is scaled by the ratio of the sizes after rounding, in Double, as the reference does.
    ///
    /// - Parameters:
    ///   - x: Column, in pixels of the picture.
    ///   - y: Line, in pixels of the picture.
    /// - Returns: The same place in pixels of the model input.
    public func modelPosition(x: Double, y: Double) -> (x: Double, y: Double) {
        (
            x * (Double(resized.columns) / Double(original.columns)),
            y * (Double(resized.rows) / Double(original.rows))
        )
    }

    /// A point of the picture as the prompt encoder takes it.
    ///
    /// - Parameter point: In pixels of the picture.
    /// - Returns: The point in pixels of the model input, coordinates rounded to Float once.
    public func modelPoint(_ point: PointPrompt) -> EncoderPrompt.Point {
        let (x, y) = modelPosition(x: Double(point.x), y: Double(point.y))
        return EncoderPrompt.Point(
            x: Float(x), y: Float(y), label: point.isForeground ? .foreground : .background)
    }

    /// A box of the picture as the prompt encoder takes it.
    ///
    /// - Parameter box: In pixels of the picture.
    /// - Returns: The box in pixels of the model input, coordinates rounded to Float once.
    public func modelBox(_ box: BoxPrompt) -> BoxPrompt {
        let first = modelPosition(x: Double(box.x0), y: Double(box.y0))
        let last = modelPosition(x: Double(box.x1), y: Double(box.y1))
        return BoxPrompt(
            x0: Float(first.x), y0: Float(first.y), x1: Float(last.x), y1: Float(last.y))
    }

    private enum CodingKeys: String, CodingKey { case originalSize, modelSize }

    /// Reads a frame: `originalSize` (rows, columns) and `modelSize`.
    ///
    /// - Parameter decoder: Where it is read from.
    /// - Throws: `DecodingError` when the numbers are not sizes.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let size = try container.decode([Int].self, forKey: .originalSize)
        let modelSize = try container.decode(Int.self, forKey: .modelSize)
        guard size.count == 2, size.allSatisfy({ 0...Self.largestSide ~= $0 }),
            1...Self.largestSide ~= modelSize
        else {
            throw DecodingError.dataCorruptedError(
                forKey: .originalSize, in: container,
                debugDescription: "sizes \(size) and \(modelSize) are not those of pictures")
        }
        try self.init(original: SliceSize(rows: size[0], columns: size[1]), modelSize: modelSize)
    }

    /// Writes a frame: `originalSize` (rows, columns) and `modelSize`; the rest follows from them.
    ///
    /// - Parameter encoder: Where it is written to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode([original.rows, original.columns], forKey: .originalSize)
        try container.encode(modelSize, forKey: .modelSize)
    }

    /// The longest side that is read: products of two fit in 64 bits.
    private static let largestSide = 1 << 24
}
