import SafeFiles

/// Reads the keys of one JSON object, one by one, with errors that name the line and the key.
struct FieldReader {
    private let members: [String: JSONNode]
    private let path: String
    private let line: Int

    /// Takes an object apart and refuses keys that nobody knows.
    ///
    /// - Parameters:
    ///   - node: The value that should be an object.
    ///   - path: Where it stands, for example `labels[2]`; empty for the whole file.
    ///   - keys: The keys it may have.
    /// - Throws: ``DatasetError`` when it is no object, or has another key.
    init(_ node: JSONNode, path: String, keys: [String]) throws(DatasetError) {
        guard case .object(let members) = node.content else {
            throw DatasetError(
                .configuration, place: Self.place(node.line, path), found: node.kindName,
                expected: "an object with the keys \(OneLine.list(keys, atMost: 30))",
                nextStep: "correct the JSON there")
        }
        self.path = path
        self.line = node.line
        var known: [String: JSONNode] = [:]
        for member in members {
            guard keys.contains(member.key) else {
                throw DatasetError(
                    .configuration,
                    place: Self.place(member.value.line, path.isEmpty ? "top level" : path),
                    found: "the unknown key \(OneLine.quoted(member.key))",
                    expected: "one of \(OneLine.list(keys, atMost: 30))",
                    nextStep: Spelling.suggestion(for: member.key, among: keys)
                        ?? "remove the key or correct its spelling")
            }
            known[member.key] = member.value
        }
        self.members = known
    }

    /// The value of a key; absent and null are the same.
    func node(_ key: String) -> JSONNode? {
        guard let node = members[key], node.content != .null else { return nil }
        return node
    }

    /// The place of a key, for an error message.
    func place(of key: String) -> String {
        Self.place(members[key]?.line ?? line, join(key))
    }

    /// The path of a key from the top of the file.
    func join(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    static func place(_ line: Int, _ path: String) -> String {
        if line == 0 { return path }
        return path.isEmpty ? "line \(line)" : "line \(line), \(path)"
    }

    /// An error about the value of a key.
    func failure(_ key: String, found: String, expected: String, nextStep: String = "")
        -> DatasetError
    {
        DatasetError(
            .configuration, place: place(of: key), found: found, expected: expected,
            nextStep: nextStep.isEmpty ? "correct the value there" : nextStep)
    }

    /// The value of a key that must be there.
    func required(_ key: String, _ what: String) throws(DatasetError) -> JSONNode {
        if let node = node(key) { return node }
        throw DatasetError(
            .configuration, place: Self.place(line, path.isEmpty ? "top level" : path),
            found: "no key \"\(key)\"", expected: what, nextStep: "add the key")
    }

    /// A text; control characters are refused, line feeds allowed where asked for.
    func text(_ key: String, lineFeeds: Bool = false) throws(DatasetError) -> String? {
        guard let node = node(key) else { return nil }
        return try text(node, key, lineFeeds: lineFeeds)
    }

    private func text(_ node: JSONNode, _ key: String, lineFeeds: Bool) throws(DatasetError)
        -> String
    {
        guard case .string(let text) = node.content else {
            throw failure(key, found: node.kindName, expected: "a text in quotation marks")
        }
        let scalars = text.unicodeScalars
        if text.utf8.count > 8_192 || text.isEmpty
            || scalars.contains(where: { OneLine.isControl($0) && !(lineFeeds && $0 == "\n") })
        {
            throw failure(
                key, found: OneLine.quoted(text),
                expected: "1 to 8192 bytes of text without control characters")
        }
        return text
    }

    /// A text that must be there.
    func requiredText(_ key: String, _ what: String) throws(DatasetError) -> String {
        try text(required(key, what), key, lineFeeds: false)
    }

    /// A whole number inside a range.
    func integer(_ key: String, in range: ClosedRange<Int>) throws(DatasetError) -> Int? {
        guard let node = node(key) else { return nil }
        return try integer(node, key, in: range)
    }

    private func integer(_ node: JSONNode, _ key: String, in range: ClosedRange<Int>)
        throws(DatasetError) -> Int
    {
        guard case .integer(let value) = node.content, range.contains(value) else {
            throw failure(
                key, found: node.kindName,
                expected: "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    /// A truth value, `false` or a given value when absent.
    func bool(_ key: String, default standard: Bool) throws(DatasetError) -> Bool {
        guard let node = node(key) else { return standard }
        guard case .bool(let value) = node.content else {
            throw failure(key, found: node.kindName, expected: "true or false")
        }
        return value
    }

    /// The items of a list; empty when the key is absent.
    func items(_ key: String) throws(DatasetError) -> [JSONNode] {
        guard let node = node(key) else { return [] }
        guard case .array(let items) = node.content else {
            throw failure(key, found: node.kindName, expected: "a list in square brackets")
        }
        return items
    }

    /// A list of texts; a single text counts as a list of one where asked for.
    func texts(_ key: String, orOne: Bool = false) throws(DatasetError) -> [String] {
        if orOne, let node = node(key), case .string = node.content {
            return [try text(node, key, lineFeeds: false)]
        }
        var texts: [String] = []
        for item in try items(key) { texts.append(try text(item, key, lineFeeds: false)) }
        return texts
    }

    /// A list of whole numbers.
    func integers(_ key: String, in range: ClosedRange<Int>) throws(DatasetError) -> [Int] {
        var values: [Int] = []
        for item in try items(key) { values.append(try integer(item, key, in: range)) }
        return values
    }

    /// The objects of a list, each as a reader of its own.
    func objects(_ key: String, keys: [String]) throws(DatasetError) -> [FieldReader] {
        var readers: [FieldReader] = []
        for (index, item) in try items(key).enumerated() {
            readers.append(try FieldReader(item, path: "\(join(key))[\(index)]", keys: keys))
        }
        return readers
    }

    /// One object under a key.
    func object(_ key: String, keys: [String]) throws(DatasetError) -> FieldReader? {
        guard let node = node(key) else { return nil }
        return try FieldReader(node, path: join(key), keys: keys)
    }

    /// A text that can name a card, a split or a layout: the alphabet of case ids, at most 64 characters.
    func name(_ key: String, _ what: String) throws(DatasetError) -> String {
        let name = try requiredText(key, what)
        guard FilePath.isCaseID(name), name.utf8.count <= 64 else {
            throw failure(
                key, found: OneLine.quoted(name),
                expected: "1 to 64 of A-Z a-z 0-9 . _ -, not starting with . or -")
        }
        return name
    }

    /// Refuses a text that cannot be a case id.
    func checkCaseID(_ id: String, _ key: String) throws(DatasetError) {
        guard FilePath.isCaseID(id) else {
            throw failure(
                key, found: "the case id \(OneLine.quoted(id))",
                expected: "1 to 128 of A-Z a-z 0-9 . _ -, not starting with . or -")
        }
    }

    /// Refuses a file of another kind or of a newer version.
    func checkSchema(_ schema: String) throws(DatasetError) {
        let found = try requiredText("schema", "\"\(schema)\"")
        guard found == schema else {
            let kind = schema.prefix { $0 != "/" }
            throw failure(
                "schema", found: OneLine.quoted(found), expected: "\"\(schema)\"",
                nextStep: found.hasPrefix(kind)
                    ? "use a version of samdata that knows it"
                    : "check that this is the right file")
        }
    }
}
