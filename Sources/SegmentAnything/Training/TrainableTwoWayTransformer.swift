import Tensors

/// The transformer of the mask decoder: tokens and picture attend to each other.
///
/// - Shapes: tokens `[B, T, C]`, image `[B, N, C]`, codes `[N, C]`.
/// - Source: `TwoWayTransformer` of Segment Anything; all norms with epsilon 1e-5.
struct TrainableTwoWayTransformer {
    let configuration: DecoderConfiguration
    let pass: ForwardPass

    private static let name = "mask_decoder.transformer"

    func callAsFunction(
        tokens initial: Variable, image: Variable, codes: Variable
    ) -> (tokens: Variable, image: Variable) {
        var (tokens, image) = (initial, image)
        for index in 0..<configuration.depth {
            let name = "\(Self.name).layers.\(index)"
            if index == 0 {
                // The first layer has neither the code nor the residual.
                tokens = attention(tokens, tokens, tokens, name + ".self_attn")
            } else {
                let coded = pass.sum(tokens, initial)
                tokens = pass.sum(tokens, attention(coded, coded, tokens, name + ".self_attn"))
            }
            tokens = norm(tokens, name + ".norm1")
            tokens = look(tokens, initial, image, codes, name + ".cross_attn_token_to_image")
            tokens = norm(tokens, name + ".norm2")
            let hidden = ReLU.apply(pass.linear(tokens, name + ".mlp.lin1"), on: pass.tape)
            tokens = pass.sum(tokens, pass.linear(hidden, name + ".mlp.lin2"))
            tokens = norm(tokens, name + ".norm3")
            let change = attention(
                pass.sum(image, codes), pass.sum(tokens, initial), tokens,
                name + ".cross_attn_image_to_token")
            image = norm(pass.sum(image, change), name + ".norm4")
        }
        tokens = look(tokens, initial, image, codes, Self.name + ".final_attn_token_to_image")
        return (norm(tokens, Self.name + ".norm_final_attn"), image)
    }

    /// Tokens attend to the picture, with residual.
    private func look(
        _ tokens: Variable, _ initial: Variable, _ image: Variable, _ codes: Variable,
        _ name: String
    ) -> Variable {
        pass.sum(
            tokens,
            attention(pass.sum(tokens, initial), pass.sum(image, codes), image, name))
    }

    private func norm(_ x: Variable, _ name: String) -> Variable {
        pass.norm(x, name, epsilon: 1e-5)
    }

    private func attention(
        _ queries: Variable, _ keys: Variable, _ values: Variable, _ name: String
    ) -> Variable {
        let parts = [(queries, "q"), (keys, "k"), (values, "v")].map { x, letter in
            pass.split(pass.linear(x, "\(name).\(letter)_proj"), heads: configuration.heads)
        }
        let width = Float(parts[0].shape[3])
        let mixed = Attention.apply(
            parts[0], parts[1], parts[2], scale: 1 / width.squareRoot(), on: pass.tape)
        return pass.linear(pass.merge(mixed), name + ".out_proj")
    }
}
