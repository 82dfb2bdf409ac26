/// A statistic of the sample and of every resample.
public struct BootstrapDistribution: Hashable, Sendable {
    /// The statistic of the sample.
    public let estimate: Double
    /// The statistic of each resample, in the order they were drawn.
    public let values: [Double]
    /// The statistic of the sample without each of its clusters, which the BCa interval needs.
    let jackknife: [Double]

    /// The interval.
    ///
    /// - Parameters:
    ///   - method: How the resamples become an interval.
    ///   - level: The confidence, above 0 and below 1.
    /// - Returns: The interval; nil when a value is NaN or there are none, and for
    ///   ``Bootstrap/Method/bca`` when all resamples lie on one side of the statistic.
    /// - Complexity: O(*B* log *B*) for *B* resamples.
    public func interval(
        _ method: Bootstrap.Method, level: Double = 0.95
    ) -> ConfidenceInterval? {
        precondition(level > 0 && level < 1, "a level lies between 0 and 1")
        guard !values.isEmpty, !estimate.isNaN, !values.contains(where: \.isNaN) else { return nil }
        let sorted = values.sorted()
        let tail = (1 - level) / 2
        guard let (lower, upper) = method == .bca ? corrected(tail) : (tail, 1 - tail) else {
            return nil
        }
        let low = Percentile.value(ofSorted: sorted, fraction: lower)
        let high = Percentile.value(ofSorted: sorted, fraction: upper)
        return method == .basic
            ? ConfidenceInterval(low: 2 * estimate - high, high: 2 * estimate - low, level: level)
            : ConfidenceInterval(low: low, high: high, level: level)
    }

    /// The fractions of the BCa interval: bias from the share of resamples below the estimate, acceleration from the
    /// jackknife.
    private func corrected(_ tail: Double) -> (Double, Double)? {
        guard !jackknife.isEmpty else { return nil }
        // Resamples equal to the estimate count half.
        let below = values.count { $0 < estimate }
        let notAbove = values.count { $0 <= estimate }
        let share = Double(below + notAbove) / 2 / Double(values.count)
        let bias = Distributions.normalQuantile(share)
        guard bias.isFinite else { return nil }
        let center = PairwiseSum.mean(jackknife)
        let parts = jackknife.map { center - $0 }
        let squares = PairwiseSum.sum(parts.map { $0 * $0 })
        let cubes = PairwiseSum.sum(parts.map { $0 * $0 * $0 })
        let acceleration = squares > 0 ? cubes / (squares * squares.squareRoot()) / 6 : 0
        guard acceleration.isFinite else { return nil }
        let z = Distributions.normalQuantile(tail)
        func fraction(_ z: Double) -> Double {
            let moved = bias + z
            return Distributions.normalBelow(bias + moved / (1 - acceleration * moved))
        }
        return (fraction(z), fraction(-z))
    }
}
