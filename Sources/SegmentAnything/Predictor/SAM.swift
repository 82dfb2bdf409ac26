import Tensors

/// A Segment Anything model: embeds a picture once, then answers any number of prompts about it.
///
/// ```swift
/// let model = try SAM(configuration: .vitB, source: checkpoint)
/// let picture = try model.encode(InputImage(rows: 512, columns: 512, rgb: pixels))
/// let masks = try picture.predict(.box(BoxPrompt(x0: 40, y0: 40, x1: 200, y1: 180)))
/// ```
///
/// - Source: Kirillov et al., "Segment Anything", ICCV 2023.
public struct SAM: Sendable {
    /// The architecture.
    public let configuration: SAMConfiguration
    /// Turns the prepared picture into its embedding.
    public let imageEncoder: any ImageEncoder
    /// Turns prompts into tokens.
    public let promptEncoder: PromptEncoder
    /// Turns tokens and embedding into masks.
    public let maskDecoder: MaskDecoder
    /// What did not fit when the weights were read; nothing fatal, at most unused tensors.
    public let report: WeightReader.Report

    /// Makes a model from weights.
    ///
    /// - Complexity: reads all tensors; the decoder keeps its own in the order in which it needs them.
    /// - Parameters:
    ///   - configuration: The architecture.
    ///   - source: Where the tensors come from.
    ///   - imageEncoder: Makes the image encoder from the tensors under `image_encoder.`.
    /// - Throws: ``SAMError/configuration(_:)`` for an architecture that is not possible, ``SAMError/weights(_:)`` with everything that is
    ///   missing, unused or of another shape, ``SAMError/source(_:)`` when a tensor cannot be read.
    public init(
        configuration: SAMConfiguration, source: any TensorSource,
        imageEncoder: (WeightReader) throws -> any ImageEncoder
    ) throws(SAMError) {
        try configuration.validateDecoder()
        let weights = WeightReader(source)
        let encoder: any ImageEncoder
        do {
            encoder = try imageEncoder(weights)
        } catch let error as SAMError {
            throw error
        } catch {
            throw .source(error)
        }
        self.imageEncoder = encoder
        self.configuration = configuration
        promptEncoder = PromptEncoder(
            configuration: configuration.decoder, imageSize: configuration.imageSize,
            weights: weights)
        maskDecoder = MaskDecoder(
            configuration: configuration.decoder, imageSize: configuration.imageSize,
            weights: weights)
        let report: WeightReader.Report
        do {
            report = try weights.finish()
        } catch {
            throw .source(error)
        }
        guard !report.isFatal else { throw .weights(report) }
        self.report = report
    }

    /// The preprocessing that belongs to the model.
    public var preprocessing: Preprocessing { Preprocessing(configuration: configuration) }

    /// Embeds a picture.
    ///
    /// - Complexity: the image encoder takes nearly all of it.
    /// - Parameter image: The picture, of any size.
    /// - Returns: The embedded picture, which answers prompts.
    /// - Throws: ``SAMError/image(_:)`` when the picture is empty or too thin.
    public func encode(_ image: InputImage) throws(SAMError) -> EncodedImage {
        let (input, frame) = try preprocessing(image)
        return try encodedImage(embedding: imageEncoder.encode(input), frame: frame)
    }

    /// Takes a stored embedding instead of computing it.
    ///
    /// - Parameters:
    ///   - embedding: C x g x g values, of any leading dimensions of 1; made by this model.
    ///   - frame: The frame of the picture it was made from.
    /// - Returns: The embedded picture.
    /// - Throws: ``SAMError/embedding(found:expected:)`` when it has another shape, ``SAMError/image(_:)`` when the frame
    ///   belongs to a model of another size.
    public func encodedImage(
        embedding: Tensor, frame: InputFrame
    ) throws(SAMError) -> EncodedImage {
        let side = configuration.gridSize
        let expected = [1, configuration.decoder.width, side, side]
        guard embedding.count == expected.reduce(1, *),
            embedding.shape.suffix(3) == expected.suffix(3)
        else { throw .embedding(found: embedding.shape, expected: expected) }
        guard frame.modelSize == configuration.imageSize else {
            throw .image(
                "found a frame for a model input of \(frame.modelSize), expected "
                    + "\(configuration.imageSize); make the embedding again with this model")
        }
        return EncodedImage(
            embedding: embedding.reshaped(expected), frame: frame, promptEncoder: promptEncoder,
            maskDecoder: maskDecoder)
    }
}

extension SAMConfiguration {
    /// Checks what the prompt encoder and the mask decoder take for granted.
    func validateDecoder() throws(SAMError) {
        func check(
            _ condition: Bool, _ name: String, _ found: Int, _ expected: String
        ) throws(SAMError) {
            guard condition else {
                throw .configuration("\(name): found \(found), expected \(expected)")
            }
        }
        let limit = 1 << 14
        try check(
            (16...limit).contains(imageSize) && imageSize % 16 == 0, "image size", imageSize,
            "a multiple of 16 from 16 to \(limit)")
        let width = decoder.width
        try check(
            (8...limit).contains(width) && width % 8 == 0, "decoder width", width,
            "a multiple of 8 from 8 to \(limit)")
        let heads = decoder.heads
        try check(
            heads > 0 && heads <= width / 2 && width / 2 % heads == 0, "decoder heads", heads,
            "a divisor of \(width / 2)")
        try check((1...64).contains(decoder.depth), "decoder depth", decoder.depth, "1 to 64")
        try check(
            (1...limit).contains(decoder.mlpWidth), "decoder MLP width", decoder.mlpWidth,
            "1 to \(limit)")
        try check(
            (2...64).contains(decoder.maskTokens), "mask tokens", decoder.maskTokens, "2 to 64")
        try check(
            (1...limit).contains(decoder.qualityHeadWidth), "quality head width",
            decoder.qualityHeadWidth, "1 to \(limit)")
        let channels = decoder.maskPromptChannels
        try check(
            (4...limit).contains(channels) && channels % 4 == 0, "mask prompt channels", channels,
            "a multiple of 4 from 4 to \(limit)")
        try check(
            pixelMean.count == 3 && pixelDeviation.count == 3, "pixel mean and deviation",
            pixelMean.count, "3 values each")
    }
}
