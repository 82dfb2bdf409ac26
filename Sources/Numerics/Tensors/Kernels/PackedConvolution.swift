internal import CNetworkKernels

/// The weights of a convolution of one or 3 x 3 pixels, packed once for many pictures.
///
/// Pictures have their channels together: line after line, pixel after pixel, channel after channel. The inputs are read where
/// they lie, so the same serves for linear layers over rows. Immutable.
public final class PackedConvolution: Sendable {
    /// The level of the kernels.
    public let level: Kernels.Level
    /// Output channels.
    public let outputs: Int
    /// Input channels.
    public let inputs: Int
    /// Side of the kernel in pixels, 1 or 3.
    public let side: Int
    /// How exactly the weights are kept, and what they are multiplied with.
    public let precision: ProductPrecision

    private let panels: KernelMemory
    private let bias: KernelMemory?

    /// Packs weights.
    ///
    /// - Parameters:
    ///   - weights: `[output][line][column][input]`; for a side of 1, as published.
    ///   - bias: A value for each output, or `nil`.
    ///   - outputs: Output channels.
    ///   - side: Side of the kernel in pixels, 1 or 3.
    ///   - level: One that this machine can run.
    ///   - precision: For bfloat16 the weights are rounded, in as much memory, and the caller rounds what they are multiplied
    ///     with.
    /// - Complexity: One pass over the weights; as much memory again.
    public init(
        _ weights: [Float], bias: [Float]?, outputs: Int, side: Int = 1, level: Kernels.Level,
        precision: ProductPrecision = .float32
    ) {
        precondition(level <= Kernels.highestLevel, "a level this machine cannot run")
        precondition(side == 1 || side == 3, "a kernel of another side than 1 and 3")
        precondition(
            outputs > 0 && weights.count % (outputs * side * side) == 0,
            "weights do not fill the outputs")
        precondition(bias.map { $0.count == outputs } ?? true, "a bias of another length")
        let layout = PackedLayout(level: level)
        let inner = weights.count / outputs
        self.level = level
        self.outputs = outputs
        self.side = side
        self.precision = precision
        inputs = inner / (side * side)
        let wide = PackedLayout.roundUp(outputs, layout.panel)
        panels = KernelMemory(count: wide * layout.stripInner(inner))
        nk_pack_panels(
            Int32(level.rawValue), precision.rounded(weights), outputs, inner, inner, panels.values)
        self.bias = bias.map { bias in
            let memory = KernelMemory(count: wide)
            memory.values.update(repeating: 0, count: wide)
            memory.values.update(from: bias, count: outputs)
            return memory
        }
    }

    /// Applies a convolution of one pixel, or a linear layer, to rows; on one thread.
    ///
    /// - Parameters:
    ///   - input: Rows of ``inputs`` values, one after the other.
    ///   - rows: Number of rows.
    ///   - output: `rows` x ``outputs`` results.
    ///   - accumulates: Whether results are added to what is there.
    ///   - gelu: Whether GELU is applied last, absolute error below 1e-6; 0 below -5.2.
    public func multiply(
        _ input: UnsafePointer<Float>, rows: Int, into output: UnsafeMutablePointer<Float>,
        accumulates: Bool = false, gelu: Bool = false
    ) {
        precondition(side == 1, "a kernel of 3 x 3 pixels")
        run((input, input, input), inputs, rows, output, accumulates: accumulates, gelu: gelu)
    }

    /// Applies a convolution of 3 x 3 pixels to one line; on one thread.
    ///
    /// - Parameters:
    ///   - lines: The lines above, at and below; each begins one pixel left of the first output's centre and has three pixels for
    ///     the last output, those beyond the border zero.
    ///   - count: Outputs of the line.
    ///   - stride: Distance of outputs in the input.
    ///   - output: `count` x ``outputs`` results.
    ///   - gelu: Whether GELU is applied last.
    public func convolveLine(
        _ lines: (UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>), count: Int,
        stride: Int = 1, into output: UnsafeMutablePointer<Float>, gelu: Bool = false
    ) {
        precondition(side == 3, "a kernel of one pixel")
        run(lines, stride * inputs, count, output, accumulates: false, gelu: gelu)
    }

    private func run(
        _ lines: (UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>),
        _ pitch: Int, _ count: Int, _ output: UnsafeMutablePointer<Float>, accumulates: Bool,
        gelu: Bool
    ) {
        var input = nk_convolution_input()
        input.lines = (lines.0, lines.1, lines.2)
        input.line_count = side
        input.pitch = pitch
        input.inner = side * inputs
        var place = nk_product_output()
        place.values = output
        place.row_stride = outputs
        place.bias = bias.map { UnsafePointer($0.values) }
        place.accumulates = accumulates ? 1 : 0
        place.applies_gelu = gelu ? 1 : 0
        nk_convolve(Int32(level.rawValue), &input, count, panels.values, outputs, &place)
    }
}
