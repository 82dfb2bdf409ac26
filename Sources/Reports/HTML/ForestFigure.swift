/// Mean differences of two models by label, with their intervals and the line of no difference.
struct ForestFigure {
    private let pairs: [CompareReport.Pair]
    private let metric: MetricEntry
    private let names: (a: String, b: String)
    private let scale: PlotScale

    private static let lane = 26.0

    /// Gathers the lanes; nil when no pair has a difference.
    init?(_ pairs: [CompareReport.Pair], metric: MetricEntry, a: String, b: String) {
        let known = pairs.filter { $0.meanDifference?.isFinite ?? false }
        guard !known.isEmpty else { return nil }
        self.pairs = known
        self.metric = metric
        names = (a, b)
        let ends = known.flatMap { pair in
            [pair.meanDifference, pair.interval?.low, pair.interval?.high].compactMap { $0 }
        }.filter(\.isFinite)
        let reach = max(1e-6, ends.map(\.magnitude).max() ?? 1) * 1.05
        scale = PlotScale(low: -reach, high: reach, start: 220, end: 660)
    }

    /// Adds the figure.
    func add(to section: inout Markup) {
        let height = Double(pairs.count) * Self.lane + 54
        let text = PlotScale.text
        section.raw(
            "<figure>\n<h3>\(Markup.escaped("\(ScoreTables.heading(of: metric)): \(names.a) minus \(names.b)"))</h3>\n"
                + "<svg viewBox=\"0 0 900 \(Int(height))\" role=\"img\" aria-label=\""
                + Markup.escaped("differences in \(metric.title)") + "\">\n")
        let bottom = height - 46
        for tick in scale.ticks {
            let x = text(scale.position(tick))
            section.raw(
                "<path class=\"axis\" d=\"M\(x) 4V\(text(bottom))\"/><text class=\"soft\" x=\"\(x)\" y=\"\(text(bottom + 18))\" "
                    + "text-anchor=\"middle\">\(PlotScale.label(tick))</text>\n")
        }
        section.raw(
            "<path class=\"median\" d=\"M\(text(scale.position(0))) 4V\(text(bottom))\"/>\n")
        let better = metric.direction == .lower
        section.raw(
            "<text class=\"soft\" x=\"220\" y=\"\(text(bottom + 38))\">\(Markup.escaped(better ? names.a : names.b)) better</text>"
                + "<text class=\"soft\" x=\"660\" y=\"\(text(bottom + 38))\" text-anchor=\"end\">"
                + "\(Markup.escaped(better ? names.b : names.a)) better</text>\n")
        for (place, pair) in pairs.enumerated() {
            draw(pair, at: 4 + (Double(place) + 0.5) * Self.lane, &section)
        }
        section.raw("</svg>\n</figure>\n")
    }

    private func draw(_ pair: CompareReport.Pair, at y: Double, _ section: inout Markup) {
        let text = PlotScale.text
        let name = pair.labelName ?? "mean over labels"
        section.raw(
            "<text x=\"206\" y=\"\(text(y + 4))\" text-anchor=\"end\">\(Markup.escaped(name))</text>\n"
        )
        if let interval = pair.interval {
            section.raw(
                "<path class=\"interval\" d=\"M\(text(scale.position(interval.low))) \(text(y))"
                    + "H\(text(scale.position(interval.high)))\"/>\n")
        }
        let summary =
            "\(ReportNumber.signed(pair.meanDifference, of: metric))  n \(pair.n)  Holm p \(ReportNumber.pValue(pair.holm))"
        section.raw(
            "<circle class=\"dot\" cx=\"\(text(scale.position(pair.meanDifference ?? 0)))\" cy=\"\(text(y))\" r=\"5\">"
                + "<title>\(Markup.escaped(summary))</title></circle>"
                + "<text class=\"soft\" x=\"676\" y=\"\(text(y + 4))\">\(Markup.escaped(summary))</text>\n"
        )
    }
}
