import Tensors

/// One layer of the two-way transformer: tokens among themselves, tokens to picture, an MLP, picture to tokens.
///
/// - Source: `TwoWayAttentionBlock` of Segment Anything; all norms with epsilon 1e-5.
struct TwoWayAttentionBlock: Sendable {
    let selfAttention: TokenAttention
    let norm1: NormWeights
    let tokenToImage: TokenToImageAttention
    let norm2: NormWeights
    let hidden: PackedLinear
    let output: PackedLinear
    let norm3: NormWeights
    let imageToToken: ImageToTokenAttention
    let norm4: NormWeights

    init(
        _ weights: WeightReader, _ name: String, geometry: DecoderGeometry,
        configuration: DecoderConfiguration
    ) {
        let width = geometry.width
        func norm(_ index: Int) -> NormWeights {
            NormWeights(weights, "\(name).norm\(index)", width: width, epsilon: 1e-5)
        }
        selfAttention = TokenAttention(
            weights, "\(name).self_attn", width: width, heads: geometry.heads)
        norm1 = norm(1)
        tokenToImage = TokenToImageAttention(
            weights, "\(name).cross_attn_token_to_image", geometry: geometry)
        norm2 = norm(2)
        hidden = PackedLinear(
            weights, "\(name).mlp.lin1", inputs: width, outputs: configuration.mlpWidth)
        output = PackedLinear(
            weights, "\(name).mlp.lin2", inputs: configuration.mlpWidth, outputs: width)
        norm3 = norm(3)
        imageToToken = ImageToTokenAttention(
            weights, "\(name).cross_attn_image_to_token", geometry: geometry)
        norm4 = norm(4)
    }
}
