/// The sections of a comparison.
struct ComparePage {
    private let report: CompareReport

    init(_ report: CompareReport) { self.report = report }

    /// The body of the page.
    var markup: String {
        var page = Markup()
        page.element("h1", report.models.map(\.name).joined(separator: " against "))
        for line in ReportHeadline.lines(of: report) { page.element("p", line, "class=\"lead\"") }
        page.section("What to know first") { FindingList.add(report.findings, &$0) }
        page.section("Models") {
            $0.table(CompareTables.models(of: report))
            $0.table(CompareTables.means(of: report))
        }
        page.section("Order of the models") { section in
            section.table(CompareTables.ranking(of: report))
            shares(&section)
        }
        page.section("Differences") { differences(&$0) }
        page.section("Every comparison") { section in
            let table = CompareTables.pairs(of: report)
            guard !table.isEmpty else { return }
            section.element("details") {
                $0.element("summary", "\(table.rows.count) rows")
                $0.table(table, limit: ReportHTML.rowLimit)
            }
        }
        page.section("How to get these numbers again") { section in
            section.element("p", "samdata \(report.version), report \(report.schema)")
            section.element(
                "p",
                "Seed \(report.seed), \(report.resamples) resamples; the hashes of the reports are above."
            )
        }
        return page.text
    }

    /// How often each model is first when the cases are drawn anew.
    private func shares(_ section: inout Markup) {
        let rankings = report.rankings.filter { $0.firstShare.count == report.models.count }
        guard !rankings.isEmpty else { return }
        let (lane, left, width) = (24.0, 220.0, 480.0)
        let count = rankings.count * report.models.count
        let text = PlotScale.text
        section.raw(
            "<figure>\n<h3>How often each model comes first when the cases are drawn anew</h3>\n"
                + "<svg viewBox=\"0 0 800 \(Int(Double(count) * lane + 10))\" role=\"img\" aria-label=\"share of first places\">\n"
        )
        var y = 4.0
        for ranking in rankings {
            for (model, share) in zip(report.models, ranking.firstShare) {
                section.raw(
                    "<text x=\"\(text(left - 12))\" y=\"\(text(y + 16))\" text-anchor=\"end\">"
                        + "\(Markup.escaped("\(ranking.metric), \(model.name)"))</text>"
                        + "<rect class=\"bar\" x=\"\(text(left))\" y=\"\(text(y + 4))\" width=\"\(text(max(0, min(1, share)) * width))\" "
                        + "height=\"\(text(lane - 8))\" rx=\"2\"/><text class=\"soft\" x=\"\(text(left + width + 10))\" "
                        + "y=\"\(text(y + 16))\">\(Markup.escaped(ReportNumber.percent(share)))</text>\n"
                )
                y += lane
            }
        }
        section.raw("</svg>\n</figure>\n")
    }

    private func differences(_ section: inout Markup) {
        for metric in report.metrics {
            for (place, first) in report.models.enumerated() {
                for second in report.models.dropFirst(place + 1) {
                    let pairs = report.pairs.filter {
                        $0.metric == metric.id && $0.a == first.name && $0.b == second.name
                    }
                    ForestFigure(pairs, metric: metric, a: first.name, b: second.name)?
                        .add(to: &section)
                }
            }
        }
    }
}
