/// To which bin a probability on an edge belongs.
public enum CalibrationRule: String, Hashable, Sendable, CaseIterable {
    /// Bins `(k/B, (k+1)/B]`, 0 in the first: the rule of the original definition and of scikit-learn.
    case upperInclusive
    /// Bins `[k/B, (k+1)/B)` with edges in single precision, and a further bin for exactly 1: the rule of torchmetrics.
    case lowerInclusiveSingle
}

/// One bin of a reliability table.
public struct CalibrationBin: Hashable, Sendable {
    /// Where the bin begins.
    public let lower: Double
    /// Where it ends; `lower` for the bin of exactly 1.
    public let upper: Double
    /// Pixels in the bin.
    public let count: UInt64
    /// Those that are positive in the reference.
    public let positives: UInt64
    /// The mean probability; NaN for an empty bin.
    public let meanScore: Double
    /// The share of positives; NaN for an empty bin.
    public let positiveShare: Double

    /// How far the mean probability is from the share of positives; NaN for an empty bin.
    public var gap: Double { abs(positiveShare - meanScore) }
}
