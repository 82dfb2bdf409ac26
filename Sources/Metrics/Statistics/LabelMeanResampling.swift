/// Draws the mean over labels of their means: clusters are drawn once for all labels.
struct LabelMeanResampling {
    private let labels: Int
    /// The sum and the number of rows of each label in each cluster, cluster after cluster.
    private var sums: [Double]
    private var counts: [Int]
    private let clusters: Int

    init(_ rows: [(label: Int, value: Double)], labels: Int, clusters: ClusterList) {
        self.labels = labels
        self.clusters = clusters.count
        sums = [Double](repeating: 0, count: labels * clusters.count)
        counts = [Int](repeating: 0, count: labels * clusters.count)
        for (cluster, members) in clusters.rows.enumerated() {
            for row in members {
                let cell = cluster * labels + rows[row].label
                sums[cell] += rows[row].value
                counts[cell] += 1
            }
        }
    }

    func distribution(resamples: Int, seed: UInt64) -> BootstrapDistribution {
        var random = SplitMix64(seed: seed)
        var values: [Double] = []
        var tally = Tally(labels)
        for _ in 0..<max(0, resamples) {
            tally.clear()
            for _ in 0..<clusters { add(random.index(below: clusters), to: &tally) }
            values.append(tally.mean)
        }
        var jackknife: [Double] = []
        for left in 0..<clusters {
            tally.clear()
            for cluster in 0..<clusters where cluster != left { add(cluster, to: &tally) }
            jackknife.append(tally.mean)
        }
        tally.clear()
        for cluster in 0..<clusters { add(cluster, to: &tally) }
        return BootstrapDistribution(estimate: tally.mean, values: values, jackknife: jackknife)
    }

    private func add(_ cluster: Int, to tally: inout Tally) {
        let first = cluster * labels
        for label in 0..<labels {
            tally.sums[label] += sums[first + label]
            tally.counts[label] += counts[first + label]
        }
    }

    private struct Tally {
        var sums: [Double]
        var counts: [Int]

        init(_ labels: Int) {
            sums = [Double](repeating: 0, count: labels)
            counts = [Int](repeating: 0, count: labels)
        }

        mutating func clear() {
            for label in sums.indices { (sums[label], counts[label]) = (0, 0) }
        }

        /// The mean over the labels that have rows; NaN when none has.
        var mean: Double {
            var (sum, present) = (0.0, 0)
            for label in sums.indices where counts[label] > 0 {
                sum += sums[label] / Double(counts[label])
                present += 1
            }
            return present == 0 ? .nan : sum / Double(present)
        }
    }
}
