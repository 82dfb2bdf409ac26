import MedicalDatasets
import NIfTI
import SafeFiles

/// Drafts a card for a folder: file names decide the pairs, the label maps (and label tables in their headers) decide
/// the label table.
public enum CardDrafting {
    /// A drafted card.
    public struct Draft: Sendable {
        /// The card.
        public var card: DatasetCard
        /// The cases it finds.
        public var cases: [String]
        /// What was guessed, left out or not understood.
        public var findings: [Finding]
    }

    /// Looks at a folder and its label maps.
    ///
    /// - Parameters:
    ///   - name: The name of the new data set.
    ///   - root: The folder.
    /// - Returns: The card and what was guessed.
    /// - Throws: `DatasetError` when nothing usable is found, `NIfTIError` when a label map cannot be read.
    public static func draft(name: String, root: String) throws -> Draft {
        let draft = try DatasetDraft(lookingAt: root)
        var counts: [Int: Int] = [:]
        var names: [Int: String] = [:]
        for label in draft.cases.compactMap(\.label) {
            let file = try NIfTIFile(path: try FilePath.join(root, label))
            counts.merge(try file.labelCounts(), uniquingKeysWith: +)
            names.merge(CaretLabelTable.names(in: file)) { first, _ in first }
        }
        let card = try draft.card(named: name, labelValues: counts, labelNames: names)
        return Draft(card: card, cases: draft.cases.map(\.id), findings: draft.findings)
    }
}
