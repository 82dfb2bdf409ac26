import MedicalDatasets
import MedicalImaging
import SampleStore

/// What the values of label files stand for, on one side of a score: names, and the values each of them has.
///
/// A value may belong to several names (regions such as `whole tumour`), and one name to several values.
struct LabelScheme: Hashable, Sendable {
    /// One name of the table.
    struct Label: Hashable, Sendable {
        /// The name; the two sides are matched by it.
        var name: String
        /// The values that mean it.
        var values: [Int]
        /// The id of the card; nil for the first value.
        var id: Int?
        /// The colour as `#RRGGBB`; nil for one of a fixed list.
        var color: String?
        /// Whether every value above 0 that no other name has means it.
        var takesOthers = false
    }

    /// Where the names come from, for messages: `the card synapse`.
    let origin: String
    /// The names, in the order of the table.
    let labels: [Label]
    /// Values that are background, beside 0.
    let backgroundValues: Set<Int>
    /// Values that mark voxels nobody may be judged by (nnU-Net's `ignore`).
    let maskedValues: Set<Int>

    init(
        origin: String, labels: [Label], backgroundValues: Set<Int> = [],
        maskedValues: Set<Int> = []
    ) {
        self.origin = origin
        self.labels = labels
        self.backgroundValues = backgroundValues
        self.maskedValues = maskedValues
    }

    /// The labels of a card.
    ///
    /// - Parameters:
    ///   - card: The card.
    ///   - encoding: Whether files hold the raw values or the ids of the card.
    init(card: DatasetCard, encoding: LabelEncoding) {
        self.init(
            origin: "the card \(card.name)",
            labels: card.labels.map { label in
                Label(
                    name: label.name,
                    values: encoding == .raw ? label.values : [Int(label.id)], id: Int(label.id),
                    color: "\(label.color)")
            },
            backgroundValues: encoding == .raw ? Set(card.backgroundValues) : [])
    }

    /// The classes of a prepared store.
    init(classes: [LabelClass], store: String) {
        self.init(
            origin: "the store \(store)",
            labels: classes.map {
                Label(name: $0.name, values: [$0.id], id: $0.id, color: $0.color)
            })
    }

    /// Every value as a label of its own, called `label 7`; names from a label table where there is one.
    ///
    /// - Parameters:
    ///   - values: The values that occur in all reference files together; 0 is left out.
    ///   - names: Names by value, for example of a Caret label table.
    init(values: some Sequence<Int>, names: [Int: String] = [:]) {
        let present = Set(values).union(names.keys).filter { $0 > 0 }.sorted()
        self.init(
            origin: names.isEmpty
                ? "the reference" : "the label table in the reference",
            labels: present.map { Label(name: names[$0] ?? "label \($0)", values: [$0]) })
    }

    /// A name as it is compared: small letters, underscores as spaces, single spaces.
    static func key(_ name: String) -> String {
        name.lowercased().split { $0 == "_" || $0 == " " || $0 == "\t" }.joined(separator: " ")
    }

    /// A sentence that names a near label; also one with the same words in another order.
    static func suggestion(for name: String, among names: [String]) -> String? {
        let words = Self.key(name).split(separator: " ").sorted()
        if let same = names.first(where: { Self.key($0).split(separator: " ").sorted() == words }) {
            return "did you mean \"\(same)\"?"
        }
        return Spelling.suggestion(for: name, among: names)
    }
}
