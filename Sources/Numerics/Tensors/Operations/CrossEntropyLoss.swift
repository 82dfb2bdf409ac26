/// The mean negative log-probability of the true class.
///
/// - Shapes: logits `[N, C, S...]`, one label per picture and place in S..., in the same order.
/// - Empty: 0 when no label counts.
public enum CrossEntropyLoss {
    /// The loss.
    ///
    /// - Parameters:
    ///   - logits: Unnormalised log-probabilities.
    ///   - labels: Classes from 0; another number than a class is a mistake of the program.
    ///   - ignored: A label that does not count; `nil` when all do.
    /// - Returns: The mean over the labels that count.
    public static func forward(
        _ logits: Tensor, labels: [Int32], ignoring ignored: Int32? = nil
    ) -> Float {
        let pixels = ClassPixels(logits.shape, labels, ignoring: ignored)
        let total = logits.reading { x in
            FixedSum.of(count: pixels.pieces, piece: 1) { range, sum in
                for piece in range.lazy.map({ pixels[$0] }) {
                    withScratch((pixels.classes + 1) * piece.count) { p in
                        let logSum = p + pixels.classes * piece.count
                        pixels.softmax(x, piece, into: p, logSum: logSum)
                        for i in 0..<piece.count {
                            let label = pixels.labels[piece.label + i]
                            guard label != pixels.ignored else { continue }
                            let own = x[piece.origin + Int(label) * pixels.plane + i]
                            sum[0] += Double(logSum[i] - own)
                        }
                    }
                }
            }[0]
        }
        return Float(total / Double(max(1, pixels.counted)))
    }

    /// The gradient of the logits: probability minus 1 for the true class, minus 0 for others, over the count.
    ///
    /// - Parameters:
    ///   - dy: The gradient of the loss.
    ///   - logits: Unnormalised log-probabilities.
    ///   - labels: Classes from 0.
    ///   - ignored: As in the forward pass.
    /// - Returns: The gradient of the logits.
    public static func backward(
        _ dy: Float, logits: Tensor, labels: [Int32], ignoring ignored: Int32? = nil
    ) -> Tensor {
        let pixels = ClassPixels(logits.shape, labels, ignoring: ignored)
        let factor = dy / Float(max(1, pixels.counted))
        return Tensor.filled(logits.shape) { dx in
            logits.reading { x in
                ParallelRange.forEach(count: pixels.pieces, piece: 1) { range in
                    for piece in range.lazy.map({ pixels[$0] }) {
                        withScratch((pixels.classes + 1) * piece.count) { p in
                            pixels.softmax(
                                x, piece, into: p, logSum: p + pixels.classes * piece.count)
                            for i in 0..<piece.count {
                                let label = pixels.labels[piece.label + i]
                                let weight = label == pixels.ignored ? 0 : factor
                                for c in 0..<pixels.classes {
                                    let target: Float = c == Int(label) ? 1 : 0
                                    dx[piece.origin + c * pixels.plane + i] =
                                        (p[c * piece.count + i] - target) * weight
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
    ///   - ignored: A label that does not count; `nil` when all do.
    ///   - tape: Where to record; `nil` to compute only.
    /// - Returns: The loss, of shape `[]`.
    public static func apply(
        _ logits: Variable, labels: [Int32], ignoring ignored: Int32? = nil, on tape: Tape?
    ) -> Variable {
        let loss = forward(logits.value, labels: labels, ignoring: ignored)
        return tape.record(Tensor(loss), from: [logits]) {
            let x = logits.value
            return { [backward($0.values[0], logits: x, labels: labels, ignoring: ignored)] }
        }
    }
}
