#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The logistic function of every value.
///
/// - Shapes: any; `x`, `y`, `dy` and `dx` have the same.
public enum Sigmoid {
    /// The logistic function of a number, without overflow on either side.
    static func value(_ x: Float) -> Float {
        let e = expf(-abs(x))
        return x >= 0 ? 1 / (1 + e) : e / (1 + e)
    }

    /// `y = 1 / (1 + exp(-x))`.
    ///
    /// - Parameter x: The input.
    /// - Returns: The output.
    public static func forward(_ x: Tensor) -> Tensor {
        Elementwise.map(x, piece: Elementwise.costlyPiece) { value($0) }
    }

    /// The gradient of the input: `dy s(x) s(-x)`.
    ///
    /// - Parameters:
    ///   - dy: The gradient of the output.
    ///   - x: The input of the forward pass.
    /// - Returns: The gradient of the input.
    public static func backward(_ dy: Tensor, x: Tensor) -> Tensor {
        // From the input: 1 - y would lose all digits where y is near 1.
        Elementwise.map(dy, x, piece: Elementwise.costlyPiece) { $0 * value($1) * value(-$1) }
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
