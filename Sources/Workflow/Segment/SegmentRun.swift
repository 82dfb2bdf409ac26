import NIfTI
import SafeFiles
public import SampleStore
import Tensors

/// Segments the cases of a prepared store with the prompts that are stored there.
///
/// One label map for each case, on the voxels of its source, so that `samdata score` can compare it with the store or with the
/// data set. Slices with neighbours as channels are segmented by the slice itself, grey. Where masks of different labels
/// overlap, the best predicted IoU decides. Augmented copies are left out: they no longer lie on the voxels of their source.
public struct SegmentRun: Sendable {
    /// What a run tells its caller.
    public enum Event: Sendable {
        /// The run starts with so many cases, of which so many are already finished.
        case started(cases: Int, finished: Int)
        /// A slice of a case was segmented.
        case slice(case: String, done: Int, of: Int)
        /// A case was segmented; counts are of this run.
        case segmented(SegmentationUnit, done: Int, of: Int)
        /// A finished case was found and left as it is.
        case skipped(SegmentationUnit, done: Int, of: Int)
        /// A case failed; the run goes on.
        case failed(case: String, message: String, done: Int, of: Int)
    }

    /// What came of a run.
    public struct Outcome: Sendable {
        /// Cases segmented in this run.
        public var segmented = 0
        /// Cases that were already finished.
        public var skipped = 0
        /// Cases that failed, with the reason.
        public var failures: [String: String] = [:]
        /// Embeddings that were computed.
        public var embeddingsComputed = 0
        /// Embeddings that were found in the cache.
        public var embeddingsFound = 0
        /// The manifest, when every case of the plan is finished, whichever shard made it.
        public var manifest: SegmentationManifest?
    }

    /// The store.
    public let store: StoreLayout
    /// The model.
    public let model: SegmentationModel
    /// Where the masks go.
    public let layout: SegmentationLayout
    /// The kinds of stored prompts that are given together for each record: points, and at most one box.
    public var prompts = ["box"]
    /// Which of a prompt's masks is kept.
    public var masks = MaskChoice.single
    /// The parts of the split to segment; none for all.
    public var parts: [String] = []
    /// The cases to segment; none for all.
    public var cases: [String] = []
    /// The shard to work on; `nil` for all cases.
    public var shard: (index: Int, count: Int)?
    /// A folder for embeddings; `nil` keeps none.
    public var embeddings: String?
    /// Threads of the model; 0 for all cores.
    ///
    /// Never changes a byte.
    public var threads = 0
    /// The most bytes of voxels of one label map.
    public var maxBytes = NIfTIFile.defaultByteLimit
    /// Whether a failing case is recorded and the run goes on.
    public var skipsErrors = false

    /// Makes a run.
    ///
    /// - Parameters:
    ///   - store: A finished store.
    ///   - model: The model.
    ///   - output: Where the masks go: new, empty, or with an earlier run of the same plan.
    public init(store: StoreLayout, model: SegmentationModel, output: String) {
        self.store = store
        self.model = model
        layout = SegmentationLayout(root: output)
    }

    /// Segments, or finishes what is left.
    ///
    /// - Parameter report: Called on the calling thread as the run goes on.
    /// - Returns: What came of it.
    /// - Throws: ``WorkflowError`` when the folder holds something else or another plan, or there is nothing to segment; the first
    ///   error of a case, or under ``skipsErrors`` only errors that concern the whole run.
    public func run(_ report: (Event) -> Void = { _ in }) throws -> Outcome {
        let (source, all, plan) = try resolved()
        try establish(plan)
        let segmenter = CaseSegmenter(
            plan: plan, model: model,
            cache: embeddings.map { EmbeddingCache(folder: $0, model: model) }, layout: layout,
            maxBytes: maxBytes)
        let before = ParallelRange.threads
        ParallelRange.threads = threads
        defer { ParallelRange.threads = before }
        var outcome = Outcome()
        try work(
            on: share(of: all), source,
            segmenter, &outcome, report)
        outcome.manifest = try finish(plan, all)
        return outcome
    }

    /// What a run would do.
    public struct Preview: Sendable {
        /// What decides the masks.
        public var plan: SegmentationPlan
        /// The cases of the shard, or all.
        public var cases: [UnitRecord]
        /// Cases of these that are finished already under the same plan.
        public var finished: [String]
    }

    /// Looks at the store and the folder; writes nothing.
    ///
    /// - Returns: What ``run(_:)`` would do.
    /// - Throws: As ``run(_:)`` when there is nothing to segment.
    public func preview() throws -> Preview {
        let (_, all, plan) = try resolved()
        let mine = share(of: all)
        return Preview(
            plan: plan, cases: mine,
            finished: try mine.filter { try finishedUnit($0, plan) != nil }.map(\.id))
    }

    /// The store, its cases that are segmented, and the plan for them.
    private func resolved() throws -> (ExportSource, [UnitRecord], SegmentationPlan) {
        let source = try ExportSource(store, parts: parts, cases: cases)
        let all = source.units.filter { $0.copyOf == nil }.sorted { $0.id < $1.id }
        guard !all.isEmpty else {
            throw WorkflowError(
                .usage,
                "\(store.root): found augmented copies only, expected cases as they were cut; segment the "
                    + "store they were made from")
        }
        // A kind that is not stored stops the run before anything is written.
        _ = try SegmentationPrompts(
            prompts, of: try CaseFileReader(path: store.caseFile(all[0].id)))
        let plan = SegmentationPlan(
            store: source.manifest, manifestSHA256: source.manifestSHA256, model: model,
            prompts: prompts, masks: masks, cases: all.map(\.id))
        return (source, all, plan)
    }

    private func share(of units: [UnitRecord]) -> [UnitRecord] {
        shard.map { Self.deal(units, to: $0.index, of: $0.count) } ?? units
    }

    private func work(
        on units: [UnitRecord], _ source: ExportSource, _ segmenter: CaseSegmenter,
        _ outcome: inout Outcome, _ report: (Event) -> Void
    ) throws {
        let plan = segmenter.plan
        var finished: [String: SegmentationUnit] = [:]
        for unit in units { finished[unit.id] = try finishedUnit(unit, plan) }
        report(.started(cases: units.count, finished: finished.count))
        for (index, unit) in units.enumerated() {
            let done = index + 1
            if let found = finished[unit.id] {
                outcome.skipped += 1
                report(.skipped(found, done: done, of: units.count))
                continue
            }
            do {
                let (result, embeddings) = try segmenter.segment(unit, try source.open(unit)) {
                    report(.slice(case: unit.id, done: $0, of: $1))
                }
                outcome.embeddingsComputed += embeddings.computed
                outcome.embeddingsFound += embeddings.stored
                try AtomicFile.write(try CanonicalJSON.pretty(result), to: layout.record(unit.id))
                outcome.segmented += 1
                report(.segmented(result, done: done, of: units.count))
            } catch {
                let error = WorkflowError(segmenting: error, "case \(unit.id)")
                guard skipsErrors, ![.transient, .cannotCreate, .usage].contains(error.kind) else {
                    throw error
                }
                outcome.failures[unit.id] = error.message
                var failed = SegmentationUnit(
                    id: unit.id, part: unit.part, key: try plan.key(of: unit))
                // The record names files as the store does.
                failed.failure = error.message.replacing(store.root + "/", with: "")
                try AtomicFile.write(try CanonicalJSON.pretty(failed), to: layout.record(unit.id))
                report(
                    .failed(case: unit.id, message: error.message, done: done, of: units.count))
            }
        }
    }

    // MARK: - The folder

    /// Writes the plan, or makes sure that the plan already there is the same.
    private func establish(_ plan: SegmentationPlan) throws {
        try refuse(layout.root, inside: store.root, "the output")
        if let embeddings {
            try refuse(embeddings, inside: store.root, "--embeddings")
            try refuse(embeddings, inside: layout.root, "--embeddings")
        }
        if Folders.isFile(layout.root) {
            throw WorkflowError(
                .cannotCreate,
                "\(layout.root): found a file, expected a folder for masks; choose another --to")
        }
        if Folders.isFile(layout.plan) {
            let there = try CanonicalJSON.read(
                SegmentationPlan.self, schema: SegmentationPlan.currentSchema, from: layout.plan)
            let differences = plan.differences(from: there)
            guard differences.isEmpty else {
                throw WorkflowError(
                    .configuration,
                    "\(layout.plan): another plan is there: \(differences.joined(separator: "; ")); "
                        + "choose another --to, or repeat the command as it was")
            }
        } else if Folders.isFolder(layout.root),
            let stranger = try Folders.names(in: layout.root).first(where: {
                !$0.contains(AtomicFile.temporaryMarker)
            })
        {
            throw WorkflowError(
                .cannotCreate,
                "\(layout.root): found `\(stranger)`, expected an empty folder or one with a "
                    + "segmentation-plan.json; choose another --to")
        }
        try Folders.make(layout.masks)
        try Folders.make(layout.units)
        // A path such as `new/../store` only tells where it leads once it exists.
        try refuse(layout.root, inside: store.root, "the output")
        if !Folders.isFile(layout.plan) {
            try AtomicFile.write(try CanonicalJSON.pretty(plan), to: layout.plan)
        }
    }

    private func refuse(_ path: String, inside folder: String, _ what: String) throws {
        guard FilePath.isInside(path, of: folder) else { return }
        throw WorkflowError(
            .configuration,
            "\(path): \(what) lies inside \(folder); choose a folder outside of it")
    }

    /// The record of a case that needs no more work.
    private func finishedUnit(
        _ unit: UnitRecord, _ plan: SegmentationPlan
    ) throws -> SegmentationUnit? {
        guard Folders.isFile(layout.record(unit.id)),
            let found = try? SegmentationUnit.read(layout.record(unit.id)), found.failure == nil,
            found.id == unit.id, found.key == (try plan.key(of: unit)),
            found.files.map(\.path)
                == [layout.relativeVolume(unit.id), layout.relativeMasks(unit.id)],
            found.files.allSatisfy({ Folders.size(of: "\(layout.root)/\($0.path)") == $0.bytes })
        else { return nil }
        return found
    }

    /// Writes the manifest when every case is finished; two shards that end at once write the same bytes.
    private func finish(
        _ plan: SegmentationPlan, _ units: [UnitRecord]
    ) throws -> SegmentationManifest? {
        var finished: [SegmentationUnit] = []
        for unit in units {
            guard let found = try finishedUnit(unit, plan) else { return nil }
            finished.append(found)
        }
        var notes = [
            "prompts (\(plan.prompts.joined(separator: ", "))) come from the reference label maps",
            "where masks of different labels overlap, the best predicted IoU decides, then the first record",
            "slices that are not in the store, or have no record, are background",
        ]
        if model.isRandom { notes.insert(SegmentationModel.randomNote, at: 0) }
        let manifest = SegmentationManifest(plan: plan, cases: finished, notes: notes)
        try AtomicFile.write(try CanonicalJSON.pretty(manifest), to: layout.manifest)
        return manifest
    }

    /// The cases of one shard: dealt out by slices, the most first, each to the shard with the least so far.
    static func deal(_ units: [UnitRecord], to index: Int, of count: Int) -> [UnitRecord] {
        precondition(count > 0 && index >= 0 && index < count)
        var load = [Int](repeating: 0, count: count)
        var mine: [UnitRecord] = []
        for unit in units.sorted(by: { ($1.slices, $0.id) < ($0.slices, $1.id) }) {
            let lightest = load.indices.min { load[$0] < load[$1] } ?? 0
            load[lightest] += max(unit.slices, 1)
            if lightest == index { mine.append(unit) }
        }
        return mine.sorted { $0.id < $1.id }
    }
}

extension SegmentationModel {
    /// What every output of a model with random weights says.
    public static let randomNote =
        "the weights are random, made by a rule for tests: the masks mean nothing"
}
