import Tensors

/// The transformer of the mask decoder: the tokens of a prompt and the tokens of the picture attend to each other.
///
/// Layers are regrouped around the picture, whose tokens are many. Between two layers each block of image tokens is read once: the
/// attention from picture to tokens of one layer, its norm, and the attention from tokens to picture of the next layer follow each other
/// while the block lies in cache. The softmax over all positions is put together from the blocks.
///
/// - Source: `TwoWayTransformer` of Segment Anything.
struct TwoWayTransformer: Sendable {
    let layers: [TwoWayAttentionBlock]
    private let finalAttention: TokenToImageAttention
    private let finalNorm: NormWeights
    private let geometry: DecoderGeometry
    private let configuration: DecoderConfiguration

    init(
        _ weights: WeightReader, _ name: String, geometry: DecoderGeometry,
        configuration: DecoderConfiguration
    ) {
        self.geometry = geometry
        self.configuration = configuration
        layers = (0..<configuration.depth).map {
            TwoWayAttentionBlock(
                weights, "\(name).layers.\($0)", geometry: geometry, configuration: configuration)
        }
        finalAttention = TokenToImageAttention(
            weights, "\(name).final_attn_token_to_image", geometry: geometry)
        finalNorm = NormWeights(
            weights, "\(name).norm_final_attn", width: geometry.width, epsilon: 1e-5)
    }

    /// Floats for token layers.
    func work(tokens: Int) -> Int {
        let attention = layers.map { $0.selfAttention.scratch(tokens: tokens) }.max() ?? 0
        return max(attention, tokens * configuration.mlpWidth, tokens * geometry.width)
    }

    /// Floats for a block of image tokens.
    func blockScratch(tokens: Int) -> Int {
        (geometry.blockStride + geometry.blockPositions) * geometry.width
            + geometry.heads * tokens * geometry.scoreStride
    }

    /// Carries one prompt through all layers.
    ///
    /// - Parameters:
    ///   - space: Its ``PromptWorkspace/initial`` tokens are set. Afterwards `current` and `image` hold the results.
    ///   - image: The picture.
    ///   - dense: The dense embedding of a mask prompt, N x C; `nil` without one.
    ///   - blocks: Calls a body for every block with scratch for it, in any order.
    ///   - trace: Called after every layer with its number, once its tokens and image tokens are complete.
    func callAsFunction(
        _ space: PromptWorkspace, image: DecoderImage, dense: Tensor?,
        blocks: (_ body: @Sendable (Int, UnsafeMutablePointer<Float>) -> Void) -> Void,
        trace: ((Int) -> Void)? = nil
    ) {
        let tokens = space.tokens
        let size = tokens * geometry.width
        space.current.update(from: space.initial, count: size)
        // Only the first layer's projections of the picture can be shared.
        let isShared = dense == nil
        for step in 0...layers.count {
            let attention: TokenToImageAttention
            if step < layers.count {
                attend(space, layer: layers[step], isFirst: step == 0)
                attention = layers[step].tokenToImage
            } else {
                attention = finalAttention
            }
            Kernels.add(space.current, space.initial, into: space.coded, count: size)
            attention.queries(
                space.coded, tokens: tokens, into: space.queries, scratch: space.work)
            let usesShared = isShared && step == 0
            if !usesShared {
                attention.folded(space.queries, tokens: tokens, into: space.foldedQueries)
            }
            blocks { block, scratch in
                pass(step, block: block, space, image: image, dense: dense, scratch: scratch)
            }
            if step > 0 { trace?(step - 1) }
            merge(space, width: usesShared ? geometry.depth : geometry.width)
            attention.result(
                sums: space.sums, areValues: usesShared, tokens: tokens, into: space.change,
                scratch: space.work)
            Kernels.add(space.current, space.change, into: space.current, count: size)
            guard step < layers.count else { break }
            finish(space, layer: layers[step], foldsKeys: !usesShared)
        }
        finalNorm(space.current, rows: tokens)
    }

    /// Attention among the tokens.
    private func attend(_ space: PromptWorkspace, layer: TwoWayAttentionBlock, isFirst: Bool) {
        let (tokens, size) = (space.tokens, space.tokens * geometry.width)
        if isFirst {
            // The first layer has neither the code nor the residual.
            layer.selfAttention(
                coded: space.current, plain: space.current, tokens: tokens, into: space.change,
                scratch: space.work)
            space.current.update(from: space.change, count: size)
        } else {
            Kernels.add(space.current, space.initial, into: space.coded, count: size)
            layer.selfAttention(
                coded: space.coded, plain: space.current, tokens: tokens, into: space.change,
                scratch: space.work)
            Kernels.add(space.current, space.change, into: space.current, count: size)
        }
        layer.norm1(space.current, rows: tokens)
    }

    /// The rest of a layer's token side: norm, MLP, norm, and what the picture will attend to.
    private func finish(_ space: PromptWorkspace, layer: TwoWayAttentionBlock, foldsKeys: Bool) {
        let (tokens, size) = (space.tokens, space.tokens * geometry.width)
        layer.norm2(space.current, rows: tokens)
        layer.hidden(space.current, rows: tokens, relu: true, into: space.work)
        layer.output(space.work, rows: tokens, into: space.change)
        Kernels.add(space.current, space.change, into: space.current, count: size)
        layer.norm3(space.current, rows: tokens)
        Kernels.add(space.current, space.initial, into: space.coded, count: size)
        let attention = layer.imageToToken
        attention.keys(
            space.coded, tokens: tokens, into: space.keys, offsets: space.offsets,
            scratch: space.work)
        if foldsKeys { attention.folded(space.keys, tokens: tokens, into: space.foldedKeys) }
        attention.values(space.current, tokens: tokens, into: space.values, scratch: space.work)
    }

    /// What happens to one block of image tokens between two layers.
    private func pass(
        _ step: Int, block: Int, _ space: PromptWorkspace, image: DecoderImage, dense: Tensor?,
        scratch: UnsafeMutablePointer<Float>
    ) {
        let range = geometry.range(of: block)
        let (width, stride, tokens) = (geometry.width, geometry.scoreStride, space.tokens)
        let (count, first) = (range.count, range.lowerBound)
        let rows = geometry.heads * tokens
        // The image tokens of the block plus their codes, turned; what the attention adds to them; scores.
        let coded = scratch
        let change = coded + geometry.blockStride * width
        let scores = change + geometry.blockPositions * width
        let current = space.image + first * width
        let usesShared = dense == nil && step <= 1
        if step == 0, usesShared {
            scoresOfShared(space.queries, tokens: tokens, image.keys, range, into: scores)
            sumOfShared(block, space, image.values, range, scores)
            return
        }
        image.codePanels.withValues { codes in
            let start = block * geometry.blockStride * width
            guard let codes = codes.baseAddress.map({ $0 + start }) else { return }
            if step == 0 {
                addMask(current, range, image: image, dense: dense)
                Kernels.transposedPanels(
                    current, plus: codes, rows: count, width: width, into: coded)
            } else {
                let layer = layers[step - 1]
                if usesShared {
                    scoresOfShared(space.keys, tokens: tokens, image.queries, range, into: scores)
                } else {
                    Kernels.transposedPanels(
                        current, plus: codes, rows: count, width: width, into: coded)
                    scoresOfBlock(space.foldedKeys, rows, coded, count, into: scores)
                }
                Kernels.softmaxGroups(
                    scores, groups: geometry.heads, members: tokens, width: count, stride: stride,
                    offsets: space.offsets)
                Kernels.directProduct(
                    scores, rowStride: 1, innerStride: stride, rows: count, space.values,
                    stride: width, columns: width, inner: rows, into: change, stride: width)
                func norm(_ input: UnsafePointer<Float>) {
                    // Panel by panel, so that the rows are turned while they lie in the first cache.
                    for row in Swift.stride(from: 0, to: count, by: Kernels.panelWidth) {
                        let rows = min(Kernels.panelWidth, count - row)
                        let at = row * width
                        Kernels.residualNorm(
                            input + at, adding: change + at,
                            bias: layer.imageToToken.outputBias.values,
                            weight: layer.norm4.weight.values, normBias: layer.norm4.bias.values,
                            epsilon: layer.norm4.epsilon, into: current + at, rows: rows,
                            width: width)
                        Kernels.transposedPanels(
                            current + at, plus: codes + at, rows: rows, width: width,
                            into: coded + at)
                    }
                }
                if usesShared {
                    image.tokens.withValues { tokens in
                        if let tokens = tokens.baseAddress { norm(tokens + first * width) }
                    }
                } else {
                    norm(current)
                }
            }
        }
        // From the tokens to the picture.
        scoresOfBlock(space.foldedQueries, rows, coded, count, into: scores)
        Kernels.partialSoftmax(
            scores, rows: rows, width: count, stride: stride, maxima: space.maxima + block * rows,
            sums: space.weights + block * rows)
        Kernels.directProduct(
            scores, rowStride: stride, innerStride: 1, rows: rows, current, stride: width,
            columns: width, inner: count, into: space.partials + block * rows * width,
            stride: width)
    }

    /// Image tokens of a prompt that has a mask.
    private func addMask(
        _ current: UnsafeMutablePointer<Float>, _ range: Range<Int>, image: DecoderImage,
        dense: Tensor?
    ) {
        let first = range.lowerBound * geometry.width
        image.embedding.withValues { embedding in
            dense?.withValues { dense in
                guard let embedding = embedding.baseAddress, let dense = dense.baseAddress else {
                    return
                }
                Kernels.add(
                    embedding + first, dense + first, into: current,
                    count: range.count * geometry.width)
            }
        }
    }

    private func scoresOfBlock(
        _ folded: UnsafePointer<Float>, _ rows: Int, _ coded: UnsafePointer<Float>, _ count: Int,
        into scores: UnsafeMutablePointer<Float>
    ) {
        let width = geometry.width
        Kernels.directProduct(
            folded, rowStride: width, innerStride: 1, rows: rows, coded,
            stride: Kernels.panelWidth, panelStride: width * Kernels.panelWidth, columns: count,
            inner: width, into: scores, stride: geometry.scoreStride)
    }

    private func scoresOfShared(
        _ split: UnsafePointer<Float>, tokens: Int, _ shared: Tensor, _ range: Range<Int>,
        into scores: UnsafeMutablePointer<Float>
    ) {
        shared.withValues { shared in
            guard let shared = shared.baseAddress else { return }
            Kernels.headScores(
                split, heads: geometry.heads, tokens: tokens, depth: geometry.depth,
                keys: shared + range.lowerBound, keyStride: geometry.positions,
                width: range.count, into: scores, stride: geometry.scoreStride)
        }
    }

    private func sumOfShared(
        _ block: Int, _ space: PromptWorkspace, _ values: Tensor, _ range: Range<Int>,
        _ scores: UnsafeMutablePointer<Float>
    ) {
        let rows = geometry.heads * space.tokens
        Kernels.partialSoftmax(
            scores, rows: rows, width: range.count, stride: geometry.scoreStride,
            maxima: space.maxima + block * rows, sums: space.weights + block * rows)
        values.withValues { values in
            guard let values = values.baseAddress else { return }
            Kernels.headValues(
                scores, heads: geometry.heads, tokens: space.tokens, depth: geometry.depth,
                stride: geometry.scoreStride, values: values + range.lowerBound,
                valueStride: geometry.positions, width: range.count,
                into: space.partials + block * rows * geometry.depth)
        }
    }

    /// Puts the weighted sums of all blocks together, in the order of the blocks.
    private func merge(_ space: PromptWorkspace, width: Int) {
        let rows = geometry.heads * space.tokens
        let blocks = geometry.blocks
        withUnsafeTemporaryAllocation(of: Float.self, capacity: blocks) { factors in
            for row in 0..<rows {
                var maximum = -Float.infinity
                for block in 0..<blocks { maximum = max(maximum, space.maxima[block * rows + row]) }
                var total: Float = 0
                for block in 0..<blocks {
                    factors[block] = space.maxima[block * rows + row] - maximum
                }
                if let base = factors.baseAddress { Kernels.exp(base, into: base, count: blocks) }
                for block in 0..<blocks {
                    total += factors[block] * space.weights[block * rows + row]
                }
                let sum = space.sums + row * width
                sum.update(repeating: 0, count: width)
                for block in 0..<blocks {
                    let factor = factors[block] / total
                    let partial = space.partials + (block * rows + row) * width
                    for i in 0..<width { sum[i] += factor * partial[i] }
                }
            }
        }
    }
}
