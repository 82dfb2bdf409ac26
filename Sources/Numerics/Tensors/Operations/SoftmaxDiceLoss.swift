/// One minus the soft Dice coefficient of every class, squared denominators, averaged over classes.
///
/// Per class, over batch and pixels: `1 - (2 Σ p t + s) / (Σ p² + Σ t² + s)` with softmax probabilities p, truth t of 0 or 1
/// and smoothing s. Class 0 counts like the others.
///
/// - Shapes: logits `[N, C, S...]`, one label per picture and place in S....
/// - Source: Milletari et al. 2016 for the squares; the form and s = 1e-5 of the public TransUNet code.
public enum SoftmaxDiceLoss {
    /// The loss.
    ///
    /// - Parameters:
    ///   - logits: Unnormalised log-probabilities.
    ///   - labels: Classes from 0; another number than a class is a mistake of the program.
    ///   - smoothing: Added to numerator and denominator; a class that is nowhere then costs nothing.
    /// - Returns: The mean over classes, from 0 to 1.
    public static func forward(
        _ logits: Tensor, labels: [Int32], smoothing: Float = 1e-5
    ) -> Float {
        let pixels = ClassPixels(logits.shape, labels)
        let loss = ratios(logits, pixels, smoothing).reduce(0) { $0 + 1 - $1.above / $1.below }
        return Float(loss / Double(pixels.classes))
    }

    /// The gradient of the logits.
    ///
    /// - Parameters:
    ///   - dy: The gradient of the loss.
    ///   - logits: Unnormalised log-probabilities.
    ///   - labels: Classes from 0.
    ///   - smoothing: As in the forward pass.
    /// - Returns: With `a / b` the ratio of a class: `dp = -(2 t / b - 2 p a / b²) / C`, then through the softmax.
    public static func backward(
        _ dy: Float, logits: Tensor, labels: [Int32], smoothing: Float = 1e-5
    ) -> Tensor {
        let pixels = ClassPixels(logits.shape, labels)
        let ratios = ratios(logits, pixels, smoothing)
        let share = -2 * Double(dy) / Double(pixels.classes)
        let ofTruth = ratios.map { Float(share / $0.below) }
        let ofProbability = ratios.map { Float(-share * $0.above / ($0.below * $0.below)) }
        return Tensor.filled(logits.shape) { dx in
            logits.reading { x in
                ParallelRange.forEach(count: pixels.pieces, piece: 1) { range in
                    for piece in range.lazy.map({ pixels[$0] }) {
                        let count = piece.count
                        withScratch((2 * pixels.classes + 1) * count) { p in
                            let dp = p + pixels.classes * count
                            let common = dp + pixels.classes * count
                            pixels.softmax(x, piece, into: p, logSum: common)
                            common.update(repeating: 0, count: count)
                            for c in 0..<pixels.classes {
                                for i in 0..<count {
                                    let isTrue = Int(pixels.labels[piece.label + i]) == c
                                    let at = c * count + i
                                    dp[at] = ofProbability[c] * p[at] + (isTrue ? ofTruth[c] : 0)
                                    common[i] += dp[at] * p[at]
                                }
                            }
                            for c in 0..<pixels.classes {
                                let dx = dx + (piece.origin + c * pixels.plane)
                                for i in 0..<count {
                                    dx[i] = p[c * count + i] * (dp[c * count + i] - common[i])
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// The loss of a variable, a number; recorded when there is a tape and the variable is recorded.
    ///
    /// - Parameters:
    ///   - logits: Unnormalised log-probabilities.
    ///   - labels: Classes from 0.
    ///   - smoothing: Added to numerator and denominator.
    ///   - tape: Where to record; `nil` to compute only.
    /// - Returns: The loss, of shape `[]`.
    public static func apply(
        _ logits: Variable, labels: [Int32], smoothing: Float = 1e-5, on tape: Tape?
    ) -> Variable {
        let loss = forward(logits.value, labels: labels, smoothing: smoothing)
        return tape.record(Tensor(loss), from: [logits]) {
            let x = logits.value
            return { [backward($0.values[0], logits: x, labels: labels, smoothing: smoothing)] }
        }
    }

    /// Numerator and denominator of every class.
    private static func ratios(
        _ logits: Tensor, _ pixels: ClassPixels, _ smoothing: Float
    ) -> [(above: Double, below: Double)] {
        let classes = pixels.classes
        let sums = logits.reading { x in
            FixedSum.of(count: pixels.pieces, piece: 1, width: 3 * classes) { range, sums in
                for piece in range.lazy.map({ pixels[$0] }) {
                    let count = piece.count
                    withScratch((classes + 1) * count) { p in
                        pixels.softmax(x, piece, into: p, logSum: p + classes * count)
                        for c in 0..<classes {
                            let own = p + c * count
                            sums[3 * c + 1] += Double(Elementwise.dot(own, own, count))
                        }
                        for i in 0..<count {
                            let label = Int(pixels.labels[piece.label + i])
                            sums[3 * label] += Double(p[label * count + i])
                            sums[3 * label + 2] += 1
                        }
                    }
                }
            }
        }
        let s = Double(smoothing)
        return (0..<classes).map {
            (2 * sums[3 * $0] + s, sums[3 * $0 + 1] + sums[3 * $0 + 2] + s)
        }
    }
}
