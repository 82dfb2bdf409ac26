import SegmentationMetrics

/// The tables of a score report.
///
/// They place what the report holds and compute nothing.
public enum ScoreTables {
    /// One row per label, then the mean over labels, then pooled counts; one column per metric.
    ///
    /// A cell is the mean and the standard deviation, the interval in brackets when there is one, how many values the mean
    /// holds and what the others are when not all are values, and the penalised mean when there is one:
    /// `12.34 ± 5.67 [10.10, 14.20] (11; 1 miss, 1 ghost) | 20.00 penalised`.
    ///
    /// - Parameter report: The report.
    /// - Returns: The table; metrics without any summary have no column.
    public static func summary(of report: ScoreReport) -> ReportTable {
        let index = ReportIndex(report)
        let metrics = report.metrics.filter { metric in
            report.summaries.contains { $0.metric == metric.id }
        }
        func row(_ name: String, _ scope: ScoreSummary.Scope, _ label: Int?) -> ReportTable.Row? {
            let found = metrics.map { index.summary(scope, label, $0.id) }
            guard found.contains(where: { $0 != nil }) else { return nil }
            let cells = zip(found, metrics).map { summary, metric in
                summary.map { cell($0, of: metric) } ?? ""
            }
            return ReportTable.Row([name] + cells, isEmphasised: scope != .label)
        }
        var rows = report.labels.compactMap { row($0.name, .label, $0.id) }
        // With one label, the mean over labels repeats its row.
        if rows.count != 1 || report.labels.count != 1 {
            rows += [row(overallName(of: report), .overall, nil)].compactMap(\.self)
        }
        rows += [row("pooled", .pooled, nil)].compactMap(\.self)
        return ReportTable(
            title: "Summary",
            columns: [.init("label")] + metrics.map { .init(heading(of: $0), .right) },
            rows: rows, notes: summaryNotes(report))
    }

    /// What is not a value, counted: labels and metrics with a miss, a ghost, an error or nothing to measure.
    ///
    /// - Parameter report: The report.
    /// - Returns: One row per label and counts; metrics with the same counts share it. Empty when all are values.
    public static func states(of report: ScoreReport) -> ReportTable {
        var rows: [ReportTable.Row] = []
        for label in report.labels {
            var groups: [(states: ScoreSummary.States, metrics: [String])] = []
            for summary in report.summaries
            where summary.scope == .label && summary.label == label.id {
                let states = summary.states
                guard states.hasOthers else { continue }
                if let same = groups.firstIndex(where: { $0.states == states }) {
                    groups[same].metrics.append(summary.metric)
                } else {
                    groups.append((states, [summary.metric]))
                }
            }
            for (states, metrics) in groups {
                rows.append(
                    .init(
                        [label.name, metrics.joined(separator: ", ")]
                            + [states.value, states.miss, states.ghost, states.na, states.error]
                            .map { ReportNumber.count($0) }))
            }
        }
        // A state that never occurs has no column.
        let names = ["value", "miss", "ghost", "na", "error"]
        let kept = names.indices.filter { index in
            index == 0 || rows.contains { $0[index + 2] != "0" }
        }
        return ReportTable(
            title: "What is not a value",
            columns: [.init("label"), .init("metrics")] + kept.map { .init(names[$0], .right) },
            rows: rows.map { row in .init([row[0], row[1]] + kept.map { row[$0 + 2] }) },
            notes: [
                "miss: the prediction is empty; ghost: the reference is empty; na: both are empty or the formula has no "
                    + "value; error: nothing could be compared."
            ])
    }

    /// Every value: one row per case, slice and label.
    ///
    /// - Parameter report: The report.
    /// - Returns: The table; slices have a column only when slices are the unit.
    public static func perCase(of report: ScoreReport) -> ReportTable {
        let index = ReportIndex(report)
        let hasSlices = report.rows.contains { $0.slice != nil }
        return ReportTable(
            title: "Cases and labels",
            columns: [.init("case")] + (hasSlices ? [.init("slice", .right)] : [])
                + [.init("label")] + report.metrics.map { .init(heading(of: $0), .right) },
            rows: report.rows.map { row in
                .init(
                    [row.case]
                        + (hasSlices ? [row.slice.map { "\($0)" } ?? ReportNumber.nothing] : [])
                        + [index.name(of: row.label)]
                        + zip(row.values, report.metrics).map { ReportNumber.text($0, of: $1) })
            })
    }

    /// The worst values of every label and metric, and where the largest surface error of those cases lies.
    ///
    /// - Parameter report: The report.
    /// - Returns: One row per value, the worst first within a label and metric.
    public static func worst(of report: ScoreReport) -> ReportTable {
        let index = ReportIndex(report)
        var rows: [ReportTable.Row] = []
        for summary in report.summaries where summary.scope == .label {
            guard let metric = index.metric(summary.metric), let label = summary.label else {
                continue
            }
            for entry in summary.worst {
                let place = index.row(entry.case, entry.slice, label)?.worst
                rows.append(
                    .init([
                        index.name(of: label), metric.title, worstCase(entry),
                        withUnit(ReportNumber.text(entry.value, of: metric), metric),
                        ReportNumber.tuple((place?.voxel ?? []).map(Double.init), digits: 0),
                        ReportNumber.tuple(place?.world ?? [], digits: 1),
                        place.map { ReportNumber.fixed($0.distance, digits: 2) + " mm" }
                            ?? ReportNumber.nothing,
                    ]))
            }
        }
        return ReportTable(
            title: "Worst cases",
            columns: [
                .init("label"), .init("metric"), .init("case"), .init("value", .right),
                .init("voxel"), .init("world RAS+ (mm)"), .init("largest surface error", .right),
            ], rows: rows)
    }

    /// The name of a column: the metric and its unit.
    ///
    /// - Parameter metric: The metric.
    /// - Returns: For example `HD95 (mm)`.
    public static func heading(of metric: MetricEntry) -> String {
        metric.unit.isEmpty ? metric.title : "\(metric.title) (\(metric.unit))"
    }

    /// What the row over all labels is called.
    ///
    /// - Parameter report: The report.
    /// - Returns: `mean over labels`, or `overall` where the number is no mean of labels.
    public static func overallName(of report: ScoreReport) -> String {
        ["classes", "lesions"].contains(report.task) || report.labels.count < 2
            ? "overall" : "mean over labels"
    }

    /// One cell of the summary.
    ///
    /// - Parameters:
    ///   - summary: The summary.
    ///   - metric: Its metric.
    /// - Returns: The text, without the unit.
    public static func cell(_ summary: ScoreSummary, of metric: MetricEntry) -> String {
        var text = ReportNumber.text(summary.mean, of: metric)
        if let sd = summary.sd { text += " ± " + ReportNumber.text(sd, of: metric) }
        if summary.interval != nil {
            text += " " + ReportNumber.interval(summary.interval, of: metric)
        }
        if summary.states.hasOthers {
            text += " (\(summary.n); \(summary.states.others))"
        }
        if let penalised = summary.penalisedMean {
            text += " | \(ReportNumber.text(penalised, of: metric)) penalised"
        }
        return text
    }

    static func worstCase(_ entry: ScoreSummary.Worst) -> String {
        entry.case + (entry.slice.map { " slice \($0)" } ?? "")
    }

    static func withUnit(_ text: String, _ metric: MetricEntry) -> String {
        metric.unit.isEmpty ? text : "\(text) \(metric.unit)"
    }

    private static func summaryNotes(_ report: ScoreReport) -> [String] {
        var notes = ["mean ± standard deviation over the values; \(report.convention.meanRule)"]
        var methods: [String] = []
        for interval in report.summaries.compactMap(\.interval) {
            let text =
                "[low, high]: \(ReportNumber.percent(interval.level)) interval, \(interval.method)"
            if !methods.contains(text) { methods.append(text) }
        }
        // Every label has its own number of resampled cases; more than three lines would only repeat it.
        notes += methods.prefix(3)
        if report.summaries.contains(where: \.states.hasOthers) {
            notes.append("(n; others): how many values the mean holds, and what the others are")
        }
        if report.summaries.contains(where: { $0.penalisedMean != nil }) {
            notes.append(
                "penalised: missing distances count as the diagonal of the image, missing overlaps as 0"
            )
        }
        return notes
    }
}

extension ScoreSummary.States {
    /// Whether something is not a value.
    var hasOthers: Bool { na != 0 || miss != 0 || ghost != 0 || error != 0 }

    /// What is not a value, for example `1 miss, 2 ghost`.
    var others: String {
        [(miss, "miss"), (ghost, "ghost"), (na, "na"), (error, "error")]
            .filter { $0.0 != 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
    }
}
