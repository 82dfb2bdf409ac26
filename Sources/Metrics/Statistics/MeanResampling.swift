/// Draws the means of resamples fast.
///
/// A cluster of several rows is drawn as its sum and its number of rows: the mean over all rows drawn is the ratio of
/// the two totals.
struct MeanResampling {
    private let sums: [Double]
    /// The rows of each cluster; empty when all have one.
    private let counts: [Int]
    private let estimate: Double
    /// No mean lies outside of the values, whatever the rounding.
    private let range: (low: Double, high: Double)
    private let rows: Int

    init(_ values: [Double], _ clusters: ClusterList) {
        sums = clusters.sums(of: values)
        counts = clusters.isPlain ? [] : clusters.rows.map(\.count)
        estimate = PairwiseSum.mean(values)
        range = (values.min() ?? .nan, values.max() ?? .nan)
        rows = values.count
    }

    func distribution(resamples: Int, seed: UInt64) -> BootstrapDistribution {
        guard !sums.isEmpty, resamples > 0 else {
            return BootstrapDistribution(estimate: estimate, values: [], jackknife: [])
        }
        return BootstrapDistribution(
            estimate: estimate,
            values: counts.isEmpty ? plain(resamples, seed) : ratios(resamples, seed),
            jackknife: jackknife())
    }

    private func plain(_ resamples: Int, _ seed: UInt64) -> [Double] {
        sums.withUnsafeBufferPointer { sums in
            var drawn = DrawnValues(values: sums, random: SplitMix64(seed: seed))
            return (0..<resamples).map { _ in
                clamped(drawn.pairwiseSum(sums.count) / Double(sums.count))
            }
        }
    }

    private func ratios(_ resamples: Int, _ seed: UInt64) -> [Double] {
        sums.withUnsafeBufferPointer { sums in
            counts.withUnsafeBufferPointer { counts in
                var drawn = DrawnClusters(
                    sums: sums, counts: counts, random: SplitMix64(seed: seed))
                return (0..<resamples).map { _ in
                    drawn.rows = 0
                    let sum = drawn.pairwiseSum(sums.count)
                    return clamped(sum / Double(drawn.rows))
                }
            }
        }
    }

    private func jackknife() -> [Double] {
        let total = PairwiseSum.sum(sums)
        return sums.indices.map {
            let kept = rows - (counts.isEmpty ? 1 : counts[$0])
            // A sample of one cluster has no jackknife, and no acceleration.
            return kept == 0 ? estimate : clamped((total - sums[$0]) / Double(kept))
        }
    }

    private func clamped(_ mean: Double) -> Double { max(range.low, min(range.high, mean)) }
}

/// Values drawn with replacement.
private struct DrawnValues: NumberSource {
    let values: UnsafeBufferPointer<Double>
    var random: SplitMix64

    @inline(__always)
    mutating func next() -> Double {
        values[random.index(below: values.count)]
    }
}

/// Clusters drawn with replacement; counts their rows.
private struct DrawnClusters: NumberSource {
    let sums: UnsafeBufferPointer<Double>
    let counts: UnsafeBufferPointer<Int>
    var random: SplitMix64
    var rows = 0

    @inline(__always)
    mutating func next() -> Double {
        let index = random.index(below: sums.count)
        rows += counts[index]
        return sums[index]
    }
}
