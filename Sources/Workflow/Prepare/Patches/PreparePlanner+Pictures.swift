import MedicalDatasets
import SafeFiles
import SamplePreparation
import SampleStore

extension PreparePlanner {
    /// Turns the cases of a data set of pictures into units: whole pictures, or pieces of slides with a fixed budget.
    ///
    /// Opens the headers of the pictures. Under a selection, the tissue and the outlines of all cases are looked at too, because
    /// what is kept of one slide depends on the others.
    ///
    /// - Parameters:
    ///   - cases: The cases to prepare, with their parts.
    ///   - configuration: What was asked for.
    ///   - root: The folder of the data set.
    /// - Returns: The units, and notes for the user.
    /// - Throws: ``WorkflowError``, and the errors of the pictures' formats.
    func pictureUnits(
        of cases: [PreparePlan.Unit], configuration: PrepareConfiguration, root: String
    ) throws -> (units: [PreparePlan.Unit], findings: [Finding]) {
        guard let patches = configuration.patches else { return (cases, []) }
        let preparer = try PatchPreparer(
            plan: PreparePlan(configuration: configuration, units: cases), card: card,
            maxBytes: maxBytes)
        let stages = try stageTable(root)
        var findings: [Finding] = []
        var laid: [LaidPicture] = []
        for unit in cases {
            var unit = unit
            unit.diagnosis = stages?.diagnosis(of: unit.id)
            do {
                laid.append(try lay(unit, patches, preparer, root: root, &findings))
            } catch {
                let error = WorkflowError(FailureKind(of: error), "case \(unit.id): \(error)")
                guard skipsErrors else { throw error }
                // The unit fails again when it is carried out, and is recorded then.
                laid.append(LaidPicture(unit: unit, size: (0, 0), stored: (0, 0), count: 1))
            }
        }
        if let stages, cases.allSatisfy({ stages.diagnosis(of: $0.id) == nil }) {
            findings.append(
                Finding(
                    .warning, place: "stages",
                    message: "the table of stages lists none of the \(cases.count) slides",
                    repair: "check that it belongs to this data set"))
        }
        let sound = laid.filter { $0.size.width > 0 }
        let kept = try budget(patches, sound.map { ($0.unit, $0.stored) }, configuration, &findings)
        let chosen = try selected(
            patches, sound.map(\.unit), configuration, preparer, root: root, &findings)
        var units: [PreparePlan.Unit] = []
        for entry in laid {
            let places = chosen?[entry.unit.id]
            let pieces = try PatchPieces.pieces(
                of: max(places?.count ?? entry.count, 1), budget: patches.pieceBudget)
            for (n, range) in pieces.enumerated() {
                var unit = entry.unit
                let isWhole = pieces.count == 1
                if !isWhole {
                    unit.pieceOf = entry.unit.id
                    unit.id = UnitRecord.Piece(index: n + 1, of: pieces.count)
                        .unitID(of: entry.unit.id)
                }
                unit.piece = PreparePlan.Piece(
                    index: n + 1, of: pieces.count, first: range.lowerBound, count: range.count,
                    pictureSize: [entry.size.width, entry.size.height],
                    selected: places.map { Array($0[range.clamped(to: 0..<$0.count)]) },
                    kept: kept.map { $0[entry.unit.id] ?? [] })
                // Parts outside of the budgeted one keep everything.
                if kept != nil, !isBudgeted(unit) { unit.piece?.kept = nil }
                // Shards are balanced by work, which is that of the piece.
                unit.bytes = max(1, entry.unit.bytes * range.count / max(entry.count, 1))
                units.append(unit)
            }
        }
        return (units, findings)
    }

    // MARK: - Parts

    /// Opens the header of a picture and lays the lattice over it.
    private func lay(
        _ unit: PreparePlan.Unit, _ patches: PatchConfiguration, _ preparer: PatchPreparer,
        root: String, _ findings: inout [Finding]
    ) throws -> LaidPicture {
        let picture = try SourcePicture(
            path: try FilePath.join(root, unit.image), name: unit.image, configuration: patches,
            cache: preparer.cache, maxBytes: maxBytes,
            annotated: { try PictureLabels.micronsPerPixel(unit, root: root) })
        let lattice = try preparer.lattice(over: picture)
        func whole(_ side: Int, _ scale: Double) -> Int { max(1, Int(Double(side) / scale + 1e-6)) }
        let stored = (
            lattice?.storedWidth ?? whole(picture.size.width, picture.downsample.x),
            lattice?.storedHeight ?? whole(picture.size.height, picture.downsample.y)
        )
        if let lattice, lattice.count == 0 {
            findings.append(
                Finding(
                    .warning, place: unit.id,
                    message:
                        "the picture of \(lattice.storedWidth) x \(lattice.storedHeight) stored pixels is smaller "
                        + "than a patch of \(lattice.recipe.patch)",
                    repair: "take a smaller --patch, or --edge pad"))
        }
        return LaidPicture(
            unit: unit, size: picture.size, stored: stored, count: lattice?.count ?? 1)
    }

    /// The table of diagnoses in the folder or the one named.
    private func stageTable(_ root: String) throws -> StageTable? {
        if let stages { return try StageTable(path: stages) }
        for name in StageTable.names {
            let path = try FilePath.join(root, name)
            if Folders.isFile(path) { return try StageTable(path: path) }
        }
        return nil
    }

    /// A label budget is spent on training cases, or on all when no split is used.
    private func isBudgeted(_ unit: PreparePlan.Unit) -> Bool {
        split == nil || unit.part == SplitPart.train.rawValue
    }

    private func budget(
        _ patches: PatchConfiguration,
        _ cases: [(unit: PreparePlan.Unit, stored: (Int, Int))],
        _ configuration: PrepareConfiguration, _ findings: inout [Finding]
    ) throws -> [String: [[Int]]]? {
        guard let budget = patches.labelBudget else { return nil }
        let images = cases.filter { isBudgeted($0.unit) }.map {
            LabelBudgetPlan.Image(id: $0.unit.id, width: $0.stored.0, height: $0.stored.1)
        }
        guard !images.isEmpty else {
            throw WorkflowError(
                .usage,
                "--label-budget: found no training case to spend it on, expected one or more; name --part train"
            )
        }
        let plan = try budget.plan(images, seed: configuration.prompts.seed)
        let percent = (plan.fraction * 10_000).rounded() / 100
        findings.append(
            Finding(
                .note, place: "label budget",
                message:
                    "\(plan.kept.values.reduce(0) { $0 + $1.count }) regions of \(budget.side) x \(budget.side) pixels in "
                    + "\(plan.kept.values.count { !$0.isEmpty }) of \(images.count) training images keep image and labels: "
                    + "\(percent) %"))
        return plan.kept.mapValues { $0.map { [$0.x, $0.y, $0.width, $0.height] } }
    }

    private func selected(
        _ patches: PatchConfiguration, _ units: [PreparePlan.Unit],
        _ configuration: PrepareConfiguration, _ preparer: PatchPreparer, root: String,
        _ findings: inout [Finding]
    ) throws -> [String: [Int]]? {
        guard let selections = patches.selection else { return nil }
        var chosen: [String: [Int]] = [:]
        for part in Set(units.map(\.part)).sorted() {
            guard let selection = selections[part] ?? selections[""] else {
                throw WorkflowError(
                    .configuration,
                    "--choose: found no rule for the part `\(part)`, expected one; name --part, or another rule"
                )
            }
            let members = units.filter { $0.part == part }
            var candidates: [PatchCandidate] = []
            for (n, unit) in members.enumerated() {
                candidates += try preparer.candidates(
                    unit, slide: n, root: root, threads: threads)
                survey?(unit.id, n + 1, members.count)
            }
            let choice = try selection.choose(
                candidates, slides: members.map(\.id), seed: configuration.prompts.seed)
            for unit in members { chosen[unit.id] = [] }
            for n in choice.chosen {
                chosen[members[candidates[n].slide].id, default: []].append(candidates[n].index)
            }
            findings.append(
                Finding(
                    .note, place: part.isEmpty ? "selection" : "selection of \(part)",
                    message:
                        "\(choice.positivesKept) of \(choice.positivesFound) patches with label and "
                        + "\(choice.negativesKept) of \(choice.negativesFound) without are kept"))
        }
        return chosen.mapValues { $0.sorted() }
    }
}

/// A picture with the lattice laid over it.
struct LaidPicture {
    var unit: PreparePlan.Unit
    /// Columns and rows of level 0.
    var size: (width: Int, height: Int)
    /// Columns and rows of stored pixels.
    var stored: (Int, Int)
    /// Places of the lattice.
    var count: Int
}
