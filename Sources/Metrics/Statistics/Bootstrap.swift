/// Bootstrap intervals: how far a statistic moves when the cases are drawn anew.
///
/// The unit that is drawn is the case (the patient, the slide), not the slice: rows with one cluster id are drawn
/// together. The mean of a clustered sample is the mean over all rows drawn, a ratio of two sums (values over rows), so
/// that a patient with many slices weighs more; with one row per cluster it is the plain mean and gives the same bits.
///
/// Draws come from ``SplitMix64``, one word per draw, resample after resample; clusters are numbered in the order of
/// their first row. The same seed, rows and order give the same bits on every machine. Intervals of a mean can be
/// relied upon from about 50 cases; below ``smallestSample`` there is none. For a median see ``MedianInterval``, for a
/// proportion ``WilsonInterval``.
public struct Bootstrap: Hashable, Sendable {
    /// The fewest cases (clusters) that get an interval.
    public static let smallestSample = 10

    /// How the resamples become an interval (Efron and Tibshirani 1993, chapters 13 and 14).
    public enum Method: String, Hashable, Sendable, CaseIterable {
        /// The percentiles of the resamples.
        case percentile
        /// The percentiles, mirrored at the statistic of the sample.
        case basic
        /// Percentiles corrected for bias and for skewness, as in SciPy.
        case bca = "BCa"
    }

    /// How many resamples are drawn; none give no interval.
    public var resamples: Int
    /// Where the random sequence begins.
    public var seed: UInt64
    /// How the resamples become an interval.
    public var method: Method
    /// The confidence, above 0 and below 1.
    public var level: Double

    /// Makes a bootstrap.
    ///
    /// - Parameters:
    ///   - resamples: How many resamples are drawn.
    ///   - seed: Where the random sequence begins.
    ///   - method: How the resamples become an interval.
    ///   - level: The confidence, above 0 and below 1.
    public init(
        resamples: Int = 10_000, seed: UInt64 = 1, method: Method = .percentile,
        level: Double = 0.95
    ) {
        precondition(level > 0 && level < 1, "a level lies between 0 and 1")
        self.resamples = resamples
        self.seed = seed
        self.method = method
        self.level = level
    }

    // MARK: - Means

    /// The interval of the mean of independent values.
    ///
    /// - Parameter values: One value per case.
    /// - Returns: The interval; nil for fewer than ``smallestSample`` values or without resamples.
    /// - Throws: ``MetricError/invalidScore(what:index:found:)`` for a value that is not finite.
    /// - Complexity: O(resamples * *n*), about 2 ns each.
    public func mean(of values: [Double]) throws(MetricError) -> ConfidenceInterval? {
        guard values.count >= Self.smallestSample else {
            try FiniteCheck.check(values, "values")
            return nil
        }
        return try meanDistribution(of: values).interval(method, level: level)
    }

    /// The interval of the mean of values that belong together in clusters.
    ///
    /// - Parameters:
    ///   - values: The values.
    ///   - clusters: The cluster of each value.
    /// - Returns: The interval; nil for fewer than ``smallestSample`` clusters or without resamples.
    /// - Throws: ``MetricError/invalidScore(what:index:found:)`` for a value that is not finite,
    ///   ``MetricError/sizeMismatch(what:found:expected:)``.
    /// - Complexity: O(resamples * clusters).
    public func mean(
        of values: [Double], clusters: [some Hashable]
    ) throws(MetricError) -> ConfidenceInterval? {
        let (distribution, count) = try clusteredMean(of: values, clusters)
        return count < Self.smallestSample ? nil : distribution.interval(method, level: level)
    }

    /// The means of all resamples of independent values, however few the values.
    ///
    /// - Parameter values: One value per case.
    /// - Returns: The means; none without values.
    /// - Throws: ``MetricError/invalidScore(what:index:found:)`` for a value that is not finite.
    public func meanDistribution(of values: [Double]) throws(MetricError) -> BootstrapDistribution {
        try FiniteCheck.check(values, "values")
        return MeanResampling(values, ClusterList(rows: values.count))
            .distribution(resamples: resamples, seed: seed)
    }

    /// The means of all resamples of clustered values, however few the clusters.
    ///
    /// - Parameters:
    ///   - values: The values.
    ///   - clusters: The cluster of each value.
    /// - Returns: The means; none without values.
    /// - Throws: ``MetricError/invalidScore(what:index:found:)`` for a value that is not finite,
    ///   ``MetricError/sizeMismatch(what:found:expected:)``.
    public func meanDistribution(
        of values: [Double], clusters: [some Hashable]
    ) throws(MetricError) -> BootstrapDistribution {
        try clusteredMean(of: values, clusters).distribution
    }

    private func clusteredMean(
        of values: [Double], _ clusters: [some Hashable]
    ) throws(MetricError) -> (distribution: BootstrapDistribution, clusters: Int) {
        try FiniteCheck.check(values, "values")
        try FiniteCheck.check(clusters.count, is: values.count, "clusters")
        let list = ClusterList(clusters)
        let resampling = MeanResampling(values, list)
        return (resampling.distribution(resamples: resamples, seed: seed), list.count)
    }

    // MARK: - Means over labels

    /// The interval of the mean over labels of their means over cases.
    ///
    /// A resample draws the clusters once for all labels; a label without a row in it is left out of that resample.
    ///
    /// - Parameter labels: For each label, its values with their clusters.
    /// - Returns: The interval; nil for fewer than ``smallestSample`` clusters over all labels or without resamples.
    /// - Throws: ``MetricError/invalidScore(what:index:found:)`` for a value that is not finite.
    /// - Complexity: O(resamples * clusters * labels).
    public func meanOfMeans<Cluster: Hashable>(
        of labels: [[(value: Double, cluster: Cluster)]]
    ) throws(MetricError) -> ConfidenceInterval? {
        for label in labels { try FiniteCheck.check(label.map(\.value), "values") }
        let rows = labels.enumerated().flatMap { index, label in
            label.map { (label: index, value: $0.value, cluster: $0.cluster) }
        }
        let list = ClusterList(rows.map(\.cluster))
        guard list.count >= Self.smallestSample else { return nil }
        let resampling = LabelMeanResampling(
            rows.map { ($0.label, $0.value) }, labels: labels.count, clusters: list)
        return resampling.distribution(resamples: resamples, seed: seed)
            .interval(method, level: level)
    }

    // MARK: - Any statistic

    /// The interval of any statistic of independent rows.
    ///
    /// - Parameters:
    ///   - rows: The number of rows.
    ///   - statistic: The statistic of some rows, given by their places; repeated rows count repeatedly.
    /// - Returns: The interval; nil for fewer than ``smallestSample`` rows, without resamples, or when a resample has
    ///   no statistic (NaN).
    /// - Complexity: O(resamples) calls, and with ``Method/bca`` one more per row.
    public func interval(rows: Int, statistic: ([Int]) -> Double) -> ConfidenceInterval? {
        interval(ClusterList(rows: rows), statistic)
    }

    /// The interval of any statistic of clustered rows.
    ///
    /// - Parameters:
    ///   - clusters: The cluster of each row.
    ///   - statistic: The statistic of some rows, given by their places; repeated rows count repeatedly.
    /// - Returns: The interval; nil for fewer than ``smallestSample`` clusters, without resamples, or when a resample
    ///   has no statistic (NaN).
    /// - Complexity: O(resamples) calls, and with ``Method/bca`` one more per cluster.
    public func interval(
        clusters: [some Hashable], statistic: ([Int]) -> Double
    ) -> ConfidenceInterval? {
        interval(ClusterList(clusters), statistic)
    }

    private func interval(
        _ clusters: ClusterList, _ statistic: ([Int]) -> Double
    ) -> ConfidenceInterval? {
        guard clusters.count >= Self.smallestSample else { return nil }
        var random = SplitMix64(seed: seed)
        var values: [Double] = []
        var drawn: [Int] = []
        for _ in 0..<max(0, resamples) {
            drawn.removeAll(keepingCapacity: true)
            for _ in 0..<clusters.count {
                drawn.append(contentsOf: clusters.rows[random.index(below: clusters.count)])
            }
            values.append(statistic(drawn))
        }
        // In the order of the rows, not of the clusters: that is the statistic the caller knows.
        let estimate = statistic(clusters.rows.joined().sorted())
        var jackknife: [Double] = []
        if method == .bca {
            for left in clusters.rows.indices {
                let kept = clusters.rows.indices.filter { $0 != left }
                jackknife.append(statistic(kept.flatMap { clusters.rows[$0] }.sorted()))
            }
        }
        return BootstrapDistribution(estimate: estimate, values: values, jackknife: jackknife)
            .interval(method, level: level)
    }
}
