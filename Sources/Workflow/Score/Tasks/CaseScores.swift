import SegmentationMetrics
import SegmentationReports

/// What scoring one case gave: its rows, and what means over cases need besides them.
struct CaseScores: Sendable {
    /// One row with what a mean needs to know of it.
    struct Row: Sendable {
        /// The row of the report.
        var row: ScoreRow
        /// The patient or slide.
        var cluster: String
        /// The diagonal of the image in millimetres, which a missing distance costs in a penalised mean; nil when the
        /// image was never seen.
        var diagonal: Double?
        /// The same in voxels.
        var diagonalInVoxels: Double?
        /// Whether the row counts in a penalised mean although nothing was compared: the label was there to be found.
        var isExpected = true
        /// The values under the conventions of a spread, in their order, each in the order of the metrics.
        var spread: [[MetricValue]] = []
    }

    /// The case.
    var entry: CaseEntry
    /// Its rows.
    var rows: [Row] = []
    /// What a reader should know of it.
    var findings: [ReportFinding] = []
    /// Matched instances, for values pooled over images.
    var instances: InstanceTotals?
    /// Ranked scores, for values pooled over images.
    var ranking: ScoreRanking?
    /// Reliability, for values pooled over images.
    var calibration: Calibration?
}
