/// What a score map finds at one threshold: a pixel is positive when its score is at least the threshold.
public struct ThresholdScore: Hashable, Sendable {
    /// The lowest score that counts as positive.
    public let threshold: Float
    /// True and false positives and negatives.
    public let counts: OverlapCounts
    /// F1 = Dice, 2TP / (2TP + FP + FN); NaN when there is no positive on either side.
    public let f1: Double
    /// TP / (TP + FP); NaN when no score reaches the threshold.
    public let precision: Double
    /// TP / (TP + FN); NaN when the reference has no positives.
    public let recall: Double

    /// Takes the counts at a threshold.
    init(threshold: Float, counts: OverlapCounts) {
        self.threshold = threshold
        self.counts = counts
        // 0 / 0 is NaN.
        let hits = Double(counts.truePositives)
        let (predicted, positives) = (Double(counts.prediction), Double(counts.reference))
        f1 = 2 * hits / (predicted + positives)
        precision = hits / predicted
        recall = hits / positives
    }
}
