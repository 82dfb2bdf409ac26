import Tensors

extension TrainableSAM {
    /// Whether the image encoder can be run here; with MobileSAM's, embed pictures with ``SAM`` and train what comes after.
    public var hasTrainableImageEncoder: Bool {
        if case .vit = configuration.encoder { true } else { false }
    }

    /// Embeds pictures, with adapters and low-rank updates where they were added.
    ///
    /// Blocks before the first one with trained parameters cost no memory.
    ///
    /// - Parameters:
    ///   - images: Prepared pictures, `[B, 3, S, S]`. Only for a plain vision transformer, see
    ///     ``hasTrainableImageEncoder``.
    ///   - tape: Where to record; `nil` to compute only.
    /// - Returns: The embeddings, `[B, C, g, g]`.
    public func embedding(of images: Variable, on tape: Tape?) -> Variable {
        guard case .vit(let encoder) = configuration.encoder else {
            preconditionFailure("this image encoder is only run by SAM")
        }
        let size = configuration.imageSize
        precondition(
            images.shape.count == 4 && images.shape.dropFirst() == [3, size, size],
            "pictures of \(images.shape), not [B, 3, \(size), \(size)]")
        let pass = pass(on: tape)
        let patches = pass.convolution(
            images, "image_encoder.patch_embed.proj", stride: encoder.patchSize)
        let positions = pass.reshape(
            pass["image_encoder.pos_embed"], [patches.shape[2], patches.shape[3], encoder.width])
        var x = pass.sum(pass.permute(patches, [0, 2, 3, 1]), positions)
        for index in 0..<encoder.depth {
            let block = TrainableViTBlock(index: index, configuration: encoder, added: added)
            if recomputesBlocks {
                let parameters = parameters
                x = Tape.checkpoint([x], on: tape) { inputs, tape in
                    block(inputs[0], ForwardPass(parameters: parameters, tape: tape))
                }
            } else {
                x = block(x, pass)
            }
        }
        x = pass.permute(x, [0, 3, 1, 2])
        x = pass.norm2D(pass.convolution(x, "image_encoder.neck.0"), "image_encoder.neck.1")
        return pass.norm2D(
            pass.convolution(x, "image_encoder.neck.2", padding: 1), "image_encoder.neck.3")
    }
}

/// A block of the vision transformer with what was added to it.
///
/// - Shapes: `[B, g, g, C]` in and out.
struct TrainableViTBlock: Sendable {
    let index: Int
    let configuration: ViTConfiguration
    let added: AddedModules

    private var name: String { "image_encoder.blocks.\(index)" }

    func callAsFunction(_ x: Variable, _ pass: ForwardPass) -> Variable {
        var attention = attend(pass.norm(x, name + ".norm1", epsilon: 1e-6), pass)
        if added.adapterWidth != nil {
            attention = pass.sum(attention, adapter(attention, "attn", pass))
        }
        let y = pass.sum(x, attention)
        let z = pass.norm(y, name + ".norm2", epsilon: 1e-6)
        let hidden = GELU.apply(pass.linear(z, name + ".mlp.lin1"), on: pass.tape)
        let result = pass.sum(y, pass.linear(hidden, name + ".mlp.lin2"))
        guard added.adapterWidth != nil else { return result }
        return pass.sum(result, Scaling.apply(adapter(z, "mlp", pass), by: 0.5, on: pass.tape))
    }

    private func adapter(_ x: Variable, _ place: String, _ pass: ForwardPass) -> Variable {
        let adapter = "adapters.\(index).\(place)"
        return pass.linear(
            GELU.apply(pass.linear(x, adapter + ".down"), on: pass.tape), adapter + ".up")
    }

    /// Attention within windows or over the whole grid.
    private func attend(_ x: Variable, _ pass: ForwardPass) -> Variable {
        let isGlobal = configuration.globalBlocks.contains(index)
        let window = configuration.windowSize
        let grid = isGlobal ? x : WindowPartition.apply(x, window: window, on: pass.tape)
        let (count, height, width) = (grid.shape[0], grid.shape[1], grid.shape[2])
        let features = configuration.width
        let tokens = pass.reshape(grid, [count, height * width, features])
        let qkv = pass.linear(tokens, name + ".attn.qkv")
        var parts = (0..<3).map {
            Slicing.apply(qkv, axis: 2, $0 * features..<($0 + 1) * features, on: pass.tape)
        }
        if added.lowRank != nil {
            for (part, letter) in [(0, "q"), (2, "v")] {
                let low = pass.linear(tokens, "lora.\(index).a_\(letter)")
                parts[part] = pass.sum(
                    parts[part], pass.linear(low, "lora.\(index).b_\(letter)"))
            }
        }
        let heads = parts.map { pass.split($0, heads: configuration.heads) }
        let mixed = RelativePositionAttention.apply(
            heads[0], heads[1], heads[2], tableH: pass[name + ".attn.rel_pos_h"],
            tableW: pass[name + ".attn.rel_pos_w"], height: height, width: width,
            scale: 1 / Float(configuration.headWidth).squareRoot(), on: pass.tape)
        let projected = pass.linear(pass.merge(mixed), name + ".attn.proj")
        let result = pass.reshape(projected, [count, height, width, features])
        return isGlobal
            ? result
            : WindowPartition.join(result, gridShape: x.shape, window: window, on: pass.tape)
    }
}
