/// The mean squared distance of values from their targets.
///
/// - Shapes: values and target any, the same.
/// - Empty: 0 for no values.
public enum MeanSquaredErrorLoss {
    /// The loss.
    ///
    /// - Parameters:
    ///   - x: The values.
    ///   - target: What they should be.
    /// - Returns: The mean of the squares.
    public static func forward(_ x: Tensor, target: Tensor) -> Float {
        precondition(x.shape == target.shape, "values and target of one shape were expected")
        let total = reading(x, target) { x, t in
            FixedSum.of(count: x.count) { range, sum in
                for i in range { sum[0] += Double(x[i] - t[i]) * Double(x[i] - t[i]) }
            }[0]
        }
        return Float(total / Double(max(1, x.count)))
    }

    /// The gradient of the values: `2 dy (x - target)` over their number.
    ///
    /// - Parameters:
    ///   - dy: The gradient of the loss.
    ///   - x: The values.
    ///   - target: What they should be.
    /// - Returns: The gradient of the values.
    public static func backward(_ dy: Float, x: Tensor, target: Tensor) -> Tensor {
        let factor = 2 * dy / Float(max(1, x.count))
        return Elementwise.map(x, target) { factor * ($0 - $1) }
    }

    /// The loss of a variable, a number; recorded when there is a tape and the variable is recorded.
    ///
    /// - Parameters:
    ///   - x: The values.
    ///   - target: What they should be.
    ///   - tape: Where to record; `nil` to compute only.
    /// - Returns: The loss, of shape `[]`.
    public static func apply(_ x: Variable, target: Tensor, on tape: Tape?) -> Variable {
        tape.record(Tensor(forward(x.value, target: target)), from: [x]) {
            let values = x.value
            return { [backward($0.values[0], x: values, target: target)] }
        }
    }
}
