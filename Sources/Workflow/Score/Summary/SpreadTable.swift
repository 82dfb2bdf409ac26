import SegmentationMetrics
import SegmentationReports

/// The means of one run under several conventions.
struct SpreadTable {
    let labels: [LabelEntry]
    let metrics: [Metric]
    /// The convention of the report first.
    let conventions: [Convention]
    let summarizer: ScoreSummarizer

    /// The table, and the values behind it.
    ///
    /// Only metrics whose value some convention changes have rows: the others would repeat one number.
    func spread(of rows: [CaseScores.Row]) -> ConventionSpread {
        var table: [ConventionSpread.Row] = []
        var values: [ConventionSpread.Value] = []
        func all(_ row: CaseScores.Row, _ metric: Int) -> [MetricValue] {
            [row.row.values[metric].metric] + row.spread.map { $0[metric] }
        }
        for (index, metric) in metrics.enumerated() {
            let moves = rows.contains { row in
                let found = all(row, index).map(\.number.bitPattern)
                return found.contains { $0 != found[0] }
            }
            guard moves else { continue }
            for scope in (labels.count > 1 ? [nil] : []) + labels.map({ Int?($0.id) }) {
                let means = conventions.indices.map { convention in
                    summarizer(for: convention).mean(
                        of: rows, label: scope, metric: metric,
                        value: { all($0, index)[convention] })
                }
                table.append(
                    ConventionSpread.Row(
                        label: scope, metric: metric.description, means: means.map(\.mean),
                        counts: means.map(\.count)))
            }
            for row in rows {
                values.append(
                    ConventionSpread.Value(
                        case: row.row.case, label: row.row.label, metric: metric.description,
                        values: all(row, index).map { $0.number.isNaN ? nil : $0.number }))
            }
        }
        return ConventionSpread(
            conventions: conventions.map(\.name), rows: table, values: values)
    }

    /// Every convention takes its means in its own way.
    private func summarizer(for convention: Int) -> ScoreSummarizer {
        var own = summarizer
        if own.rule != .records {
            own.rule = conventions[convention].meanRule
        }
        own.convention = conventions[convention]
        return own
    }
}
