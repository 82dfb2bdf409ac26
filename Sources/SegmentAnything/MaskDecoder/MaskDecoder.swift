import Tensors

/// Which of the masks of a prompt are wanted.
public enum MaskOutput: Hashable, Sendable {
    /// One mask, for prompts that leave no doubt: a box, or several points.
    case single
    /// The other masks (three in SAM's checkpoints), for prompts that may mean a part, an object or a group.
    case multiple
    /// All of them, single first.
    case all

    /// The mask tokens that belong to it.
    func range(of tokens: Int) -> Range<Int> {
        switch self {
        case .single: 0..<1
        case .multiple: 1..<tokens
        case .all: 0..<tokens
        }
    }
}

/// The masks of one prompt at the decoder's own resolution.
public struct LowResolutionMasks: Sendable {
    /// Logits, M x 4g x 4g: above 0 means object.
    public var logits: Tensor
    /// The model's own estimate of each mask's IoU with the truth, M values; not bounded to 0...1.
    public var predictedIoU: [Float]
}

/// Answers prompts about an embedded picture with masks.
///
/// - Shapes: C = features of a token, g = side of the grid, N = g² image tokens, M = masks wanted.
/// - Source: `MaskDecoder` of Segment Anything (Kirillov et al. 2023).
public struct MaskDecoder: Sendable {
    let transformer: TwoWayTransformer
    let upscaling: OutputUpscaling
    let geometry: DecoderGeometry
    private let maskTokens: Int
    /// The quality token and the mask tokens, (1 + mask tokens) x C.
    private let outputTokens: [Float]
    let hypernetworks: [MLP]
    let qualityHead: MLP
    private let pool = ScratchPool()

    /// Takes the tensors under `mask_decoder.`.
    ///
    /// - Parameters:
    ///   - configuration: Features, layers, heads.
    ///   - imageSize: Side of the square model input in pixels, a multiple of 16.
    ///   - weights: Where the tensors come from; what is missing is reported by its `finish()`.
    public init(configuration: DecoderConfiguration, imageSize: Int, weights: WeightReader) {
        let width = configuration.width
        let geometry = DecoderGeometry(configuration: configuration, side: imageSize / 16)
        self.geometry = geometry
        maskTokens = configuration.maskTokens
        transformer = TwoWayTransformer(
            weights, "mask_decoder.transformer", geometry: geometry, configuration: configuration)
        outputTokens =
            weights.take("mask_decoder.iou_token.weight", [1, width]).values
            + weights.take("mask_decoder.mask_tokens.weight", [maskTokens, width]).values
        upscaling = OutputUpscaling(weights, "mask_decoder.output_upscaling", geometry: geometry)
        hypernetworks = (0..<configuration.maskTokens).map {
            MLP(
                weights, "mask_decoder.output_hypernetworks_mlps.\($0)",
                widths: [width, width, width, width / 8])
        }
        let hidden = configuration.qualityHeadWidth
        qualityHead = MLP(
            weights, "mask_decoder.iou_prediction_head",
            widths: [width, hidden, hidden, configuration.maskTokens])
    }

    /// Prepares what all prompts about a picture share.
    ///
    /// - Complexity: 3 N C² operations, in parallel.
    /// - Parameters:
    ///   - embedding: The embedding of the picture, 1 x C x g x g.
    ///   - promptEncoder: The prompt encoder of the same model.
    /// - Returns: The picture as the decoder needs it, 4.5 N C floats.
    public func image(_ embedding: Tensor, promptEncoder: PromptEncoder) -> DecoderImage {
        DecoderImage(
            embedding: embedding, noMask: promptEncoder.noMask, codes: promptEncoder.gridCodes,
            first: transformer.layers[0], geometry: geometry)
    }

    /// Answers prompts.
    ///
    /// Few prompts are answered one after the other with all threads at work on each, many side by side; the bits are the same.
    ///
    /// - Empty: No prompts give no masks.
    /// - Complexity: about 7 N C H T + 2 N C² multiplications for each prompt of T tokens; 5 MB for each thread.
    /// - Parameters:
    ///   - image: The picture.
    ///   - prompts: The prompts; they may have different numbers of tokens.
    ///   - output: Which masks are wanted; only these are computed.
    /// - Returns: The masks of every prompt.
    public func predict(
        _ image: DecoderImage, prompts: [PromptEmbedding], output: MaskOutput
    ) -> [LowResolutionMasks] {
        let range = output.range(of: maskTokens)
        let side = 4 * geometry.side
        var results = prompts.map { _ in
            LowResolutionMasks(
                logits: Tensor(uninitialized: [range.count, side, side]), predictedIoU: [])
        }
        let runsSideBySide = prompts.count >= 8
        results.withUnsafeMutableBufferPointer { results in
            nonisolated(unsafe) let results = results
            ParallelRange.forEach(
                count: prompts.count, piece: runsSideBySide ? 1 : max(prompts.count, 1)
            ) { indices in
                for index in indices {
                    decode(
                        image, prompts[index], range, isParallel: !runsSideBySide,
                        into: &results[index])
                }
            }
        }
        return results
    }

    private func decode(
        _ image: DecoderImage, _ prompt: PromptEmbedding, _ masks: Range<Int>, isParallel: Bool,
        into result: inout LowResolutionMasks
    ) {
        withTransformed(image, prompt, masks: masks.count, isParallel: isParallel) {
            space, blocks in
            let weights = masks.map { hypernetworks[$0](space.current + (1 + $0) * geometry.width) }
            let quality = qualityHead(space.current)
            result.predictedIoU = Array(quality[masks])
            result.logits.withMutableValues { logits in
                guard let logits = logits.baseAddress else { return }
                nonisolated(unsafe) let output = logits
                blocks { block, scratch in
                    let range = geometry.range(of: block)
                    upscaling(
                        space.image + range.lowerBound * geometry.width, range: range,
                        masks: weights, into: output, scratch: scratch)
                }
            }
        }
    }

    typealias Blocks = (_ body: @Sendable (Int, UnsafeMutablePointer<Float>) -> Void) -> Void

    /// Carries a prompt through the transformer and calls a body while the result is in memory.
    func withTransformed(
        _ image: DecoderImage, _ prompt: PromptEmbedding, masks: Int, isParallel: Bool,
        trace: ((Int, PromptWorkspace) -> Void)? = nil,
        _ body: (PromptWorkspace, Blocks) -> Void
    ) {
        let width = geometry.width
        let own = outputTokens.count / width
        let tokens = own + prompt.sparse.count / width
        precondition(prompt.sparse.count % width == 0, "tokens of another width")
        let scratchCount = max(
            transformer.blockScratch(tokens: tokens), upscaling.scratch(masks: masks))
        let blocks: Blocks = { body in
            let piece = isParallel ? 1 : geometry.blocks
            ParallelRange.forEach(count: geometry.blocks, piece: piece) { range in
                pool.withScratch(scratchCount) { scratch in
                    for block in range { body(block, scratch) }
                }
            }
        }
        PromptWorkspace.with(
            pool, geometry, tokens: tokens, work: transformer.work(tokens: tokens)
        ) { space in
            space.initial.update(from: outputTokens, count: outputTokens.count)
            prompt.sparse.withValues { sparse in
                guard let sparse = sparse.baseAddress else { return }
                (space.initial + own * width).update(from: sparse, count: prompt.sparse.count)
            }
            transformer(
                space, image: image, dense: prompt.dense, blocks: blocks,
                trace: trace.map { trace in { trace($0, space) } })
            body(space, blocks)
        }
    }
}
