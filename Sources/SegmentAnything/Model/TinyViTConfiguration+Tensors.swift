extension TinyViTConfiguration {
    /// Outputs of the classification head that checkpoints carry and Segment Anything does not use.
    static let classes = 1000
    /// Hidden features of an MLP, and of the convolution blocks of the first stage, over its width.
    static let expansion = 4

    /// Distance of the outputs of the depthwise convolution that ends a stage.
    ///
    /// - Parameter stage: A stage but the last.
    /// - Returns: 2, but 1 where the next stage has one of three published widths.
    func downsamplingStride(after stage: Int) -> Int {
        [320, 448, 576].contains(widths[stage + 1]) ? 1 : 2
    }

    /// The tensors of the image encoder, without the prefix `image_encoder.`, in the published order.
    ///
    /// Those before the neck's belong to a classification head that is never run.
    ///
    /// - Parameter outputWidth: Features of the embedding.
    /// - Returns: Names and shapes.
    public func tensorShapes(outputWidth: Int) -> [NamedShape] {
        var shapes: [NamedShape] = []
        /// A convolution and the batch norm after it.
        func normed(_ name: String, _ weight: [Int]) {
            shapes.append((name + ".c.weight", weight))
            for part in ["weight", "bias", "running_mean", "running_var"] {
                shapes.append(("\(name).bn.\(part)", [weight[0]]))
            }
            shapes.append((name + ".bn.num_batches_tracked", []))
        }
        func pair(_ name: String, _ weight: [Int]) {
            shapes.append((name + ".weight", weight))
            shapes.append((name + ".bias", [weight[0]]))
        }
        normed("patch_embed.seq.0", [widths[0] / 2, 3, 3, 3])
        normed("patch_embed.seq.2", [widths[0], widths[0] / 2, 3, 3])
        for stage in 0..<widths.count {
            let width = widths[stage]
            let hidden = Self.expansion * width
            for index in 0..<depths[stage] {
                let block = "layers.\(stage).blocks.\(index)."
                if stage == 0 {
                    normed(block + "conv1", [hidden, width, 1, 1])
                    normed(block + "conv2", [hidden, 1, 3, 3])
                    normed(block + "conv3", [width, hidden, 1, 1])
                    continue
                }
                let side = windowSizes[stage]
                shapes.append((block + "attn.attention_biases", [heads[stage], side * side]))
                pair(block + "attn.norm", [width])
                pair(block + "attn.qkv", [3 * width, width])
                pair(block + "attn.proj", [width, width])
                pair(block + "mlp.norm", [width])
                pair(block + "mlp.fc1", [hidden, width])
                pair(block + "mlp.fc2", [width, hidden])
                normed(block + "local_conv", [width, 1, 3, 3])
            }
            guard stage + 1 < widths.count else { continue }
            let next = widths[stage + 1]
            normed("layers.\(stage).downsample.conv1", [next, width, 1, 1])
            normed("layers.\(stage).downsample.conv2", [next, 1, 3, 3])
            normed("layers.\(stage).downsample.conv3", [next, next, 1, 1])
        }
        let last = widths[widths.count - 1]
        pair("norm_head", [last])
        pair("head", [Self.classes, last])
        shapes.append(("neck.0.weight", [outputWidth, last, 1, 1]))
        pair("neck.1", [outputWidth])
        shapes.append(("neck.2.weight", [outputWidth, outputWidth, 3, 3]))
        pair("neck.3", [outputWidth])
        return shapes
    }
}
