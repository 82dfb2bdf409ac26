/// A convolution of pictures (a cross-correlation, as the field says it).
///
/// Serves patch embedding (kernel = stride), 1 x 1, depthwise and dilated convolutions alike.
///
/// - Shapes: k = kernel, p = padding, d = dilation
///   - `x [N, C, H, W]`, `weight [O, C/groups, k, k]`, `bias [O]`
///   - `y [N, O, h, w]` with `h = (H + 2p - d (k - 1) - 1) / stride + 1`, likewise `w`
/// - Complexity: `2 N O (C/groups) k² h w` operations forward, twice that backward; scratch memory for about 1024 pixels
///   per thread.
public enum Convolution2D {
    /// How the kernel moves.
    public struct Settings: Hashable, Sendable {
        /// The step from one output pixel to the next.
        public var stride: Int
        /// Zeros around the picture.
        public var padding: Int
        /// The distance of the kernel's elements.
        public var dilation: Int
        /// Parts of the channels that do not see each other.
        public var groups: Int

        /// Makes settings.
        ///
        /// - Parameters:
        ///   - stride: The step from one output pixel to the next.
        ///   - padding: Zeros around the picture.
        ///   - dilation: The distance of the kernel's elements.
        ///   - groups: Parts of the channels that do not see each other; as many as channels for a depthwise one.
        public init(stride: Int = 1, padding: Int = 0, dilation: Int = 1, groups: Int = 1) {
            (self.stride, self.padding) = (stride, padding)
            (self.dilation, self.groups) = (dilation, groups)
        }
    }

    /// `y = weight * x + bias`.
    ///
    /// - Parameters:
    ///   - x: The input.
    ///   - weight: The kernels.
    ///   - bias: One summand per output channel; `nil` for none.
    ///   - settings: How the kernel moves.
    /// - Returns: The output.
    public static func forward(
        _ x: Tensor, weight: Tensor, bias: Tensor? = nil, settings: Settings = Settings()
    ) -> Tensor {
        let core = ConvolutionCore(x: x.shape, weight: weight.shape, settings)
        var y =
            bias.map { Tensor.channels($0, shape: core.outputShape) }
            ?? Tensor(uninitialized: core.outputShape)
        reading(x, weight) { x, weight in
            y.changing { core.forward(x, weight, into: $0, adds: bias != nil) }
        }
        return y
    }

    /// The gradients of ``forward(_:weight:bias:settings:)``.
    ///
    /// - Parameters:
    ///   - dy: The gradient of the output.
    ///   - x: The input of the forward pass.
    ///   - weight: The kernels.
    ///   - settings: As in the forward pass.
    ///   - wanted: What to compute.
    /// - Returns: The gradients.
    public static func backward(
        _ dy: Tensor, x: Tensor, weight: Tensor, settings: Settings = Settings(),
        wanted: WantedGradients = .all
    ) -> AffineGradients {
        let core = ConvolutionCore(x: x.shape, weight: weight.shape, settings)
        precondition(dy.shape == core.outputShape, "a gradient of another shape than the output")
        var gradients = AffineGradients()
        if wanted.contains(.input) {
            gradients.input = Tensor.accumulated(x.shape) { dx in
                reading(dy, weight) { dy, weight in core.inputGradient(dy, weight, into: dx) }
            }
        }
        if wanted.contains(.weight) {
            gradients.weight = Tensor.accumulated(weight.shape) { dweight in
                reading(dy, x) { dy, x in core.weightGradient(dy, x, into: dweight) }
            }
        }
        if wanted.contains(.bias) { gradients.bias = dy.channelSums }
        return gradients
    }

    /// The layer on variables; recorded when there is a tape and one of them is recorded.
    ///
    /// - Parameters:
    ///   - x: The input.
    ///   - weight: The kernels.
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
}
