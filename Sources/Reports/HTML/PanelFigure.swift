/// A curve panel or a matrix of counts.
enum PanelFigure {
    private static let side = 360.0

    static func add(_ panel: ReportPanel, _ section: inout Markup) {
        if let matrix = panel.matrix {
            add(matrix, panel, &section)
        } else if panel.curves.contains(where: { !$0.x.isEmpty }) {
            draw(panel, &section)
        }
    }

    private static func draw(_ panel: ReportPanel, _ section: inout Markup) {
        let xs = panel.curves.flatMap(\.x).filter(\.isFinite)
        let horizontal = PlotScale(
            low: min(0, xs.min() ?? 0), high: max(1, xs.max() ?? 1), start: 60, end: 60 + side)
        let vertical = PlotScale(low: 0, high: 1, start: 12 + side, end: 12)
        let text = PlotScale.text
        section.raw(
            "<figure>\n<svg viewBox=\"0 0 \(Int(side + 90)) \(Int(side + 70))\" style=\"max-width: 30rem\" role=\"img\" aria-label=\""
                + Markup.escaped(panel.title) + "\">\n")
        for tick in horizontal.ticks {
            let x = text(horizontal.position(tick))
            section.raw(
                "<path class=\"axis\" d=\"M\(x) 12V\(text(12 + side))\"/><text class=\"soft\" x=\"\(x)\" "
                    + "y=\"\(text(side + 30))\" text-anchor=\"middle\">\(PlotScale.label(tick))</text>\n"
            )
        }
        for tick in vertical.ticks {
            let y = vertical.position(tick)
            section.raw(
                "<path class=\"axis\" d=\"M60 \(text(y))H\(text(60 + side))\"/><text class=\"soft\" x=\"52\" "
                    + "y=\"\(text(y + 4))\" text-anchor=\"end\">\(PlotScale.label(tick))</text>\n")
        }
        section.raw(
            "<text x=\"\(text(60 + side / 2))\" y=\"\(text(side + 54))\" text-anchor=\"middle\">"
                + "\(Markup.escaped(panel.xTitle))</text>\n<text x=\"\(text(-12 - side / 2))\" y=\"14\" "
                + "transform=\"rotate(-90)\" text-anchor=\"middle\">\(Markup.escaped(panel.yTitle))</text>\n"
        )
        for (place, curve) in panel.curves.enumerated() {
            let points = zip(curve.x, curve.y).filter { $0.isFinite && $1.isFinite }
            let path = points.enumerated().map { index, point in
                "\(index == 0 ? "M" : "L")\(text(horizontal.position(point.0))) \(text(vertical.position(point.1)))"
            }.joined()
            section.raw(
                "<path class=\"curve\(place == 0 ? "" : " second")\" d=\"\(path)\">"
                    + "<title>\(Markup.escaped(curve.name))</title></path>\n")
            guard place == 0, points.count <= 40 else { continue }
            for point in points {
                section.raw(
                    "<circle class=\"dot\" cx=\"\(text(horizontal.position(point.0)))\" cy=\"\(text(vertical.position(point.1)))\" "
                        + "r=\"3.5\"><title>\(PlotScale.label(point.0)), \(PlotScale.label(point.1))</title></circle>\n"
                )
            }
        }
        section.raw("</svg>\n</figure>\n")
    }

    private static func add(
        _ matrix: ReportPanel.Matrix, _ panel: ReportPanel, _ section: inout Markup
    ) {
        section.raw(
            "<div class=\"scroll\"><table class=\"matrix\"><caption>"
                + Markup.escaped("Rows: \(panel.yTitle); columns: \(panel.xTitle)")
                + "</caption>\n<thead><tr><th scope=\"col\"></th>")
        for name in matrix.columns { section.raw("<th scope=\"col\">\(Markup.escaped(name))</th>") }
        section.raw("</tr></thead>\n<tbody>\n")
        for (row, name) in matrix.rows.enumerated() where row < matrix.counts.count {
            section.raw("<tr><th scope=\"row\">\(Markup.escaped(name))</th>")
            let most = max(1, matrix.counts[row].max() ?? 1)
            for (column, count) in matrix.counts[row].enumerated() {
                let share = PlotScale.label(Double(max(0, count)) / Double(most) * 45)
                let color = row == column ? "0 114 178" : "213 94 0"
                section.raw("<td style=\"background: rgb(\(color) / \(share)%)\">\(count)</td>")
            }
            section.raw("</tr>\n")
        }
        section.raw("</tbody></table></div>\n")
    }
}
