/// The order of models by their scores on the same cases, in the two ways in use.
///
/// *Aggregate, then rank* orders the means; *rank, then aggregate* ranks the models in every case and takes the mean of
/// the ranks. They answer different questions and can disagree (Maier-Hein et al. 2018): show both. Rank 1 is best, and
/// equal scores share the mean of their ranks.
public struct Ranking: Hashable, Sendable {
    /// The rank of every model in every case, `[case][model]`.
    public let ranks: [[Double]]
    /// The mean score of each model.
    public let means: [Double]
    /// The rank of each mean: aggregate, then rank.
    public let rankOfMean: [Double]
    /// The mean of the ranks of each model: rank, then aggregate.
    public let meanRank: [Double]
    /// The rank of each mean rank.
    public let rankOfMeanRank: [Double]
    /// Friedman's test; nil for fewer than two models or cases, or when all models tie in every case.
    public let friedman: FriedmanTest?

    /// Whether no two models stand in one order by their means and in the other by their mean ranks.
    public var ordersAgree: Bool { RankOrders.agree(rankOfMean, rankOfMeanRank) }

    /// Ranks models.
    ///
    /// - Parameters:
    ///   - scores: The scores, `[case][model]`; at least one case and one model.
    ///   - higherIsBetter: Whether the largest score is best.
    /// - Throws: ``MetricError/invalidScore(what:index:found:)`` for a score that is not finite,
    ///   ``MetricError/sizeMismatch(what:found:expected:)`` for cases with different numbers of models,
    ///   ``MetricError/invalidArgument(name:found:expected:)`` without cases or models.
    /// - Complexity: O(cases * models * log models).
    public init(scores: [[Double]], higherIsBetter: Bool) throws(MetricError) {
        let perCase = try RankOrders.ranked(scores, higherIsBetter)
        let models = scores[0].count
        ranks = perCase.map(\.ranks)
        let means = (0..<models).map { model in PairwiseSum.mean(scores.map { $0[model] }) }
        self.means = means
        rankOfMean = MidRanks(means.map { higherIsBetter ? -$0 : $0 }).ranks
        let sums = (0..<models).map { model in perCase.reduce(0) { $0 + $1.doubled[model] } }
        meanRank = sums.map { Double($0) / 2 / Double(scores.count) }
        rankOfMeanRank = MidRanks(sums.map(Double.init)).ranks
        friedman = FriedmanTest(
            doubledRanks: perCase.map(\.doubled), ties: perCase.map(\.groups))
    }
}

/// What rankings share.
enum RankOrders {
    /// The ranks of every case, after checking the table.
    static func ranked(
        _ scores: [[Double]], _ higherIsBetter: Bool
    ) throws(MetricError) -> [MidRanks] {
        guard let first = scores.first, !first.isEmpty else {
            throw .invalidArgument(
                name: "scores", found: "\(scores.count) cases of 0 models",
                expected: "at least one case and one model")
        }
        var ranks: [MidRanks] = []
        for (index, row) in scores.enumerated() {
            try FiniteCheck.check(row.count, is: first.count, "scores of case \(index)")
            try FiniteCheck.check(row, "scores of case \(index)")
            ranks.append(MidRanks(row.map { higherIsBetter ? -$0 : $0 }))
        }
        return ranks
    }

    /// Whether no two models stand in opposite orders.
    static func agree<A: Comparable, B: Comparable>(_ a: [A], _ b: [B]) -> Bool {
        for first in a.indices {
            for second in a.indices where a[first] < a[second] && b[first] > b[second] {
                return false
            }
        }
        return true
    }
}
