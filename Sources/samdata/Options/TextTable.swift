/// A table in plain text: columns as wide as their widest cell, numbers to the right.
struct TextTable {
    private let header: [String]
    private let isNumber: [Bool]
    private var rows: [[String]] = []

    /// Makes a table; a header that starts with `#` stands over numbers.
    init(_ header: [String]) {
        isNumber = header.map { $0.hasPrefix("#") }
        self.header = header.map { $0.hasPrefix("#") ? String($0.dropFirst()) : $0 }
    }

    mutating func add(_ row: [String]) { rows.append(row) }

    var lines: [String] {
        let all = [header] + rows
        let widths = header.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        func line(_ row: [String]) -> String {
            let cells = row.enumerated().map { column, cell in
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                return isNumber[column] ? padding + cell : cell + padding
            }
            let text = cells.joined(separator: "  ")
            return String(text.reversed().drop { $0 == " " }.reversed())
        }
        let rule = widths.map { String(repeating: "-", count: $0) }.joined(separator: "  ")
        return [line(header), rule] + rows.map(line)
    }
}
