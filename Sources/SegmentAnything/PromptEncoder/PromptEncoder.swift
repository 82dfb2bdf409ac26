import MedicalImaging
import Tensors

/// Turns points, boxes and masks into tokens and features for the mask decoder.
///
/// - Shapes: C = features of a token, g = side of the grid of image tokens (image size / 16).
/// - Source: `PromptEncoder` of Segment Anything (Kirillov et al. 2023).
public struct PromptEncoder: Sendable {
    /// Side of the square model input in pixels.
    public let imageSize: Int
    /// Side of the grid, g.
    public let gridSize: Int
    /// Features of a token, C.
    public let width: Int
    /// Side of a mask prompt in pixels, 4g.
    public var maskSize: Int { 4 * gridSize }
    /// The part of a dense embedding that stands for "no mask": C values.
    public let noMask: [Float]
    /// The position codes of the cells, g² x C.
    let gridCodes: Tensor
    private let positions: PositionEmbeddingRandom
    /// Background, foreground, first and second corner of a box.
    private let pointEmbeddings: [[Float]]
    private let notAPoint: [Float]
    private let maskDownscaling: MaskDownscaling

    /// Takes the tensors under `prompt_encoder.`.
    ///
    /// - Parameters:
    ///   - configuration: Features and channels.
    ///   - imageSize: Side of the square model input in pixels, a multiple of 16.
    ///   - weights: Where the tensors come from; what is missing is reported by its `finish()`.
    public init(configuration: DecoderConfiguration, imageSize: Int, weights: WeightReader) {
        let width = configuration.width
        self.imageSize = imageSize
        self.width = width
        gridSize = imageSize / 16
        let positions = PositionEmbeddingRandom(weights, "prompt_encoder.pe_layer", width: width)
        self.positions = positions
        gridCodes = positions.grid(side: gridSize)
        pointEmbeddings = (0..<4).map {
            weights.take("prompt_encoder.point_embeddings.\($0).weight", [1, width]).values
        }
        notAPoint = weights.take("prompt_encoder.not_a_point_embed.weight", [1, width]).values
        maskDownscaling = MaskDownscaling(
            weights, "prompt_encoder.mask_downscaling", channels: configuration.maskPromptChannels,
            width: width)
        noMask = weights.take("prompt_encoder.no_mask_embed.weight", [1, width]).values
    }

    /// The position codes of the grid as the decoder adds them to the image tokens.
    ///
    /// - Returns: 1 x C x g x g.
    public func densePositionEncoding() -> Tensor {
        var result = Tensor(uninitialized: [1, width, gridSize, gridSize])
        result.withMutableValues { result in
            gridCodes.withValues { codes in
                guard let result = result.baseAddress, let codes = codes.baseAddress else { return }
                Kernels.transpose(
                    codes, rows: gridSize * gridSize, columns: width, into: result)
            }
        }
        return result
    }

    /// Encodes prompts.
    ///
    /// Without a box, points are followed by one padding point, as in the reference. Points may lie outside the picture.
    ///
    /// - Empty: A prompt with nothing in it has no sparse rows and no dense part; no prompts give no embeddings.
    /// - Complexity: O(C) for a point or box; a mask costs 18 g² C multiplications.
    /// - Parameter prompts: Questions about one picture, in pixels of the model input; masks are 4g x 4g.
    /// - Returns: Embeddings, in the same order.
    public func encode(_ prompts: [EncoderPrompt]) -> [PromptEmbedding] {
        prompts.map { encode($0) }
    }

    /// Encodes one prompt; see ``encode(_:)-([EncoderPrompt])``.
    ///
    /// - Parameter prompt: A question, in pixels of the model input; its mask is 4g x 4g.
    /// - Returns: The embedding.
    public func encode(_ prompt: EncoderPrompt) -> PromptEmbedding {
        var rows: [Float] = []
        for point in prompt.points { rows += code(of: point) }
        if let box = prompt.box {
            rows += code(x: box.x0, y: box.y0, plus: pointEmbeddings[2])
            rows += code(x: box.x1, y: box.y1, plus: pointEmbeddings[3])
        } else if !prompt.points.isEmpty {
            rows += notAPoint
        }
        let dense = prompt.mask.map { mask in
            precondition(
                mask.count == maskSize * maskSize, "a mask prompt of \(mask.shape), not \(maskSize)"
            )
            return maskDownscaling(mask, side: gridSize)
        }
        return PromptEmbedding(
            sparse: Tensor(rows, shape: [rows.count / width, width]), dense: dense)
    }

    private func code(of point: EncoderPrompt.Point) -> [Float] {
        switch point.label {
        case .padding: notAPoint
        case .background: code(x: point.x, y: point.y, plus: pointEmbeddings[0])
        case .foreground: code(x: point.x, y: point.y, plus: pointEmbeddings[1])
        }
    }

    /// The code of a pixel's centre and a learned vector.
    private func code(x: Float, y: Float, plus embedding: [Float]) -> [Float] {
        let side = Double(imageSize)
        let code = positions.code(x: (Double(x) + 0.5) / side, y: (Double(y) + 0.5) / side)
        return zip(code, embedding).map { $0 + $1 }
    }
}
