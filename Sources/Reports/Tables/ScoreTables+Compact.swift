extension ScoreTables {
    /// The summary as it fits a terminal: mean and standard deviation only, the penalised mean in a column of its own.
    ///
    /// What is not a value stands in ``states(of:)``; intervals and counts are in ``summary(of:)``.
    ///
    /// - Parameter report: The report.
    /// - Returns: The table; one row per label, then over all labels, then pooled.
    public static func compact(of report: ScoreReport) -> ReportTable {
        let index = ReportIndex(report)
        let metrics = report.metrics.filter { metric in
            report.summaries.contains { $0.metric == metric.id }
        }
        let penalised = metrics.filter { metric in
            report.summaries.contains { $0.metric == metric.id && $0.penalisedMean != nil }
        }
        func row(_ name: String, _ scope: ScoreSummary.Scope, _ label: Int?) -> ReportTable.Row? {
            let found = metrics.map { index.summary(scope, label, $0.id) }
            guard found.contains(where: { $0 != nil }) else { return nil }
            var cells = [name]
            for (summary, metric) in zip(found, metrics) {
                var text = summary.map { ReportNumber.text($0.mean, of: metric) } ?? ""
                if let sd = summary?.sd { text += " ± " + ReportNumber.text(sd, of: metric) }
                cells.append(text)
                guard penalised.contains(metric) else { continue }
                cells.append(
                    scope == .pooled
                        ? ""
                        : ReportNumber.text(summary?.penalisedMean ?? summary?.mean, of: metric))
            }
            return ReportTable.Row(cells, isEmphasised: scope != .label)
        }
        var rows = report.labels.compactMap { row($0.name, .label, $0.id) }
        if rows.count != 1 || report.labels.count != 1 {
            rows += [row(overallName(of: report), .overall, nil)].compactMap(\.self)
        }
        rows += [row("pooled", .pooled, nil)].compactMap(\.self)
        var columns = [ReportTable.Column("label")]
        for metric in metrics {
            columns.append(.init(heading(of: metric), .right))
            if penalised.contains(metric) { columns.append(.init("penalised", .right)) }
        }
        return ReportTable(
            title: "Summary", columns: columns, rows: rows,
            notes: ["mean ± standard deviation; \(report.convention.meanRule)"]
                + (penalised.isEmpty
                    ? []
                    : [
                        "penalised: missing distances count as the diagonal of the image, missing overlaps as 0"
                    ]))
    }
}
