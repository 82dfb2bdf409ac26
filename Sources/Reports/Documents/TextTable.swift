/// A table as lines of fixed width, in several blocks when it is wider than the terminal.
enum TextTable {
    /// The lines of a table.
    ///
    /// - Parameters:
    ///   - table: The table.
    ///   - keys: How many of the first columns are repeated in every block.
    ///   - columns: The width of the terminal in characters; a block has one column besides the keys even when that is
    ///     wider.
    /// - Returns: Lines without trailing spaces; blocks are apart by an empty line.
    static func lines(of table: ReportTable, keys: Int = 1, columns: Int) -> [String] {
        guard table.columns.count >= keys, keys > 0 else { return [] }
        let widths = table.columns.indices.map { column in
            table.rows.reduce(table.columns[column].title.oneLine.count) {
                max($0, $1[column].oneLine.count)
            }
        }
        var blocks: [[Int]] = [[]]
        let keyWidth = widths[..<keys].reduce(2 * (keys - 1), +)
        var used = keyWidth
        for column in table.columns.indices.dropFirst(keys) {
            let last = blocks.count - 1
            if !blocks[last].isEmpty, used + 2 + widths[column] > columns {
                blocks.append([column])
                used = keyWidth + 2 + widths[column]
            } else {
                blocks[last].append(column)
                used += 2 + widths[column]
            }
        }
        var lines: [String] = []
        for (place, block) in blocks.enumerated() {
            if place > 0 { lines.append("") }
            let shown = Array(0..<keys) + block
            func line(_ row: ReportTable.Row) -> String {
                let text = shown.map { column in
                    pad(row[column].oneLine, widths[column], table.columns[column].alignment)
                }.joined(separator: "  ")
                return String(text.reversed().drop { $0 == " " }.reversed())
            }
            lines.append(line(.init(table.columns.map(\.title))))
            lines.append(
                shown.map { String(repeating: "-", count: widths[$0]) }.joined(separator: "  "))
            lines += table.rows.map(line)
        }
        return lines
    }

    private static func pad(
        _ text: String, _ width: Int, _ alignment: ReportTable.Alignment
    ) -> String {
        let space = String(repeating: " ", count: max(width - text.count, 0))
        return alignment == .left ? text + space : space + text
    }
}
