import SafeFiles

/// A text file that lists the files of a score, one case per line.
///
/// `reference,prediction[,case id[,patient]]` when one list stands for both sides, else
/// `path[,case id[,patient]]` for one of them. Fields are separated by tabs in `.tsv` files, by tabs or commas in
/// `.txt`, by commas (or semicolons) in `.csv`; a field with a separator stands in quotation marks. Empty lines and
/// lines that begin with `#` are passed over; a first line of column names may change the order. Paths are relative to
/// the folder of the list.
struct ScoreList {
    /// One line of the list.
    struct Line: Hashable {
        let number: Int
        /// The reference, or the only file.
        let file: String
        let prediction: String?
        let id: String?
        let patient: String?
    }

    /// The list.
    let path: String
    /// Its lines, in order.
    let lines: [Line]

    private static let largest = 64 << 20
    private static let mostFields = 16

    private enum Column: Hashable { case file, prediction, id, patient, other }

    private static let names: [String: Column] = [
        "reference": .file, "ref": .file, "path": .file, "file": .file, "prediction": .prediction,
        "pred": .prediction, "case": .id, "case id": .id, "case_id": .id, "id": .id,
        "patient": .patient,
    ]

    /// Reads a list.
    ///
    /// - Parameters:
    ///   - path: The list.
    ///   - isPaired: Whether the second column is the prediction.
    /// - Throws: ``WorkflowError`` naming the line that is not understood.
    init(path: String, isPaired: Bool) throws(WorkflowError) {
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try FileReading.contents(of: path, limit: Self.largest)
        } catch { throw WorkflowError(FailureKind(of: error), "\(error)") }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw WorkflowError(
                .data,
                "\(path): found bytes that are not UTF-8, expected a list of files; save it "
                    + "as UTF-8")
        }
        let separator = Self.separator(path, text)
        var columns: [Column] =
            isPaired ? [.file, .prediction, .id, .patient] : [.file, .id, .patient]
        var lines: [Line] = []
        var isFirst = true
        let rows = text.split(omittingEmptySubsequences: false) { $0.isNewline }
        for (index, row) in rows.enumerated() {
            let trimmed = index == 0 && row.first == "\u{FEFF}" ? row.dropFirst() : row
            guard let start = trimmed.first(where: { $0 != " " && $0 != "\t" }), start != "#"
            else { continue }
            func failure(_ found: String, _ expected: String) -> WorkflowError {
                WorkflowError(
                    .data,
                    "\(path): line \(index + 1): found \(found), expected \(expected); correct the list"
                )
            }
            guard let fields = Self.fields(trimmed, separator) else {
                throw failure("a quotation mark that is not closed", "marks in pairs")
            }
            guard fields.count <= Self.mostFields,
                !trimmed.unicodeScalars.contains(where: { $0.value < 32 && $0 != "\t" })
            else { throw failure("\(fields.count) fields or control characters", "plain paths") }
            if isFirst {
                isFirst = false
                if let named = Self.header(fields) {
                    guard named.contains(.file), !isPaired || named.contains(.prediction) else {
                        throw failure(
                            "the columns " + fields.joined(separator: ", "),
                            isPaired ? "reference and prediction among them" : "path among them")
                    }
                    columns = named
                    continue
                }
            }
            guard fields.count <= columns.count else {
                throw failure(
                    "\(fields.count) fields",
                    isPaired
                        ? "reference,prediction[,case id[,patient]]"
                        : "path[,case id[,patient]]; a list of pairs is given as both --reference "
                            + "and --prediction")
            }
            func field(_ wanted: Column) -> String? {
                guard let n = columns.firstIndex(of: wanted), n < fields.count, !fields[n].isEmpty
                else { return nil }
                return fields[n]
            }
            guard let file = field(.file) else {
                throw failure("no reference", "a path in the first field")
            }
            lines.append(
                Line(
                    number: index + 1, file: file, prediction: field(.prediction), id: field(.id),
                    patient: field(.patient)))
        }
        guard !lines.isEmpty else {
            throw WorkflowError(.data, "\(path): found no line with a file, expected one per case")
        }
        self.path = path
        self.lines = lines
    }

    /// A path of the list as it can be opened.
    func resolved(_ file: String) -> String {
        if file.hasPrefix("/") { return file }
        let folder = FilePath.folder(of: path)
        return folder == "." ? file : folder == "/" ? "/\(file)" : "\(folder)/\(file)"
    }

    /// The character between the fields of a list, by the name of the file and its first line.
    static func separator(_ path: String, _ text: String) -> Character {
        let lower = path.lowercased()
        let first = text.prefix { !$0.isNewline }
        if lower.hasSuffix(".tsv") { return "\t" }
        if lower.hasSuffix(".csv") {
            return first.contains(",") || !first.contains(";") ? "," : ";"
        }
        return first.contains("\t") ? "\t" : ","
    }

    /// The columns a first line names; `nil` when it is a line like any other.
    private static func header(_ fields: [String]) -> [Column]? {
        let found = fields.map { names[$0.lowercased()] }
        guard found.first != nil, found.contains(.file), found.compactMap(\.self).count >= 1,
            fields.allSatisfy({ ScoreFormat.split($0) == nil && !$0.contains("/") })
        else { return nil }
        return found.map { $0 ?? .other }
    }

    /// The fields of a line; `nil` when a quotation mark is not closed.
    static func fields(_ row: Substring, _ separator: Character) -> [String]? {
        var fields: [String] = []
        var field = ""
        var isQuoted = false
        var wasQuoted = false
        var rest = row[...]
        while let next = rest.popFirst() {
            if isQuoted {
                if next != "\"" {
                    field.append(next)
                } else if rest.first == "\"" {
                    field.append("\"")
                    rest.removeFirst()
                } else {
                    isQuoted = false
                }
            } else if next == "\"", field.allSatisfy({ $0 == " " }), !wasQuoted {
                (field, isQuoted, wasQuoted) = ("", true, true)
            } else if next == separator {
                fields.append(wasQuoted ? field : trimmed(field))
                (field, wasQuoted) = ("", false)
            } else {
                field.append(next)
            }
        }
        if isQuoted { return nil }
        fields.append(wasQuoted ? field : trimmed(field))
        return fields
    }

    private static func trimmed(_ text: String) -> String {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        let head = text.drop(while: isBlank)
        guard let last = head.lastIndex(where: { !isBlank($0) }) else { return "" }
        return String(head[...last])
    }
}
