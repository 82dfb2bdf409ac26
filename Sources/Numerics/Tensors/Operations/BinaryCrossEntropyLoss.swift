#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The mean cross entropy of logits against a truth from 0 to 1.
///
/// - Shapes: logits and target any, the same.
/// - Empty: 0 for no pixels.
public enum BinaryCrossEntropyLoss {
    /// The loss of one pixel: finite for any logit.
    static func value(_ x: Float, _ t: Float) -> Float {
        max(x, 0) - x * t + log1pf(expf(-abs(x)))
    }

    /// Its derivative, `s(x) - t`, without losing digits where the logit is right.
    static func slope(_ x: Float, _ t: Float) -> Float {
        (1 - t) * Sigmoid.value(x) - t * Sigmoid.value(-x)
    }

    /// The loss.
    ///
    /// - Parameters:
    ///   - logits: One logit per pixel.
    ///   - target: The truth, from 0 to 1.
    /// - Returns: The mean over pixels.
    public static func forward(_ logits: Tensor, target: Tensor) -> Float {
        precondition(logits.shape == target.shape, "logits and target of one shape were expected")
        let total = reading(logits, target) { x, t in
            FixedSum.of(count: x.count) { range, sum in
                for i in range { sum[0] += Double(value(x[i], t[i])) }
            }[0]
        }
        return Float(total / Double(max(1, logits.count)))
    }

    /// The gradient of the logits.
    ///
    /// - Parameters:
    ///   - dy: The gradient of the loss.
    ///   - logits: One logit per pixel.
    ///   - target: The truth, from 0 to 1.
    /// - Returns: `dy (s(x) - t)` over the number of pixels, with the logistic function s.
    public static func backward(_ dy: Float, logits: Tensor, target: Tensor) -> Tensor {
        let factor = dy / Float(max(1, logits.count))
        return Elementwise.map(logits, target, piece: Elementwise.costlyPiece) {
            factor * slope($0, $1)
        }
    }

    /// The loss of a variable, a number; recorded when there is a tape and the variable is recorded.
    ///
    /// - Parameters:
    ///   - logits: One logit per pixel.
    ///   - target: The truth, from 0 to 1.
    ///   - tape: Where to record; `nil` to compute only.
    /// - Returns: The loss, of shape `[]`.
    public static func apply(
        _ logits: Variable, target: Tensor, on tape: Tape?
    ) -> Variable {
        tape.record(Tensor(forward(logits.value, target: target)), from: [logits]) {
            let x = logits.value
            return { [backward($0.values[0], logits: x, target: target)] }
        }
    }
}
