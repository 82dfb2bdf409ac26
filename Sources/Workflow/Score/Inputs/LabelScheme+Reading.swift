import MedicalDatasets
import SafeFiles
import SampleStore

extension LabelScheme {
    /// Reads what was typed: `1=spleen,2=liver`, a JSON file, or the name of a built-in card.
    ///
    /// In the short form `2+3=kidneys` gives several values one name, and `*=nucleus` takes every value above 0 that no
    /// other name has. A JSON file is a card, nnU-Net's `dataset.json` (`"labels": {"liver": 1}`, regions as lists,
    /// `ignore`), the older form (`{"1": "liver"}`), or a plain object of one of these two forms.
    ///
    /// - Parameters:
    ///   - text: What was typed.
    ///   - encoding: Whether files hold the raw values or the ids of a card.
    /// - Returns: The names and their values; those of a JSON file in the order of their values.
    /// - Throws: ``WorkflowError`` naming the text or the file.
    static func parse(
        _ text: String, encoding: LabelEncoding = .raw
    ) throws(WorkflowError) -> LabelScheme {
        if text.contains("="), !Folders.isFile(text) { return try inline(text) }
        if Folders.isFile(text) { return try json(text, encoding) }
        do throws(DatasetError) {
            return LabelScheme(card: try DatasetCard.named(text), encoding: encoding)
        } catch {
            throw WorkflowError(
                .usage,
                "label table `\(text)`: found no such file and no card of that name, expected a JSON file, "
                    + "a card, or labels as in 1=spleen,2=liver; check the path")
        }
    }

    private static func inline(_ text: String) throws(WorkflowError) -> LabelScheme {
        func failure(_ part: Substring, _ found: String) -> WorkflowError {
            WorkflowError(
                .usage,
                "label table `\(text)`: found \(found) in `\(part)`, expected labels as in "
                    + "1=spleen,2=liver; correct it")
        }
        var labels: [Label] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let sign = part.firstIndex(of: "=") else { throw failure(part, "no =") }
            let name = part[part.index(after: sign)...].drop { $0 == " " }
            guard !name.isEmpty else { throw failure(part, "no name") }
            var label = Label(name: String(name), values: [])
            for value in part[..<sign].split(separator: "+", omittingEmptySubsequences: false) {
                let digits = value.filter { $0 != " " }
                if digits == "*" {
                    label.takesOthers = true
                } else if let number = Int(digits), number > 0, number <= Int(Int32.max) {
                    label.values.append(number)
                } else {
                    throw failure(part, "the value `\(value)`")
                }
            }
            labels.append(label)
        }
        return try checked(LabelScheme(origin: "the label table", labels: labels), text)
    }

    /// A JSON file as it may look; keys that are not known are passed over.
    private struct Document: Decodable {
        /// A value, a list of values, or a name.
        enum Entry: Decodable {
            case value(Int)
            case values([Int])
            case name(String)
            case other

            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                if let value = try? container.decode(Int.self) {
                    self = .value(value)
                } else if let values = try? container.decode([Int].self) {
                    self = .values(values)
                } else if let name = try? container.decode(String.self) {
                    self = .name(name)
                } else {
                    self = .other
                }
            }
        }

        var labels: [String: Entry]?
        var schema: String?

        enum CodingKeys: String, CodingKey { case labels, schema }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            schema = try? container.decodeIfPresent(String.self, forKey: .schema)
            labels = try? container.decodeIfPresent([String: Entry].self, forKey: .labels)
            if labels == nil, schema == nil {
                labels = try decoder.singleValueContainer().decode([String: Entry].self)
            }
        }
    }

    private static func json(
        _ path: String, _ encoding: LabelEncoding
    ) throws(WorkflowError) -> LabelScheme {
        let document: Document
        do { document = try CanonicalJSON.read(Document.self, from: path) } catch {
            var reason = "\(error)"
            if case StoreError.unreadableJSON(_, let why) = error {
                reason = "\(path): found \(why)"
            }
            throw WorkflowError(
                error is FileError ? FailureKind(of: error) : .configuration,
                "\(reason), expected names and values as in {\"spleen\": 1, \"liver\": 2}; correct the file"
            )
        }
        if document.schema == DatasetCard.schema {
            do throws(DatasetError) {
                return LabelScheme(
                    card: try DatasetCard(contentsOfFile: path), encoding: encoding)
            } catch { throw WorkflowError(FailureKind(of: error), "\(error)") }
        }
        func failure(_ key: String, _ found: String) -> WorkflowError {
            WorkflowError(
                .configuration,
                "\(path): label \(key.debugDescription): found \(found), expected a value from 0 to "
                    + "\(Int32.max) or a list of them; correct the file")
        }
        var labels: [Label] = []
        var background: Set<Int> = []
        var masked: Set<Int> = []
        for (key, entry) in document.labels ?? [:] {
            var name = key
            var values: [Int]
            switch entry {
            case .value(let value): values = [value]
            case .values(let list): values = list
            case .name(let text):
                guard let value = Int(key) else { throw failure(key, "the text `\(text)`") }
                (name, values) = (text, [value])
            case .other: throw failure(key, "something else")
            }
            guard values.allSatisfy({ (0...Int(Int32.max)).contains($0) }), !name.isEmpty else {
                throw failure(key, "\(values)")
            }
            values = Set(values).sorted()
            switch Self.key(name) {
            case "background":
                background.formUnion(values)
            case "ignore": masked.formUnion(values)
            default:
                values.removeAll { $0 == 0 }
                guard !values.isEmpty else { throw failure(key, "no value above 0") }
                labels.append(Label(name: name, values: values))
            }
        }
        // A JSON object has no order: that of the values, larger regions first.
        labels.sort {
            if $0.values[0] != $1.values[0] { return $0.values[0] < $1.values[0] }
            if $0.values.count != $1.values.count { return $0.values.count > $1.values.count }
            return $0.name < $1.name
        }
        return try checked(
            LabelScheme(
                origin: FilePath.name(of: path), labels: labels,
                backgroundValues: background.subtracting([0]), maskedValues: masked), path)
    }

    private static func checked(
        _ scheme: LabelScheme, _ place: String
    ) throws(WorkflowError) -> LabelScheme {
        func failure(_ found: String, _ expected: String) -> WorkflowError {
            WorkflowError(
                .configuration, "\(place): found \(found), expected \(expected); correct it")
        }
        guard !scheme.labels.isEmpty else { throw failure("no label", "at least one") }
        var names: Set<String> = []
        for label in scheme.labels {
            guard names.insert(key(label.name)).inserted else {
                throw failure("two labels called \(label.name)", "different names")
            }
            if label.name.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 }) {
                throw failure("a label name with control characters", "plain names")
            }
        }
        if scheme.labels.count(where: \.takesOthers) > 1 {
            throw failure("two labels for *", "one at most")
        }
        let values = Set(scheme.labels.flatMap(\.values))
        if let value = values.intersection(scheme.backgroundValues.union(scheme.maskedValues)).min()
        {
            throw failure("value \(value) both as label and as background", "one meaning")
        }
        return scheme
    }
}
