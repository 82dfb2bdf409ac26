import SafeFiles
import SampleStore

/// What an export was made from.
///
/// Stored as `export.json`, written last: a folder with it is complete.
/// While an export runs, the same header stands in `export.partial.json`, so that an interrupted export can be continued
/// and is not mistaken for another one.
public struct ExportRecord: Codable, Hashable, Sendable {
    /// The schema this version writes and reads.
    public static let currentSchema = "samdata.export/1"
    /// Raised by hand when the same store begins to give other bytes.
    static let currentRevision = 1
    /// The name of the record of a finished export.
    public static let fileName = "export.json"
    static let partialName = "export.partial.json"

    /// The schema, `samdata.export/1`.
    public var schema: String
    /// The version of the computation.
    public var revision: Int
    /// The form.
    public var format: ExportFormat
    /// The data set's name.
    public var dataset: String
    /// The split's name; empty when none is used.
    public var split: String
    /// The digest of the store's manifest.
    public var manifestSHA256: String
    /// The exported cases, in the order of the export.
    public var cases: [String]
    /// The side of the zoomed copy of the training slices; only for `transunet`.
    public var zoomed: Int?
    /// The number of the data set; only for `nnunet`.
    public var datasetNumber: Int?
    /// Files of the export, this one not counted; `nil` while it runs.
    public var files: Int?
    /// Size of these files in bytes; `nil` while it runs.
    public var bytes: Int?
    /// What a user should know, one line each; `nil` while it runs.
    public var notes: [String]?

    /// Makes the header of an export.
    init(_ run: ExportRun, of source: ExportSource) {
        schema = Self.currentSchema
        revision = Self.currentRevision
        format = run.format
        dataset = source.manifest.dataset
        split = source.manifest.split
        manifestSHA256 = source.manifestSHA256
        cases = source.units.map(\.id)
        zoomed = run.zoomed
        datasetNumber = run.format == .nnunet ? run.datasetNumber : nil
    }

    /// What differs from the header of another export; empty for the same one.
    func differences(from other: ExportRecord) -> [String] {
        func text<Value>(_ value: Value?) -> String { value.map { "\($0)" } ?? "none" }
        let pairs = [
            ("revision", text(revision), text(other.revision)),
            ("format", format.rawValue, other.format.rawValue),
            ("dataset", dataset, other.dataset),
            ("manifest", manifestSHA256, other.manifestSHA256),
            ("cases", cases.joined(separator: " "), other.cases.joined(separator: " ")),
            ("zoomed", text(zoomed), text(other.zoomed)),
            ("dataset number", text(datasetNumber), text(other.datasetNumber)),
        ]
        return pairs.filter { $0.1 != $0.2 }.map { name, mine, theirs in
            let isShort = mine.utf8.count < 40 && theirs.utf8.count < 40
            return isShort ? "\(name): there \(theirs), asked \(mine)" : "other \(name)"
        }
    }

    /// Reads the record of a finished or interrupted export.
    static func read(_ path: String) throws -> ExportRecord {
        let record = try CanonicalJSON.read(ExportRecord.self, from: path)
        guard record.schema == currentSchema else {
            throw StoreError.unknownVersion(
                path: path, key: "schema", found: record.schema, readable: currentSchema)
        }
        return record
    }
}
