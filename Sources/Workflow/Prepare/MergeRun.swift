import SafeFiles
import SampleStore

/// Checks that every unit of a plan is there and writes the manifest.
public struct MergeRun: Sendable {
    /// The store.
    public let layout: StoreLayout
    /// Whether every case file is hashed again.
    public var rehashes = false
    /// Whether missing and failed units are listed in the manifest instead of stopping.
    public var allowsMissing = false

    /// Makes a merge.
    ///
    /// - Parameter layout: The store.
    public init(layout: StoreLayout) { self.layout = layout }

    /// Checks and writes.
    ///
    /// - Returns: The manifest.
    /// - Throws: ``WorkflowError`` of kind `data` naming the units that are missing, failed or damaged.
    @discardableResult
    public func run() throws -> Manifest {
        let plan = try PreparePlan.require(layout)
        var records: [UnitRecord] = []
        var problems: [String] = []
        for unit in plan.units {
            switch try UnitState(of: unit, plan: plan, layout: layout, rehashes: rehashes) {
            case .finished(let record): records.append(record)
            case .missing: problems.append(unit.id)
            case .failed: problems.append("\(unit.id) (failed)")
            case .stale: problems.append("\(unit.id) (made by another plan)")
            case .damaged(let reason): problems.append("\(unit.id) (\(reason))")
            }
        }
        if !problems.isEmpty, !allowsMissing {
            throw WorkflowError(
                .data,
                "\(layout.root): \(problems.count) of \(plan.units.count) units are not finished: "
                    + problems.prefix(40).joined(separator: ", ")
                    + (problems.count > 40 ? ", ..." : "")
                    + "; run the missing shards again, or use --allow-missing")
        }
        let manifest = Manifest(
            dataset: plan.configuration.dataset, split: plan.configuration.split,
            planSHA256: try FileReading.sha256(of: layout.plan), cases: records,
            missing: problems.map { String($0.prefix { $0 != " " }) },
            caseFormat: plan.configuration.caseFormat)
        try AtomicFile.write(try CanonicalJSON.pretty(manifest), to: layout.manifest)
        return manifest
    }
}

/// How far a unit is.
public enum UnitState: Sendable {
    /// Record and file are there and fit the plan.
    case finished(UnitRecord)
    /// There is no record.
    case missing
    /// The record says why the unit failed.
    case failed(String)
    /// The record belongs to another plan.
    case stale
    /// Record and file do not fit.
    case damaged(String)

    /// Looks at a unit.
    ///
    /// - Parameters:
    ///   - unit: The unit.
    ///   - plan: Its plan.
    ///   - layout: The store.
    ///   - rehashes: Whether the file is hashed again.
    /// - Throws: `FileError` when the file cannot be read.
    public init(
        of unit: PreparePlan.Unit, plan: PreparePlan, layout: StoreLayout, rehashes: Bool
    ) throws {
        let path = layout.record(unit.id)
        guard Folders.isFile(path) else {
            self = .missing
            return
        }
        let record: UnitRecord
        do {
            record = try UnitRecord.read(path)
        } catch let error as StoreError {
            self = .damaged("\(error)")
            return
        }
        if let failure = record.failure {
            self = .failed(failure)
        } else if record.key != (try plan.key(of: unit)) {
            self = .stale
        } else if Folders.size(of: layout.caseFile(unit.id)) != record.bytes {
            self = .damaged(
                Folders.isFile(layout.caseFile(unit.id))
                    ? "file has another size than recorded" : "file is missing")
        } else if rehashes,
            try FileReading.sha256(of: layout.caseFile(unit.id)) != record.sha256
        {
            self = .damaged("file has another digest than recorded")
        } else {
            self = .finished(record)
        }
    }
}
