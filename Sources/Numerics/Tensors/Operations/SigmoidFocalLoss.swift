#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The cross entropy of logits, weighted down where the prediction is already right.
///
/// Per pixel: `a m^gamma ce` with ce the cross entropy, m = p (1 - t) + t (1 - p) the missing probability and
/// a = alpha t + (1 - alpha)(1 - t); the mean over pixels.
///
/// - Shapes: logits and target any, the same.
/// - Empty: 0 for no pixels.
/// - Source: Lin et al. 2017.
public enum SigmoidFocalLoss {
    /// The loss.
    ///
    /// - Parameters:
    ///   - logits: One logit per pixel.
    ///   - target: The truth, from 0 to 1.
    ///   - alpha: The weight of the foreground; the background has the rest.
    ///   - gamma: How strongly right predictions are weighted down; 0 for not at all.
    /// - Returns: The mean over pixels.
    public static func forward(
        _ logits: Tensor, target: Tensor, alpha: Float = 0.25, gamma: Float = 2
    ) -> Float {
        precondition(logits.shape == target.shape, "logits and target of one shape were expected")
        let total = reading(logits, target) { x, t in
            FixedSum.of(count: x.count) { range, sum in
                for i in range {
                    let weight = alpha * t[i] + (1 - alpha) * (1 - t[i])
                    let missing = missing(x[i], t[i])
                    sum[0] += Double(
                        weight * powf(missing, gamma) * BinaryCrossEntropyLoss.value(x[i], t[i]))
                }
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
    ///   - alpha: The weight of the foreground; the background has the rest.
    ///   - gamma: How strongly right predictions are weighted down; 0 for not at all.
    /// - Returns: `a (gamma m^(gamma-1) m' ce + m^gamma ce')` over the number of pixels.
    public static func backward(
        _ dy: Float, logits: Tensor, target: Tensor, alpha: Float = 0.25, gamma: Float = 2
    ) -> Tensor {
        let factor = dy / Float(max(1, logits.count))
        return Elementwise.map(logits, target, piece: Elementwise.costlyPiece) { x, t in
            let weight = factor * (alpha * t + (1 - alpha) * (1 - t))
            let missing = missing(x, t)
            let slope = (1 - 2 * t) * Sigmoid.value(x) * Sigmoid.value(-x)
            // Where nothing is missing, or without gamma, this summand is 0; the power may be infinite there.
            let ofWeight =
                gamma == 0 || missing == 0
                ? 0
                : gamma * powf(missing, gamma - 1) * slope * BinaryCrossEntropyLoss.value(x, t)
            return weight
                * (ofWeight + powf(missing, gamma) * BinaryCrossEntropyLoss.slope(x, t))
        }
    }

    /// The loss of a variable, a number; recorded when there is a tape and the variable is recorded.
    ///
    /// - Parameters:
    ///   - logits: One logit per pixel.
    ///   - target: The truth, from 0 to 1.
    ///   - alpha: The weight of the foreground; the background has the rest.
    ///   - gamma: How strongly right predictions are weighted down; 0 for not at all.
    ///   - tape: Where to record; `nil` to compute only.
    /// - Returns: The loss, of shape `[]`.
    public static func apply(
        _ logits: Variable, target: Tensor, alpha: Float = 0.25, gamma: Float = 2, on tape: Tape?
    ) -> Variable {
        tape.record(
            Tensor(forward(logits.value, target: target, alpha: alpha, gamma: gamma)),
            from: [logits]
        ) {
            let x = logits.value
            return {
                [backward($0.values[0], logits: x, target: target, alpha: alpha, gamma: gamma)]
            }
        }
    }

    /// The probability that the prediction leaves to the wrong answer.
    private static func missing(_ x: Float, _ t: Float) -> Float {
        (1 - t) * Sigmoid.value(x) + t * Sigmoid.value(-x)
    }
}
