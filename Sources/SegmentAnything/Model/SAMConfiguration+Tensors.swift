/// A published name and the shape that belongs to it.
public typealias NamedShape = (name: String, shape: [Int])

extension SAMConfiguration {
    /// The tensors of a checkpoint of this architecture, in the published order.
    public var tensorShapes: [NamedShape] {
        let width = decoder.width
        let image: [NamedShape] =
            switch encoder {
            case .vit(let encoder):
                encoder.tensorShapes(gridSize: gridSize, outputWidth: width)
            case .tinyViT(let encoder): encoder.tensorShapes(outputWidth: width)
            }
        return image.map { ("image_encoder." + $0.name, $0.shape) }
            + decoder.promptEncoderShapes.map { ("prompt_encoder." + $0.name, $0.shape) }
            + decoder.maskDecoderShapes.map { ("mask_decoder." + $0.name, $0.shape) }
    }
}

/// The weight and the bias of a layer.
private func pair(_ name: String, _ weight: [Int]) -> [NamedShape] {
    [(name + ".weight", weight), (name + ".bias", [weight[0]])]
}

extension ViTConfiguration {
    /// The tensors of the image encoder, without the prefix `image_encoder.`, in the published order.
    ///
    /// - Parameters:
    ///   - gridSize: Side of the grid of tokens.
    ///   - outputWidth: Features of the embedding.
    /// - Returns: Names and shapes.
    public func tensorShapes(gridSize: Int, outputWidth: Int) -> [NamedShape] {
        var shapes: [NamedShape] = [("pos_embed", [1, gridSize, gridSize, width])]
        shapes += pair("patch_embed.proj", [width, 3, patchSize, patchSize])
        for index in 0..<depth {
            let block = "blocks.\(index)."
            let side = globalBlocks.contains(index) ? gridSize : windowSize
            shapes += pair(block + "norm1", [width])
            shapes.append((block + "attn.rel_pos_h", [2 * side - 1, headWidth]))
            shapes.append((block + "attn.rel_pos_w", [2 * side - 1, headWidth]))
            shapes += pair(block + "attn.qkv", [3 * width, width])
            shapes += pair(block + "attn.proj", [width, width])
            shapes += pair(block + "norm2", [width])
            shapes += pair(block + "mlp.lin1", [mlpRatio * width, width])
            shapes += pair(block + "mlp.lin2", [width, mlpRatio * width])
        }
        shapes.append(("neck.0.weight", [outputWidth, width, 1, 1]))
        shapes += pair("neck.1", [outputWidth])
        shapes.append(("neck.2.weight", [outputWidth, outputWidth, 3, 3]))
        shapes += pair("neck.3", [outputWidth])
        return shapes
    }
}

extension DecoderConfiguration {
    /// The tensors of the prompt encoder, without the prefix `prompt_encoder.`, in the published order.
    public var promptEncoderShapes: [NamedShape] {
        let channels = maskPromptChannels
        var shapes: [NamedShape] = [
            ("pe_layer.positional_encoding_gaussian_matrix", [2, width / 2])
        ]
        for index in 0..<4 { shapes.append(("point_embeddings.\(index).weight", [1, width])) }
        shapes.append(("not_a_point_embed.weight", [1, width]))
        shapes += pair("mask_downscaling.0", [channels / 4, 1, 2, 2])
        shapes += pair("mask_downscaling.1", [channels / 4])
        shapes += pair("mask_downscaling.3", [channels, channels / 4, 2, 2])
        shapes += pair("mask_downscaling.4", [channels])
        shapes += pair("mask_downscaling.6", [width, channels, 1, 1])
        shapes.append(("no_mask_embed.weight", [1, width]))
        return shapes
    }

    /// The tensors of the mask decoder, without the prefix `mask_decoder.`, in the published order.
    public var maskDecoderShapes: [NamedShape] {
        var shapes: [NamedShape] = []
        func attention(_ name: String, inner: Int) {
            for part in ["q", "k", "v"] { shapes += pair("\(name).\(part)_proj", [inner, width]) }
            shapes += pair(name + ".out_proj", [width, inner])
        }
        func perceptron(_ name: String, _ widths: [Int]) {
            for index in 1..<widths.count {
                shapes += pair("\(name).layers.\(index - 1)", [widths[index], widths[index - 1]])
            }
        }
        for index in 0..<depth {
            let layer = "transformer.layers.\(index)."
            attention(layer + "self_attn", inner: width)
            shapes += pair(layer + "norm1", [width])
            attention(layer + "cross_attn_token_to_image", inner: width / 2)
            shapes += pair(layer + "norm2", [width])
            shapes += pair(layer + "mlp.lin1", [mlpWidth, width])
            shapes += pair(layer + "mlp.lin2", [width, mlpWidth])
            shapes += pair(layer + "norm3", [width])
            shapes += pair(layer + "norm4", [width])
            attention(layer + "cross_attn_image_to_token", inner: width / 2)
        }
        attention("transformer.final_attn_token_to_image", inner: width / 2)
        shapes += pair("transformer.norm_final_attn", [width])
        shapes.append(("iou_token.weight", [1, width]))
        shapes.append(("mask_tokens.weight", [maskTokens, width]))
        // Transposed convolutions: inputs first, so the bias has the length of the second dimension.
        shapes.append(("output_upscaling.0.weight", [width, width / 4, 2, 2]))
        shapes.append(("output_upscaling.0.bias", [width / 4]))
        shapes += pair("output_upscaling.1", [width / 4])
        shapes.append(("output_upscaling.3.weight", [width / 4, width / 8, 2, 2]))
        shapes.append(("output_upscaling.3.bias", [width / 8]))
        for index in 0..<maskTokens {
            perceptron("output_hypernetworks_mlps.\(index)", [width, width, width, width / 8])
        }
        let hidden = qualityHeadWidth
        perceptron("iou_prediction_head", [width, hidden, hidden, maskTokens])
        return shapes
    }
}
