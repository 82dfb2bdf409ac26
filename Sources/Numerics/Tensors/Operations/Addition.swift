/// The sum of two tensors; the second may be shorter and is repeated over the leading axes of the first.
///
/// - Shapes: `a [B..., S...]`, `b [S...]`, `y [B..., S...]`; B... may be empty, S... too (a number).
public enum Addition {
    /// `y = a + b`.
    ///
    /// - Parameters:
    ///   - a: The first summand, which gives the shape.
    ///   - b: The second summand; its shape is the end of `a`'s.
    /// - Returns: The sum.
    public static func forward(_ a: Tensor, _ b: Tensor) -> Tensor {
        Elementwise.repeating(b, over: a) { $0 + $1 }
    }

    /// The gradients: that of the sum, summed over the repeated axes for `b`.
    ///
    /// - Parameters:
    ///   - dy: The gradient of the sum.
    ///   - shape: The shape of `b`.
    /// - Returns: The gradients of both summands.
    public static func backward(_ dy: Tensor, shapeOfSecond shape: [Int]) -> (a: Tensor, b: Tensor)
    {
        (dy, dy.summed(to: shape))
    }

    /// The sum of variables; recorded when there is a tape and one of them is recorded.
    ///
    /// - Parameters:
    ///   - a: The first summand, which gives the shape.
    ///   - b: The second summand; its shape is the end of `a`'s.
    ///   - tape: Where to record; `nil` to compute only.
    /// - Returns: The sum.
    public static func apply(_ a: Variable, _ b: Variable, on tape: Tape?) -> Variable {
        tape.record(forward(a.value, b.value), from: [a, b]) {
            let (shape, wantsB) = (b.shape, b.isRecorded)
            return { [$0, wantsB ? $0.summed(to: shape) : nil] }
        }
    }
}

extension Elementwise {
    /// A value from each value of `a` and the one of `b` that is repeated over it.
    static func repeating(
        _ b: Tensor, over a: Tensor, _ body: @Sendable (Float, Float) -> Float
    ) -> Tensor {
        precondition(
            a.shape.suffix(b.shape.count) == b.shape[...],
            "shape \(b.shape) is not the end of \(a.shape)")
        let width = max(b.count, 1)
        return Tensor.filled(a.shape) { y in
            reading(a, b) { a, b in
                ParallelRange.forEach(count: a.count, piece: cheapPiece) { range in
                    var i = range.lowerBound
                    while i < range.upperBound {
                        // One stretch over which b is not repeated.
                        let first = i % width
                        let count = min(range.upperBound - i, width - first)
                        let (a, b, y) = (a + i, b + first, y + i)
                        if width == 1 {
                            y[0] = body(a[0], b[0])
                        } else {
                            for j in 0..<count { y[j] = body(a[j], b[j]) }
                        }
                        i += count
                    }
                }
            }
        }
    }
}

extension Tensor {
    /// The sum over leading axes, down to a shape that is the end of this one.
    func summed(to shape: [Int]) -> Tensor {
        self.shape == shape
            ? self : Elementwise.columnSums(self, columns: Tensor.count(shape)).reshaped(shape)
    }
}
