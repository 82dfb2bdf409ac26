/// A tensor times a number plus a number, neither of them trained.
///
/// - Shapes: any; the output has the shape of the input.
public enum Scaling {
    /// `y = factor x + summand`.
    ///
    /// - Parameters:
    ///   - x: The input.
    ///   - factor: The factor.
    ///   - summand: Added to every value.
    /// - Returns: The output.
    public static func forward(_ x: Tensor, by factor: Float, plus summand: Float = 0) -> Tensor {
        Elementwise.map(x) { factor * $0 + summand }
    }

    /// The gradient of the input: `factor dy`.
    ///
    /// - Parameters:
    ///   - dy: The gradient of the output.
    ///   - factor: As in the forward pass.
    /// - Returns: The gradient of the input.
    public static func backward(_ dy: Tensor, by factor: Float) -> Tensor {
        Elementwise.map(dy) { factor * $0 }
    }

    /// The operation on a variable; recorded when there is a tape and the variable is recorded.
    ///
    /// - Parameters:
    ///   - x: The input.
    ///   - factor: The factor.
    ///   - summand: Added to every value.
    ///   - tape: Where to record; `nil` to compute only.
    /// - Returns: The output.
    public static func apply(
        _ x: Variable, by factor: Float, plus summand: Float = 0, on tape: Tape?
    ) -> Variable {
        tape.record(forward(x.value, by: factor, plus: summand), from: [x]) {
            { [backward($0, by: factor)] }
        }
    }
}
