/// What is known about a data set: where it comes from, where its files lie, what its label values mean.
///
/// A card is a small JSON file (`samdata.dataset/1`). The built-in ones are compiled into the binary; a lab writes one of
/// its own in about ten lines. A value of this type has passed every check: a card that contradicts itself or points
/// outside the data set folder cannot be made.
public struct DatasetCard: Hashable, Sendable {
    /// The schema every card names in its first line.
    public static let schema = "samdata.dataset/1"

    /// The short name by which commands call it, for example `btcv`.
    public let name: String
    /// The name people know.
    public let title: String
    /// How the pictures were taken, for example `CT` or `histology`.
    public let modality: String
    /// What a stored intensity means, for example `HU` or `RGB`.
    public let units: String
    /// A few sentences; may be empty.
    public let description: String
    /// The page of the data set.
    public let homepage: String?
    /// When the source was published, as the source writes it.
    public let datePublished: String?
    /// What equal case ids mean: two cards of one collection with the same case id speak of the same scan.
    public let collection: String
    /// Under which terms it may be used.
    public let licence: Licence
    /// What to cite.
    public let citation: Citation?
    /// What to do to get it, in sentences.
    public let obtain: [String]
    /// The folder layouts it is found in.
    public let layouts: [Layout]
    /// Files that no pattern can describe, listed one by one; counts as one more layout named `listed`.
    public let cases: [ListedCase]
    /// The label table, in the order of the file.
    public let labels: [Label]
    /// Values in label files, beside 0, that are read as background.
    public let backgroundValues: [Int]
    /// Annotation groups that are cut out of a label, compared without case.
    public let backgroundGroups: [String]
    /// Known peculiarities of single cases.
    public let knownDefects: [Defect]
    /// The split used when none is asked for.
    public let defaultSplit: String?
    /// How a case id names its patient; `nil` means that every case is its own patient.
    public let patientPattern: PatientPattern?
    /// How many cases a complete copy has.
    public let caseCount: Int?
    /// The digest of the bytes the card was read from; of ``jsonText`` when it was made in memory.
    public let sha256: String

    /// Memberwise, unchecked: only ``init(node:sha256:)`` calls it, and checks.
    init(reading top: FieldReader, sha256: String) throws(DatasetError) {
        name = try top.name("name", "a short name for the data set")
        title = try top.text("title") ?? name
        modality = try top.requiredText("modality", "for example \"CT\"")
        units = try top.requiredText("units", "for example \"HU\"")
        description = try top.text("description", lineFeeds: true) ?? ""
        homepage = try top.text("homepage")
        datePublished = try top.text("datePublished")
        collection = top.node("collection") == nil ? name : try top.name("collection", "a name")
        licence = try Licence(top.object("licence", keys: Licence.keys))
        citation = try Citation(top.object("citation", keys: Citation.keys))
        obtain = try top.texts("obtain")
        layouts = try Self.readLayouts(top)
        cases = try Self.readCases(top)
        labels = try Self.readLabels(top)
        backgroundValues = try top.integers("backgroundValues", in: Label.valueRange)
        backgroundGroups = try top.texts("backgroundGroups")
        knownDefects = try Self.readDefects(top)
        defaultSplit =
            top.node("defaultSplit") == nil ? nil : try top.name("defaultSplit", "a split's name")
        patientPattern = try Self.readPatientPattern(top)
        caseCount = try top.integer("caseCount", in: 1...10_000_000)
        self.sha256 = sha256
    }
}

extension DatasetCard {
    /// Under which terms a data set may be used.
    public struct Licence: Hashable, Sendable {
        /// The name of the licence or the terms; `unknown` when the card says nothing.
        public let name: String
        /// The SPDX identifier, where there is one.
        public let spdx: String?
        /// Where the terms are written.
        public let url: String?
        /// Whether the terms let others pass the data on; when false, `prepare` says so.
        public let redistribution: Bool

        static let keys = ["name", "spdx", "url", "redistribution"]
    }

    /// What to cite when a data set was used.
    public struct Citation: Hashable, Sendable {
        /// The reference as a sentence.
        public let text: String
        /// One or more BibTeX entries.
        public let bibtex: String?
        /// The digital object identifier, without `https://doi.org/`.
        public let doi: String?

        static let keys = ["text", "bibtex", "doi"]
    }

    /// One organ or structure of the label table.
    public struct Label: Hashable, Sendable {
        /// The id in prepared samples, 1 to 255.
        public let id: UInt8
        /// The name; scores are matched by it, never by the id.
        public let name: String
        /// The colour in pictures.
        public let color: LabelColor
        /// The values in label files that mean it; several are merged.
        public let values: [Int]
        /// The annotation groups that mean it, compared without case; empty means every group.
        public let groups: [String]

        static let keys = ["id", "name", "color", "values", "groups"]
        /// The values a label file may hold.
        static let valueRange = -2_147_483_648...2_147_483_647
    }

    /// One way in which the files of a data set lie in a folder.
    public struct Layout: Hashable, Sendable {
        /// The name by which messages call it.
        public let name: String
        /// Where images are; the first pattern that finds a case wins.
        public let image: [PathPattern]
        /// Where label maps are; empty when there are none.
        public let label: [PathPattern]
        /// Where outlines are; empty when there are none.
        public let annotation: [PathPattern]
        /// Whether an image without label map and outline is an error.
        public let labelRequired: Bool

        static let keys = ["name", "image", "label", "annotation", "labelRequired"]
    }

    /// One case whose files a card lists by name.
    public struct ListedCase: Hashable, Sendable {
        /// The case id.
        public let id: String
        /// The image, relative to the data set folder.
        public let image: String?
        /// The label map, relative to the data set folder.
        public let label: String?
        /// The outlines, relative to the data set folder.
        public let annotation: String?

        static let keys = ["id", "image", "label", "annotation"]
    }

    /// A known peculiarity of one case.
    public struct Defect: Hashable, Sendable {
        /// The case id.
        public let `case`: String
        /// What is peculiar.
        public let note: String

        static let keys = ["case", "note"]
    }
}

extension DatasetCard {
    /// The patient a case comes from, as far as the card can tell.
    ///
    /// - Parameter caseID: The case id.
    /// - Returns: What ``patientPattern`` finds, or the case id itself.
    public func patient(of caseID: String) -> String {
        patientPattern?.patient(of: caseID) ?? caseID
    }

    /// The label with an id.
    ///
    /// - Parameter id: An id of prepared samples.
    /// - Returns: The label, or `nil` for 0 and ids the card does not have.
    public func label(id: UInt8) -> Label? { labels.first { $0.id == id } }

    /// The label with a name, case ignored.
    ///
    /// - Parameter name: The name of an organ or structure.
    /// - Returns: The label, or `nil` when the card has none of that name.
    public func label(named name: String) -> Label? {
        labels.first { $0.name.lowercased() == name.lowercased() }
    }

    /// What the card says about one case.
    ///
    /// - Parameter caseID: The case id.
    /// - Returns: The notes; usually none.
    public func knownDefects(of caseID: String) -> [String] {
        knownDefects.filter { $0.case == caseID }.map(\.note)
    }
}
