/// A transposed convolution of pictures: every input pixel adds its kernel to the output.
///
/// It is the input gradient of a ``Convolution2D`` with the same weight, and that convolution is its own gradient.
///
/// - Shapes: k = kernel, p = padding
///   - `x [N, C, H, W]`, `weight [C, O, k, k]`, `bias [O]`
///   - `y [N, O, h, w]` with `h = (H - 1) stride - 2p + k + outputPadding`, likewise `w`
/// - Complexity: `2 N C O k² H W` operations forward, twice that backward.
public enum TransposedConvolution2D {
    /// How the kernel moves.
    public struct Settings: Hashable, Sendable {
        /// The step in the output from one input pixel to the next.
        public var stride: Int
        /// Pixels cut off around the output.
        public var padding: Int
        /// Pixels added to the output at its far ends; less than the stride.
        public var outputPadding: Int

        /// Makes settings.
        ///
        /// - Parameters:
        ///   - stride: The step in the output from one input pixel to the next.
        ///   - padding: Pixels cut off around the output.
        ///   - outputPadding: Pixels added to the output at its far ends.
        public init(stride: Int = 1, padding: Int = 0, outputPadding: Int = 0) {
            (self.stride, self.padding) = (stride, padding)
            self.outputPadding = outputPadding
        }
    }

    /// Spreads every input pixel over the output and adds the bias.
    ///
    /// - Parameters:
    ///   - x: The input.
    ///   - weight: The kernels, input channels first.
    ///   - bias: One summand per output channel; `nil` for none.
    ///   - settings: How the kernel moves.
    /// - Returns: The output.
    public static func forward(
        _ x: Tensor, weight: Tensor, bias: Tensor? = nil, settings: Settings = Settings()
    ) -> Tensor {
        let core = core(x, weight, settings)
        let shape = [core.n, core.c, core.h, core.w]
        var y = bias.map { Tensor.channels($0, shape: shape) } ?? Tensor(zeros: shape)
        reading(x, weight) { x, weight in
            y.changing { core.inputGradient(x, weight, into: $0) }
        }
        return y
    }

    /// The gradients of ``forward(_:weight:bias:settings:)``.
    ///
    /// - Parameters:
    ///   - dy: The gradient of the output.
    ///   - x: The input of the forward pass.
    ///   - weight: The kernels, input channels first.
    ///   - settings: As in the forward pass.
    ///   - wanted: What to compute.
    /// - Returns: The gradients.
    public static func backward(
        _ dy: Tensor, x: Tensor, weight: Tensor, settings: Settings = Settings(),
        wanted: WantedGradients = .all
    ) -> AffineGradients {
        let core = core(x, weight, settings)
        precondition(
            dy.shape == [core.n, core.c, core.h, core.w],
            "a gradient of another shape than the output")
        var gradients = AffineGradients()
        if wanted.contains(.input) {
            gradients.input = Tensor.filled(x.shape) { dx in
                reading(dy, weight) { dy, weight in
                    core.forward(dy, weight, into: dx, adds: false)
                }
            }
        }
        if wanted.contains(.weight) {
            gradients.weight = Tensor.accumulated(weight.shape) { dweight in
                reading(x, dy) { x, dy in core.weightGradient(x, dy, into: dweight) }
            }
        }
        if wanted.contains(.bias) { gradients.bias = dy.channelSums }
        return gradients
    }

    /// The layer on variables; recorded when there is a tape and one of them is recorded.
    ///
    /// - Parameters:
    ///   - x: The input.
    ///   - weight: The kernels, input channels first.
    ///   - bias: One summand per output channel; `nil` for none.
    ///   - settings: How the kernel moves.
    ///   - tape: Where to record; `nil` to compute only.
    /// - Returns: The output.
    public static func apply(
        _ x: Variable, weight: Variable, bias: Variable? = nil, settings: Settings = Settings(),
        on tape: Tape?
    ) -> Variable {
        let y = forward(x.value, weight: weight.value, bias: bias?.value, settings: settings)
        return tape.record(y, from: [x, weight, bias]) {
            let (input, kernels) = (x.value, weight.value)
            let wanted = WantedGradients(x, weight, bias)
            return {
                backward($0, x: input, weight: kernels, settings: settings, wanted: wanted).list
            }
        }
    }

    /// The convolution that leads from the output back to the input.
    private static func core(_ x: Tensor, _ weight: Tensor, _ settings: Settings) -> ConvolutionCore
    {
        let (n, c, h, w) = x.nchw
        precondition(
            weight.shape.count == 4 && weight.shape[0] == c && h > 0 && w > 0
                && settings.outputPadding >= 0 && settings.outputPadding < settings.stride,
            "weight \(weight.shape) with \(settings) does not fit input \(x.shape)")
        let free = settings.outputPadding - 2 * settings.padding
        let core = ConvolutionCore(
            x: [
                n, weight.shape[1], (h - 1) * settings.stride + weight.shape[2] + free,
                (w - 1) * settings.stride + weight.shape[3] + free,
            ], weight: weight.shape,
            Convolution2D.Settings(stride: settings.stride, padding: settings.padding))
        precondition(core.outputShape == x.shape, "these settings lead to another input")
        return core
    }
}
