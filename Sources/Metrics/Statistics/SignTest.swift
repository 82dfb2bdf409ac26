/// The sign test: whether differences are positive as often as negative.
public struct SignTest: Hashable, Sendable {
    /// How many differences are positive.
    public let positive: Int
    /// How many differences are negative.
    public let negative: Int
    /// The exact two-sided binomial p-value; zeros do not count, and 1 when there is nothing else.
    public let p: Double

    /// Tests differences.
    ///
    /// - Parameter differences: One per case.
    /// - Throws: ``MetricError/invalidScore(what:index:found:)`` for a difference that is not finite.
    public init(differences: [Double]) throws(MetricError) {
        try FiniteCheck.check(differences, "differences")
        positive = differences.count { $0 > 0 }
        negative = differences.count { $0 < 0 }
        p = min(
            1,
            2 * Distributions.fairCoin(atMost: min(positive, negative), of: positive + negative))
    }
}
