internal import CNetworkKernels

// Shapes: H = heads, T = tokens of a prompt, D = features of a head, R = positions of the picture in a block.

extension Kernels {
    /// Outputs of one panel of a packed weight; see ``panelLinear(_:rows:inputStride:inputs:panels:bias:outputs:relu:into:outputStride:)``.
    public static let panelWidth = Int(nk_panel_width)

    /// `output = input weightᵀ + bias` for few rows, with every weight read once and no copy of it made.
    ///
    /// - Parameters:
    ///   - input: Rows of `inputs` values.
    ///   - rows: Number of rows; each result depends on its own row only.
    ///   - inputStride: Distance of input rows in memory.
    ///   - inputs: Length of an input row.
    ///   - panels: The weight in panels of ``panelWidth`` outputs: for each panel, for each input, the values of its outputs;
    ///     0 where there is none.
    ///   - bias: One value for each output, filled up with 0 to whole panels.
    ///   - outputs: Length of an output row.
    ///   - relu: Whether negative results become 0.
    ///   - output: The results.
    ///   - outputStride: Distance of output rows in memory.
    public static func panelLinear(
        _ input: UnsafePointer<Float>, rows: Int, inputStride: Int, inputs: Int,
        panels: UnsafePointer<Float>, bias: UnsafePointer<Float>, outputs: Int, relu: Bool,
        into output: UnsafeMutablePointer<Float>, outputStride: Int
    ) {
        nk_panel_linear(
            input, rows, inputStride, inputs, panels, bias, outputs, relu ? 1 : 0, output,
            outputStride)
    }

    /// Replaces every row by e to the power of value minus maximum: one piece of a softmax over longer rows.
    ///
    /// - Parameters:
    ///   - values: Finite values, replaced.
    ///   - rows: Number of rows.
    ///   - width: Length of a row, at least 1.
    ///   - stride: Distance of rows in memory.
    ///   - maxima: Receives the maximum of every row.
    ///   - sums: Receives the sum of the results of every row.
    public static func partialSoftmax(
        _ values: UnsafeMutablePointer<Float>, rows: Int, width: Int, stride: Int,
        maxima: UnsafeMutablePointer<Float>, sums: UnsafeMutablePointer<Float>
    ) {
        nk_partial_softmax(values, rows, width, stride, maxima, sums)
    }

    /// Softmax over the rows of every group, for each column by itself.
    ///
    /// - Parameters:
    ///   - values: `groups` times `members` rows of finite values, replaced.
    ///   - groups: Number of groups.
    ///   - members: Rows of a group, at least 1.
    ///   - width: Length of a row.
    ///   - stride: Distance of rows in memory.
    ///   - offsets: A summand for each row, added first.
    public static func softmaxGroups(
        _ values: UnsafeMutablePointer<Float>, groups: Int, members: Int, width: Int, stride: Int,
        offsets: UnsafePointer<Float>
    ) {
        nk_softmax_groups(values, groups, members, width, stride, offsets)
    }

    /// A product of matrices that reads its factors where they lie: for shapes whose copies would cost as much as the product.
    ///
    /// - Parameters:
    ///   - a: The first factor.
    ///   - rowStride: Distance of its rows in memory.
    ///   - innerStride: Distance of its columns in memory.
    ///   - rows: Its rows.
    ///   - b: The second factor, row by row.
    ///   - bStride: Distance of its rows in memory.
    ///   - panelStride: Distance of its panels of ``panelWidth`` columns in memory; `nil` when its rows are whole.
    ///   - columns: Its columns.
    ///   - inner: Its rows.
    ///   - c: The product; other memory.
    ///   - cStride: Distance of its rows in memory.
    public static func directProduct(
        _ a: UnsafePointer<Float>, rowStride: Int, innerStride: Int, rows: Int,
        _ b: UnsafePointer<Float>, stride bStride: Int, panelStride: Int? = nil, columns: Int,
        inner: Int, into c: UnsafeMutablePointer<Float>, stride cStride: Int
    ) {
        nk_direct_product(
            a, rowStride, innerStride, rows, b, bStride, panelStride ?? 0, columns, inner, c,
            cStride)
    }

    /// The transpose of a matrix in panels of ``panelWidth`` of its columns, plus panels of another.
    ///
    /// - Parameters:
    ///   - a: `rows` x `width` values.
    ///   - added: Panels of the same sizes, added; `nil` for none.
    ///   - rows: Number of rows, columns of the result.
    ///   - width: Length of a row, rows of the result.
    ///   - panels: For every ``panelWidth`` rows `width` times ``panelWidth`` values, filled up with 0.
    public static func transposedPanels(
        _ a: UnsafePointer<Float>, plus added: UnsafePointer<Float>?, rows: Int, width: Int,
        into panels: UnsafeMutablePointer<Float>
    ) {
        nk_transposed_panels(a, added, rows, width, panels)
    }

    /// A residual and the layer norm after it in one pass over memory.
    ///
    /// - Parameters:
    ///   - input: `rows` x `width` values.
    ///   - change: Added to them.
    ///   - bias: `width` values, added to every row.
    ///   - weight: Factors of the norm.
    ///   - normBias: Summands of the norm.
    ///   - epsilon: Added to the variance.
    ///   - output: The norm of `input + change + bias`; may be the memory of the input.
    ///   - rows: Number of rows.
    ///   - width: Length of a row.
    public static func residualNorm(
        _ input: UnsafePointer<Float>, adding change: UnsafePointer<Float>,
        bias: UnsafePointer<Float>, weight: UnsafePointer<Float>, normBias: UnsafePointer<Float>,
        epsilon: Float, into output: UnsafeMutablePointer<Float>, rows: Int, width: Int
    ) {
        nk_residual_norm(
            input, change, bias, weight, normBias, epsilon, output, rows, width)
    }

    /// The products of few queries with the keys of many positions, head by head.
    ///
    /// - Parameters:
    ///   - queries: H x T x D values.
    ///   - heads: H.
    ///   - tokens: T.
    ///   - depth: D.
    ///   - keys: H x D rows of positions.
    ///   - keyStride: Distance of these rows in memory.
    ///   - width: Number of positions.
    ///   - scores: Receives H x T rows of positions.
    ///   - stride: Distance of these rows in memory.
    public static func headScores(
        _ queries: UnsafePointer<Float>, heads: Int, tokens: Int, depth: Int,
        keys: UnsafePointer<Float>, keyStride: Int, width: Int,
        into scores: UnsafeMutablePointer<Float>, stride: Int
    ) {
        nk_head_scores(queries, heads, tokens, depth, keys, keyStride, width, scores, stride)
    }

    /// The sums of the values of many positions by the weights of few tokens, head by head.
    ///
    /// - Parameters:
    ///   - weights: H x T rows of positions.
    ///   - heads: H.
    ///   - tokens: T.
    ///   - depth: D.
    ///   - stride: Distance of the rows of weights in memory.
    ///   - values: H x D rows of positions.
    ///   - valueStride: Distance of these rows in memory.
    ///   - width: Number of positions.
    ///   - output: Receives H x T x D values.
    public static func headValues(
        _ weights: UnsafePointer<Float>, heads: Int, tokens: Int, depth: Int, stride: Int,
        values: UnsafePointer<Float>, valueStride: Int, width: Int,
        into output: UnsafeMutablePointer<Float>
    ) {
        nk_head_values(
            weights, heads, tokens, depth, stride, values, valueStride, width, output)
    }

    /// The parameters of ``upscaleTail(_:features:width:stride:masks:maskCount:into:scratch:)``, as addresses.
    public struct Upscaling {
        /// Channels before the second convolution.
        public var inputs: Int
        /// Channels after it, a multiple of 4.
        public var outputs: Int
        /// One value for each input channel.
        public var firstBias: UnsafePointer<Float>
        /// One factor for each input channel.
        public var normWeight: UnsafePointer<Float>
        /// One summand for each input channel.
        public var normBias: UnsafePointer<Float>
        /// Added to the variance.
        public var epsilon: Float
        /// For each corner, each four outputs, each input: four values.
        public var weight: UnsafePointer<Float>
        /// One value for each output channel.
        public var secondBias: UnsafePointer<Float>

        /// Makes the parameters.
        ///
        /// - Parameters:
        ///   - inputs: Channels before the second convolution.
        ///   - outputs: Channels after it, a multiple of 4.
        ///   - firstBias: One value for each input channel.
        ///   - normWeight: One factor for each input channel.
        ///   - normBias: One summand for each input channel.
        ///   - epsilon: Added to the variance.
        ///   - weight: For each corner, each four outputs, each input: four values.
        ///   - secondBias: One value for each output channel.
        public init(
            inputs: Int, outputs: Int, firstBias: UnsafePointer<Float>,
            normWeight: UnsafePointer<Float>, normBias: UnsafePointer<Float>, epsilon: Float,
            weight: UnsafePointer<Float>, secondBias: UnsafePointer<Float>
        ) {
            self.inputs = inputs
            self.outputs = outputs
            self.firstBias = firstBias
            self.normWeight = normWeight
            self.normBias = normBias
            self.epsilon = epsilon
            self.weight = weight
            self.secondBias = secondBias
        }
    }

    /// Floats of scratch for ``upscaleTail(_:features:width:stride:masks:maskCount:into:scratch:)``.
    ///
    /// - Parameter inputs: Channels before the second convolution.
    /// - Returns: The count.
    public static func upscaleScratch(inputs: Int) -> Int { nk_upscale_scratch(inputs) }

    /// The up-scaling of mask features after the product of its first convolution, down to the logits: bias, layer norm over
    /// channels, GELU, second convolution, GELU, product with the weights of each mask.
    ///
    /// - Parameters:
    ///   - layer: The parameters.
    ///   - features: For each of 4 corners and each input channel a row of positions.
    ///   - width: Number of positions.
    ///   - stride: Distance of rows in memory, a multiple of 64; rows are set up to it.
    ///   - masks: One row of output channels for each mask.
    ///   - maskCount: Number of masks.
    ///   - logits: For each mask, each corner and each corner of the corner a row of positions.
    ///   - scratch: ``upscaleScratch(inputs:)`` values.
    public static func upscaleTail(
        _ layer: Upscaling, features: UnsafePointer<Float>, width: Int, stride: Int,
        masks: UnsafePointer<Float>, maskCount: Int, into logits: UnsafeMutablePointer<Float>,
        scratch: UnsafeMutablePointer<Float>
    ) {
        var parameters = nk_upscaling(
            inputs: layer.inputs, outputs: layer.outputs, first_bias: layer.firstBias,
            norm_weight: layer.normWeight, norm_bias: layer.normBias, epsilon: layer.epsilon,
            weight: layer.weight, second_bias: layer.secondBias)
        nk_upscale_tail(
            &parameters, features, width, stride, masks, maskCount, logits, scratch)
    }

    /// A weighted sum of four rows.
    ///
    /// - Parameters:
    ///   - rows: Four rows.
    ///   - weights: Their weights.
    ///   - width: Length of a row.
    ///   - output: The sum; other memory.
    public static func combineRows(
        _ rows: (
            UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>
        ),
        weights: UnsafePointer<Float>, width: Int, into output: UnsafeMutablePointer<Float>
    ) {
        withUnsafeTemporaryAllocation(of: UnsafePointer<Float>?.self, capacity: 4) { list in
            list.initializeElement(at: 0, to: rows.0)
            list.initializeElement(at: 1, to: rows.1)
            list.initializeElement(at: 2, to: rows.2)
            list.initializeElement(at: 3, to: rows.3)
            nk_combine_rows(list.baseAddress, weights, width, output)
        }
    }

    /// Marks the values above a threshold and counts those above three.
    ///
    /// - Parameters:
    ///   - values: Values.
    ///   - width: How many, below 2^32.
    ///   - thresholds: Three thresholds; the first decides the mask.
    ///   - mask: Receives 1 or 0 for each value.
    ///   - counts: Three counts, increased.
    public static func threshold(
        _ values: UnsafePointer<Float>, width: Int, thresholds: UnsafePointer<Float>,
        mask: UnsafeMutablePointer<UInt8>, counts: UnsafeMutablePointer<Int>
    ) {
        nk_threshold(values, width, thresholds, mask, counts)
    }
}
