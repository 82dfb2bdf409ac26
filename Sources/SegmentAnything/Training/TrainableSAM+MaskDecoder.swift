import Tensors

/// What the trainable mask decoder answers.
public struct DecoderOutput {
    /// Logits of all mask tokens, `[B, M, 4g, 4g]`: of masks, or of classes with a class head.
    public var logits: Variable
    /// The model's own estimate of each mask's IoU with the truth, `[B, M]`; not bounded to 0...1.
    public var predictedIoU: Variable
}

extension TrainableSAM {
    /// Answers prompts with the masks of all mask tokens; take those wanted with `Slicing` (0 is the single mask).
    ///
    /// - Parameters:
    ///   - embedding: Embeddings, `[B, C, g, g]`, one for each prompt; one alone serves all prompts.
    ///   - prompts: The prompts, B of them.
    ///   - tape: Where to record; `nil` to compute only.
    /// - Returns: Masks and estimates.
    public func decode(
        _ embedding: Variable, prompts: PromptFeatures, on tape: Tape?
    ) -> DecoderOutput {
        let pass = pass(on: tape)
        let (width, side) = (configuration.decoder.width, configuration.gridSize)
        let count = prompts.sparse.shape[0]
        precondition(
            embedding.shape.count == 4 && embedding.shape.dropFirst() == [width, side, side]
                && (embedding.shape[0] == count || embedding.shape[0] == 1),
            "embeddings of \(embedding.shape) for \(count) prompts")
        var image = pass.rows(embedding)
        if embedding.shape[0] != count {
            image = Repetition.apply(
                pass.reshape(image, [side * side, width]), count: count, on: tape)
        }
        let (tokens, features) = TrainableTwoWayTransformer(
            configuration: configuration.decoder, pass: pass
        )(
            tokens: outputTokens(prompts.sparse, pass), image: pass.sum(image, prompts.dense),
            codes: Variable(gridCodes))
        return DecoderOutput(
            logits: masks(tokens, features, pass),
            predictedIoU: pass.perceptron(
                row(0, of: tokens, pass), "mask_decoder.iou_prediction_head", layers: 3))
    }

    /// The quality token and the mask tokens, followed by those of the prompts.
    private func outputTokens(_ sparse: Variable, _ pass: ForwardPass) -> Variable {
        let own = Concatenation.apply(
            [pass["mask_decoder.iou_token.weight"], pass["mask_decoder.mask_tokens.weight"]],
            axis: 0, on: pass.tape)
        let repeated = Repetition.apply(own, count: sparse.shape[0], on: pass.tape)
        guard sparse.shape[1] > 0 else { return repeated }
        return Concatenation.apply([repeated, sparse], axis: 1, on: pass.tape)
    }

    /// One token of every prompt, `[B, C]`.
    private func row(_ index: Int, of tokens: Variable, _ pass: ForwardPass) -> Variable {
        pass.reshape(
            Slicing.apply(tokens, axis: 1, index..<index + 1, on: pass.tape),
            [tokens.shape[0], tokens.shape[2]])
    }

    /// The features of the picture at four times the resolution, weighted as the mask tokens say.
    private func masks(_ tokens: Variable, _ image: Variable, _ pass: ForwardPass) -> Variable {
        let name = "mask_decoder.output_upscaling"
        let (count, width) = (image.shape[0], configuration.decoder.width)
        let side = configuration.gridSize
        let grid = pass.reshape(pass.permute(image, [0, 2, 1]), [count, width, side, side])
        let first = pass.norm2D(pass.doubling(grid, name + ".0"), name + ".1")
        let second = pass.doubling(GELU.apply(first, on: pass.tape), name + ".3")
        let features = GELU.apply(second, on: pass.tape)
        let masks = configuration.decoder.maskTokens
        let weights = (0..<masks).map { index in
            let vector = pass.perceptron(
                row(1 + index, of: tokens, pass),
                "mask_decoder.output_hypernetworks_mlps.\(index)", layers: 3)
            return pass.reshape(vector, [count, 1, width / 8])
        }
        let product = BatchedProduct.apply(
            Concatenation.apply(weights, axis: 1, on: pass.tape),
            pass.reshape(features, [count, width / 8, 16 * side * side]), on: pass.tape)
        return pass.reshape(product, [count, masks, 4 * side, 4 * side])
    }
}
