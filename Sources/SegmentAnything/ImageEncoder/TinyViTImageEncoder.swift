import Tensors

/// MobileSAM's image encoder, TinyViT: convolutions, three stages of attention in windows, and a neck of two convolutions.
///
/// For inference; batch norms are folded into the convolutions before them, in double precision, when it is made. Channels of a
/// pixel lie together throughout, so that layers read their inputs where they lie.
///
/// - Source: Wu et al., "TinyViT", ECCV 2022; Zhang et al., "Faster Segment Anything" (MobileSAM), 2023.
public struct TinyViTImageEncoder: ImageEncoder {
    /// The architecture.
    public let configuration: TinyViTConfiguration
    /// Side of the square input in pixels, a multiple of 16.
    public let imageSize: Int
    /// Features of the embedding.
    public let outputWidth: Int
    /// How exactly the factors of products are kept.
    public let precision: EncoderPrecision
    /// Side of the embedding: 64 for 1024 pixels.
    public let gridSize: Int

    private let patches: TinyViTPatchEmbedding
    private let stages: [Stage]
    private let neck: TinyViTNeck
    private let workspaces = TinyViTWorkspacePool()
    /// Values of the largest picture of features.
    let streamValues: Int
    /// Values of the scratch memory of a worker.
    let scratchValues: Int

    /// Blocks of one width and what reduces the picture after them.
    private struct Stage: Sendable {
        var convolutions: [TinyViTConvolutionBlock] = []
        var attentions: [TinyViTAttentionBlock] = []
        var end: TinyViTConvolutionBlock?
        let side: Int
        let width: Int
    }

    /// Makes an encoder from weights named `image_encoder.*`.
    ///
    /// - Parameters:
    ///   - configuration: The architecture.
    ///   - imageSize: Side of the square input in pixels, a multiple of 16.
    ///   - outputWidth: Features of the embedding.
    ///   - weights: Where the weights come from; what is missing or has another shape is reported by its
    ///     ``WeightReader/finish()``. The classification head of a checkpoint is known and not read.
    ///   - precision: How exactly the factors of products are kept.
    public init(
        configuration: TinyViTConfiguration, imageSize: Int, outputWidth: Int,
        weights: WeightReader, precision: EncoderPrecision = .float32
    ) {
        self.init(
            configuration: configuration, imageSize: imageSize, outputWidth: outputWidth,
            weights: weights, precision: precision, level: Kernels.highestLevel)
    }

    /// Makes an encoder for a level of instructions.
    init(
        configuration: TinyViTConfiguration, imageSize: Int, outputWidth: Int,
        weights: WeightReader, precision: EncoderPrecision = .float32, level: Kernels.Level
    ) {
        precondition(imageSize > 0 && imageSize % 16 == 0, "the image is not a grid of patches")
        let widths = configuration.widths
        precondition(
            !widths.isEmpty && configuration.depths.count == widths.count
                && configuration.heads.count == widths.count
                && configuration.windowSizes.count == widths.count, "stages differ in number")
        let prefix = "image_encoder."
        let patches = TinyViTPatchEmbedding(
            prefix + "patch_embed.", width: widths[0], imageSize: imageSize, weights: weights,
            level: level, precision: precision)
        var side = imageSize / 4
        var stages: [Stage] = []
        for (index, width) in widths.enumerated() {
            var stage = Stage(side: side, width: width)
            let name = "\(prefix)layers.\(index)."
            for block in 0..<configuration.depths[index] {
                let name = "\(name)blocks.\(block)."
                if index == 0 {
                    stage.convolutions.append(
                        TinyViTConvolutionBlock(
                            name, inputWidth: width, hidden: TinyViTConfiguration.expansion * width,
                            outputWidth: width, side: side, stride: 1, isResidual: true,
                            weights: weights, level: level, precision: precision))
                } else {
                    stage.attentions.append(
                        TinyViTAttentionBlock(
                            name, width: width, heads: configuration.heads[index],
                            window: configuration.windowSizes[index], side: side,
                            weights: weights, level: level, precision: precision))
                }
            }
            if index + 1 < widths.count {
                let end = TinyViTConvolutionBlock(
                    name + "downsample.", inputWidth: width, hidden: widths[index + 1],
                    outputWidth: widths[index + 1], side: side,
                    stride: configuration.downsamplingStride(after: index), isResidual: false,
                    weights: weights, level: level, precision: precision)
                stage.end = end
                side = end.outputSide
            }
            stages.append(stage)
        }
        weights.ignore(
            ["norm_head.weight", "norm_head.bias", "head.weight", "head.bias"].map { prefix + $0 })
        let neck = TinyViTNeck(
            prefix + "neck.", width: widths[widths.count - 1], outputWidth: outputWidth, side: side,
            weights: weights, level: level, precision: precision)
        self.configuration = configuration
        self.imageSize = imageSize
        self.outputWidth = outputWidth
        self.precision = precision
        self.patches = patches
        self.stages = stages
        self.neck = neck
        gridSize = side
        streamValues = max(
            neck.streamValues, stages.map { $0.side * $0.side * $0.width }.max() ?? 0)
        let blocks = stages.flatMap { stage in
            (stage.convolutions + [stage.end].compactMap { $0 }).map(\.scratchValues)
                + stage.attentions.map(\.scratchValues)
        }
        scratchValues = max(patches.scratchValues, neck.scratchValues, blocks.max() ?? 0)
    }

    /// Encodes one picture.
    ///
    /// - Parameter input: A prepared picture, 1 x 3 x S x S with S the ``imageSize``.
    /// - Returns: The embedding, 1 x ``outputWidth`` x g x g with g the ``gridSize``. The same bits for any number of threads.
    /// - Complexity: MobileSAM at 1024 pixels: 75 GFLOP, and 40 MB of working memory that is kept for the next picture.
    ///   Calls at the same time have working memory of their own.
    public func encode(_ input: Tensor) -> Tensor { encode(input, trace: nil) }

    /// Receives intermediate values by the names of the reference, for tests: `patch_embed`, `stage_0/block_1`,
    /// `stage_1/downsample` and so on.
    typealias Trace = (String, Tensor) -> Void

    /// Encodes one picture and shows what comes between.
    func encode(_ input: Tensor, trace: Trace?) -> Tensor {
        precondition(
            input.shape == [1, 3, imageSize, imageSize], "another shape than the encoder's input")
        return workspaces.with(self) { workspace in
            input.withValues { pixels in
                guard let pixels = pixels.baseAddress else { return }
                patches.run(pixels, into: workspace.stream.values, workspace)
            }
            trace?("patch_embed", workspace.picture(imageSize / 4, configuration.widths[0]))
            for (index, stage) in stages.enumerated() {
                let name = "stage_\(index)/"
                for (number, block) in stage.convolutions.enumerated() {
                    block.run(workspace.stream.values, into: workspace.next.values, workspace)
                    workspace.swap()
                    trace?("\(name)block_\(number)", workspace.picture(stage.side, stage.width))
                }
                for (number, block) in stage.attentions.enumerated() {
                    block.run(workspace)
                    trace?(
                        "\(name)block_\(number)",
                        workspace.tokens(stage.side * stage.side, stage.width))
                }
                guard let end = stage.end else { continue }
                end.run(workspace.stream.values, into: workspace.next.values, workspace)
                workspace.swap()
                trace?(
                    name + "downsample",
                    workspace.tokens(end.outputSide * end.outputSide, end.outputWidth))
            }
            let embedding = neck.run(workspace)
            trace?("embedding", embedding)
            return embedding
        }
    }
}
