/// Builds markup; everything that comes from a report goes through ``escaped(_:)``.
struct Markup {
    /// What was written so far.
    private(set) var text = ""

    /// Text as it may stand in an element or an attribute.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            // Control characters are no part of a document.
            case _
            where scalar.value < 32 && scalar != "\n" && scalar != "\t" || scalar.value == 127:
                result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// Adds markup of our own.
    mutating func raw(_ markup: String) { text += markup }

    /// Adds an element of text.
    mutating func element(_ name: String, _ content: String, _ attributes: String = "") {
        text +=
            "<\(name)\(attributes.isEmpty ? "" : " " + attributes)>\(Self.escaped(content))</\(name)>\n"
    }

    /// Adds an element around others.
    mutating func element(
        _ name: String, _ attributes: String = "", _ content: (inout Markup) -> Void
    ) {
        text += "<\(name)\(attributes.isEmpty ? "" : " " + attributes)>\n"
        content(&self)
        text += "</\(name)>\n"
    }

    /// Adds a section with a heading, unless its content is empty.
    mutating func section(_ title: String, _ content: (inout Markup) -> Void) {
        var inner = Markup()
        content(&inner)
        guard !inner.text.isEmpty else { return }
        raw("<section>\n<h2>\(Self.escaped(title))</h2>\n\(inner.text)</section>\n")
    }

    /// Adds a table in a box that scrolls by itself; nothing without rows.
    ///
    /// - Parameters:
    ///   - table: The table.
    ///   - limit: The most rows.
    ///   - hasDetails: Whether what follows the number in a cell (interval, states, penalised mean) stands below it.
    mutating func table(_ table: ReportTable, limit: Int = .max, hasDetails: Bool = false) {
        guard !table.isEmpty else { return }
        raw(
            "<div class=\"scroll\"><table>\n<caption>\(Self.escaped(table.title))</caption>\n<thead><tr>"
        )
        for column in table.columns {
            raw("<th scope=\"col\"\(Self.alignment(column))>\(Self.escaped(column.title))</th>")
        }
        raw("</tr></thead>\n<tbody>\n")
        for row in table.rows.prefix(limit) {
            raw(row.isEmphasised ? "<tr class=\"emphasis\">" : "<tr>")
            for (index, column) in table.columns.enumerated() {
                let name = index == 0 ? "th scope=\"row\"" : "td"
                let (main, details) =
                    hasDetails && index > 0 ? Self.split(row[index]) : (row[index], [])
                raw("<\(name)\(Self.alignment(column))>\(Self.escaped(main))")
                for detail in details { raw("<small>\(Self.escaped(detail))</small>") }
                raw("</\(index == 0 ? "th" : "td")>")
            }
            raw("</tr>\n")
        }
        raw("</tbody></table></div>\n")
        if table.rows.count > limit {
            element(
                "p",
                "The first \(limit) of \(table.rows.count) rows; all of them are in the CSV (--csv) and the JSON (--json).",
                "class=\"note\"")
        }
        for note in table.notes { element("p", note, "class=\"note\"") }
    }

    /// A cell of the summary: the number, and each thing that is said about it (interval, counts, penalised mean).
    private static func split(_ cell: String) -> (main: String, details: [String]) {
        var details: [String] = []
        var rest = cell[...]
        for mark in [" | ", " (", " ["] {
            guard let range = rest.firstRange(of: mark) else { continue }
            let start = mark == " | " ? range.upperBound : rest.index(after: range.lowerBound)
            details.insert(String(rest[start...]), at: 0)
            rest = rest[..<range.lowerBound]
        }
        return (String(rest), details)
    }

    private static func alignment(_ column: ReportTable.Column) -> String {
        column.alignment == .right ? " class=\"number\"" : ""
    }
}
