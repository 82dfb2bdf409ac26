internal import MedicalImaging

/// Text of an annotation file in the making.
struct AnnotationText {
    private(set) var bytes: [UInt8] = []

    mutating func add(_ text: String) { bytes.append(contentsOf: text.utf8) }

    /// The shortest decimal that reads back as the same number, whole numbers without a point.
    mutating func add(_ number: Double) {
        if let whole = Int(exactly: number), whole.magnitude < 1 << 53 {
            add(String(whole))
        } else {
            add("\(number)")
        }
    }

    /// A text between the quotes of an XML attribute.
    mutating func add(xml text: String) {
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": add("&amp;")
            case "<": add("&lt;")
            case ">": add("&gt;")
            case "\"": add("&quot;")
            case "\t", "\n", "\r": add("&#\(scalar.value);")
            // XML has no way to write these.
            case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": add("\u{FFFD}")
            default: bytes.append(contentsOf: UTF8.encode(scalar)?.map { $0 } ?? [])
            }
        }
    }

    /// A text of JSON, quotes included.
    mutating func add(json text: String) {
        add("\"")
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": add("\\\"")
            case "\\": add("\\\\")
            case "\n": add("\\n")
            case "\r": add("\\r")
            case "\t": add("\\t")
            case "\u{0}"..."\u{1F}":
                let digits = String(scalar.value, radix: 16)
                add("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
            default: bytes.append(contentsOf: UTF8.encode(scalar)?.map { $0 } ?? [])
            }
        }
        add("\"")
    }
}

extension SlideAnnotation {
    /// The colour of every group: the given one, else that of the file, else one of a fixed palette by the order of groups.
    func colors(_ given: [String: AnnotationColor]) -> [String: AnnotationColor] {
        var result: [String: AnnotationColor] = [:]
        for (index, group) in (groups + undeclaredGroups).enumerated() {
            let palette = AnnotationColor.palette
            result[group] = given[group] ?? groupColors[group] ?? palette[index % palette.count]
        }
        return result
    }
}
