/// The product of two tensors, value by value; the second may be shorter and is repeated over the leading axes of the first.
///
/// - Shapes: `a [B..., S...]`, `b [S...]`, `y [B..., S...]`; with S... empty, `b` is a number such as a gate.
public enum Multiplication {
    /// `y = a b`.
    ///
    /// - Parameters:
    ///   - a: The first factor, which gives the shape.
    ///   - b: The second factor; its shape is the end of `a`'s.
    /// - Returns: The product.
    public static func forward(_ a: Tensor, _ b: Tensor) -> Tensor {
        Elementwise.repeating(b, over: a) { $0 * $1 }
    }

    /// The gradients: `da = dy b`, `db = dy a`, summed over the repeated axes.
    ///
    /// - Parameters:
    ///   - dy: The gradient of the product.
    ///   - a: The first factor.
    ///   - b: The second factor.
    /// - Returns: The gradients of both factors.
    public static func backward(_ dy: Tensor, _ a: Tensor, _ b: Tensor) -> (a: Tensor, b: Tensor) {
        (forward(dy, b), Elementwise.map(dy, a) { $0 * $1 }.summed(to: b.shape))
    }

    /// The product of variables; recorded when there is a tape and one of them is recorded.
    ///
    /// - Parameters:
    ///   - a: The first factor, which gives the shape.
    ///   - b: The second factor; its shape is the end of `a`'s.
    ///   - tape: Where to record; `nil` to compute only.
    /// - Returns: The product.
    public static func apply(_ a: Variable, _ b: Variable, on tape: Tape?) -> Variable {
        tape.record(forward(a.value, b.value), from: [a, b]) {
            let first = b.isRecorded ? a.value : nil
            let second = a.isRecorded ? b.value : nil
            let shape = b.shape
            return { dy in
                [
                    second.map { forward(dy, $0) },
                    first.map { Elementwise.map(dy, $0) { $0 * $1 }.summed(to: shape) },
                ]
            }
        }
    }
}
