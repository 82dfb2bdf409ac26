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
    ///   - caseFormat: The version of the case files' format; 1.2 for pictures.
    public init(
        dataset: String, split: String, planSHA256: String, cases: [UnitRecord],
        missing: [String] = [], caseFormat: String = CaseFileFormat.version
    ) {
        schema = Self.currentSchema
        self.caseFormat = caseFormat
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
        try manifest.checkPieces(path: layout.manifest)
        return manifest
    }

    /// The cases of the store, the pieces of one case counted once; sorted.
    ///
    /// - Complexity: O(n log n) in the number of units.
    public var caseIDs: [String] { Set(cases.map(\.caseID)).sorted() }

    /// Makes sure that the pieces of each case agree on their number and occur once.
    private func checkPieces(path: String) throws {
        var counts: [String: Int] = [:]
        var seen: [String: Set<Int>] = [:]
        for unit in cases {
            guard let piece = unit.piece else { continue }
            let isFirst = seen[unit.caseID, default: []].insert(piece.index).inserted
            guard isFirst, counts[unit.caseID, default: piece.of] == piece.of else {
                throw StoreError.malformed(
                    path: path, key: "unit \(unit.id)",
                    found: "piece \(piece.index) of \(piece.of)",
                    expected: isFirst
                        ? "the number of pieces of the others, \(counts[unit.caseID] ?? 0)"
                        : "each piece of case \(unit.caseID) once")
            }
            counts[unit.caseID] = piece.of
        }
    }
}
