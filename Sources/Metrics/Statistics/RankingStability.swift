/// How often each model is first when the cases are drawn anew.
///
/// Cases that share a cluster id are drawn together. Draws are those of ``Bootstrap``. A first place shared by several
/// models counts for each in part, so that the shares add up to 1.
public struct RankingStability: Hashable, Sendable {
    /// The share of resamples in which each model has the best mean: aggregate, then rank.
    public let firstShare: [Double]
    /// The share of resamples in which each model has the best mean rank: rank, then aggregate.
    public let firstShareByRank: [Double]
    /// The share of resamples in which two models stand in opposite orders by means and by mean ranks.
    public let disagreement: Double
    /// Whether the two orders of all cases agree; see ``Ranking/ordersAgree``.
    public let ordersAgree: Bool

    /// Draws the cases anew.
    ///
    /// - Parameters:
    ///   - scores: The scores, `[case][model]`; at least one case and one model.
    ///   - clusters: The cluster of each case.
    ///   - higherIsBetter: Whether the largest score is best.
    ///   - resamples: How many resamples are drawn, at least 1.
    ///   - seed: Where the random sequence begins.
    /// - Throws: As ``Ranking/init(scores:higherIsBetter:)``, also when clusters and cases differ in number, and
    ///   ``MetricError/invalidArgument(name:found:expected:)`` without resamples.
    /// - Complexity: O(resamples * clusters * models). With fewer than ``Bootstrap/smallestSample`` clusters the shares
    ///   say little; show none.
    public init(
        scores: [[Double]], clusters: [some Hashable], higherIsBetter: Bool,
        resamples: Int = 1_000, seed: UInt64 = 1
    ) throws(MetricError) {
        let perCase = try RankOrders.ranked(scores, higherIsBetter)
        try FiniteCheck.check(clusters.count, is: scores.count, "clusters")
        guard resamples > 0 else {
            throw .invalidArgument(name: "resamples", found: "\(resamples)", expected: "at least 1")
        }
        let list = ClusterList(clusters)
        let models = scores[0].count
        // Signed so that less is better, like ranks.
        let columns = (0..<models).map { model in
            list.sums(of: scores.map { higherIsBetter ? -$0[model] : $0[model] })
        }
        let ranks = (0..<models).map { model in
            list.rows.map { rows in rows.reduce(0) { $0 + perCase[$1].doubled[model] } }
        }
        var random = SplitMix64(seed: seed)
        var (firsts, firstsByRank) = (FirstPlaces(models), FirstPlaces(models))
        var disagreements = 0
        var sums = [Double](repeating: 0, count: models)
        var rankSums = [Int](repeating: 0, count: models)
        for _ in 0..<resamples {
            for model in 0..<models { (sums[model], rankSums[model]) = (0, 0) }
            for _ in 0..<list.count {
                let cluster = random.index(below: list.count)
                for model in 0..<models {
                    sums[model] += columns[model][cluster]
                    rankSums[model] += ranks[model][cluster]
                }
            }
            // Every model has the same number of rows: sums stand in the order of the means.
            firsts.add(sums)
            firstsByRank.add(rankSums)
            if !RankOrders.agree(sums, rankSums) { disagreements += 1 }
        }
        firstShare = firsts.shares(of: resamples)
        firstShareByRank = firstsByRank.shares(of: resamples)
        disagreement = Double(disagreements) / Double(resamples)
        ordersAgree = try Ranking(scores: scores, higherIsBetter: higherIsBetter).ordersAgree
    }
}

/// Counts first places, whole and shared.
private struct FirstPlaces {
    /// For each model, how often it was first together with so many others.
    private var counts: [[Int]]

    init(_ models: Int) {
        counts = [[Int]](repeating: [Int](repeating: 0, count: models), count: models)
    }

    mutating func add<Value: Comparable>(_ values: [Value]) {
        guard let best = values.min() else { return }
        let first = values.indices.filter { values[$0] == best }
        for model in first { counts[model][first.count - 1] += 1 }
    }

    func shares(of resamples: Int) -> [Double] {
        counts.map { counts in
            counts.enumerated().reduce(0.0) { $0 + Double($1.element) / Double($1.offset + 1) }
                / Double(resamples)
        }
    }
}
