/// The positive part of every value.
///
/// - Shapes: any; `x`, `y`, `dy` and `dx` have the same.
public enum ReLU {
    /// `y = max(x, 0)`.
    ///
    /// - Parameter x: The input.
    /// - Returns: The output.
    public static func forward(_ x: Tensor) -> Tensor {
        Elementwise.mapPieces(x) { Kernels.relu($0, into: $1, count: $2) }
    }

    /// The gradient of the input: `dy` where `x` is positive, 0 elsewhere (also at 0).
    ///
    /// - Parameters:
    ///   - dy: The gradient of the output.
    ///   - x: The input of the forward pass.
    /// - Returns: The gradient of the input.
    public static func backward(_ dy: Tensor, x: Tensor) -> Tensor {
        Elementwise.map(dy, x) { $1 > 0 ? $0 : 0 }
    }

    /// The function on a variable; recorded when there is a tape and the variable is recorded.
    ///
    /// - Parameters:
    ///   - x: The input.
    ///   - tape: Where to record; `nil` to compute only.
    /// - Returns: The output.
    public static func apply(_ x: Variable, on tape: Tape?) -> Variable {
        tape.record(forward(x.value), from: [x]) {
            let input = x.value
            return { [backward($0, x: input)] }
        }
    }
}
