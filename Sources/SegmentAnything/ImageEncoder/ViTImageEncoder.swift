import Tensors

/// SAM's image encoder: a plain vision transformer whose blocks attend within windows or over the whole grid, and a neck
/// of two convolutions.
///
/// For inference; weights are packed for this machine's products when it is made.
///
/// - Source: Li et al., "Exploring Plain Vision Transformer Backbones for Object Detection", ECCV 2022; Kirillov et al., "Segment
///   Anything", ICCV 2023.
public struct ViTImageEncoder: ImageEncoder {
    /// The architecture.
    public let configuration: ViTConfiguration
    /// Side of the square input in pixels, a multiple of the patch size.
    public let imageSize: Int
    /// Features of the embedding.
    public let outputWidth: Int
    /// How exactly the factors of products are kept.
    public let precision: EncoderPrecision

    let patches: PackedMatrix
    /// The position of each token, grid x grid x width.
    let positions: Tensor
    let blocks: [ViTBlock]
    let neck: ViTNeck
    let layout: PackedLayout
    private let workspaces = ViTWorkspacePool()

    /// Makes an encoder from weights named `image_encoder.*`.
    ///
    /// Position tables stored for another image size are resampled: the absolute one bilinearly over the grid, those of global
    /// blocks linearly along their length.
    ///
    /// - Parameters:
    ///   - configuration: The architecture.
    ///   - imageSize: Side of the square input in pixels.
    ///   - outputWidth: Features of the embedding.
    ///   - weights: Where the weights come from; what is missing or has another shape is reported by its
    ///     ``WeightReader/finish()``.
    ///   - precision: How exactly the factors of products are kept.
    public init(
        configuration: ViTConfiguration, imageSize: Int, outputWidth: Int, weights: WeightReader,
        precision: EncoderPrecision = .float32
    ) {
        self.init(
            configuration: configuration, imageSize: imageSize, outputWidth: outputWidth,
            weights: weights, precision: precision, level: Kernels.highestLevel)
    }

    /// Makes an encoder for a level of instructions.
    init(
        configuration: ViTConfiguration, imageSize: Int, outputWidth: Int, weights: WeightReader,
        precision: EncoderPrecision = .float32, level: Kernels.Level
    ) {
        let patch = configuration.patchSize
        precondition(imageSize > 0 && imageSize % patch == 0, "the image is not a grid of patches")
        let layout = PackedLayout(level: level)
        let width = configuration.width
        let grid = imageSize / patch
        let prefix = "image_encoder."
        self.configuration = configuration
        self.imageSize = imageSize
        self.outputWidth = outputWidth
        self.layout = layout
        self.precision = precision
        patches = PackedMatrix(
            weights.take(prefix + "patch_embed.proj.weight", [width, 3, patch, patch]),
            bias: weights.take(prefix + "patch_embed.proj.bias", [width]), columns: width,
            layout: layout, precision: precision)
        positions = ViTPositions.grid(
            prefix + "pos_embed", side: grid, width: width, weights: weights)
        blocks = (0..<configuration.depth).map { index in
            let isGlobal = configuration.globalBlocks.contains(index)
            return ViTBlock(
                prefix + "blocks.\(index).", configuration,
                side: isGlobal ? grid : configuration.windowSize, isGlobal: isGlobal,
                weights: weights, layout: layout, precision: precision)
        }
        neck = ViTNeck(
            prefix + "neck.", width: width, outputWidth: outputWidth, weights: weights,
            layout: layout, precision: precision)
    }

    /// Side of the grid of tokens.
    public var gridSize: Int { imageSize / configuration.patchSize }

    /// Encodes one picture.
    ///
    /// - Parameter input: A prepared picture, 1 x 3 x S x S with S the ``imageSize``.
    /// - Returns: The embedding, 1 x ``outputWidth`` x g x g with g the ``gridSize``. The same bits for any number of threads.
    /// - Complexity: ViT-B at 1024 pixels: 0.94 TFLOP, and 100 MB of working memory that is kept for the next picture.
    ///   Calls at the same time have working memory of their own.
    public func encode(_ input: Tensor) -> Tensor { encode(input, trace: nil) }

    /// Receives intermediate values by the names of the reference, for tests: `patch_embed`, `pos_added`, `block_NN/qkv` and so on,
    /// tokens in the order of the grid.
    typealias Trace = (String, Tensor) -> Void

    /// Encodes one picture and shows what comes between.
    func encode(_ input: Tensor, trace: Trace?) -> Tensor {
        precondition(
            input.shape == [1, 3, imageSize, imageSize], "another shape than the encoder's input")
        return workspaces.with(self) { workspace in
            workspace.clearAttention(layout)
            embedPatches(input, workspace, trace: trace)
            for (index, block) in blocks.enumerated() {
                let name = "block_\(index < 10 ? "0" : "")\(index)/"
                block.run(workspace, trace: trace.map { trace in { trace(name + $0, $1) } })
            }
            return neck.run(workspace, trace: trace)
        }
    }

    /// Cuts the picture into patches and projects them to tokens.
    private func embedPatches(_ input: Tensor, _ workspace: ViTWorkspace, trace: Trace?) {
        let patch = configuration.patchSize
        let size = imageSize
        let grid = gridSize
        let width = configuration.width
        let inner = 3 * patch * patch
        let tokens = workspace.tokens.values
        nonisolated(unsafe) let tokenRows = tokens
        input.withValues { pixels in
            guard let base = pixels.baseAddress else { return }
            nonisolated(unsafe) let pixels = base
            workspace.forEachRows { rows, memory in
                let gathered = memory.hidden
                for (index, token) in rows.enumerated() {
                    let corner = pixels + (token / grid * size + token % grid) * patch
                    var target = gathered + index * inner
                    for line in 0..<3 * patch {
                        let (channel, y) = line.quotientAndRemainder(dividingBy: patch)
                        target.update(from: corner + (channel * size + y) * size, count: patch)
                        target += patch
                    }
                }
                Kernels.packStrips(
                    gathered, rows: rows.count, inner: inner, stride: inner, layout: layout,
                    into: memory.strips)
                precision.round(
                    memory.strips, count: layout.stripValues(rows: rows.count, inner: inner))
                patches.multiply(
                    memory.strips, rows: rows.count,
                    into: tokenRows + rows.lowerBound * width, stride: width)
            }
        }
        trace?("patch_embed", workspace.tokenTensor)
        positions.withValues { positions in
            guard let positions = positions.baseAddress else { return }
            Kernels.add(tokens, positions, into: tokens, count: grid * grid * width)
        }
        trace?("pos_added", workspace.tokenTensor)
    }
}
