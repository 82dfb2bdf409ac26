/// Reports as lines for a terminal.
public enum ReportText {
    /// The headline, the summary, the worst case of every metric, and the spread and the published rows when there are any.
    ///
    /// - Parameters:
    ///   - report: The report.
    ///   - columns: The width of the terminal; wider tables are cut into blocks that repeat the labels.
    /// - Returns: Lines without control characters; findings are not among them.
    public static func lines(of report: ScoreReport, columns: Int) -> [String] {
        var lines = ReportHeadline.lines(of: report)
        let summary = ScoreTables.compact(of: report)
        if !summary.isEmpty {
            lines += [""] + TextTable.lines(of: summary, columns: columns)
            if !summary.notes.isEmpty { lines += [""] + summary.notes }
        }
        let intervals = report.summaries.filter { $0.scope == .overall }.compactMap { summary in
            report.metrics.first { $0.id == summary.metric }.flatMap { intervalLine(summary, $0) }
        }
        if !intervals.isEmpty { lines += [""] + intervals }
        let states = ScoreTables.states(of: report)
        if !states.isEmpty {
            lines += ["", states.title] + TextTable.lines(of: states, keys: 2, columns: columns)
        }
        // Of a single case the worst is no news.
        let worst =
            report.cases.count > 1 ? report.metrics.compactMap { worstLine($0, report) } : []
        if !worst.isEmpty { lines += [""] + worst }
        // The spread has two key columns: the label and the metric.
        // Of the spread only the rows over all labels: the others are in the files.
        var spread = ScoreTables.spread(of: report)
        let overall = ScoreTables.overallName(of: report)
        if spread.rows.contains(where: { $0[0] == overall }) {
            spread.rows.removeAll { $0[0] != overall }
        }
        for (table, keys) in [
            (spread, 2), (ScoreTables.published(of: report), 1),
        ] where !table.isEmpty {
            lines += ["", table.title]
            lines += TextTable.lines(of: table, keys: keys, columns: columns) + table.notes
        }
        return lines.map(\.oneLine)
    }

    /// The models, one block per pair of models and metric with the mean over labels first, and the orders.
    ///
    /// - Parameters:
    ///   - report: The comparison.
    ///   - columns: The width of the terminal; wider tables are cut into blocks that repeat the labels.
    /// - Returns: Lines without control characters; findings are not among them.
    public static func lines(of report: CompareReport, columns: Int) -> [String] {
        var lines = ReportHeadline.lines(of: report)
        lines += report.models.map {
            "  \($0.name): \($0.cases) cases, convention \($0.convention)"
        }
        var notes: [String] = []
        for pair in modelPairs(report) {
            for metric in report.metrics {
                let table = CompareTables.pairs(of: report, a: pair.a, b: pair.b, metric: metric)
                guard !table.isEmpty else { continue }
                lines += ["", table.title] + TextTable.lines(of: table, columns: columns)
                notes = table.notes
            }
        }
        if !notes.isEmpty { lines += [""] + notes }
        let rankings = report.rankings.compactMap { rankingLine($0, report) }
        if !rankings.isEmpty { lines += [""] + rankings }
        return lines.map(\.oneLine)
    }

    // MARK: - Lines

    /// The interval of a mean over all labels; nil without one.
    private static func intervalLine(_ summary: ScoreSummary, _ metric: MetricEntry) -> String? {
        guard let interval = summary.interval else { return nil }
        return "\(metric.title) \(ReportNumber.text(summary.mean, of: metric)) "
            + "\(ReportNumber.interval(interval, of: metric)), \(ReportNumber.percent(interval.level)) interval, "
            + interval.method
    }

    /// The worst case of a metric over all labels, or of the only label.
    private static func worstLine(_ metric: MetricEntry, _ report: ScoreReport) -> String? {
        let own = report.summaries.filter { $0.metric == metric.id }
        let labels = own.filter { $0.scope == .label }
        let overall = own.first { $0.scope == .overall }
        guard
            let worst = overall?.worst.first ?? (labels.count == 1 ? labels[0].worst.first : nil)
        else { return nil }
        let index = ReportIndex(report)
        var line =
            "worst \(metric.title): "
            + ScoreTables.withUnit(ReportNumber.text(worst.value, of: metric), metric)
            + " in \(ScoreTables.worstCase(worst))"
        guard let label = labels.first(where: { $0.worst.contains(worst) })?.label else {
            return line
        }
        line += ", \(index.name(of: label))"
        if let place = index.row(worst.case, worst.slice, label)?.worst {
            line +=
                "; largest surface error \(ReportNumber.fixed(place.distance, digits: 2)) mm at voxel "
                + ReportNumber.tuple(place.voxel.map(Double.init), digits: 0)
        }
        return line
    }

    private static func rankingLine(
        _ ranking: CompareReport.Ranking, _ report: CompareReport
    ) -> String? {
        guard let metric = CompareTables.metric(ranking.metric, report),
            ranking.means.count == report.models.count,
            ranking.rankOfMean.count == report.models.count,
            ranking.meanRank.count == report.models.count
        else { return nil }
        // Equal ranks keep the order of the models.
        let order = report.models.indices.sorted {
            (ranking.rankOfMean[$0], $0) < (ranking.rankOfMean[$1], $1)
        }
        let places = order.map { model in
            var detail = "mean rank \(ReportNumber.fixed(ranking.meanRank[model], digits: 2))"
            if ranking.firstShare.indices.contains(model) {
                detail += ", first in \(ReportNumber.fixed(ranking.firstShare[model], digits: 2))"
            }
            return "\(CompareTables.rank(ranking.rankOfMean, model)) \(report.models[model].name) "
                + "\(ReportNumber.text(ranking.means[model], of: metric)) (\(detail))"
        }
        var line = "\(metric.title), \(ranking.n) cases: " + places.joined(separator: ", ")
        if ranking.friedmanP != nil {
            line += "; Friedman p \(ReportNumber.pValue(ranking.friedmanP))"
        }
        if !ranking.ordersAgree { line += "; rank of mean and mean rank disagree" }
        return line
    }

    /// The pairs of models, in the order of the report.
    private static func modelPairs(_ report: CompareReport) -> [(a: String, b: String)] {
        var found: [(a: String, b: String)] = []
        for pair in report.pairs where !found.contains(where: { $0.a == pair.a && $0.b == pair.b })
        {
            found.append((pair.a, pair.b))
        }
        return found
    }
}
