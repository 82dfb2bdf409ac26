import Tensors

/// Attention among the tokens of a prompt.
struct TokenAttention: Sendable {
    private let query: PackedLinear
    private let key: PackedLinear
    private let value: PackedLinear
    private let output: PackedLinear
    private let heads: Int
    private let width: Int

    init(_ weights: WeightReader, _ name: String, width: Int, heads: Int) {
        func part(_ part: String) -> PackedLinear {
            PackedLinear(weights, "\(name).\(part)_proj", inputs: width, outputs: width)
        }
        (query, key, value, output) = (part("q"), part("k"), part("v"), part("out"))
        self.heads = heads
        self.width = width
    }

    /// Floats of scratch for a number of tokens.
    func scratch(tokens: Int) -> Int { 4 * tokens * width + tokens * tokens }

    /// `result = attention(queries and keys from coded, values from plain)`.
    func callAsFunction(
        coded: UnsafePointer<Float>, plain: UnsafePointer<Float>, tokens: Int,
        into result: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
    ) {
        let size = tokens * width
        let (q, k, v) = (scratch, scratch + size, scratch + 2 * size)
        let (mixed, scores) = (scratch + 3 * size, scratch + 4 * size)
        query(coded, rows: tokens, into: q)
        key(coded, rows: tokens, into: k)
        value(plain, rows: tokens, into: v)
        let depth = width / heads
        let scale = 1 / Float(depth).squareRoot()
        for head in 0..<heads {
            let at = head * depth
            MatrixProduct.multiply(
                rows: tokens, columns: tokens, inner: depth, q + at, stride: width, .plain,
                k + at, stride: width, .transposed, into: scores, stride: tokens, alpha: scale)
            Kernels.softmaxRows(scores, rows: tokens, width: tokens)
            MatrixProduct.multiply(
                rows: tokens, columns: depth, inner: tokens, scores, stride: tokens, .plain,
                v + at, stride: width, .plain, into: mixed + at, stride: width)
        }
        output(mixed, rows: tokens, into: result)
    }
}

/// Attention from the tokens of a prompt to the picture.
///
/// Keys and values of 4096 positions would cost far more than the few tokens that ask. So the projections are moved to the other
/// side of the products: `q (K Wₖᵀ)ᵀ = (q Wₖ) Kᵀ`, and `A (K Wᵥᵀ) = (A K) Wᵥᵀ`. The bias of the keys adds the same to all scores of a
/// query and drops out of the softmax; that of the values is added once, as weights sum to 1.
struct TokenToImageAttention: Sendable {
    private let query: PackedLinear
    let keyWeight: FixedWeight
    let valueWeight: FixedWeight
    private let valueBias: FixedWeight
    private let output: PackedLinear
    private let geometry: DecoderGeometry

    init(_ weights: WeightReader, _ name: String, geometry: DecoderGeometry) {
        let (width, inner) = (geometry.width, geometry.inner)
        self.geometry = geometry
        query = PackedLinear(weights, "\(name).q_proj", inputs: width, outputs: inner)
        keyWeight = FixedWeight(weights, "\(name).k_proj.weight", [inner, width])
        // No effect on the result, see above; but it must be there.
        _ = weights.take("\(name).k_proj.bias", [inner])
        valueWeight = FixedWeight(weights, "\(name).v_proj.weight", [inner, width])
        valueBias = FixedWeight(weights, "\(name).v_proj.bias", [inner])
        output = PackedLinear(weights, "\(name).out_proj", inputs: inner, outputs: width)
    }

    /// The queries of every head, scaled: H x T x D.
    ///
    /// Scratch: T x H x D.
    func queries(
        _ coded: UnsafePointer<Float>, tokens: Int, into queries: UnsafeMutablePointer<Float>,
        scratch: UnsafeMutablePointer<Float>
    ) {
        query(coded, rows: tokens, into: scratch)
        geometry.splitHeads(
            scratch, tokens: tokens, scale: 1 / Float(geometry.depth).squareRoot(), into: queries)
    }

    /// Queries moved to the features of the image tokens: H x T x C.
    func folded(
        _ queries: UnsafePointer<Float>, tokens: Int, into folded: UnsafeMutablePointer<Float>
    ) {
        geometry.fold(queries, tokens: tokens, by: keyWeight.values, into: folded)
    }

    /// The result from the weighted sums of the image tokens (H x T x C), or of the values (H x T x D).
    ///
    /// Scratch: T x H x D.
    func result(
        sums: UnsafePointer<Float>, areValues: Bool, tokens: Int,
        into result: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
    ) {
        let (inner, depth, width) = (geometry.inner, geometry.depth, geometry.width)
        for token in 0..<tokens {
            (scratch + token * inner).update(from: valueBias.values, count: inner)
        }
        for head in 0..<geometry.heads {
            let target = scratch + head * depth
            if areValues {
                for token in 0..<tokens {
                    let row = sums + (head * tokens + token) * depth
                    for d in 0..<depth { target[token * inner + d] += row[d] }
                }
            } else {
                MatrixProduct.multiply(
                    rows: tokens, columns: depth, inner: width, sums + head * tokens * width,
                    stride: width, .plain, valueWeight.values + head * depth * width,
                    stride: width, .transposed, into: target, stride: inner, beta: 1)
            }
        }
        output(scratch, rows: tokens, into: result)
    }
}

/// Attention from the picture to the tokens of a prompt, with the projections of the picture moved to the side of the tokens; see
/// ``TokenToImageAttention``.
struct ImageToTokenAttention: Sendable {
    let queryWeight: FixedWeight
    private let queryBias: FixedWeight
    private let key: PackedLinear
    private let value: PackedLinear
    private let outputWeight: FixedWeight
    let outputBias: FixedWeight
    private let geometry: DecoderGeometry

    init(_ weights: WeightReader, _ name: String, geometry: DecoderGeometry) {
        let (width, inner) = (geometry.width, geometry.inner)
        self.geometry = geometry
        queryWeight = FixedWeight(weights, "\(name).q_proj.weight", [inner, width])
        queryBias = FixedWeight(weights, "\(name).q_proj.bias", [inner])
        key = PackedLinear(weights, "\(name).k_proj", inputs: width, outputs: inner)
        value = PackedLinear(weights, "\(name).v_proj", inputs: width, outputs: inner)
        outputWeight = FixedWeight(weights, "\(name).out_proj.weight", [width, inner])
        outputBias = FixedWeight(weights, "\(name).out_proj.bias", [width])
    }

    /// The keys of every head, scaled (H x T x D), and what the bias of the queries adds to their scores (H x T).
    func keys(
        _ coded: UnsafePointer<Float>, tokens: Int, into keys: UnsafeMutablePointer<Float>,
        offsets: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
    ) {
        key(coded, rows: tokens, into: scratch)
        let depth = geometry.depth
        geometry.splitHeads(
            scratch, tokens: tokens, scale: 1 / Float(depth).squareRoot(), into: keys)
        for row in 0..<geometry.heads * tokens {
            let bias = queryBias.values + row / tokens * depth
            var sum: Float = 0
            for d in 0..<depth { sum += bias[d] * keys[row * depth + d] }
            offsets[row] = sum
        }
    }

    /// Keys moved to the features of the image tokens: H x T x C.
    func folded(
        _ keys: UnsafePointer<Float>, tokens: Int, into folded: UnsafeMutablePointer<Float>
    ) {
        geometry.fold(keys, tokens: tokens, by: queryWeight.values, into: folded)
    }

    /// The values of every head after the output projection: H x T x C, to be summed by the weights of all heads.
    func values(
        _ plain: UnsafePointer<Float>, tokens: Int, into values: UnsafeMutablePointer<Float>,
        scratch: UnsafeMutablePointer<Float>
    ) {
        let (inner, depth, width) = (geometry.inner, geometry.depth, geometry.width)
        value(plain, rows: tokens, into: scratch)
        for head in 0..<geometry.heads {
            MatrixProduct.multiply(
                rows: tokens, columns: width, inner: depth, scratch + head * depth, stride: inner,
                .plain, outputWeight.values + head * depth, stride: inner, .transposed,
                into: values + head * tokens * width, stride: width)
        }
    }
}

extension DecoderGeometry {
    /// T x H x D values as H x T x D, scaled.
    func splitHeads(
        _ rows: UnsafePointer<Float>, tokens: Int, scale: Float,
        into split: UnsafeMutablePointer<Float>
    ) {
        for head in 0..<heads {
            for token in 0..<tokens {
                let from = rows + token * inner + head * depth
                let to = split + (head * tokens + token) * depth
                for d in 0..<depth { to[d] = scale * from[d] }
            }
        }
    }

    /// H x T x D values times a weight of H x D rows of C, head by head: H x T x C.
    func fold(
        _ split: UnsafePointer<Float>, tokens: Int, by weight: UnsafePointer<Float>,
        into folded: UnsafeMutablePointer<Float>
    ) {
        for head in 0..<heads {
            MatrixProduct.multiply(
                rows: tokens, columns: width, inner: depth, split + head * tokens * depth,
                stride: depth, .plain, weight + head * depth * width, stride: width, .plain,
                into: folded + head * tokens * width, stride: width)
        }
    }
}
