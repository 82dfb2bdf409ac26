import SafeFiles

extension DatasetCard {
    /// The largest card file that is read, in bytes.
    public static let largestFile = 4 << 20

    /// Reads and checks a card file.
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

    /// Reads and checks the bytes of a card file.
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

    /// Reads and checks a tree; without the digest of a file, that of the card's own text is taken.
    init(node: JSONNode, sha256: String? = nil) throws(DatasetError) {
        let top = try FieldReader(node, path: "", keys: Self.keys)
        try top.checkSchema(Self.schema)
        let digest = sha256 ?? ""
        let card = try DatasetCard(reading: top, sha256: digest)
        try card.checkWhole(top)
        if sha256 == nil {
            let own = ContentDigest.sha256(ofText: card.jsonText)
            self = try DatasetCard(reading: top, sha256: own)
        } else {
            self = card
        }
    }

    /// The built-in cards, in the order in which they are listed to people.
    ///
    /// - Complexity: Parsed at first use, under a millisecond.
    public static let builtIn: [DatasetCard] = EmbeddedFile.cards.map(load)

    /// The built-in card with a name.
    ///
    /// - Complexity: Parses that card only.
    /// - Parameter name: For example `btcv`.
    /// - Returns: The card.
    /// - Throws: ``DatasetError`` of kind `usage` that lists the names and guesses the one that was meant.
    public static func named(_ name: String) throws(DatasetError) -> DatasetCard {
        if let file = EmbeddedFile.cards.first(where: { $0.name == name }) { return load(file) }
        let names = EmbeddedFile.cards.map(\.name)
        let guess = Spelling.suggestion(for: name, among: names)
        throw DatasetError(
            .usage, found: "no data set called \(OneLine.quoted(name))",
            expected: "one of \(names.joined(separator: ", "))",
            nextStep: [guess, "pass --card FILE for a data set of your own"].compactMap(\.self)
                .joined(separator: " Or "))
    }

    private static func load(_ file: EmbeddedFile) -> DatasetCard {
        do throws(DatasetError) {
            return try DatasetCard(json: file.bytes, file: file.fileName)
        } catch {
            // Our own file, and a test loads every one of them.
            preconditionFailure("built-in card is broken: \(error)")
        }
    }
}
