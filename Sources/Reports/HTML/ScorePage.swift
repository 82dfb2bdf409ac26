/// The sections of a score report, from the headline to the record of its inputs.
struct ScorePage {
    private let report: ScoreReport
    private let pictures: [OverlayPicture]
    private let index: ReportIndex

    init(_ report: ScoreReport, _ pictures: [OverlayPicture]) {
        self.report = report
        self.pictures = pictures
        index = ReportIndex(report)
    }

    /// The body of the page.
    var markup: String {
        var page = Markup()
        headline(&page)
        page.section("What to know first") { FindingList.add(report.findings, &$0) }
        page.section("Summary") { $0.table(ScoreTables.summary(of: report), hasDetails: true) }
        page.section("Distributions") { distributions(&$0) }
        page.section("Worst cases") { worst(&$0) }
        page.section("States") { $0.table(ScoreTables.states(of: report)) }
        if report.spread != nil {
            page.section("The same masks under other conventions") {
                $0.table(ScoreTables.spread(of: report))
            }
        }
        if let published = report.published {
            page.section("Beside \(published.title)") {
                $0.table(ScoreTables.published(of: report))
            }
        }
        for panel in report.panels {
            page.section(panel.title) { PanelFigure.add(panel, &$0) }
        }
        page.section("Every case") { section in
            let table = ScoreTables.perCase(of: report)
            guard !table.isEmpty else { return }
            section.element("details") {
                $0.element("summary", "\(table.rows.count) rows")
                $0.table(table, limit: ReportHTML.rowLimit)
            }
        }
        page.section("Convention: \(report.convention.name)") { convention(&$0) }
        page.section("How to get these numbers again") { record(&$0) }
        return page.text
    }

    // MARK: - Headline

    private func headline(_ page: inout Markup) {
        let name = report.dataset.map { "Scores of \($0)" } ?? "Scores"
        page.element("h1", name)
        for line in ReportHeadline.lines(of: report) { page.element("p", line, "class=\"lead\"") }
        page.element("dl", "class=\"figures\"") { list in
            for metric in report.metrics.prefix(4) {
                guard let summary = index.summary(.overall, nil, metric.id) else { continue }
                list.raw("<div>")
                list.element("dt", ScoreTables.heading(of: metric))
                list.element("dd", ReportNumber.text(summary.mean, of: metric), "class=\"value\"")
                var detail = "n \(summary.n)"
                if summary.interval != nil {
                    detail += "  " + ReportNumber.interval(summary.interval, of: metric)
                }
                if summary.penalisedMean != nil {
                    detail +=
                        "  " + ReportNumber.text(summary.penalisedMean, of: metric) + " penalised"
                }
                list.element("dd", detail, "class=\"detail\"")
                list.raw("</div>\n")
            }
        }
    }

    // MARK: - Middle

    private func distributions(_ section: inout Markup) {
        guard !report.rows.isEmpty, report.rows.contains(where: { !$0.values.isEmpty }) else {
            return
        }
        var drawn = Markup()
        for (column, metric) in report.metrics.enumerated() {
            DistributionFigure(report, metric: metric, column: column)?.add(to: &drawn)
        }
        guard !drawn.text.isEmpty else { return }
        section.element(
            "p",
            "A dot is a case, the box holds the middle half, the line is the median. Marks on the right are cases that no "
                + "axis can show: missed, invented, without meaning, or not compared.",
            "class=\"note\"")
        section.raw(drawn.text)
    }

    private func worst(_ section: inout Markup) {
        if !pictures.isEmpty {
            section.raw(
                "<p class=\"note\"><span class=\"key reference\"></span>reference"
                    + "<span class=\"key prediction\"></span>prediction</p>\n")
            section.element("div", "class=\"gallery\"") { gallery in
                for picture in pictures { OverlayFigure.add(picture, &gallery) }
            }
        }
        section.table(ScoreTables.worst(of: report))
    }

    // MARK: - End

    private func convention(_ section: inout Markup) {
        let entry = report.convention
        section.element("p", entry.about)
        var facts = [
            ("Surface", entry.surface), ("Percentile rule", entry.percentileRule),
            ("Means", entry.meanRule),
        ]
        if let library = entry.library { facts.insert(("Reproduces", library), at: 0) }
        section.table(
            ReportTable(
                title: "What the convention fixes",
                columns: [.init("what"), .init("how")],
                rows: facts.map { .init([$0.0, $0.1]) }))
        section.table(
            ReportTable(
                title: "What a metric is worth when a mask is empty",
                columns: [
                    .init("metric"), .init("both empty", .right), .init("missed", .right),
                    .init("invented", .right),
                ],
                rows: entry.states.map { .init([$0.metrics, $0.bothEmpty, $0.miss, $0.ghost]) }))
        section.table(
            ReportTable(
                title: "Formulas",
                columns: [.init("metric"), .init("unit"), .init("better"), .init("formula")],
                rows: report.metrics.map {
                    .init([
                        $0.title, $0.unit.isEmpty ? ReportNumber.nothing : $0.unit,
                        $0.direction == .none ? ReportNumber.nothing : $0.direction.rawValue,
                        $0.formula,
                    ])
                }))
    }

    private func record(_ section: inout Markup) {
        section.element("p", "samdata \(report.version), report \(report.schema)")
        section.raw(
            "<p><code>\(Markup.escaped((["samdata"] + report.command).joined(separator: " ")))</code></p>\n"
        )
        section.table(
            ReportTable(
                title: "Options that can move a number",
                columns: [.init("option"), .init("value")],
                rows: report.options.map { .init([$0.name, $0.value]) }))
        section.element("details") { details in
            details.element("summary", "\(report.cases.count) cases with the hashes of their files")
            details.table(ScoreTables.cases(of: report), limit: ReportHTML.rowLimit)
        }
        section.element(
            "p",
            "`samdata score --verify` with the JSON report reads the inputs again and compares hashes and values.",
            "class=\"note\"")
    }
}

/// Findings as a list, the gravest first.
enum FindingList {
    static func add(_ findings: [ReportFinding], _ section: inout Markup) {
        guard !findings.isEmpty else { return }
        let order: [ReportFinding.Severity] = [.error, .warning, .note]
        section.element("ul", "class=\"findings\"") { list in
            for severity in order {
                for finding in findings where finding.severity == severity {
                    list.raw("<li class=\"\(severity.rawValue)\">")
                    if severity != .note { list.raw("<b>\(severity.rawValue)</b> ") }
                    let place = finding.case.map { "\($0): " } ?? ""
                    list.raw("\(Markup.escaped(place + finding.message))</li>\n")
                }
            }
        }
    }
}
