/// One minus the soft Dice coefficient of every sample, averaged over samples.
///
/// Per sample: `1 - (2 Σ p t + e) / (Σ p + Σ t + e)` with p the logistic function of the logit and smoothing e.
///
/// - Shapes: logits and target `[N, S...]`, the same; a sample is the first axis.
/// - Empty: 0 for no samples.
public enum SigmoidDiceLoss {
    /// The loss.
    ///
    /// - Parameters:
    ///   - logits: One logit per pixel.
    ///   - target: The truth, from 0 to 1.
    ///   - smoothing: Added to numerator and denominator; two empty masks then cost nothing.
    /// - Returns: The mean over samples, from 0 to 1.
    public static func forward(_ logits: Tensor, target: Tensor, smoothing: Float = 1) -> Float {
        let ratios = ratios(logits, target, smoothing)
        let loss = ratios.reduce(0) { $0 + 1 - $1.above / $1.below }
        return Float(loss / Double(max(1, ratios.count)))
    }

    /// The gradient of the logits.
    ///
    /// - Parameters:
    ///   - dy: The gradient of the loss.
    ///   - logits: One logit per pixel.
    ///   - target: The truth, from 0 to 1.
    ///   - smoothing: Added to numerator and denominator; two empty masks then cost nothing.
    /// - Returns: With `a / b` the ratio of a sample: `dp = -(2 t / b - a / b²) / N`, then through the logistic function.
    public static func backward(_ dy: Float, logits: Tensor, target: Tensor, smoothing: Float = 1)
        -> Tensor
    {
        let ratios = ratios(logits, target, smoothing)
        let share = -Double(dy) / Double(max(1, ratios.count))
        let size = ratios.isEmpty ? 1 : max(1, logits.count / ratios.count)
        let ofTruth = ratios.map { Float(share * 2 / $0.below) }
        let constant = ratios.map { Float(-share * $0.above / ($0.below * $0.below)) }
        return Tensor.filled(logits.shape) { dx in
            reading(logits, target) { x, t in
                ParallelRange.forEach(count: x.count, piece: Elementwise.costlyPiece) { range in
                    for i in range {
                        let dp = ofTruth[i / size] * t[i] + constant[i / size]
                        dx[i] = dp * Sigmoid.value(x[i]) * Sigmoid.value(-x[i])
                    }
                }
            }
        }
    }

    /// The loss of a variable, a number; recorded when there is a tape and the variable is recorded.
    ///
    /// - Parameters:
    ///   - logits: One logit per pixel.
    ///   - target: The truth, from 0 to 1.
    ///   - smoothing: Added to numerator and denominator; two empty masks then cost nothing.
    ///   - tape: Where to record; `nil` to compute only.
    /// - Returns: The loss, of shape `[]`.
    public static func apply(
        _ logits: Variable, target: Tensor, smoothing: Float = 1, on tape: Tape?
    ) -> Variable {
        tape.record(
            Tensor(forward(logits.value, target: target, smoothing: smoothing)), from: [logits]
        ) {
            let x = logits.value
            return { [backward($0.values[0], logits: x, target: target, smoothing: smoothing)] }
        }
    }

    /// Numerator and denominator of every sample.
    private static func ratios(
        _ logits: Tensor, _ target: Tensor, _ smoothing: Float
    ) -> [(above: Double, below: Double)] {
        precondition(
            logits.shape == target.shape && !logits.shape.isEmpty,
            "logits and target of one shape [N, ...] were expected")
        let size = logits.shape.dropFirst().reduce(1, *)
        return reading(logits, target) { x, t in
            (0..<logits.shape[0]).map { sample in
                let (x, t) = (Source(x + sample * size, count: size), t + sample * size)
                let truth = Source(t, count: size)
                let sums = FixedSum.of(count: size, width: 3) { range, sums in
                    for i in range {
                        let p = Double(Sigmoid.value(x[i]))
                        sums[0] += p * Double(truth[i])
                        sums[1] += p
                        sums[2] += Double(truth[i])
                    }
                }
                return (2 * sums[0] + Double(smoothing), sums[1] + sums[2] + Double(smoothing))
            }
        }
    }
}
