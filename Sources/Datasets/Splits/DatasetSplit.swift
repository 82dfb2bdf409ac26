/// The three uses of a case.
public enum SplitPart: String, Hashable, Sendable, CaseIterable, Codable {
    /// A model learns from it.
    case train
    /// Settings are chosen by it; some protocols report scores on it.
    case validation
    /// Scores are reported on it.
    case test
}

/// Which cases of a data set are for training, validation and testing, and who says so.
///
/// A split is a small JSON file (`samdata.split/1`). The built-in ones are compiled into the binary. A value of this type
/// has passed every check that needs no card: no case is in two parts, and every id can name a case.
public struct DatasetSplit: Hashable, Sendable {
    /// The schema every split names in its first line.
    public static let schema = "samdata.split/1"

    /// The short name by which commands call it, for example `btcv-24-6`.
    public let name: String
    /// The name of the card whose cases it divides.
    public let dataset: String
    /// The digest of the card file it was written against.
    public let cardSHA256: String?
    /// The protocol in a sentence.
    public let protocolDescription: String
    /// The publication or file it copies, or the seed and procedure that made it.
    public let source: String
    /// The case ids of every part, in published order; parts without cases are absent.
    public let parts: [SplitPart: [String]]
    /// How many slices a case must have, where that is published: an integrity check.
    public let caseSliceCounts: [String: Int]
    /// What else a user should know.
    public let notes: [String]
    /// Patients known to be in more than one part, as the source published it.
    public let knownLeaks: [String]
    /// The digest of the bytes the split was read from; of ``jsonText`` when it was made in memory.
    public let sha256: String

    private let partOfCase: [String: SplitPart]

    static let keys = [
        "schema", "name", "dataset", "cardSHA256", "protocol", "source", "parts",
        "caseSliceCounts", "notes", "knownLeaks",
    ]

    init(reading top: FieldReader, sha256: String) throws(DatasetError) {
        name = try top.name("name", "a short name for the split")
        dataset = try top.name("dataset", "the name of the card it divides")
        cardSHA256 = try Self.readDigest(top)
        protocolDescription = try top.text("protocol", lineFeeds: true) ?? ""
        source = try top.text("source", lineFeeds: true) ?? ""
        (parts, partOfCase) = try Self.readParts(top)
        caseSliceCounts = try Self.readSliceCounts(top, partOfCase)
        notes = try top.texts("notes")
        knownLeaks = try top.texts("knownLeaks")
        self.sha256 = sha256
    }
}

extension DatasetSplit {
    /// The cases of a part, in published order.
    ///
    /// - Parameter part: The part.
    /// - Returns: Case ids; empty when the split has no such part.
    public func cases(in part: SplitPart) -> [String] { parts[part] ?? [] }

    /// Every case of the split: training, then validation, then test, each in published order.
    public var allCases: [String] { SplitPart.allCases.flatMap(cases) }

    /// The part a case is in.
    ///
    /// - Complexity: O(1).
    /// - Parameter caseID: The case id.
    /// - Returns: The part, or `nil` when the split does not use the case.
    public func part(of caseID: String) -> SplitPart? { partOfCase[caseID] }
}
