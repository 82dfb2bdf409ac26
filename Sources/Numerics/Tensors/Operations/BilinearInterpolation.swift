/// Pictures resampled linearly along lines and columns.
///
/// - Shapes: `x [N, C, H, W]`, `y [N, C, height, width]`, all of 1 or more.
/// - Complexity: O(output); columns are resampled first.
/// - Source: the conventions of PyTorch's `interpolate`; coordinates are computed in Double here and there in Float.
public enum BilinearInterpolation {
    /// Where the samples lie.
    public enum Mode: Sendable {
        /// Pixels are cells, their values at the centres; the border is repeated.
        case pixelCentres
        /// The corner pixels of input and output lie on each other.
        case alignedCorners
        /// Pixel centres, and a triangle filter that averages when shrinking.
        case antialiased

        func taps(from inputs: Int, to outputs: Int) -> AxisTaps {
            switch self {
            case .pixelCentres: .linear(from: inputs, to: outputs)
            case .alignedCorners: .linear(from: inputs, to: outputs, alignsCorners: true)
            case .antialiased: .antialiased(from: inputs, to: outputs)
            }
        }
    }

    /// Resamples pictures.
    ///
    /// - Parameters:
    ///   - x: The input.
    ///   - height: Lines of the output.
    ///   - width: Columns of the output.
    ///   - mode: Where the samples lie.
    /// - Returns: The resampled input.
    public static func forward(_ x: Tensor, height: Int, width: Int, mode: Mode) -> Tensor {
        let (_, _, h, w) = x.nchw
        return Resampling.planes(
            x, lines: mode.taps(from: h, to: height), columns: mode.taps(from: w, to: width))
    }

    /// The gradient of the input: every weight of the forward pass, taken the other way.
    ///
    /// - Parameters:
    ///   - dy: The gradient of the output.
    ///   - shape: The shape of the input.
    ///   - mode: Where the samples lie.
    /// - Returns: The gradient of the input.
    public static func backward(
        _ dy: Tensor, inputShape shape: [Int], mode: Mode
    ) -> Tensor {
        let (_, _, height, width) = dy.nchw
        return Resampling.planes(
            dy, lines: mode.taps(from: shape[2], to: height).transposed,
            columns: mode.taps(from: shape[3], to: width).transposed)
    }

    /// The operation on a variable; recorded when there is a tape and the variable is recorded.
    ///
    /// - Parameters:
    ///   - x: The input.
    ///   - height: Lines of the output.
    ///   - width: Columns of the output.
    ///   - mode: Where the samples lie.
    ///   - tape: Where to record; `nil` to compute only.
    /// - Returns: The resampled input.
    public static func apply(
        _ x: Variable, height: Int, width: Int, mode: Mode, on tape: Tape?
    ) -> Variable {
        tape.record(forward(x.value, height: height, width: width, mode: mode), from: [x]) {
            let shape = x.shape
            return { [backward($0, inputShape: shape, mode: mode)] }
        }
    }
}
