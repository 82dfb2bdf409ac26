/// The values of one metric: a lane per label with its cases, quartiles and median, and what no axis can show beside it.
struct DistributionFigure {
    private let report: ScoreReport
    private let metric: MetricEntry
    private let column: Int
    private let scale: PlotScale
    private let lanes: [Lane]

    private struct Lane {
        let name: String
        let rows: [ScoreRow]
        let summary: ScoreSummary?
    }

    private static let lane = 26.0
    private static let left = 190.0
    private static let axisEnd = 720.0
    private static let right = 1000.0

    /// Gathers the lanes; nil when no row has a finite value of the metric, and nothing is missing either.
    init?(_ report: ScoreReport, metric: MetricEntry, column: Int) {
        self.report = report
        self.metric = metric
        self.column = column
        let byLabel = Dictionary(grouping: report.rows, by: \.label)
        let summaries = report.summaries.filter { $0.scope == .label && $0.metric == metric.id }
        let lanes = report.labels.map { label in
            Lane(
                name: label.name, rows: byLabel[label.id] ?? [],
                summary: summaries.first { $0.label == label.id })
        }.filter { !$0.rows.isEmpty }
        self.lanes = lanes
        let values = lanes.flatMap(\.rows).compactMap { row -> Double? in
            guard column < row.values.count else { return nil }
            return row.values[column].value.flatMap { $0.isFinite ? $0 : nil }
        }
        guard let low = values.min(), let high = values.max() else { return nil }
        // Fractions have a fixed end, so that figures of several reports can be laid side by side.
        let isFraction = metric.unit.isEmpty && metric.direction == .higher && low >= 0 && high <= 1
        scale = PlotScale(
            low: isFraction ? min(low, 0.5) : min(0, low), high: isFraction ? 1 : max(high, 1e-9),
            start: Self.left, end: Self.axisEnd)
    }

    /// Adds the figure.
    func add(to section: inout Markup) {
        let height = Double(lanes.count) * Self.lane + 40
        section.raw("<figure>\n<h3>\(Markup.escaped(ScoreTables.heading(of: metric)))</h3>\n")
        section.raw(
            "<svg viewBox=\"0 0 \(Int(Self.right)) \(Int(height))\" role=\"img\" aria-label=\""
                + Markup.escaped("\(metric.title) of every case, by label") + "\">\n")
        axis(&section, height: height - 34)
        for (place, lane) in lanes.enumerated() {
            draw(lane, at: 8 + (Double(place) + 0.5) * Self.lane, &section)
        }
        section.raw("</svg>\n</figure>\n")
    }

    private func axis(_ section: inout Markup, height: Double) {
        for tick in scale.ticks {
            let x = PlotScale.text(scale.position(tick))
            section.raw(
                "<path class=\"axis\" d=\"M\(x) 6V\(PlotScale.text(height + 6))\"/>"
                    + "<text class=\"soft\" x=\"\(x)\" y=\"\(PlotScale.text(height + 24))\" text-anchor=\"middle\">"
                    + "\(PlotScale.label(tick))</text>\n")
        }
    }

    private func draw(_ lane: Lane, at y: Double, _ section: inout Markup) {
        let row = PlotScale.text
        section.raw(
            "<text x=\"\(row(Self.left - 14))\" y=\"\(row(y + 4))\" text-anchor=\"end\">"
                + "\(Markup.escaped(Self.short(lane.name)))</text>\n")
        if let summary = lane.summary, let low = summary.lowerQuartile,
            let high = summary.upperQuartile, let median = summary.median
        {
            let (x0, x1, x) = (scale.position(low), scale.position(high), scale.position(median))
            section.raw(
                "<rect class=\"box\" x=\"\(row(x0))\" y=\"\(row(y - 8))\" width=\"\(row(max(1, x1 - x0)))\" height=\"16\" rx=\"2\"/>"
                    + "<path class=\"median\" d=\"M\(row(x)) \(row(y - 9))V\(row(y + 9))\"/>\n")
        }
        var marks: [(state: String, title: String)] = []
        // Many slices would be a black bar: a lane shows at most 400 dots, evenly chosen.
        let step = max(1, lane.rows.count / 400)
        for (place, one) in lane.rows.enumerated() where column < one.values.count {
            let value = one.values[column]
            let title =
                one.case + (one.slice.map { ", slice \($0)" } ?? "") + ": "
                + ReportNumber.text(value, of: metric)
            if value.state != .value { marks.append((value.state.rawValue, title)) }
            guard let number = value.value, number.isFinite, place % step == 0 else { continue }
            section.raw(
                "<circle class=\"dot\" cx=\"\(row(scale.position(number)))\" cy=\"\(row(y))\" r=\"3.5\">"
                    + "<title>\(Markup.escaped(title))</title></circle>\n")
        }
        place(marks, y, &section)
    }

    /// Marks in the lane at the side, with their number in words.
    private func place(
        _ marks: [(state: String, title: String)], _ y: Double, _ section: inout Markup
    ) {
        var x = Self.axisEnd + 26
        for state in ["miss", "ghost", "error", "na"] {
            let own = marks.filter { $0.state == state }
            guard !own.isEmpty else { continue }
            let titles = own.prefix(20).map(\.title).joined(separator: "\n")
            let position = (PlotScale.text(x), PlotScale.text(y))
            let shape =
                switch state {
                case "miss":
                    "<path class=\"miss\" d=\"M\(position.0) \(PlotScale.text(y - 5))l5 10h-10z\"/>"
                case "ghost":
                    "<rect class=\"ghost\" x=\"\(PlotScale.text(x - 4.5))\" y=\"\(PlotScale.text(y - 4.5))\" width=\"9\" height=\"9\"/>"
                case "error":
                    "<path class=\"error\" d=\"M\(position.0) \(PlotScale.text(y - 6))l6 6l-6 6l-6 -6z\"/>"
                default: "<circle class=\"na\" cx=\"\(position.0)\" cy=\"\(position.1)\" r=\"4\"/>"
                }
            let label = own.count == 1 ? state : "\(own.count) \(state)"
            section.raw(
                "<g>\(shape)<title>\(Markup.escaped(titles))</title>"
                    + "<text class=\"soft\" x=\"\(PlotScale.text(x + 9))\" y=\"\(PlotScale.text(y + 4))\">\(label)</text></g>\n"
            )
            x += 26 + Double(label.count) * 6.5
        }
    }

    private static func short(_ name: String) -> String {
        name.count > 27 ? String(name.prefix(26)) + "…" : name
    }
}
