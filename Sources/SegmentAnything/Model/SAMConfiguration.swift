/// The architecture of a Segment Anything model: everything that is not a weight.
///
/// - Source: Kirillov et al., "Segment Anything", ICCV 2023 (`vit_b`, `vit_l`, `vit_h`); Zhang et al., "Faster Segment Anything"
///   (MobileSAM, `vit_t`).
public struct SAMConfiguration: Codable, Hashable, Sendable {
    /// The image encoder.
    public enum Encoder: Codable, Hashable, Sendable {
        /// A plain vision transformer with windows.
        case vit(ViTConfiguration)
        /// MobileSAM's TinyViT.
        case tinyViT(TinyViTConfiguration)
    }

    /// A short name, for example `vit_b`.
    public var name: String
    /// Side of the square model input in pixels.
    public var imageSize: Int
    /// The image encoder.
    public var encoder: Encoder
    /// The prompt encoder and the mask decoder.
    public var decoder: DecoderConfiguration
    /// Subtracted from red, green and blue, 0 to 255.
    public var pixelMean: [Float] = [123.675, 116.28, 103.53]
    /// Divides red, green and blue after that.
    public var pixelDeviation: [Float] = [58.395, 57.12, 57.375]

    /// Makes a configuration.
    ///
    /// - Parameters:
    ///   - name: A short name.
    ///   - imageSize: Side of the square model input in pixels.
    ///   - encoder: The image encoder.
    ///   - decoder: The prompt encoder and the mask decoder.
    public init(
        name: String, imageSize: Int = 1024, encoder: Encoder,
        decoder: DecoderConfiguration = DecoderConfiguration()
    ) {
        self.name = name
        self.imageSize = imageSize
        self.encoder = encoder
        self.decoder = decoder
    }

    /// Side of the grid of image tokens: 64 for 1024 pixels.
    public var gridSize: Int { imageSize / 16 }

    /// SAM's ViT-B: 12 blocks of 768, 12 heads, global attention in 2, 5, 8 and 11.
    public static let vitB = SAMConfiguration(
        name: "vit_b",
        encoder: .vit(
            ViTConfiguration(width: 768, depth: 12, heads: 12, globalBlocks: [2, 5, 8, 11])))
    /// SAM's ViT-L: 24 blocks of 1024, 16 heads, global attention in 5, 11, 17 and 23.
    public static let vitL = SAMConfiguration(
        name: "vit_l",
        encoder: .vit(
            ViTConfiguration(width: 1024, depth: 24, heads: 16, globalBlocks: [5, 11, 17, 23])))
    /// SAM's ViT-H: 32 blocks of 1280, 16 heads, global attention in 7, 15, 23 and 31.
    public static let vitH = SAMConfiguration(
        name: "vit_h",
        encoder: .vit(
            ViTConfiguration(width: 1280, depth: 32, heads: 16, globalBlocks: [7, 15, 23, 31])))
    /// MobileSAM: TinyViT-5M with SAM's decoder.
    public static let mobileSAM = SAMConfiguration(
        name: "vit_t", encoder: .tinyViT(TinyViTConfiguration()))
}

/// The plain vision transformer of SAM.
public struct ViTConfiguration: Codable, Hashable, Sendable {
    /// Side of a patch in pixels.
    public var patchSize = 16
    /// Features of a token.
    public var width: Int
    /// Number of blocks.
    public var depth: Int
    /// Attention heads; a head has `width / heads` features.
    public var heads: Int
    /// Hidden features of the MLP over `width`.
    public var mlpRatio = 4
    /// Blocks that attend over the whole grid, ascending; the others attend within windows.
    public var globalBlocks: [Int]
    /// Side of a window in tokens.
    public var windowSize = 14

    /// Makes a configuration.
    ///
    /// - Parameters:
    ///   - width: Features of a token.
    ///   - depth: Number of blocks.
    ///   - heads: Attention heads.
    ///   - globalBlocks: Blocks that attend over the whole grid.
    ///   - windowSize: Side of a window in tokens.
    public init(
        width: Int, depth: Int, heads: Int, globalBlocks: [Int], windowSize: Int = 14
    ) {
        self.width = width
        self.depth = depth
        self.heads = heads
        self.globalBlocks = globalBlocks
        self.windowSize = windowSize
    }

    /// Features of a head.
    public var headWidth: Int { width / heads }
}

/// MobileSAM's TinyViT: four stages, the first of convolutions.
public struct TinyViTConfiguration: Codable, Hashable, Sendable {
    /// Features of the four stages.
    public var widths: [Int]
    /// Blocks of the four stages.
    public var depths: [Int]
    /// Attention heads of the four stages; the first has none in use.
    public var heads: [Int]
    /// Side of a window in tokens, for each stage.
    public var windowSizes: [Int]

    /// Makes a configuration; the defaults are TinyViT-5M.
    ///
    /// - Parameters:
    ///   - widths: Features of the four stages.
    ///   - depths: Blocks of the four stages.
    ///   - heads: Attention heads of the four stages.
    ///   - windowSizes: Side of a window in tokens, for each stage.
    public init(
        widths: [Int] = [64, 128, 160, 320], depths: [Int] = [2, 2, 6, 2],
        heads: [Int] = [2, 4, 5, 10], windowSizes: [Int] = [7, 7, 14, 7]
    ) {
        self.widths = widths
        self.depths = depths
        self.heads = heads
        self.windowSizes = windowSizes
    }
}

/// The prompt encoder and the mask decoder of SAM.
public struct DecoderConfiguration: Codable, Hashable, Sendable {
    /// Features of the image embedding and of every token.
    public var width: Int
    /// Two-way blocks.
    public var depth: Int
    /// Attention heads.
    public var heads: Int
    /// Hidden features of the transformer's MLP.
    public var mlpWidth: Int
    /// Mask tokens: one for single output and three for multimask output.
    public var maskTokens: Int
    /// Hidden features of the quality head.
    public var qualityHeadWidth: Int
    /// Channels between the two convolutions of the mask prompt.
    public var maskPromptChannels: Int

    /// Makes a configuration; the defaults are SAM's.
    ///
    /// - Parameters:
    ///   - width: Features of the image embedding and of every token.
    ///   - depth: Two-way blocks.
    ///   - heads: Attention heads.
    ///   - mlpWidth: Hidden features of the transformer's MLP.
    ///   - maskTokens: Mask tokens.
    ///   - qualityHeadWidth: Hidden features of the quality head.
    ///   - maskPromptChannels: Channels of the mask prompt's second convolution.
    public init(
        width: Int = 256, depth: Int = 2, heads: Int = 8, mlpWidth: Int = 2048,
        maskTokens: Int = 4, qualityHeadWidth: Int = 256, maskPromptChannels: Int = 16
    ) {
        self.width = width
        self.depth = depth
        self.heads = heads
        self.mlpWidth = mlpWidth
        self.maskTokens = maskTokens
        self.qualityHeadWidth = qualityHeadWidth
        self.maskPromptChannels = maskPromptChannels
    }
}
