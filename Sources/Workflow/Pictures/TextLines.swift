/// Breaks text into lines that fit a width.
enum TextLines {
    /// A line of text, and whether it follows a line end of the text itself.
    struct Line: Hashable, Sendable {
        let text: String
        let isDetail: Bool
    }

    /// The lines of a text; what does not fit into the last one ends in "...".
    ///
    /// Lines break at spaces and line ends; a word too long for a line is cut. Empty text has no lines.
    static func fitting(_ text: String, width: Int, scale: Int, most: Int) -> [Line] {
        var lines: [Line] = []
        for (index, paragraph) in text.split(separator: "\n").enumerated() {
            var line = ""
            for word in paragraph.split(separator: " ") {
                let longer = line.isEmpty ? String(word) : line + " " + word
                if line.isEmpty || BitmapFont.width(of: longer, scale: scale) <= width {
                    line = longer
                } else {
                    lines.append(Line(text: line, isDetail: index > 0))
                    line = String(word)
                }
            }
            lines.append(Line(text: line, isDetail: index > 0))
        }
        var kept = Array(lines.prefix(most))
        if lines.count > most, let last = kept.popLast() {
            kept.append(Line(text: last.text + " ...", isDetail: last.isDetail))
        }
        return kept.map {
            Line(text: shortened($0.text, width: width, scale: scale), isDetail: $0.isDetail)
        }
    }

    /// A line cut to a width, with "..." at its end if anything was cut.
    static func shortened(_ line: String, width: Int, scale: Int) -> String {
        if BitmapFont.width(of: line, scale: scale) <= width { return line }
        var start = line.hasSuffix(" ...") ? String(line.dropLast(4)) : line
        while !start.isEmpty, BitmapFont.width(of: start + "...", scale: scale) > width {
            start.removeLast()
        }
        return start + "..."
    }
}
