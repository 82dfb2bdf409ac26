/// What an export tells its caller as it goes on.
public enum ExportEvent: Hashable, Sendable {
    /// The export starts with so many cases.
    case started(cases: Int)
    /// A case is done; files and bytes are those of this case.
    case exported(case: String, files: Int, bytes: Int, done: Int, of: Int)
    /// Something a user should know, on one line.
    case note(String)
}

/// What came of an export.
public struct ExportOutcome: Codable, Hashable, Sendable {
    /// The schema of the JSON form.
    public var schema = "samdata.exported/1"
    /// The form.
    public var format: ExportFormat
    /// Number of cases.
    public var cases: Int
    /// Files of the export, apart from `export.json`.
    public var files: Int
    /// Size of these files in bytes.
    public var bytes: Int
    /// Files that were there already, from an earlier run of the same export.
    public var kept: Int
    /// What a user should know, one line each.
    public var notes: [String]
}

/// A number of files.
struct FileTally: Hashable, Sendable {
    var files = 0
    var bytes = 0
    var kept = 0

    static func += (sum: inout FileTally, more: FileTally) {
        sum.files += more.files
        sum.bytes += more.bytes
        sum.kept += more.kept
    }

    static func sum(_ parts: [FileTally]) -> FileTally {
        parts.reduce(into: FileTally()) { $0 += $1 }
    }
}
