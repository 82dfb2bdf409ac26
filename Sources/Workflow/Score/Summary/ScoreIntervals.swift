import SegmentationMetrics
import SegmentationReports

/// The intervals of a report: bootstrap of the mean, drawing whole clusters, and order statistics of the median.
struct ScoreIntervals: Sendable {
    /// The resamples, the seed and the method.
    let bootstrap: Bootstrap
    /// What a cluster is called.
    let clusterNoun: String

    /// The interval of the mean of one label; nil for fewer than ten clusters, or without resamples.
    func mean(of values: [Double], clusters: [String]) -> ScoreSummary.Interval? {
        (try? bootstrap.mean(of: values, clusters: clusters)).flatMap { $0 }.map {
            entry($0, clusters: Set(clusters).count)
        }
    }

    /// The interval of the median; nil for fewer than ten values, or when clusters hold several of them: order statistics
    /// need independent values.
    func median(of values: [Double], clusters: [String]) -> ScoreSummary.Interval? {
        guard bootstrap.resamples > 0, values.count >= Bootstrap.smallestSample,
            Set(clusters).count == values.count
        else { return nil }
        return MedianInterval(of: values, level: bootstrap.level).map {
            ScoreSummary.Interval(
                low: $0.low, high: $0.high, level: $0.level, method: "order statistics (binomial)")
        }
    }

    /// The interval of the mean over labels of their means; nil for fewer than ten clusters.
    ///
    /// - Parameters:
    ///   - table: For each label, its values with their clusters.
    ///   - pooled: Whether the mean is that of all values alike.
    /// - Returns: The interval, or nil.
    func meanOfLabelMeans(
        _ table: [[(value: Double, cluster: String)]], pooled: Bool
    ) -> ScoreSummary.Interval? {
        let rows = table.flatMap { $0 }
        if pooled { return mean(of: rows.map(\.value), clusters: rows.map(\.cluster)) }
        return (try? bootstrap.meanOfMeans(of: table)).flatMap { $0 }.map {
            entry($0, clusters: Set(rows.map(\.cluster)).count)
        }
    }

    private func entry(_ interval: ConfidenceInterval, clusters: Int) -> ScoreSummary.Interval {
        ScoreSummary.Interval(
            low: interval.low, high: interval.high, level: interval.level,
            method:
                "\(bootstrap.method.rawValue) bootstrap, \(bootstrap.resamples) resamples of \(clusters) "
                + "\(clusterNoun), seed \(bootstrap.seed)")
    }
}
