/// Finds the parts of a score report by name, in constant time.
struct ReportIndex {
    private struct RowKey: Hashable {
        let id: String
        let slice: Int?
        let label: Int
    }

    private struct SummaryKey: Hashable {
        let scope: ScoreSummary.Scope
        let label: Int?
        let metric: String
    }

    private var names: [Int: String] = [:]
    private var metrics: [String: MetricEntry] = [:]
    private var summaries: [SummaryKey: ScoreSummary] = [:]
    private let rows: [ScoreRow]
    private var places: [RowKey: Int] = [:]

    /// Indexes a report; the first of equal keys counts.
    init(_ report: ScoreReport) {
        rows = report.rows
        for label in report.labels where names[label.id] == nil { names[label.id] = label.name }
        for metric in report.metrics where metrics[metric.id] == nil { metrics[metric.id] = metric }
        for summary in report.summaries {
            let key = SummaryKey(scope: summary.scope, label: summary.label, metric: summary.metric)
            if summaries[key] == nil { summaries[key] = summary }
        }
        for (place, row) in report.rows.enumerated() {
            let key = RowKey(id: row.case, slice: row.slice, label: row.label)
            if places[key] == nil { places[key] = place }
        }
    }

    /// The name of a label; its id when the report does not list it.
    func name(of label: Int) -> String { names[label] ?? "\(label)" }

    /// The metric of an id.
    func metric(_ id: String) -> MetricEntry? { metrics[id] }

    /// The summary of a scope, label and metric.
    func summary(_ scope: ScoreSummary.Scope, _ label: Int?, _ metric: String) -> ScoreSummary? {
        summaries[SummaryKey(scope: scope, label: label, metric: metric)]
    }

    /// The row of a case, slice and label.
    func row(_ id: String, _ slice: Int?, _ label: Int) -> ScoreRow? {
        places[RowKey(id: id, slice: slice, label: label)].map { rows[$0] }
    }
}
