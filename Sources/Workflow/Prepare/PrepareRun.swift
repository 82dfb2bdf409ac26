import MedicalDatasets
import NIfTI
import SafeFiles
import SampleStore

/// Carries out a plan.
public struct PrepareRun: Sendable {
    /// What a run tells its caller.
    public enum Event: Sendable {
        /// The run starts with so many units, of which so many are already finished.
        case started(units: Int, finished: Int)
        /// A unit was prepared; counts are of this run.
        case prepared(UnitRecord, done: Int, of: Int)
        /// A finished unit was found and left as it is.
        case skipped(UnitRecord, done: Int, of: Int)
        /// A unit failed; the run goes on.
        case failed(unit: String, message: String, done: Int, of: Int)
    }

    /// What came of a run.
    public struct Outcome: Sendable {
        /// Units prepared in this run.
        public var prepared = 0
        /// Units that were already finished.
        public var skipped = 0
        /// Units that failed, with the reason.
        public var failures: [String: String] = [:]
        /// Whether the manifest was written: always after all units, never after one shard of several.
        public var wroteManifest = false
        /// The manifest, when it was written.
        public var manifest: Manifest?
    }

    /// The plan.
    public let plan: PreparePlan
    /// The data set; `nil` when a store is augmented.
    public let card: DatasetCard?
    /// The folder of the data set, or of the store that is augmented.
    public let root: String
    /// The store.
    public let layout: StoreLayout
    /// Threads that work on the slices of a case.
    public var threads = 1
    /// The most bytes of voxels that are read from one file.
    public var maxBytes = NIfTIFile.defaultByteLimit
    /// The shard to work on; `nil` for all units and the manifest.
    public var shard: (index: Int, count: Int)?
    /// Whether a failing unit is recorded and the run goes on.
    public var skipsErrors = false

    /// Makes a run.
    ///
    /// - Parameters:
    ///   - plan: The plan.
    ///   - card: The data set; `nil` when a store is augmented.
    ///   - root: The folder of the data set, or of the store that is augmented.
    ///   - layout: The store.
    public init(plan: PreparePlan, card: DatasetCard?, root: String, layout: StoreLayout) {
        self.plan = plan
        self.card = card
        self.root = root
        self.layout = layout
    }

    /// Carries out the plan, or what is left of it.
    ///
    /// Cases are worked on one after the other, the slices of a case in parallel, so that memory is bounded by the largest
    /// case. A unit whose record, file size and input digests fit is left as it is.
    ///
    /// - Parameter report: Called on the calling thread as the run goes on.
    /// - Returns: What came of it.
    /// - Throws: The first error, or under ``skipsErrors`` only errors that concern the whole run.
    public func run(_ report: (Event) -> Void = { _ in }) throws -> Outcome {
        try establishPlan()
        let prepare = try worker()
        let units = shard.map { plan.shard($0.index, of: $0.count) } ?? plan.units
        var outcome = Outcome()
        var finished: [String: UnitRecord] = [:]
        // The pieces of a slide come from the same files.
        var digests: [String: String] = [:]
        for unit in units { finished[unit.id] = try finishedRecord(unit, &digests) }
        report(.started(units: units.count, finished: finished.count))
        var done = 0
        for unit in units {
            if let record = finished[unit.id] {
                done += 1
                outcome.skipped += 1
                report(.skipped(record, done: done, of: units.count))
                continue
            }
            do {
                let record = try prepare(unit)
                try AtomicFile.write(
                    try CanonicalJSON.pretty(record), to: layout.record(unit.id))
                done += 1
                outcome.prepared += 1
                report(.prepared(record, done: done, of: units.count))
            } catch {
                let error = WorkflowError(
                    FailureKind(of: error), "case \(unit.id): \(error)")
                guard skipsErrors, FailureKind(of: error) != .transient,
                    FailureKind(of: error) != .cannotCreate
                else { throw error }
                done += 1
                outcome.failures[unit.id] = "\(error)"
                // The record is part of the store and names files as the plan does, below the input folder.
                let prefix = root.hasSuffix("/") ? root : root + "/"
                try record(failure: "\(error)".replacing(prefix, with: ""), of: unit)
                report(.failed(unit: unit.id, message: "\(error)", done: done, of: units.count))
            }
        }
        if shard == nil, outcome.failures.isEmpty {
            outcome.manifest = try MergeRun(layout: layout).run()
            outcome.wroteManifest = true
        }
        return outcome
    }

    /// Writes the plan into the store, or makes sure that the plan already there is the same; prepares nothing.
    ///
    /// - Throws: ``WorkflowError`` of kind `configuration` when the output lies inside the input or another plan is there,
    ///   or a `FileError`.
    public func establishPlan() throws {
        try refuseNestedOutput()
        try plan.establish(in: layout)
    }

    /// What makes a unit: out of volumes, or out of another store.
    private func worker() throws -> (PreparePlan.Unit) throws -> UnitRecord {
        if plan.configuration.augmentation?.source == "store" {
            let augmenter = try StoreAugmenter(plan: plan, root: root)
            return { unit in
                try augmenter.prepare(unit, root: root, layout: layout, threads: threads)
            }
        }
        guard let card else {
            throw WorkflowError(.internalError, "a plan over volumes came without its card")
        }
        if plan.configuration.patches != nil {
            let preparer = try PatchPreparer(plan: plan, card: card, maxBytes: maxBytes)
            return { unit in
                try preparer.prepare(unit, root: root, layout: layout, threads: threads)
            }
        }
        let preparer = try CasePreparer(plan: plan, card: card, maxBytes: maxBytes)
        return { unit in
            try preparer.prepare(unit, root: root, layout: layout, threads: threads)
        }
    }

    /// The record of a unit that needs no more work.
    private func finishedRecord(
        _ unit: PreparePlan.Unit, _ digests: inout [String: String]
    ) throws -> UnitRecord? {
        guard Folders.isFile(layout.record(unit.id)),
            let record = try? UnitRecord.read(layout.record(unit.id)), record.failure == nil,
            record.key == (try plan.key(of: unit)),
            Folders.size(of: layout.caseFile(unit.id)) == record.bytes
        else { return nil }
        for input in record.inputs {
            let path = try FilePath.join(root, input.path)
            let digest = try digests[path] ?? FileReading.sha256(of: path)
            digests[path] = digest
            guard digest == input.sha256 else { return nil }
        }
        return record
    }

    private func record(failure: String, of unit: PreparePlan.Unit) throws {
        var record = UnitRecord(
            id: unit.id, caseID: unit.pieceOf ?? unit.id, patient: unit.patient, part: unit.part,
            key: try plan.key(of: unit))
        record.failure = failure
        try AtomicFile.write(try CanonicalJSON.pretty(record), to: layout.record(unit.id))
    }

    private func refuseNestedOutput() throws {
        if FilePath.isInside(layout.root, of: root) {
            throw WorkflowError(
                .configuration,
                "\(layout.root): the output lies inside the input folder \(root); "
                    + "choose a --to outside of it, so that the data set stays as it is")
        }
    }
}
