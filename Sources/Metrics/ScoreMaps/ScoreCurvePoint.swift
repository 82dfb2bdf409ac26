/// One point of a ROC or precision-recall curve.
public struct ScoreCurvePoint: Hashable, Sendable {
    /// False positive rate (ROC) or recall (precision-recall).
    public let x: Double
    /// Recall (ROC) or precision (precision-recall).
    public let y: Double
    /// Pixels of at least this score are positive; infinity where the curve begins.
    public let threshold: Float

    /// Makes a point.
    ///
    /// - Parameters:
    ///   - x: False positive rate or recall.
    ///   - y: Recall or precision.
    ///   - threshold: Pixels of at least this score are positive.
    public init(x: Double, y: Double, threshold: Float) {
        self.x = x
        self.y = y
        self.threshold = threshold
    }
}
