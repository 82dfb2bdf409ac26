/// The tables of a comparison.
///
/// They place what the report holds and compute nothing.
public enum CompareTables {
    /// What the row over all labels is called.
    static let overall = "mean over labels"

    /// The models: name, convention, cases, digest.
    ///
    /// - Parameter report: The comparison.
    /// - Returns: One row per model.
    public static func models(of report: CompareReport) -> ReportTable {
        ReportTable(
            title: "Models",
            columns: [
                .init("model"), .init("convention"), .init("cases", .right), .init("SHA-256"),
            ],
            rows: report.models.map {
                .init([$0.name, $0.convention, ReportNumber.count($0.cases), $0.sha256])
            })
    }

    /// The mean of each model over the cases all have, one row per metric.
    ///
    /// - Parameter report: The comparison.
    /// - Returns: The table; the columns are the models.
    public static func means(of report: CompareReport) -> ReportTable {
        ReportTable(
            title: "Means over labels",
            columns: [.init("metric"), .init("n", .right)]
                + report.models.map { .init($0.name, .right) },
            rows: report.rankings.compactMap { ranking in
                metric(ranking.metric, report).map { metric in
                    .init(
                        [ScoreTables.heading(of: metric), ReportNumber.count(ranking.n)]
                            + ranking.means.map { ReportNumber.text($0, of: metric) })
                }
            }, notes: ["Over the cases all models have a value for."])
    }

    /// Every comparison of two models.
    ///
    /// - Parameter report: The comparison.
    /// - Returns: One row per pair of models, metric and label, in the order of the report.
    public static func pairs(of report: CompareReport) -> ReportTable {
        ReportTable(
            title: "Pairs", columns: [.init("models"), .init("metric")] + pairColumns,
            rows: report.pairs.compactMap { pair in
                metric(pair.metric, report).map { metric in
                    .init(
                        ["\(pair.a) - \(pair.b)", ScoreTables.heading(of: metric)]
                            + cells(pair, metric), isEmphasised: pair.label == nil)
                }
            }, notes: notes)
    }

    /// The comparisons of one pair of models by one metric.
    ///
    /// - Parameters:
    ///   - report: The comparison.
    ///   - a: The name of the first model.
    ///   - b: The name of the second model.
    ///   - metric: The metric.
    /// - Returns: One row per label, the mean over labels first.
    public static func pairs(
        of report: CompareReport, a: String, b: String, metric: MetricEntry
    ) -> ReportTable {
        let found = report.pairs.filter { $0.a == a && $0.b == b && $0.metric == metric.id }
        let ordered = found.filter { $0.label == nil } + found.filter { $0.label != nil }
        return ReportTable(
            title: "\(ScoreTables.heading(of: metric)): \(a) - \(b)", columns: pairColumns,
            rows: ordered.map { .init(cells($0, metric), isEmphasised: $0.label == nil) },
            notes: notes)
    }

    /// The orders of the models, one row per metric and model.
    ///
    /// - Parameter report: The comparison.
    /// - Returns: The table; models stand in the order of the report.
    public static func ranking(of report: CompareReport) -> ReportTable {
        var rows: [ReportTable.Row] = []
        for ranking in report.rankings {
            guard let metric = metric(ranking.metric, report) else { continue }
            for (place, model) in report.models.enumerated() {
                func number(_ values: [Double], _ digits: Int) -> String {
                    ReportNumber.fixed(
                        values.indices.contains(place) ? values[place] : nil, digits: digits)
                }
                rows.append(
                    .init([
                        ScoreTables.heading(of: metric), model.name, ReportNumber.count(ranking.n),
                        number(ranking.means, ReportNumber.digits(of: metric)),
                        rank(ranking.rankOfMean, place), number(ranking.meanRank, 2),
                        number(ranking.firstShare, 2), ReportNumber.pValue(ranking.friedmanP),
                        ranking.ordersAgree ? "yes" : "no",
                    ]))
            }
        }
        return ReportTable(
            title: "Ranking",
            columns: [
                .init("metric"), .init("model"), .init("n", .right), .init("mean", .right),
                .init("rank of mean", .right), .init("mean rank", .right),
                .init("first in", .right), .init("Friedman p", .right), .init("orders agree"),
            ], rows: rows,
            notes: [
                "first in: the share of bootstrap samples of the cases in which the model has the best mean."
            ])
    }

    /// A rank, with a fraction only where ranks are shared.
    static func rank(_ ranks: [Double], _ place: Int) -> String {
        guard ranks.indices.contains(place) else { return ReportNumber.nothing }
        let rank = ranks[place]
        return ReportNumber.fixed(rank, digits: rank == rank.rounded() ? 0 : 1)
    }

    static func metric(_ id: String, _ report: CompareReport) -> MetricEntry? {
        report.metrics.first { $0.id == id }
    }

    private static let pairColumns: [ReportTable.Column] = [
        .init("label"), .init("n", .right), .init("mean A", .right), .init("mean B", .right),
        .init("difference", .right), .init("p", .right), .init("Holm p", .right),
        .init("effect", .right), .init("wins/ties/losses", .right), .init("turns under"),
    ]

    private static let notes = [
        "difference: A minus B over the cases both have, with its bootstrap interval",
        "p: two-sided Wilcoxon signed-rank, then Holm's correction over all labels, metrics and pairs",
        "effect: rank-biserial correlation, -1 to 1; wins: cases in which A is better",
        "turns under: the conventions under which the difference has the other sign",
    ]

    private static func cells(_ pair: CompareReport.Pair, _ metric: MetricEntry) -> [String] {
        let interval = ReportNumber.interval(pair.interval, of: metric)
        return [
            pair.labelName ?? pair.label.map { "\($0)" } ?? overall, ReportNumber.count(pair.n),
            ReportNumber.text(pair.meanA, of: metric), ReportNumber.text(pair.meanB, of: metric),
            ReportNumber.signed(pair.meanDifference, of: metric)
                + (interval.isEmpty ? "" : " " + interval),
            ReportNumber.pValue(pair.p), ReportNumber.pValue(pair.holm),
            ReportNumber.fixed(pair.effect, digits: 2), "\(pair.wins)/\(pair.ties)/\(pair.losses)",
            pair.turnsUnder.isEmpty
                ? ReportNumber.nothing : pair.turnsUnder.joined(separator: ", "),
        ]
    }
}
