internal import CNetworkKernels

/// The layouts of packed matrices at a level: strips of rows for left factors, panels of columns for right ones.
public struct PackedLayout: Hashable, Sendable {
    /// The instructions they are made for.
    public let level: Kernels.Level
    /// Values of a vector.
    public let lanes: Int
    /// Rows of a strip.
    public let strip: Int
    /// Columns of a panel.
    public let panel: Int

    /// The layouts of a level.
    ///
    /// - Parameter level: One that this machine can run; the highest by default.
    public init(level: Kernels.Level = Kernels.highestLevel) {
        precondition(level <= Kernels.highestLevel, "a level this machine cannot run")
        let layout = nk_layout_of_level(Int32(level.rawValue))
        self.level = level
        lanes = layout.lanes
        strip = layout.strip
        panel = layout.panel
    }

    /// Number of values of packed strips.
    ///
    /// - Parameters:
    ///   - rows: Rows of the matrix.
    ///   - inner: Its columns.
    /// - Returns: `rows` filled up to whole strips times `inner` filled up to whole vectors.
    public func stripValues(rows: Int, inner: Int) -> Int {
        Self.roundUp(rows, strip) * Self.roundUp(inner, lanes)
    }

    /// Inner columns of packed strips.
    ///
    /// - Parameter inner: Columns of the matrix.
    /// - Returns: `inner` filled up to whole vectors.
    public func stripInner(_ inner: Int) -> Int { Self.roundUp(inner, lanes) }

    /// The next multiple of a unit.
    static func roundUp(_ count: Int, _ unit: Int) -> Int { (count + unit - 1) / unit * unit }
}

/// The weights of a linear layer, packed once for many products.
///
/// Immutable.
public final class PackedMatrix: Sendable {
    /// The layout of the weights, and of the strips they are multiplied with.
    public let layout: PackedLayout
    /// Outputs of the layer.
    public let columns: Int
    /// Inputs of the layer.
    public let inner: Int
    /// How exactly the weights are kept, and what they are multiplied with.
    public let precision: ProductPrecision
    /// Panels; for bfloat16 halves, a word for two weights.
    private let panels: KernelMemory
    private let bias: KernelMemory?

    /// Packs weights.
    ///
    /// - Parameters:
    ///   - weights: `columns` rows of `inner` values, as published.
    ///   - bias: `columns` values, or `nil`.
    ///   - columns: Outputs of the layer.
    ///   - layout: The layout.
    ///   - precision: For bfloat16 the weights are rounded, and whoever multiplies rounds the strips:
    ///     ``ProductPrecision/round(_:count:)``.
    /// - Complexity: One pass over the weights; as much memory again, or half of it for bfloat16.
    public init(
        _ weights: Tensor, bias: Tensor? = nil, columns: Int, layout: PackedLayout,
        precision: ProductPrecision = .float32
    ) {
        precondition(columns > 0 && weights.count % columns == 0, "weights do not fill the rows")
        precondition(bias.map { $0.count == columns } ?? true, "a bias of another length")
        self.layout = layout
        self.columns = columns
        self.precision = precision
        let inner = weights.count / columns
        self.inner = inner
        let wide = PackedLayout.roundUp(columns, layout.panel)
        let deep = PackedLayout.roundUp(inner, layout.lanes)
        let isHalf = precision == .bfloat16
        let panels = KernelMemory(count: isHalf ? wide * deep / 2 : wide * deep)
        let level = Int32(layout.level.rawValue)
        weights.withValues { values in
            guard let base = values.baseAddress else { return }
            nonisolated(unsafe) let input = base
            let piece = 8 * layout.panel
            ParallelRange.forEach(count: columns, piece: piece) { range in
                let first = input + range.lowerBound * inner
                let place = range.lowerBound * deep
                guard isHalf else {
                    nk_pack_panels(
                        level, first, range.count, inner, inner, panels.values + place)
                    return
                }
                let count = PackedLayout.roundUp(range.count, layout.panel) * deep
                let wide = KernelMemory(count: count)
                nk_pack_panels(level, first, range.count, inner, inner, wide.values)
                (panels.values + place / 2).withMemoryRebound(to: UInt32.self, capacity: count / 2)
                { nk_narrow_panels(level, wide.values, count, $0) }
            }
        }
        self.panels = panels
        self.bias = bias.map { bias in
            let memory = KernelMemory(count: wide)
            memory.values.update(repeating: 0, count: wide)
            bias.withValues { values in
                for (index, value) in values.enumerated() { memory.values[index] = value }
            }
            return memory
        }
    }

    /// Multiplies packed rows by the weights and adds the bias; on one thread.
    ///
    /// - Parameters:
    ///   - strips: `rows` x `inner` values, packed by ``Kernels/packStrips(_:rows:inner:stride:layout:into:)`` or a kernel that
    ///     writes strips.
    ///   - rows: Number of rows.
    ///   - output: `rows` x `columns` results.
    ///   - stride: Distance of rows of the results.
    ///   - accumulates: Whether results are added to what is there.
    ///   - areFactors: Whether results are factors of a next product: for bfloat16 they are rounded.
    public func multiply(
        _ strips: UnsafePointer<Float>, rows: Int, into output: UnsafeMutablePointer<Float>,
        stride: Int, accumulates: Bool = false, areFactors: Bool = false
    ) {
        var place = nk_product_output()
        place.values = output
        place.row_stride = stride
        place.vector_stride = layout.lanes
        place.strip_stride = layout.strip * stride
        place.bias = bias.map { UnsafePointer($0.values) }
        place.accumulates = accumulates ? 1 : 0
        place.rounds = areFactors ? 1 : 0
        multiply(strips, rows: rows, into: &place)
    }

    /// Multiplies packed rows by the weights, adds the bias and applies GELU; on one thread.
    ///
    /// For bfloat16 the results are rounded.
    ///
    /// - Parameters:
    ///   - strips: `rows` x `inner` values, packed.
    ///   - rows: Number of rows.
    ///   - output: `rows` x `columns` results as strips, the left factor of a next product.
    public func multiplyWithGELU(
        _ strips: UnsafePointer<Float>, rows: Int,
        intoStrips output: UnsafeMutablePointer<Float>
    ) {
        var place = nk_product_output()
        place.values = output
        place.row_stride = layout.lanes
        place.vector_stride = layout.lanes * layout.strip
        place.strip_stride = layout.strip * layout.stripInner(columns)
        place.bias = bias.map { UnsafePointer($0.values) }
        place.applies_gelu = 1
        place.rounds = 1
        place.is_padded = 1
        multiply(strips, rows: rows, into: &place)
    }

    private func multiply(
        _ strips: UnsafePointer<Float>, rows: Int, into output: inout nk_product_output
    ) {
        let level = Int32(layout.level.rawValue)
        switch precision {
        case .float32:
            nk_product(level, strips, rows, inner, panels.values, columns, &output)
        case .bfloat16:
            panels.values.withMemoryRebound(to: UInt32.self, capacity: panels.count) {
                nk_product_of_halves(level, strips, rows, inner, $0, columns, &output)
            }
        }
    }
}

extension Kernels {
    /// Packs rows as strips.
    ///
    /// - Parameters:
    ///   - input: The matrix.
    ///   - rows: Its rows.
    ///   - inner: Its columns.
    ///   - stride: Distance of its rows in memory.
    ///   - layout: The layout.
    ///   - strips: ``PackedLayout/stripValues(rows:inner:)`` values.
    public static func packStrips(
        _ input: UnsafePointer<Float>, rows: Int, inner: Int, stride: Int, layout: PackedLayout,
        into strips: UnsafeMutablePointer<Float>
    ) {
        nk_pack_strips(Int32(layout.level.rawValue), input, rows, inner, stride, strips)
    }

    /// Normalises rows as ``layerNorm(_:into:rows:width:weight:bias:epsilon:)`` and packs them as strips.
    ///
    /// - Parameters:
    ///   - input: `rows` x `width` values.
    ///   - strips: ``PackedLayout/stripValues(rows:inner:)`` values.
    ///   - rows: Number of rows.
    ///   - width: Length of a row.
    ///   - weight: `width` factors.
    ///   - bias: `width` summands.
    ///   - epsilon: Added to the variance.
    ///   - layout: The layout.
    public static func layerNorm(
        _ input: UnsafePointer<Float>, intoStrips strips: UnsafeMutablePointer<Float>, rows: Int,
        width: Int, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>, epsilon: Float,
        layout: PackedLayout
    ) {
        nk_layer_norm_strips(
            Int32(layout.level.rawValue), input, rows, width, weight, bias, epsilon, strips)
    }
}
