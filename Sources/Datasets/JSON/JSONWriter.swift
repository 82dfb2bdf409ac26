/// Writes a tree as a JSON text made to be read and edited by people.
///
/// Two blanks per level. What fits on a line of 100 columns stays on one line; longer lists of short values are filled
/// like a paragraph. The same tree always gives the same bytes.
struct JSONWriter {
    private static let width = 100

    /// The text of a tree, ending in a line feed.
    static func text(of node: JSONNode) -> String {
        layOut(node, indent: 0, lead: 0, isRoot: true) + "\n"
    }

    private static func layOut(_ node: JSONNode, indent: Int, lead: Int, isRoot: Bool) -> String {
        let inline = onOneLine(node)
        // One column is kept free for the comma that may follow.
        if !isRoot, indent + lead + inline.count + 1 <= width { return inline }
        let pad = String(repeating: " ", count: indent + 2)
        let close = String(repeating: " ", count: indent)
        switch node.content {
        case .array(let items) where !items.isEmpty:
            if items.allSatisfy(isShort) {
                return "[\n" + filled(items.map(onOneLine), pad: pad) + "\n" + close + "]"
            }
            let lines = items.map { pad + layOut($0, indent: indent + 2, lead: 0, isRoot: false) }
            return "[\n" + lines.joined(separator: ",\n") + "\n" + close + "]"
        case .object(let members) where !members.isEmpty:
            let lines = members.map { member in
                let key = quoted(member.key) + ": "
                return pad + key
                    + layOut(member.value, indent: indent + 2, lead: key.count, isRoot: false)
            }
            return "{\n" + lines.joined(separator: ",\n") + "\n" + close + "}"
        default: return inline
        }
    }

    private static func isShort(_ node: JSONNode) -> Bool {
        switch node.content {
        case .array, .object: false
        case .string(let text): text.count <= 40
        default: true
        }
    }

    private static func filled(_ items: [String], pad: String) -> String {
        var lines: [String] = []
        var line = ""
        for (index, item) in items.enumerated() {
            let piece = index + 1 < items.count ? item + "," : item
            if line.isEmpty {
                line = pad + piece
            } else if line.count + 1 + piece.count <= width {
                line += " " + piece
            } else {
                lines.append(line)
                line = pad + piece
            }
        }
        return (lines + [line]).joined(separator: "\n")
    }

    private static func onOneLine(_ node: JSONNode) -> String {
        switch node.content {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        case .real(let value): String(value)
        case .string(let text): quoted(text)
        case .array(let items): "[" + items.map(onOneLine).joined(separator: ", ") + "]"
        case .object(let members):
            members.isEmpty
                ? "{}"
                : "{ "
                    + members.map { quoted($0.key) + ": " + onOneLine($0.value) }
                    .joined(separator: ", ") + " }"
        }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
