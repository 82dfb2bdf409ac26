/// A tensor repeated along a new first axis, for example one picture for several prompts.
///
/// - Shapes: `x [S...]`, `y [count, S...]`
public enum Repetition {
    /// Repeats a tensor.
    ///
    /// - Parameters:
    ///   - x: The input.
    ///   - count: How often, 0 or more.
    /// - Returns: Copies that follow each other.
    public static func forward(_ x: Tensor, count: Int) -> Tensor {
        Tensor.filled([count] + x.shape) { y in
            x.reading { x in
                for index in 0..<count {
                    (y + index * x.count).update(from: x.base, count: x.count)
                }
            }
        }
    }

    /// The gradient of the input: the sum over the copies.
    ///
    /// - Parameter dy: The gradient of the copies.
    /// - Returns: The gradient of the input.
    public static func backward(_ dy: Tensor) -> Tensor {
        dy.summed(to: Array(dy.shape.dropFirst()))
    }

    /// The operation on a variable; recorded when there is a tape and the variable is recorded.
    ///
    /// - Parameters:
    ///   - x: The input.
    ///   - count: How often.
    ///   - tape: Where to record; `nil` to compute only.
    /// - Returns: Copies that follow each other.
    public static func apply(_ x: Variable, count: Int, on tape: Tape?) -> Variable {
        tape.record(forward(x.value, count: count), from: [x]) { { [backward($0)] } }
    }
}
