/// Two models on the same cases: how much they differ, and how sure that is.
///
/// Differences are first minus second. Both lists must hold a value for every case: leave out cases that one of them
/// has no value for, and say how many.
public struct PairedComparison: Hashable, Sendable {
    /// How many cases are compared.
    public let n: Int
    /// The mean difference; NaN without cases.
    public let meanDifference: Double
    /// The paired bootstrap interval of the mean difference, drawing clusters; nil for fewer than
    /// ``Bootstrap/smallestSample`` clusters or without resamples.
    public let interval: ConfidenceInterval?
    /// The median difference; NaN without cases.
    public let medianDifference: Double
    /// The interval of the median difference by order statistics; nil for fewer than ``Bootstrap/smallestSample`` cases
    /// or when cases share a cluster, as it holds for independent cases only.
    public let medianInterval: MedianInterval?
    /// The Hodges-Lehmann shift; NaN without cases.
    public let hodgesLehmann: Double
    /// The two-sided Wilcoxon signed-rank test, zeros dropped; nil without cases.
    ///
    /// It takes every case as independent.
    public let wilcoxon: WilcoxonSignedRank?
    /// The matched-pairs rank-biserial correlation, in -1...1: positive when the first values are larger.
    public let effect: Double
    /// In how many cases the first value is larger.
    public let greater: Int
    /// In how many cases both values are equal, to the bit.
    public let equal: Int
    /// In how many cases the first value is smaller.
    public let less: Int

    /// Compares paired values.
    ///
    /// - Parameters:
    ///   - first: One value per case.
    ///   - second: The other value of each case.
    ///   - clusters: The cluster of each case.
    ///   - resamples: How many bootstrap resamples are drawn; 0 for no interval.
    ///   - seed: Where the random sequence begins.
    ///   - method: How the resamples become an interval.
    ///   - level: The confidence of the intervals.
    /// - Throws: ``MetricError/invalidScore(what:index:found:)`` for a value that is not finite,
    ///   ``MetricError/sizeMismatch(what:found:expected:)``.
    /// - Complexity: O(resamples * clusters).
    public init(
        _ first: [Double], _ second: [Double], clusters: [some Hashable],
        resamples: Int = 10_000, seed: UInt64 = 1, method: Bootstrap.Method = .percentile,
        level: Double = 0.95
    ) throws(MetricError) {
        try FiniteCheck.check(first, "first values")
        try FiniteCheck.check(second, "second values")
        try FiniteCheck.check(second.count, is: first.count, "second values")
        try FiniteCheck.check(clusters.count, is: first.count, "clusters")
        let differences = zip(first, second).map { $0 - $1 }
        n = differences.count
        let summary = SampleSummary(differences)
        meanDifference = summary.mean
        medianDifference = summary.median
        interval = try Bootstrap(resamples: resamples, seed: seed, method: method, level: level)
            .mean(of: differences, clusters: clusters)
        medianInterval =
            ClusterList(clusters).isPlain ? MedianInterval(of: differences, level: level) : nil
        hodgesLehmann = try HodgesLehmann.shift(of: differences)
        let test = try WilcoxonSignedRank(differences: differences)
        wilcoxon = n == 0 ? nil : test
        effect = test.effect
        greater = zip(first, second).count { $0 > $1 }
        equal = zip(first, second).count { $0 == $1 }
        less = n - greater - equal
    }

    /// Compares paired values of independent cases.
    ///
    /// - Parameters:
    ///   - first: One value per case.
    ///   - second: The other value of each case.
    ///   - resamples: How many bootstrap resamples are drawn; 0 for no interval.
    ///   - seed: Where the random sequence begins.
    ///   - method: How the resamples become an interval.
    ///   - level: The confidence of the intervals.
    /// - Throws: As with clusters.
    public init(
        _ first: [Double], _ second: [Double], resamples: Int = 10_000, seed: UInt64 = 1,
        method: Bootstrap.Method = .percentile, level: Double = 0.95
    ) throws(MetricError) {
        try self.init(
            first, second, clusters: Array(first.indices), resamples: resamples, seed: seed,
            method: method, level: level)
    }
}
