import MedicalImaging
import Tensors

/// A picture that a model has embedded: it answers any number of prompts.
///
/// It holds all that is needed and can be used from several threads at once. The embedding can be stored and used again through
/// ``SAM/encodedImage(embedding:frame:)``.
///
/// - Shapes: C = features of the embedding (256), g = side of its grid (64 for 1024 pixels).
public struct EncodedImage: Sendable {
    /// The embedding, 1 x C x g x g.
    public let embedding: Tensor
    /// Where the picture lies in the model input.
    public let frame: InputFrame
    private let promptEncoder: PromptEncoder
    private let maskDecoder: MaskDecoder
    private let image: DecoderImage
    private let upscaling: MaskUpscaling

    init(
        embedding: Tensor, frame: InputFrame, promptEncoder: PromptEncoder,
        maskDecoder: MaskDecoder
    ) {
        self.embedding = embedding
        self.frame = frame
        self.promptEncoder = promptEncoder
        self.maskDecoder = maskDecoder
        image = maskDecoder.image(embedding, promptEncoder: promptEncoder)
        upscaling = MaskUpscaling(frame: frame, side: promptEncoder.maskSize)
    }

    /// Answers a prompt.
    ///
    /// - Empty: A prompt with nothing in it is allowed; the model says what it finds.
    /// - Complexity: at 1024 pixels about 2 GFLOP and, for each mask, O(pixels of the picture).
    /// - Parameters:
    ///   - prompt: The question, in pixels of the picture.
    ///   - output: `.multiple` for prompts that may mean several things, such as one point; `.single` otherwise.
    ///   - threshold: Logits above it are object.
    /// - Returns: One mask for `.single`, three with SAM's checkpoints for `.multiple`, in the model's order.
    /// - Throws: ``SAMError/prompt(index:_:)`` when coordinates are not finite or the mask has another size.
    public func predict(
        _ prompt: SAMPrompt, output: MaskOutput = .single, threshold: Float = 0
    ) throws(SAMError) -> [MaskPrediction] {
        try predict([prompt], output: output, threshold: threshold).first ?? []
    }

    /// Answers many prompts, several at once.
    ///
    /// - Empty: No prompts give no answers.
    /// - Complexity: see ``predict(_:output:threshold:)-(SAMPrompt,_,_)``, divided by the number of threads; all masks are in memory.
    /// - Parameters:
    ///   - prompts: The questions, in pixels of the picture.
    ///   - output: Which masks are wanted for each.
    ///   - threshold: Logits above it are object.
    /// - Returns: The masks of each prompt; the same bits as prompt by prompt.
    /// - Throws: ``SAMError/prompt(index:_:)`` for the first prompt that cannot be used.
    public func predict(
        _ prompts: [SAMPrompt], output: MaskOutput = .single, threshold: Float = 0
    ) throws(SAMError) -> [[MaskPrediction]] {
        try predictLowResolution(prompts, output: output).map { masks in
            masks.predictedIoU.indices.map {
                prediction(masks, mask: $0, threshold: threshold)
            }
        }
    }

    /// Answers prompts at the decoder's own resolution, for callers that choose among masks before they enlarge any.
    ///
    /// - Parameters:
    ///   - prompts: The questions, in pixels of the picture.
    ///   - output: Which masks are wanted for each.
    /// - Returns: The logits of each prompt, M x 4g x 4g, with the model's estimates.
    /// - Throws: ``SAMError/prompt(index:_:)`` for the first prompt that cannot be used.
    public func predictLowResolution(
        _ prompts: [SAMPrompt], output: MaskOutput = .single
    ) throws(SAMError) -> [LowResolutionMasks] {
        var embeddings: [PromptEmbedding] = []
        for (index, prompt) in prompts.enumerated() {
            let encoded = try prompt.encoded(
                in: frame, maskSize: promptEncoder.maskSize, index: index)
            embeddings.append(promptEncoder.encode(encoded))
        }
        return maskDecoder.predict(image, prompts: embeddings, output: output)
    }

    /// Enlarges one low-resolution mask to the size of the picture.
    ///
    /// - Parameters:
    ///   - masks: An answer of ``predictLowResolution(_:output:)``.
    ///   - mask: Which of its masks.
    ///   - threshold: Logits above it are object.
    /// - Returns: The mask with its scores.
    public func prediction(
        _ masks: LowResolutionMasks, mask: Int, threshold: Float = 0
    ) -> MaskPrediction {
        let logits = masks.logits(of: mask)
        let enlarged = upscaling.mask(logits, threshold: threshold)
        return MaskPrediction(
            mask: enlarged.slice, predictedIoU: masks.predictedIoU[mask],
            stability: enlarged.stability, area: enlarged.area, lowResolutionLogits: logits)
    }
}

extension LowResolutionMasks {
    /// The logits of one mask.
    ///
    /// - Parameter mask: Which one.
    /// - Returns: 4g x 4g.
    public func logits(of mask: Int) -> Tensor {
        let (height, width) = (logits.shape[1], logits.shape[2])
        let size = height * width
        return logits.withValues {
            Tensor(Array($0[mask * size..<(mask + 1) * size]), shape: [height, width])
        }
    }
}
