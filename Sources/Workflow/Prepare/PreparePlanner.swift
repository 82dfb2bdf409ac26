import MedicalDatasets
import MedicalImaging
import NIfTI
import SafeFiles
import SamplePreparation
import SampleStore

/// Turns what was asked for into a plan: which cases, which files, which part; and says what is wrong before anything starts.
public struct PreparePlanner: Sendable {
    /// The data set.
    public let card: DatasetCard
    /// The split; `nil` prepares every case found, without parts.
    public let split: DatasetSplit?
    /// The parts to prepare; empty for all.
    public var parts: [SplitPart] = []
    /// The cases to prepare; empty for all.
    public var cases: [String] = []
    /// The most bytes of voxels that are read from one file, where Python's streams need the label maps.
    public var maxBytes = NIfTIFile.defaultByteLimit
    /// A table of stages of slides and patients; `nil` takes one of ``StageTable/names`` in the folder, if there is one.
    public var stages: String?
    /// Whether a picture that cannot be read is planned all the same, so that it fails and is recorded when its turn comes.
    public var skipsErrors = false
    /// Threads that look at slides when patches are selected; decides nothing of the result.
    public var threads = 1
    /// Told of every slide that was looked at for a selection: its id, how many are done, of how many.
    public var survey: (@Sendable (String, Int, Int) -> Void)?

    /// Makes a planner.
    ///
    /// - Parameters:
    ///   - card: The data set.
    ///   - split: The split, or `nil`.
    public init(card: DatasetCard, split: DatasetSplit?) {
        self.card = card
        self.split = split
    }

    /// A plan and what a user should know about it.
    public struct Outcome: Sendable {
        /// The plan.
        public var plan: PreparePlan
        /// The layout in which the files lie.
        public var layout: String
        /// Warnings and notes; errors were thrown.
        public var findings: [Finding]
    }

    /// Looks at the folder and makes the plan.
    ///
    /// - Parameters:
    ///   - root: The folder of the data set.
    ///   - configuration: What was asked for.
    ///   - allowMissing: Whether cases of the split that are not in the folder are left out instead of stopping.
    /// - Returns: The plan and the findings.
    /// - Throws: ``WorkflowError`` or `DatasetError` when a case is missing, double or leaks, each with the next step.
    public func plan(
        root: String, configuration: PrepareConfiguration, allowMissing: Bool = false
    ) throws -> Outcome {
        let scan = try DatasetFolder.scan(card: card, root: root)
        var findings = scan.findings
        if let split {
            findings += split.findings(for: card)
            findings += missing(split, in: scan, allowMissing: allowMissing)
        }
        if let error = findings.first(where: { $0.severity == .error && concerns($0, scan) }) {
            throw WorkflowError(.data, error.line)
        }
        let available = try scan.cases.compactMap {
            try unit(of: $0, root: root, isPicture: configuration.patches != nil)
        }
        var units = available.filter { unit in
            (parts.isEmpty || parts.contains { $0.rawValue == unit.part })
                && (cases.isEmpty || cases.contains(unit.id))
        }
        let unknown = cases.filter { id in !units.contains { $0.id == id } }
        guard unknown.isEmpty else {
            throw WorkflowError(
                .missingInput,
                "\(root): no case \(unknown.joined(separator: ", ")) to prepare; found "
                    + (scan.cases.isEmpty
                        ? "none" : scan.cases.prefix(40).map(\.id).joined(separator: " ")))
        }
        guard !units.isEmpty else {
            throw WorkflowError(
                .missingInput,
                "\(root): found \(scan.cases.count) cases of \(card.name), none of them in the part asked for"
                    + "; choose another --split or --part, or --split none")
        }
        if configuration.patches != nil {
            let pictures = try pictureUnits(of: units, configuration: configuration, root: root)
            units = pictures.units
            findings += pictures.findings
        }
        if let long = units.first(where: {
            !FilePath.isCaseID(PreparePlan.Unit.copyID(of: $0.id, 9999))
        }),
            configuration.augmentation != nil
        {
            throw WorkflowError(
                .configuration,
                "case \(long.id): found a name of \(long.id.utf8.count) characters, a copy adds nine to it and "
                    + "at most 128 are allowed; give the case a shorter name")
        }
        var plan = PreparePlan(
            configuration: configuration,
            units: configuration.augmentation?.units(from: units) ?? units)
        guard configuration.augmentation == nil || plan.units.contains(where: { $0.copy != nil })
        else {
            throw WorkflowError(
                .usage,
                "--augment: found no case in the parts to augment (train unless told otherwise), expected one or "
                    + "more; name another --augment-part, or all")
        }
        if configuration.prompts.randomness == PromptRecipe.Randomness.python.rawValue {
            plan = try withPythonStreams(plan, among: available, root: root)
        }
        return Outcome(
            plan: plan, layout: scan.layout,
            findings: findings.filter { $0.severity != .error })
    }

    /// Refuses to evaluate cases a model was trained on.
    ///
    /// - Parameters:
    ///   - plan: The plan.
    ///   - trained: The split the model was trained under.
    /// - Throws: ``WorkflowError`` of kind `configuration` naming the cases.
    public func refuseOverlap(_ plan: PreparePlan, trainedUnder trained: DatasetSplit) throws {
        guard let split else {
            throw WorkflowError(
                .usage,
                "--trained-under \(trained.name): found no split for the cases to prepare, expected one that says "
                    + "which of them are evaluated; use --split NAME or FILE")
        }
        let planned = Set(plan.units.map(\.id))
        let both = DatasetSplit.conflicts(
            evaluating: split, trainedUnder: trained, cards: DatasetCard.builtIn + [card]
        ).filter(planned.contains)
        guard both.isEmpty else {
            throw WorkflowError(
                .configuration,
                "split \(split.name): \(both.count) cases to evaluate were training cases under "
                    + "\(trained.name): \(both.joined(separator: " ")); scores on them would not count, "
                    + "evaluate under \(trained.name) or train under \(split.name)")
        }
    }

    // MARK: - Parts

    /// Whether an error finding is about something that will be prepared.
    private func concerns(_ finding: Finding, _ scan: DatasetScan) -> Bool {
        guard let split, FilePath.isCaseID(finding.place),
            scan.cases.contains(where: { $0.id == finding.place })
        else { return true }
        return split.part(of: finding.place) != nil
    }

    private func missing(
        _ split: DatasetSplit, in scan: DatasetScan, allowMissing: Bool
    ) -> [Finding] {
        let found = Set(scan.cases.map(\.id))
        return SplitPart.allCases.compactMap { part in
            if !parts.isEmpty, !parts.contains(part) { return nil }
            let absent = split.cases(in: part).filter {
                !found.contains($0) && (cases.isEmpty || cases.contains($0))
            }
            guard !absent.isEmpty else { return nil }
            return Finding(
                allowMissing ? .warning : .error, place: split.name,
                message:
                    "\(absent.count) of \(split.cases(in: part).count) \(part.rawValue) cases are not "
                    + "in the folder: \(absent.prefix(30).joined(separator: " "))"
                    + (absent.count > 30 ? " ..." : ""),
                repair: allowMissing
                    ? "" : "fetch them, name --part or --case, or go on with --allow-missing")
        }
    }

    /// The unit of a case; `nil` for a case that is incomplete or in no part of the split.
    private func unit(
        of entry: CaseFiles, root: String, isPicture: Bool
    ) throws -> PreparePlan.Unit? {
        let part = split?.part(of: entry.id)
        if split != nil, part == nil { return nil }
        // A slide without outlines shows no tumour; a volume without labels is incomplete.
        guard let image = entry.image, isPicture || entry.label != nil else { return nil }
        let others = [entry.label, isPicture ? entry.annotation : nil].compactMap(\.self)
        var unit = PreparePlan.Unit(
            id: entry.id, patient: entry.patient, part: part?.rawValue ?? "", image: image,
            label: entry.label ?? "",
            bytes: try others.reduce(size(root, image)) { try $0 + size(root, $1) },
            expectedSlices: split?.caseSliceCounts[entry.id])
        if isPicture { unit.annotation = entry.annotation }
        return unit
    }

    private func size(_ root: String, _ relative: String) throws -> Int {
        let path = try FilePath.join(root, relative)
        guard let size = Folders.size(of: path) else {
            throw FileError(.missing, path: path, message: "file vanished while it was looked at")
        }
        return size
    }

    /// Reads the label maps of each part in split order and notes where each case's Python streams start.
    ///
    /// Cases that are not prepared now are read too, as far as they come before one that is: a case has the same prompts
    /// alone and among the others.
    private func withPythonStreams(
        _ plan: PreparePlan, among available: [PreparePlan.Unit], root: String
    ) throws -> PreparePlan {
        var result = plan
        let preparer = try CasePreparer(plan: plan, card: card, maxBytes: maxBytes)
        guard plan.configuration.augmentation == nil else {
            throw WorkflowError(
                .usage,
                "--prompt-random python: the term project's stream knows no augmented copies; use "
                    + "--prompt-random keyed, or leave out --augment")
        }
        let kinds = preparer.prompts.kinds
        if let kind = kinds.first(where: { $0.isRandom && !PythonPromptStreams.isStreamed($0) }) {
            throw WorkflowError(
                .usage,
                "--prompt-random python: `\(kind)` is not drawn by the term project, expected only random1, "
                    + "random3, ...; leave it out or use --prompt-random keyed")
        }
        let units = Dictionary(available.map { ($0.id, $0) }) { first, _ in first }
        let planned = Dictionary(
            plan.units.enumerated().map { ($1.id, $0) }
        ) { first, _ in first }
        let order =
            split.map { split in SplitPart.allCases.map { split.cases(in: $0) } }
            ?? [available.map(\.id).sorted()]
        for part in order {
            var words: [String: Int] = [:]
            for kind in kinds where PythonPromptStreams.isStreamed(kind) { words["\(kind)"] = 0 }
            let last = part.lastIndex { planned[$0] != nil } ?? -1
            for id in part.prefix(last + 1) {
                guard let unit = units[id] else { continue }
                if let index = planned[id] { result.units[index].streamWords = words }
                let areas = try preparer.regionAreas(unit, root: root)
                words = PythonPromptStreams.positions(
                    after: areas, from: words, kinds: kinds,
                    seed: plan.configuration.prompts.seed)
            }
        }
        return result
    }
}
