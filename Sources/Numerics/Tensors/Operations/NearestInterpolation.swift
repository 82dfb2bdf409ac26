/// Pictures resampled by taking the nearest pixel towards the first corner.
///
/// - Shapes: `x [N, C, H, W]`, `y [N, C, height, width]`, all of 1 or more.
/// - Source: `interpolate(mode: nearest)` of PyTorch, including its Float coordinates.
public enum NearestInterpolation {
    /// Resamples pictures.
    ///
    /// - Parameters:
    ///   - x: The input.
    ///   - height: Lines of the output.
    ///   - width: Columns of the output.
    /// - Returns: The resampled input.
    public static func forward(_ x: Tensor, height: Int, width: Int) -> Tensor {
        let (_, _, h, w) = x.nchw
        return Resampling.planes(
            x, lines: .nearest(from: h, to: height), columns: .nearest(from: w, to: width))
    }

    /// The gradient of the input: every weight of the forward pass, taken the other way.
    ///
    /// - Parameters:
    ///   - dy: The gradient of the output.
    ///   - shape: The shape of the input.
    /// - Returns: The gradient of the input.
    public static func backward(
        _ dy: Tensor, inputShape shape: [Int]
    ) -> Tensor {
        let (_, _, height, width) = dy.nchw
        return Resampling.planes(
            dy, lines: AxisTaps.nearest(from: shape[2], to: height).transposed,
            columns: AxisTaps.nearest(from: shape[3], to: width).transposed)
    }

    /// The operation on a variable; recorded when there is a tape and the variable is recorded.
    ///
    /// - Parameters:
    ///   - x: The input.
    ///   - height: Lines of the output.
    ///   - width: Columns of the output.
    ///   - tape: Where to record; `nil` to compute only.
    /// - Returns: The resampled input.
    public static func apply(
        _ x: Variable, height: Int, width: Int, on tape: Tape?
    ) -> Variable {
        tape.record(forward(x.value, height: height, width: width), from: [x]) {
            let shape = x.shape
            return { [backward($0, inputShape: shape)] }
        }
    }
}
