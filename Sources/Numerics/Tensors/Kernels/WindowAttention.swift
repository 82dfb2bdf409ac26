internal import CNetworkKernels

/// One head's attention within a window, with a bias for each pair of places.
///
/// Scores never leave the cache. For query q and keys k: the softmax over k of `scale q.k + bias[q][k]`, times the values.
///
/// - Source: Graham et al., "LeViT", ICCV 2021 (biases by offset); Wu et al., "TinyViT", ECCV 2022 (in windows).
public struct WindowAttention: Sendable {
    /// Places of the window.
    public var places: Int { shape.keys }
    /// Features of a head.
    public var headWidth: Int { shape.width }

    private var shape: nk_window_shape
    private let level: Kernels.Level
    private let biases: KernelMemory
    private let sizes: nk_window_sizes

    /// Makes the attention of a head.
    ///
    /// - Parameters:
    ///   - biases: `[query][key]`, for all pairs of places.
    ///   - places: Places of the window.
    ///   - headWidth: Features of the head.
    ///   - scale: Factor of the products of queries and keys.
    ///   - level: One that this machine can run.
    ///   - precision: For bfloat16 the weights of the values are rounded; queries, keys and values are rounded by the caller.
    public init(
        biases: [Float], places: Int, headWidth: Int, scale: Float, level: Kernels.Level,
        precision: ProductPrecision = .float32
    ) {
        precondition(level <= Kernels.highestLevel, "a level this machine cannot run")
        precondition(places > 0 && headWidth > 0, "an empty window or head")
        precondition(biases.count == places * places, "biases do not fill the pairs")
        var shape = nk_window_shape(
            width: headWidth, keys: places, scale: scale, rounds: precision == .bfloat16 ? 1 : 0)
        let sizes = nk_window_sizes_of(Int32(level.rawValue), &shape)
        let memory = KernelMemory(count: sizes.biases)
        nk_window_pack_biases(Int32(level.rawValue), &shape, biases, memory.values)
        self.shape = shape
        self.level = level
        self.sizes = sizes
        self.biases = memory
    }

    /// Number of values of the scratch memory of a call.
    public var scratchValues: Int { sizes.scratch }

    /// Attends from every place with a token to all places; on one thread.
    ///
    /// - Parameters:
    ///   - rows: For each place, line after line, the row of its token; negative for padding.
    ///   - projections: Queries, keys and values of the head one after the other, by rows.
    ///   - stride: Distance of these rows.
    ///   - padding: Queries, keys and values of padding tokens.
    ///   - output: ``headWidth`` values for each token, by rows.
    ///   - outputStride: Distance of these rows.
    ///   - scratch: ``scratchValues`` values.
    public func attend(
        rows: ArraySlice<Int32>, projections: UnsafePointer<Float>, stride: Int,
        padding: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>,
        outputStride: Int, scratch: UnsafeMutablePointer<Float>
    ) {
        precondition(rows.count == shape.keys, "rows do not fill the window")
        rows.withUnsafeBufferPointer { rows in
            guard let rows = rows.baseAddress else { return }
            withUnsafePointer(to: shape) {
                nk_window_attention(
                    Int32(level.rawValue), $0, rows, projections, stride, padding, biases.values,
                    output, outputStride, scratch)
            }
        }
    }
}
