import SafeFiles

/// The table of contents of a finished store, stored as `manifest.json` and written last.
///
/// Equal for any number of jobs, shards, interruptions and machines: it holds no time, host or absolute path.
public struct Manifest: Codable, Hashable, Sendable {
    /// The schema this version writes and reads.
    public static let currentSchema = "samdata.manifest/1"

    /// The schema, `samdata.manifest/1`.
    public var schema: String
    /// The version of the case files' format.
    public var caseFormat: String
    /// The data set's name.
    public var dataset: String
    /// The split's name; empty when none is used.
    public var split: String
    /// The digest of `plan.json`.
    public var planSHA256: String
    /// The units, sorted by unit id.
    public var cases: [UnitRecord]
    /// Units that failed or are missing, when a merge allowed that; sorted.
    public var missing: [String]

    /// Makes a manifest.
    ///
    /// - Parameters:
    ///   - dataset: The data set's name.
    ///   - split: The split's name; empty when none is used.
    ///   - planSHA256: The digest of `plan.json`.
    ///   - cases: The finished units, in any order.
    ///   - missing: Units that failed or are missing.
    public init(
        dataset: String, split: String, planSHA256: String, cases: [UnitRecord],
        missing: [String] = []
    ) {
        schema = Self.currentSchema
        caseFormat = CaseFileFormat.version
        self.dataset = dataset
        self.split = split
        self.planSHA256 = planSHA256
        self.cases = cases.sorted { $0.id < $1.id }
        self.missing = missing.sorted()
    }

    /// Reads the manifest of a store.
    ///
    /// - Parameter layout: The store.
    /// - Returns: The manifest.
    /// - Throws: ``StoreError`` when the folder holds no finished store of a version this one reads.
    public static func read(_ layout: StoreLayout) throws -> Manifest {
        try layout.requireFolder()
        guard Folders.isFile(layout.manifest) else {
            let next =
                Folders.isFile(layout.plan)
                ? "has a plan but no manifest: preparation is not finished, run the same command "
                    + "again (or `samdata merge` after the last shard)"
                : "has no manifest.json: not a prepared store; `samdata prepare` makes one"
            throw StoreError.notAStore(path: layout.root, reason: next)
        }
        let manifest = try CanonicalJSON.read(
            Manifest.self, schema: currentSchema, from: layout.manifest)
        for unit in manifest.cases {
            try unit.checkNumbers(path: layout.manifest)
            guard FilePath.isCaseID(unit.id), unit.path == layout.relativeCaseFile(unit.id) else {
                throw StoreError.malformed(
                    path: layout.manifest, key: "cases.path", found: unit.path,
                    expected: "cases/<unit>.h5 with a plain unit id")
            }
        }
        return manifest
    }
}
