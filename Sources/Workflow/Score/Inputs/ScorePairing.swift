import MedicalDatasets
import SafeFiles

/// The cases of a score: every reference with its prediction, found by case id.
///
/// The reference drives: a reference without prediction is a case with none, a prediction without reference is a finding.
struct ScorePairing: Sendable {
    /// The cases, sorted by id; those of a list in the order of the list.
    let cases: [ScoreCase]
    /// What a user should know before any number.
    let findings: [Finding]

    /// Finds the cases of two sources.
    ///
    /// The id of a file is what stands at `{case}` in `--pattern`; else what the card's layouts say; else its name
    /// without its ending. Predictions use `--prediction-pattern`, else the rule under which most names agree. When no
    /// name agrees, names without words such as `label`, `img`, `_seg`, `_pred` are compared, then their numbers, and
    /// only a match that leaves no prediction over and no choice is taken, with a note.
    ///
    /// - Parameters:
    ///   - reference: A file, folder, store or list.
    ///   - prediction: A file, folder, store or list; the same list on both sides is a list of pairs.
    ///   - options: Patterns, card, parts of a split.
    /// - Returns: The cases and findings.
    /// - Throws: ``WorkflowError`` when a source cannot be read, holds no case, or a case twice; or nothing matches.
    /// - Complexity: O(*n* log *n*) in the files; none is opened but lists and manifests.
    static func pairs(
        reference: String, prediction: String, options: ScoreInputOptions
    ) throws(WorkflowError) -> ScorePairing {
        let sources = (
            try ScoreSource.parse(reference, array: options.referenceArray),
            try ScoreSource.parse(prediction, array: options.predictionArray)
        )
        if options.requiresStore {
            guard
                [sources.0, sources.1].contains(where: {
                    if case .store = $0 { true } else { false }
                })
            else {
                throw WorkflowError(
                    .usage,
                    "--from-prepared: found no prepared store (a folder with plan.json or "
                        + "manifest.json) in \(reference) or \(prediction); check the paths, or leave the "
                        + "option out")
            }
        }
        var left = try referenceSide(sources.0, pairedWith: sources.1, options)
        guard !left.entries.isEmpty else { throw empty(left, options) }
        try left.checkUnique()
        var right = try predictionSide(sources.1, sources.0, left, options)
        try right.checkUnique()
        try match(&right, to: left)
        left.findings += filter(&left, options)
        guard !left.entries.isEmpty else {
            throw WorkflowError(
                .data,
                "\(left.place): none of the reference's cases is among the \(options.cases?.count ?? 0) "
                    + "asked for; check the split, or say where the id stands with --pattern")
        }
        return join(left, right, options)
    }

    // MARK: - Sides

    private static func referenceSide(
        _ source: ScoreSource, pairedWith other: ScoreSource, _ options: ScoreInputOptions
    ) throws(WorkflowError) -> ScoreSide {
        let array = options.referenceArray
        switch source {
        case .file(let file): return ScoreSide(role: "reference", file: file)
        case .store(let layout): return try ScoreSide(role: "reference", store: layout)
        case .list(let path):
            let list = try ScoreList(path: path, isPaired: source == other)
            return try ScoreSide(
                role: "reference", list: list, isPrediction: false, array: array)
        case .folder(let root):
            let listing = try ScoreListing(root: root)
            let rules =
                options.pattern.map { [ScoreNaming($0)] }
                ?? (options.card.map { ScoreNaming.rules(of: $0, withImages: false) } ?? [])
                + [.stems]
            // The first of the rules that knows most files.
            let counts = rules.map { $0.isGuess ? 1 : $0.ids(of: listing.files).count * 2 }
            let best = counts.firstIndex(of: counts.max() ?? 0) ?? 0
            var side = ScoreSide(
                role: "reference", folder: root, listing: listing, naming: rules[best],
                array: array)
            if rules[best].isGuess, let card = options.card, !side.entries.isEmpty {
                side.findings.append(
                    Finding(
                        .note, place: root,
                        message:
                            "no layout of the card \(card.name) fits; case ids are the file names",
                        repair: "say where the id stands with --pattern"))
            }
            return side
        }
    }

    private static func predictionSide(
        _ source: ScoreSource, _ other: ScoreSource, _ reference: ScoreSide,
        _ options: ScoreInputOptions
    ) throws(WorkflowError) -> ScoreSide {
        let array = options.predictionArray
        switch source {
        case .file(let file): return ScoreSide(role: "prediction", file: file)
        case .store(let layout): return try ScoreSide(role: "prediction", store: layout)
        case .list(let path):
            let isPaired = source == other
            let list = try ScoreList(path: path, isPaired: isPaired)
            return try ScoreSide(
                role: "prediction", list: list, isPrediction: isPaired, array: array)
        case .folder(let root):
            let listing = try ScoreListing(root: root)
            var rules: [ScoreNaming]
            if let pattern = options.predictionPattern {
                rules = [ScoreNaming(pattern)]
            } else {
                rules = options.pattern.map { [ScoreNaming($0)] } ?? []
                rules += options.card.map { ScoreNaming.rules(of: $0, withImages: true) } ?? []
                rules.append(.stems)
            }
            let wanted = Set(reference.entries.map(\.id))
            let counts = rules.map { rule in
                rule.ids(of: listing.files).count { wanted.contains($0.id) }
            }
            let most = counts.max() ?? 0
            let best = most == 0 ? rules.count - 1 : counts.firstIndex(of: most) ?? 0
            let side = ScoreSide(
                role: "prediction", folder: root, listing: listing, naming: rules[best],
                array: array)
            if side.entries.isEmpty { throw empty(side, listing, options) }
            return side
        }
    }

    private static func empty(_ side: ScoreSide, _ options: ScoreInputOptions) -> WorkflowError {
        let listing = try? ScoreListing(root: side.place)
        return empty(side, listing, options)
    }

    private static func empty(
        _ side: ScoreSide, _ listing: ScoreListing?, _ options: ScoreInputOptions
    ) -> WorkflowError {
        let isReference = side.role == "reference"
        let option = isReference ? "--pattern" : "--prediction-pattern"
        let files = listing?.files ?? []
        let found: String
        if let first = files.first {
            found = "\(files.count) files, for example \(first), and none that fits the pattern"
        } else if let other = listing?.others.first {
            found = "only files of other kinds, for example \(other)"
        } else {
            found = "no file"
        }
        return WorkflowError(
            files.isEmpty ? .missingInput : .usage,
            "\(side.place): found \(found), expected one \(side.role) file per case "
                + "(\(ScoreFormat.endingNames)); "
                + (files.isEmpty ? "check the path" : "correct \(option)"))
    }

    /// Leaves out the cases nobody asked for, and says which of those asked for are not there.
    private static func filter(
        _ side: inout ScoreSide, _ options: ScoreInputOptions
    ) -> [Finding] {
        guard let wanted = options.cases else { return [] }
        side.entries.removeAll { !wanted.contains($0.id) }
        let present = Set(side.entries.map(\.id))
        let absent = wanted.subtracting(present).sorted()
        if absent.isEmpty { return [] }
        let named = absent.prefix(12).joined(separator: ", ")
        return [
            Finding(
                .warning, place: side.place,
                message:
                    "\(absent.count) of the \(wanted.count) cases asked for have no reference: "
                    + named + (absent.count > 12 ? " and others" : ""),
                repair: "fetch their label maps; without them they are no rows")
        ]
    }

    // MARK: - Matching

    /// Gives predictions the ids of their references when no name agrees as it is.
    private static func match(
        _ prediction: inout ScoreSide, to reference: ScoreSide
    ) throws(WorkflowError) {
        let wanted = Set(reference.entries.map(\.id))
        if prediction.entries.contains(where: { wanted.contains($0.id) }) { return }
        // Two single files need no common name.
        if reference.entries.count == 1, prediction.entries.count == 1, prediction.idsAreGuessed {
            rename(&prediction, [prediction.entries[0].id: reference.entries[0].id])
            return
        }
        guard !prediction.entries.isEmpty else { return }
        let rules: [(String, (String) -> String)] = [
            ("names without words such as label, img, seg and pred", { ScoreNames.core($0) }),
            ("numbers in their names", { ScoreNames.numbers($0) }),
        ]
        if prediction.idsAreGuessed {
            for (what, key) in rules {
                guard let ids = uniqueMatch(prediction, reference, key) else { continue }
                let example = prediction.entries[0]
                let partner = reference.entries.first { $0.id == ids[example.id] }
                prediction.findings.append(
                    Finding(
                        .note, place: prediction.place,
                        message:
                            "no file name agrees with the reference; \(ids.count) predictions were "
                            + "matched by the \(what), for example \(example.file.name) with "
                            + (partner?.file.name ?? ""),
                        repair: "give --prediction-pattern to be sure"))
                rename(&prediction, ids)
                return
            }
        }
        throw WorkflowError(
            .data,
            "\(prediction.place): no prediction belongs to a case of \(reference.place): found for "
                + "example \(prediction.entries[0].file.name) (id `\(prediction.entries[0].id)`), expected "
                + "ids such as `\(reference.entries[0].id)`; say where the id stands with "
                + "--prediction-pattern, as in 'pred_{case}.nii.gz'")
    }

    /// Ids of predictions by a key that is unique on both sides and known to the reference for every prediction.
    private static func uniqueMatch(
        _ prediction: ScoreSide, _ reference: ScoreSide, _ key: (String) -> String
    ) -> [String: String]? {
        var byKey: [String: String] = [:]
        for entry in reference.entries {
            let found = key(entry.id)
            if found.isEmpty || byKey.updateValue(entry.id, forKey: found) != nil { return nil }
        }
        var ids: [String: String] = [:]
        var used: Set<String> = []
        for entry in prediction.entries {
            // A prediction left over means that the numbers count something else, or from another start.
            guard let id = byKey[key(entry.id)], used.insert(id).inserted else { return nil }
            ids[entry.id] = id
        }
        return ids
    }

    private static func rename(_ side: inout ScoreSide, _ ids: [String: String]) {
        side.entries = side.entries.map { entry in
            ScoreSide.Entry(
                id: ids[entry.id] ?? entry.id, file: entry.file, patient: entry.patient)
        }
    }

    private static func join(
        _ reference: ScoreSide, _ prediction: ScoreSide, _ options: ScoreInputOptions
    ) -> ScorePairing {
        let files = Dictionary(prediction.entries.map { ($0.id, $0) }) { first, _ in first }
        let cases = reference.entries.map { entry in
            ScoreCase(
                id: entry.id,
                cluster: entry.patient ?? files[entry.id]?.patient
                    ?? options.card?.patient(of: entry.id) ?? entry.id,
                reference: entry.file, prediction: files[entry.id]?.file)
        }
        var findings = reference.findings + prediction.findings
        let missing = cases.filter { $0.prediction == nil }
        if !missing.isEmpty {
            findings.append(
                Finding(
                    .warning, place: prediction.place,
                    message: "\(missing.count) of \(cases.count) cases have no prediction: "
                        + list(missing.map(\.id)),
                    repair: "they stay in the table with the state error"))
        }
        let known = Set(cases.map(\.id))
        let isAsked = { (id: String) in options.cases?.contains(id) ?? true }
        let extra = prediction.entries.filter { !known.contains($0.id) && isAsked($0.id) }
        if !extra.isEmpty {
            findings.append(
                Finding(
                    .warning, place: prediction.place,
                    message: "\(extra.count) predictions have no reference and are not scored: "
                        + list(extra.map(\.file.name)),
                    repair: "fetch the references, or say where the id stands with --pattern"))
        }
        return ScorePairing(cases: cases, findings: findings)
    }

    private static func list(_ names: [String]) -> String {
        names.prefix(12).joined(separator: ", ")
            + (names.count > 12 ? " and \(names.count - 12) more" : "")
    }
}
