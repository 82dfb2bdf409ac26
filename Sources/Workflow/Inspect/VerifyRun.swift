import SafeFiles
import SampleStore

/// Hashes every file of a store again and compares with the manifest.
public struct VerifyRun: Sendable {
    /// The store.
    public let layout: StoreLayout
    /// Threads that hash.
    public var threads = 1

    /// What was found.
    public struct Outcome: Codable, Hashable, Sendable {
        /// The schema of the JSON form.
        public var schema = "samdata.verify/1"
        /// Files that were hashed.
        public var files: Int
        /// Bytes that were hashed.
        public var bytes: Int
        /// What is wrong, one line each; empty when the store is whole.
        public var problems: [String]
        /// Units the merge was allowed to leave out; not a difference.
        public var missing: [String]
        /// Files in the store that the manifest does not know; left alone.
        public var strangers: [String]
    }

    /// Makes a check.
    ///
    /// - Parameter layout: The store.
    public init(layout: StoreLayout) { self.layout = layout }

    /// Checks the store.
    ///
    /// - Returns: What was found.
    /// - Throws: `StoreError` when the folder is no finished store.
    public func run() throws -> Outcome {
        let manifest = try Manifest.read(layout)
        var problems: [String] = []
        if try FileReading.sha256(of: layout.plan) != manifest.planSHA256 {
            problems.append("plan.json: digest differs from the manifest")
        }
        let results = try ParallelLoop.map(count: manifest.cases.count, threads: threads) { n in
            let unit = manifest.cases[n]
            return Self.check(unit, in: layout)
        }
        problems += results.compactMap { $0 }
        let known = Set(manifest.cases.map { FilePath.name(of: $0.path) })
        let strangers = try Folders.names(in: layout.cases).filter { !known.contains($0) }
        return Outcome(
            files: manifest.cases.count + 1,
            bytes: manifest.cases.reduce(0) { $0 + $1.bytes }, problems: problems,
            missing: manifest.missing,
            strangers: strangers.map { "cases/\($0)" })
    }

    private static func check(_ unit: UnitRecord, in layout: StoreLayout) -> String? {
        let path = layout.caseFile(unit.id)
        guard let size = Folders.size(of: path) else { return "\(unit.path): file is missing" }
        guard size == unit.bytes else {
            return "\(unit.path): found \(size) bytes, expected \(unit.bytes)"
        }
        do {
            let digest = try FileReading.sha256(of: path)
            guard digest == unit.sha256 else {
                return "\(unit.path): found sha256 \(digest), expected \(unit.sha256)"
            }
            let record = try UnitRecord.read(layout.record(unit.id))
            return record == unit ? nil : "units/\(unit.id).json: differs from the manifest"
        } catch {
            return "\(error)"
        }
    }
}
