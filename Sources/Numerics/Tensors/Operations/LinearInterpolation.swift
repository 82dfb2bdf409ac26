/// Rows resampled linearly between pixel centres.
///
/// - Shapes: `x [..., L]`, `y [..., length]`, both lengths of 1 or more.
public enum LinearInterpolation {
    /// Resamples rows.
    ///
    /// - Parameters:
    ///   - x: The input.
    ///   - length: Values of an output row.
    /// - Returns: The resampled input.
    public static func forward(_ x: Tensor, length: Int) -> Tensor {
        let (rows, columns) = x.rowsAndColumns
        return Resampling.alongColumns(
            x.reshaped([rows, columns]), .linear(from: columns, to: length)
        ).reshaped(x.shape.dropLast() + [length])
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
        let (rows, length) = dy.rowsAndColumns
        guard let columns = shape.last else { preconditionFailure("rows were expected") }
        return Resampling.alongColumns(
            dy.reshaped([rows, length]), AxisTaps.linear(from: columns, to: length).transposed
        ).reshaped(shape)
    }

    /// The operation on a variable; recorded when there is a tape and the variable is recorded.
    ///
    /// - Parameters:
    ///   - x: The input.
    ///   - length: Values of an output row.
    ///   - tape: Where to record; `nil` to compute only.
    /// - Returns: The resampled input.
    public static func apply(
        _ x: Variable, length: Int, on tape: Tape?
    ) -> Variable {
        tape.record(forward(x.value, length: length), from: [x]) {
            let shape = x.shape
            return { [backward($0, inputShape: shape)] }
        }
    }
}
