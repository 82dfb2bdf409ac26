/// Reports as Markdown with GitHub tables, for issues, pull requests and wikis.
public enum ReportMarkdown {
    /// The headline, the summary, what is not a value, the spread, the published rows and the findings.
    ///
    /// - Parameter report: The report.
    /// - Returns: UTF-8 bytes; names are escaped, so that none makes markup.
    public static func encode(_ report: ScoreReport) -> [UInt8] {
        var lines = ["# Segmentation scores", ""]
        lines += ReportHeadline.lines(of: report).map { "- " + escape($0) }
        let options = report.options.map { "\($0.name) \($0.value)" }.joined(separator: "; ")
        if !options.isEmpty { lines.append("- options: " + escape(options)) }
        for table in [
            ScoreTables.summary(of: report), ScoreTables.states(of: report),
            ScoreTables.spread(of: report), ScoreTables.published(of: report),
        ] where !table.isEmpty {
            lines += section(table)
        }
        lines += findings(report.findings)
        return Array((lines.joined(separator: "\n") + "\n").utf8)
    }

    /// The models, the means, every pair, the ranking and the findings.
    ///
    /// - Parameter report: The comparison.
    /// - Returns: UTF-8 bytes; names are escaped, so that none makes markup.
    public static func encode(_ report: CompareReport) -> [UInt8] {
        var lines = ["# Comparison of models", ""]
        lines += ReportHeadline.lines(of: report).map { "- " + escape($0) }
        for table in [
            CompareTables.models(of: report), CompareTables.means(of: report),
            CompareTables.pairs(of: report), CompareTables.ranking(of: report),
        ] where !table.isEmpty {
            lines += section(table)
        }
        lines += findings(report.findings)
        return Array((lines.joined(separator: "\n") + "\n").utf8)
    }

    private static func section(_ table: ReportTable) -> [String] {
        var lines = ["", "## " + escape(table.title), ""]
        lines.append(row(table.columns.map(\.title), isEmphasised: false))
        lines.append(
            "|" + table.columns.map { $0.alignment == .left ? " :-- |" : " --: |" }.joined())
        lines += table.rows.map { row($0.cells, isEmphasised: $0.isEmphasised) }
        if !table.notes.isEmpty { lines.append("") }
        lines += table.notes.map { "- " + escape($0) }
        return lines
    }

    private static func row(_ cells: [String], isEmphasised: Bool) -> String {
        "|"
            + cells.map { cell in
                let text = escape(cell)
                return isEmphasised && !text.isEmpty ? " **\(text)** |" : " \(text) |"
            }.joined()
    }

    private static func findings(_ findings: [ReportFinding]) -> [String] {
        guard !findings.isEmpty else { return [] }
        return ["", "## Findings", ""]
            + ScoreTables.findings(findings).rows.map { row in
                let place = row.cells[1] == ReportNumber.nothing ? "" : "\(row.cells[1]): "
                return "- **\(row.cells[0])** " + escape(place + row.cells[2])
            }
    }

    /// Text that GitHub shows as it is.
    static func escape(_ text: String) -> String {
        var escaped = ""
        for scalar in text.oneLine.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            // `](` makes a link; brackets alone, as around intervals, do not.
            case "(" where escaped.hasSuffix("]"): escaped += "\\("
            case "\\", "`", "*", "_", "|", "~", "#":
                escaped += "\\"
                escaped.unicodeScalars.append(scalar)
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
