import SegmentationMetrics
import SegmentationReports

/// The intervals of a report: bootstrap of the mean, order statistics of the median, all drawing whole clusters.
struct ScoreIntervals: Sendable {
    /// The resamples; 0 for no intervals.
    let resamples: Int
    let seed: UInt64
    /// What a cluster is called.
    let clusterNoun: String

    private static let level = 0.95

    /// The interval of the mean of one label; nil for fewer than ten clusters.
    func mean(of values: [Double], clusters: [String]) -> ScoreSummary.Interval? {
        nil
    }

    /// The interval of the median; nil for fewer than ten values or clusters with several.
    func median(of values: [Double], clusters: [String]) -> ScoreSummary.Interval? {
        nil
    }

    /// The interval of the mean over labels of their means; nil for fewer than ten clusters.
    func meanOfLabelMeans(
        _ table: [[(value: Double, cluster: String)]], pooled: Bool
    ) -> ScoreSummary.Interval? {
        nil
    }
}
