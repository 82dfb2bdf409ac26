/// Reports as LaTeX tables for `\usepackage{booktabs}`, to be read with `\input`.
public enum ReportLaTeX {
    /// The summary as a `tabular`; comments name the convention and what the cells hold.
    ///
    /// - Parameter report: The report.
    /// - Returns: UTF-8 bytes; every character that means something to TeX is escaped.
    public static func encode(_ report: ScoreReport) -> [UInt8] {
        let table = ScoreTables.compact(of: report)
        let comments = ReportHeadline.lines(of: report) + table.notes
        return bytes(comments, [table])
    }

    /// The means and the pairs as two `tabular`s; comments name the conventions and what the cells hold.
    ///
    /// - Parameter report: The comparison.
    /// - Returns: UTF-8 bytes; every character that means something to TeX is escaped.
    public static func encode(_ report: CompareReport) -> [UInt8] {
        let pairs = CompareTables.pairs(of: report)
        let comments =
            ReportHeadline.lines(of: report)
            + report.models.map { "\($0.name): convention \($0.convention), \($0.cases) cases" }
            + pairs.notes
        return bytes(comments, [CompareTables.means(of: report), pairs].filter { !$0.isEmpty })
    }

    private static func bytes(_ comments: [String], _ tables: [ReportTable]) -> [UInt8] {
        let lines = comments.map { "% " + $0.oneLine } + tables.flatMap(tabular)
        return Array((lines.joined(separator: "\n") + "\n").utf8)
    }

    private static func tabular(_ table: ReportTable) -> [String] {
        let alignments = table.columns.map { $0.alignment == .left ? "l" : "r" }.joined()
        var lines = [
            "% \(table.title.oneLine)", "\\begin{tabular}{\(alignments)}", "\\toprule",
            row(table.columns.map(\.title)), "\\midrule",
        ]
        for (place, entry) in table.rows.enumerated() {
            // A line between the labels and what is over all of them, in either order.
            if place > 0, entry.isEmphasised != table.rows[place - 1].isEmphasised {
                lines.append("\\midrule")
            }
            lines.append(row(entry.cells))
        }
        return lines + ["\\bottomrule", "\\end{tabular}"]
    }

    private static func row(_ cells: [String]) -> String {
        cells.map(cell).joined(separator: " & ") + " \\\\"
    }

    private static func cell(_ text: String) -> String {
        let escaped = escape(text)
        // After `\\` an opening bracket would be an argument, and a star another command.
        return escaped.hasPrefix("[") || escaped.hasPrefix("*") ? "{}" + escaped : escaped
    }

    /// Text that TeX sets as it is; a plus-minus and a minus before a digit are set in mathematics.
    static func escape(_ text: String) -> String {
        var escaped = ""
        let scalars = Array(text.oneLine.unicodeScalars)
        for (place, scalar) in scalars.enumerated() {
            switch scalar {
            case "\\": escaped += "\\textbackslash{}"
            case "{", "}", "$", "&", "#", "%", "_":
                escaped += "\\"
                escaped.unicodeScalars.append(scalar)
            case "^": escaped += "\\textasciicircum{}"
            case "~": escaped += "\\textasciitilde{}"
            case "<": escaped += "\\textless{}"
            case ">": escaped += "\\textgreater{}"
            case "|": escaped += "\\textbar{}"
            case "\"": escaped += "{''}"
            case "±": escaped += "$\\pm$"
            case "-" where isSign(at: place, of: scalars): escaped += "$-$"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    /// Whether the minus at a place stands before a number and after nothing, a space or a bracket.
    private static func isSign(at place: Int, of scalars: [Unicode.Scalar]) -> Bool {
        guard place + 1 < scalars.count, ("0"..."9").contains(scalars[place + 1]) else {
            return false
        }
        return place == 0 || scalars[place - 1] == " " || scalars[place - 1] == "["
    }
}
