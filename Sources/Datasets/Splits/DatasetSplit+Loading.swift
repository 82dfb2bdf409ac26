import SafeFiles

extension DatasetSplit {
    /// The largest split file that is read, in bytes.
    public static let largestFile = 16 << 20

    /// Reads and checks a split file.
    ///
    /// - Parameter path: The path of a JSON file.
    /// - Throws: ``DatasetError`` naming the file, the line and the key.
    public init(contentsOfFile path: String) throws(DatasetError) {
        let bytes: [UInt8]
        do { bytes = try FileReading.contents(of: path, limit: Self.largestFile) } catch {
            throw DatasetError(error)
        }
        try self.init(json: bytes, file: path)
    }

    /// Reads and checks the bytes of a split file.
    ///
    /// - Parameters:
    ///   - json: The bytes, UTF-8.
    ///   - file: The name that error messages give.
    /// - Throws: ``DatasetError`` naming the file, the line and the key.
    public init(json: [UInt8], file: String) throws(DatasetError) {
        let node = try JSONParser.parse(json, file: file)
        do throws(DatasetError) {
            try self.init(node: node, sha256: ContentDigest.sha256(of: json))
        } catch {
            var error = error
            error.file = file
            throw error
        }
    }

    /// Reads and checks a tree; without the digest of a file, that of the split's own text is taken.
    init(node: JSONNode, sha256: String? = nil) throws(DatasetError) {
        let top = try FieldReader(node, path: "", keys: Self.keys)
        try top.checkSchema(Self.schema)
        let split = try DatasetSplit(reading: top, sha256: sha256 ?? "")
        if sha256 == nil {
            let own = ContentDigest.sha256(ofText: split.jsonText)
            self = try DatasetSplit(reading: top, sha256: own)
        } else {
            self = split
        }
    }

    /// The built-in splits, in the order in which they are listed to people.
    ///
    /// - Complexity: Parsed at first use, about a millisecond.
    public static let builtIn: [DatasetSplit] = EmbeddedFile.splits.map(load)

    /// The built-in split with a name.
    ///
    /// - Complexity: Parses that split only.
    /// - Parameter name: For example `btcv-24-6`.
    /// - Returns: The split.
    /// - Throws: ``DatasetError`` of kind `usage` that lists the names and guesses the one that was meant.
    public static func named(_ name: String) throws(DatasetError) -> DatasetSplit {
        if let file = EmbeddedFile.splits.first(where: { $0.name == name }) { return load(file) }
        let names = EmbeddedFile.splits.map(\.name)
        let guess = Spelling.suggestion(for: name, among: names)
        throw DatasetError(
            .usage, found: "no split called \(OneLine.quoted(name))",
            expected: "one of \(names.joined(separator: ", "))",
            nextStep: [guess, "pass --split FILE for a split of your own"].compactMap(\.self)
                .joined(separator: " Or "))
    }

    private static func load(_ file: EmbeddedFile) -> DatasetSplit {
        do throws(DatasetError) {
            return try DatasetSplit(json: file.bytes, file: file.fileName)
        } catch {
            // Our own file, and a test loads every one of them.
            preconditionFailure("built-in split is broken: \(error)")
        }
    }
}

extension DatasetSplit: Codable {
    /// The split as a JSON text made to be read and edited by people.
    ///
    /// Reading it back gives an equal split; the built-in files have exactly this form.
    public var jsonText: String { JSONWriter.text(of: node) }

    private var node: JSONNode {
        let partNodes = SplitPart.allCases.map { part in
            (part.rawValue, parts[part].map(JSONNode.strings))
        }
        let counts = caseSliceCounts.sorted { $0.key < $1.key }
            .map { id, count in (id, Optional(JSONNode.integer(count))) }
        return .object([
            ("schema", .string(Self.schema)),
            ("name", .string(name)),
            ("dataset", .string(dataset)),
            ("cardSHA256", cardSHA256.map(JSONNode.string)),
            ("protocol", protocolDescription.isEmpty ? nil : .string(protocolDescription)),
            ("source", source.isEmpty ? nil : .string(source)),
            ("parts", .object(partNodes)),
            ("caseSliceCounts", counts.isEmpty ? nil : .object(counts)),
            ("notes", notes.isEmpty ? nil : .strings(notes)),
            ("knownLeaks", knownLeaks.isEmpty ? nil : .strings(knownLeaks)),
        ])
    }

    /// Reads and checks a split inside another Codable value.
    ///
    /// ``sha256`` is then the digest of ``jsonText``.
    ///
    /// - Parameter decoder: The decoder.
    /// - Throws: ``DatasetError``, or what the decoder throws.
    public init(from decoder: any Decoder) throws {
        try self.init(node: JSONNode(from: decoder))
    }

    /// Writes the split into another Codable value.
    ///
    /// - Parameter encoder: The encoder.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws { try node.encode(to: encoder) }
}
