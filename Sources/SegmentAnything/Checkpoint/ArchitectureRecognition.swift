/// Finds the architecture of a model from the names and shapes of its tensors.
///
/// What no shape tells: the heads of the decoder (8 in every published model) and the image size of a TinyViT, which has no
/// table of positions (1024 in MobileSAM). Everything else is read from one tensor each; where that one is missing or absurd,
/// the published value stands in, and the comparison with all tensors reports it.
struct ArchitectureRecognition {
    /// The shapes by published name.
    let shapes: [String: [Int]]
    /// Side of the model input, for encoders that do not tell.
    var imageSize: Int?
    /// Attention heads of the decoder.
    var decoderHeads: Int?

    private static let image = "image_encoder."
    private static let largest = 1 << 14

    /// The architecture; `nil` when neither image encoder is there, or it cannot be one that is known.
    func configuration() -> SAMConfiguration? {
        if shapes[Self.image + "patch_embed.seq.0.c.weight"] != nil { return tinyViT() }
        guard
            shapes[Self.image + "pos_embed"] != nil
                || shapes[Self.image + "patch_embed.proj.weight"] != nil
        else { return nil }
        return vit()
    }

    /// The length of an axis of a tensor; `nil` when there is none or it is absurd.
    private func length(_ name: String, _ axis: Int, of axes: Int) -> Int? {
        guard let shape = shapes[name], shape.count == axes, 1...Self.largest ~= shape[axis]
        else { return nil }
        return shape[axis]
    }

    /// How many numbered parts there are under a prefix, counted by the largest number.
    private func parts(_ prefix: String) -> Int? {
        var largest: Int?
        for name in shapes.keys where name.utf8.starts(with: prefix.utf8) {
            let rest = name.utf8.dropFirst(prefix.utf8.count)
            let digits = rest.prefix { 0x30...0x39 ~= $0 }
            guard digits.count <= 4, let number = Int(String(decoding: digits, as: UTF8.self)),
                number < 1024, rest.dropFirst(digits.count).first == UInt8(ascii: ".")
            else { continue }
            largest = max(largest ?? 0, number)
        }
        return largest.map { $0 + 1 }
    }

    // MARK: - Plain vision transformers

    private func vit() -> SAMConfiguration? {
        let patch = length(Self.image + "patch_embed.proj.weight", 2, of: 4) ?? 16
        guard
            let width = length(Self.image + "patch_embed.proj.weight", 0, of: 4)
                ?? length(Self.image + "pos_embed", 3, of: 4),
            let depth = parts(Self.image + "blocks.")
        else { return nil }
        let grid = length(Self.image + "pos_embed", 1, of: 4) ?? 64
        let published = [SAMConfiguration.vitB, .vitL, .vitH].first { candidate in
            guard case .vit(let encoder) = candidate.encoder else { return false }
            return encoder.width == width && encoder.depth == depth
        }
        var model: ViTConfiguration?
        if case .vit(let encoder)? = published?.encoder { model = encoder }
        let headWidth = mostCommon(
            (0..<depth).compactMap { table($0, 1) }, otherwise: model?.headWidth ?? 64)
        guard width % headWidth == 0 else { return nil }
        let (global, window) = windows(depth: depth, grid: grid, published: model)
        var encoder = ViTConfiguration(
            width: width, depth: depth, heads: width / headWidth, globalBlocks: global,
            windowSize: window)
        encoder.patchSize = patch
        encoder.mlpRatio =
            length(Self.image + "blocks.0.mlp.lin1.weight", 0, of: 2).map { max($0 / width, 1) }
            ?? 4
        let name = encoder == model ? published?.name : nil
        return SAMConfiguration(
            name: name ?? "vit_\(width)x\(depth)", imageSize: grid * patch,
            encoder: .vit(encoder), decoder: decoder())
    }

    /// An axis of a block's table of relative positions.
    private func table(_ block: Int, _ axis: Int) -> Int? {
        let name = "\(Self.image)blocks.\(block).attn.rel_pos_"
        return length(name + "h", axis, of: 2) ?? length(name + "w", axis, of: 2)
    }

    /// The blocks that attend over the whole grid, whose tables are as long as the grid asks, and the window of the others.
    private func windows(
        depth: Int, grid: Int, published: ViTConfiguration?
    ) -> (global: [Int], window: Int) {
        let lengths = (0..<depth).map { table($0, 0) }
        let others = lengths.compactMap { $0 }.filter { $0 != 2 * grid - 1 }
        if others.isEmpty {
            // Windows as large as the grid, or none: only a published model tells which.
            guard let published else { return (Array(0..<depth), 14) }
            return (published.globalBlocks, grid < published.windowSize ? grid : 14)
        }
        let window = (mostCommon(others, otherwise: 27) + 1) / 2
        let global = (0..<depth).filter { block in
            lengths[block].map { $0 == 2 * grid - 1 }
                ?? published?.globalBlocks.contains(block) ?? false
        }
        return (global, window)
    }

    /// The value that occurs most often; of equals the smallest.
    private func mostCommon(_ values: [Int], otherwise: Int) -> Int {
        var counts: [Int: Int] = [:]
        for value in values { counts[value, default: 0] += 1 }
        return counts.max { ($0.value, -$0.key) < ($1.value, -$1.key) }?.key ?? otherwise
    }

    // MARK: - TinyViT

    private func tinyViT() -> SAMConfiguration? {
        let standard = TinyViTConfiguration()
        var encoder = standard
        encoder.widths[0] =
            length(Self.image + "patch_embed.seq.2.c.weight", 0, of: 4) ?? standard.widths[0]
        for stage in 0..<4 {
            let layer = "\(Self.image)layers.\(stage)."
            if stage < 3 {
                encoder.widths[stage + 1] =
                    length(layer + "downsample.conv3.c.weight", 0, of: 4)
                    ?? standard.widths[stage + 1]
            }
            encoder.depths[stage] = parts(layer + "blocks.") ?? standard.depths[stage]
            guard stage > 0 else { continue }
            let biases = layer + "blocks.0.attn.attention_biases"
            encoder.heads[stage] = length(biases, 0, of: 2) ?? standard.heads[stage]
            // One column for each distance of two tokens of a window.
            let columns = length(biases, 1, of: 2) ?? 0
            encoder.windowSizes[stage] =
                (1...128).first { $0 * $0 == columns } ?? standard.windowSizes[stage]
        }
        // The first stage has convolutions only; its heads have the width of the second stage's.
        let (product, overflow) = encoder.widths[0].multipliedReportingOverflow(
            by: encoder.heads[1])
        let heads = overflow ? 1 : product / encoder.widths[1]
        encoder.heads[0] = heads > 0 && encoder.widths[0] % heads == 0 ? heads : 1
        encoder.windowSizes[0] = encoder.windowSizes[1]
        return SAMConfiguration(
            name: encoder == standard
                ? SAMConfiguration.mobileSAM.name
                : "tinyvit_" + encoder.widths.map(String.init).joined(separator: "-"),
            imageSize: imageSize ?? SAMConfiguration.mobileSAM.imageSize,
            encoder: .tinyViT(encoder), decoder: decoder())
    }

    // MARK: - The decoder

    private func decoder() -> DecoderConfiguration {
        let standard = DecoderConfiguration()
        let mask = "mask_decoder."
        return DecoderConfiguration(
            width: length(Self.image + "neck.0.weight", 0, of: 4)
                ?? length(mask + "iou_token.weight", 1, of: 2) ?? standard.width,
            depth: parts(mask + "transformer.layers.") ?? standard.depth,
            heads: decoderHeads ?? standard.heads,
            mlpWidth: length(mask + "transformer.layers.0.mlp.lin1.weight", 0, of: 2)
                ?? standard.mlpWidth,
            maskTokens: length(mask + "mask_tokens.weight", 0, of: 2) ?? standard.maskTokens,
            qualityHeadWidth: length(mask + "iou_prediction_head.layers.0.weight", 0, of: 2)
                ?? standard.qualityHeadWidth,
            maskPromptChannels: length("prompt_encoder.mask_downscaling.3.weight", 0, of: 4)
                ?? standard.maskPromptChannels)
    }
}
