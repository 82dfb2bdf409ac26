import SafeFiles

extension DatasetDraft {
    /// Writes the card.
    ///
    /// Modality, units and licence are guesses that the user has to confirm; the card says so.
    ///
    /// - Parameters:
    ///   - name: The name of the new data set.
    ///   - labelValues: Every value found in the label maps and how many voxels have it; 0 is ignored. Empty means that
    ///     nobody looked, and the card gets one label to be edited.
    ///   - labelNames: Names of values, where the files carry a label table.
    /// - Returns: A card that has passed every check.
    /// - Throws: ``DatasetError`` when the name cannot be used, or there are more than 255 values.
    public func card(
        named name: String, labelValues: [Int: Int] = [:], labelNames: [Int: String] = [:]
    ) throws(DatasetError) -> DatasetCard {
        guard FilePath.isCaseID(name), name.utf8.count <= 64 else {
            throw DatasetError(
                .usage, found: "the data set name \(OneLine.quoted(name))",
                expected: "1 to 64 of A-Z a-z 0-9 . _ -, not starting with . or -",
                nextStep: "choose another name")
        }
        let values = labelValues.keys.filter { $0 != 0 }.sorted()
        guard values.count <= 255 else {
            throw DatasetError(
                .contents, found: "\(values.count) different values in the label maps",
                expected: "at most 255",
                nextStep: "check that these are label maps, or write a card that merges values")
        }
        let node = JSONNode.object([
            ("schema", .string(DatasetCard.schema)),
            ("name", .string(name)),
            ("modality", .string("CT")),
            ("units", .string("HU")),
            (
                "description",
                .string(
                    "Drafted from file names: check modality, units, licence and label names.")
            ),
            ("licence", .object([("name", .string("unknown")), ("redistribution", .bool(false))])),
            ("layouts", layout.map { .array([$0.node]) }),
            ("cases", layout == nil ? .array(listedCases.map(\.node)) : nil),
            ("labels", .array(Self.labels(values.isEmpty ? [1] : values, labelNames).map(\.node))),
            ("caseCount", .integer(cases.count)),
        ])
        return try DatasetCard(node: node)
    }

    /// Looks at a folder and writes the card in one step.
    ///
    /// - Parameters:
    ///   - name: The name of the new data set.
    ///   - root: The folder.
    ///   - labelValues: Every value found in the label maps and how many voxels have it.
    ///   - labelNames: Names of values, where the files carry a label table.
    /// - Returns: The card, and what was guessed, left out or not understood.
    /// - Throws: ``DatasetError`` when nothing usable is found.
    public static func draft(
        name: String, root: String, labelValues: [Int: Int] = [:], labelNames: [Int: String] = [:]
    ) throws(DatasetError) -> (card: DatasetCard, findings: [Finding]) {
        let draft = try DatasetDraft(lookingAt: root)
        let card = try draft.card(named: name, labelValues: labelValues, labelNames: labelNames)
        return (card, draft.findings)
    }

    private var listedCases: [DatasetCard.ListedCase] {
        cases.map {
            DatasetCard.ListedCase(id: $0.id, image: $0.image, label: $0.label, annotation: nil)
        }
    }

    /// The label table: the value is the id where that is possible.
    private static func labels(_ values: [Int], _ names: [Int: String]) -> [DatasetCard.Label] {
        let keepsValues = values.allSatisfy { (1...255).contains($0) }
        var used: Set<String> = []
        return values.enumerated().map { index, value in
            var name = names[value].map(usableName) ?? ""
            if name.isEmpty || used.contains(name.lowercased()) {
                name = name.isEmpty ? "label-\(value)" : "\(name.prefix(48))-\(value)"
            }
            used.insert(name.lowercased())
            return DatasetCard.Label(
                id: UInt8(keepsValues ? value : index + 1), name: name,
                color: .distinct(index), values: [value], groups: [])
        }
    }

    /// A name from a label table without what cards refuse.
    private static func usableName(_ text: String) -> String {
        let kept = text.unicodeScalars.filter { !OneLine.isControl($0) }
            .map { $0 == "/" || $0 == "\\" ? "-" : Character($0) }
        let trimmed = String(kept).drop { " .-".contains($0) }
        return String(trimmed.prefix(64).reversed().drop { $0 == " " }.reversed())
    }
}
