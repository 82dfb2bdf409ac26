extension ScoreTables {
    /// How the means move with the convention: one row per label and metric, one column per convention.
    ///
    /// - Parameter report: The report.
    /// - Returns: The table; empty without a spread.
    public static func spread(of report: ScoreReport) -> ReportTable {
        let index = ReportIndex(report)
        let conventions = report.spread?.conventions ?? []
        let rows = (report.spread?.rows ?? []).compactMap { row -> ReportTable.Row? in
            guard let metric = index.metric(row.metric) else { return nil }
            let cells = zip(row.means, row.counts).map { mean, count in
                mean == nil
                    ? ReportNumber.nothing : "\(ReportNumber.text(mean, of: metric)) (\(count))"
            }
            return ReportTable.Row(
                [row.label.map(index.name) ?? overallName(of: report), heading(of: metric)] + cells,
                isEmphasised: row.label == nil)
        }
        return ReportTable(
            title: "The same masks under other conventions",
            columns: [.init("label"), .init("metric")] + conventions.map { .init($0, .right) },
            rows: rows,
            notes: [
                "In brackets: how many values the mean holds. Metrics no convention moves are left out."
            ])
    }

    /// The rows of a paper beside ours.
    ///
    /// - Parameter report: The report.
    /// - Returns: The table; empty without a comparison. Our rows stand out.
    public static func published(of report: ScoreReport) -> ReportTable {
        guard let published = report.published else {
            return ReportTable(title: "Published", columns: [.init("method")], rows: [])
        }
        return ReportTable(
            title: "Beside \(published.title)",
            columns: [.init("method")] + published.columns.map { .init($0, .right) },
            rows: published.rows.map {
                .init(
                    [$0.method] + $0.values.map { $0.isEmpty ? ReportNumber.nothing : $0 },
                    isEmphasised: $0.isOurs)
            }, notes: published.notes)
    }

    /// What was compared: the files of every case, their digests, and how it went.
    ///
    /// - Parameter report: The report.
    /// - Returns: One row per case.
    public static func cases(of report: ScoreReport) -> ReportTable {
        ReportTable(
            title: "Cases",
            columns: [
                .init("case"), .init("cluster"), .init("outcome"), .init("reference"),
                .init("reference SHA-256"), .init("prediction"), .init("prediction SHA-256"),
                .init("shape"), .init("spacing (mm)"), .init("axes"), .init("message"),
            ],
            rows: report.cases.map { entry in
                .init(
                    [
                        entry.id, entry.cluster, entry.outcome.rawValue,
                        entry.reference?.path ?? "", entry.reference?.sha256 ?? "",
                        entry.prediction?.path ?? "", entry.prediction?.sha256 ?? "",
                        entry.shape.map { "\($0)" }.joined(separator: " x "),
                        entry.spacing.map { ReportNumber.exact($0) }.joined(separator: " x "),
                        entry.orientation,
                        ([entry.message].compactMap(\.self) + entry.notes).joined(separator: "; "),
                    ].map { $0.isEmpty ? ReportNumber.nothing : $0 },
                    isEmphasised: entry.outcome != .scored)
            })
    }

    /// What a reader should know, the gravest first.
    ///
    /// - Parameter findings: The findings of a report.
    /// - Returns: One row per finding, errors before warnings before notes, otherwise in their order.
    public static func findings(_ findings: [ReportFinding]) -> ReportTable {
        let order: [ReportFinding.Severity] = [.error, .warning, .note]
        return ReportTable(
            title: "Findings", columns: [.init("severity"), .init("case"), .init("message")],
            rows: order.flatMap { severity in
                findings.filter { $0.severity == severity }.map {
                    .init(
                        [severity.rawValue, $0.case ?? ReportNumber.nothing, $0.message],
                        isEmphasised: severity == .error)
                }
            })
    }
}
