internal import CNetworkKernels

/// One head's attention over a square grid of keys, with relative positions along both axes.
///
/// For query q at (y, x): the softmax over the keys k at (v, u) of
/// `scale q.k + q.h[y - v + side - 1] + q.w[x - u + side - 1]`, times the values. Scores never leave the cache.
///
/// - Source: Li et al., "MViTv2", CVPR 2022 (decomposed relative positions); blocks of keys with running maxima: Milakov and
///   Gimelshein 2018.
public struct GridAttention: Sendable {
    /// The layout of the strips that results are written into.
    public let layout: PackedLayout
    private var shape: nk_attention_shape

    /// Makes the attention of a grid.
    ///
    /// - Parameters:
    ///   - side: Side of the grid of keys.
    ///   - headWidth: Features of a head.
    ///   - scale: Factor of the products of queries and keys.
    ///   - layout: The layout of the results.
    ///   - precision: For bfloat16 the weights of the values are rounded; queries, keys, values and tables are rounded by the
    ///     caller.
    public init(
        side: Int, headWidth: Int, scale: Float, layout: PackedLayout,
        precision: ProductPrecision = .float32
    ) {
        precondition(side > 0 && headWidth > 0, "an empty grid or head")
        self.layout = layout
        shape = nk_attention_shape(
            width: headWidth, side: side, scale: scale, rounds: precision == .bfloat16 ? 1 : 0)
    }

    /// Side of the grid of keys.
    public var side: Int { shape.side }

    /// A query: the row of its token and its place in the grid.
    public struct Query: Sendable {
        fileprivate var value: nk_query

        /// Makes a query.
        ///
        /// - Parameters:
        ///   - token: The row of its token.
        ///   - y: Line of the grid.
        ///   - x: Place in the line.
        public init(token: Int, y: Int, x: Int) {
            value = nk_query(token: Int32(token), y: Int32(y), x: Int32(x))
        }

        /// The row of its token.
        public var token: Int { Int(value.token) }
    }

    private func sizes(queries: Int = 0) -> nk_attention_sizes {
        withUnsafePointer(to: shape) {
            nk_attention_sizes_of(Int32(layout.level.rawValue), $0, queries)
        }
    }

    /// Number of values of packed keys.
    public var keyValues: Int { sizes().keys }
    /// Number of values of packed values.
    public var valueValues: Int { sizes().values }
    /// Number of values of a packed table.
    public var tableValues: Int { sizes().table }

    /// Number of values of the scratch memory of a call.
    ///
    /// - Parameter queries: The most queries of a call.
    /// - Returns: The number.
    public func scratchValues(queries: Int) -> Int { sizes(queries: queries).scratch }

    /// Packs a table of relative positions.
    ///
    /// - Parameters:
    ///   - table: `2 side - 1` rows of `headWidth` values.
    ///   - packed: ``tableValues`` values.
    public func packTable(
        _ table: UnsafePointer<Float>, into packed: UnsafeMutablePointer<Float>
    ) {
        withUnsafePointer(to: shape) {
            nk_attention_pack_table(Int32(layout.level.rawValue), $0, table, packed)
        }
    }

    /// Packs the keys and values of one head.
    ///
    /// - Parameters:
    ///   - tokens: For each place of the grid, line after line, the row of its token; negative for padding.
    ///   - keys: The head's keys by rows of tokens.
    ///   - values: The head's values by rows of tokens.
    ///   - stride: Distance of rows.
    ///   - paddingKey: The key of padding tokens.
    ///   - paddingValue: Their value.
    ///   - packedKeys: ``keyValues`` values.
    ///   - packedValues: ``valueValues`` values.
    public func packKeys(
        tokens: [Int32], keys: UnsafePointer<Float>, values: UnsafePointer<Float>, stride: Int,
        paddingKey: UnsafePointer<Float>, paddingValue: UnsafePointer<Float>,
        into packedKeys: UnsafeMutablePointer<Float>, _ packedValues: UnsafeMutablePointer<Float>
    ) {
        precondition(tokens.count == shape.side * shape.side, "tokens do not fill the grid")
        withUnsafePointer(to: shape) {
            nk_attention_pack_keys(
                Int32(layout.level.rawValue), $0, tokens, keys, values, stride, paddingKey,
                paddingValue, packedKeys, packedValues)
        }
    }

    /// Attends from some queries to all keys; on one thread.
    ///
    /// - Parameters:
    ///   - list: The queries.
    ///   - queries: The head's queries by rows of tokens.
    ///   - stride: Distance of rows.
    ///   - packedKeys: From ``packKeys(tokens:keys:values:stride:paddingKey:paddingValue:into:_:)``.
    ///   - packedValues: The same.
    ///   - tableH: Packed table of positions from line to line.
    ///   - tableW: Packed table of positions along a line.
    ///   - output: Strips over all tokens; the columns of this head are written, for the tokens of the list.
    ///   - inner: Inner columns of these strips, a multiple of the lanes.
    ///   - column: The head's first column.
    ///   - scratch: ``scratchValues(queries:)`` values.
    public func attend(
        _ list: ArraySlice<Query>, queries: UnsafePointer<Float>, stride: Int,
        packedKeys: UnsafePointer<Float>, packedValues: UnsafePointer<Float>,
        tableH: UnsafePointer<Float>, tableW: UnsafePointer<Float>,
        into output: UnsafeMutablePointer<Float>, inner: Int, column: Int,
        scratch: UnsafeMutablePointer<Float>
    ) {
        precondition(inner % layout.lanes == 0, "strips are whole vectors")
        list.withUnsafeBufferPointer { list in
            guard let base = list.baseAddress else { return }
            base.withMemoryRebound(to: nk_query.self, capacity: list.count) { base in
                withUnsafePointer(to: shape) {
                    nk_attention(
                        Int32(layout.level.rawValue), $0, base, list.count, queries, stride,
                        packedKeys, packedValues, tableH, tableW, output, inner, column, scratch)
                }
            }
        }
    }
}
