extension DatasetSplit {
    /// What is wrong between a split and the card whose cases it divides.
    ///
    /// Reported: another data set (error), a card file that changed since the split was written (warning), patients in
    /// more than one part (error; warning when the split lists them as known).
    ///
    /// - Complexity: O(*n*) in the cases.
    /// - Parameter card: The card.
    /// - Returns: Findings, the heaviest kind first; empty when all is well.
    public func findings(for card: DatasetCard) -> [Finding] {
        var findings: [Finding] = []
        if card.name != dataset {
            findings.append(
                Finding(
                    .error, place: name,
                    message: "split divides the data set \(OneLine.quoted(dataset)), the card is "
                        + OneLine.quoted(card.name),
                    repair: "choose a split of \(card.name), or correct \"dataset\" in the split"))
        } else if let cardSHA256, cardSHA256 != card.sha256 {
            findings.append(
                Finding(
                    .warning, place: name,
                    message: "split was written against another version of the card "
                        + "\(OneLine.quoted(card.name)): found \(card.sha256), expected \(cardSHA256)",
                    repair: "compare the two cards; when the cases still mean the same, put the "
                        + "digest found into \"cardSHA256\""))
        }
        return (findings + leakage(card: card)).heaviestFirst
    }

    /// Patients whose cases are in more than one part.
    ///
    /// - Complexity: O(*n*) in the cases.
    /// - Parameter card: The card, which knows how a case id names its patient.
    /// - Returns: One finding per patient in order of first appearance; an error, or a warning for patients in
    ///   ``knownLeaks``.
    public func leakage(card: DatasetCard) -> [Finding] {
        var order: [String] = []
        var seen: [String: [(part: SplitPart, id: String)]] = [:]
        for part in SplitPart.allCases {
            for id in cases(in: part) {
                let patient = card.patient(of: id)
                if seen[patient] == nil { order.append(patient) }
                seen[patient, default: []].append((part, id))
            }
        }
        return order.compactMap { patient in
            let uses = seen[patient] ?? []
            guard Set(uses.map(\.part)).count > 1 else { return nil }
            let places = uses.map { "\($0.id) (\($0.part.rawValue))" }
            let isKnown = knownLeaks.contains(patient)
            return Finding(
                isKnown ? .warning : .error, place: name,
                message: "patient \(patient) is in more than one part: \(OneLine.list(places))",
                repair: isKnown
                    ? "published that way; scores may be optimistic"
                    : "move all cases of the patient into one part, or list it under \"knownLeaks\""
            )
        }
    }

    /// What is missing or left over in a folder, seen from the split.
    ///
    /// - Parameter found: The case ids found.
    /// - Returns: An error per part with missing cases, a note when cases belong to no part.
    public func findings(forCases found: [String]) -> [Finding] {
        let available = Set(found)
        var findings: [Finding] = []
        for part in SplitPart.allCases {
            let missing = cases(in: part).filter { !available.contains($0) }
            guard !missing.isEmpty else { continue }
            findings.append(
                Finding(
                    .error, place: "\(name) \(part.rawValue)",
                    message: "\(missing.count) of \(cases(in: part).count) cases were not found: "
                        + OneLine.list(missing),
                    repair: "fetch them, or pass a split without them"))
        }
        let extra = found.filter { part(of: $0) == nil }
        if !extra.isEmpty {
            findings.append(
                Finding(
                    .note, place: name,
                    message: "\(extra.count) cases belong to no part: \(OneLine.list(extra))"))
        }
        return findings
    }

    /// Whether a case has as many slices as the source published.
    ///
    /// - Parameters:
    ///   - caseID: The case id.
    ///   - found: The slices found.
    /// - Returns: An error that names both counts, or `nil` when they agree or nothing is published.
    public func sliceCountFinding(case caseID: String, found: Int) -> Finding? {
        guard let expected = caseSliceCounts[caseID], expected != found else { return nil }
        return Finding(
            .error, place: caseID,
            message: "found \(found) slices, expected \(expected) as published with \(name)",
            repair: "check that the volume is complete and sliced along its axial axis")
    }

    /// The cases on which a model would be tested although it learned from them.
    ///
    /// Two cases are the same when their ids are equal and their cards belong to one collection, so that the BTCV 24/6 and
    /// the Synapse 18/12 protocol are compared although their cards differ.
    ///
    /// - Parameters:
    ///   - evaluated: The split whose validation and test cases are to be scored.
    ///   - trained: The split under which the model was trained.
    ///   - cards: The cards that know the collections; a data set without a card is its own collection.
    /// - Returns: Case ids in the order of the evaluated split; empty when the two may be combined.
    public static func conflicts(
        evaluating evaluated: DatasetSplit, trainedUnder trained: DatasetSplit,
        cards: [DatasetCard] = DatasetCard.builtIn
    ) -> [String] {
        func collection(_ dataset: String) -> String {
            cards.first { $0.name == dataset }?.collection ?? dataset
        }
        guard collection(evaluated.dataset) == collection(trained.dataset) else { return [] }
        return (evaluated.cases(in: .validation) + evaluated.cases(in: .test))
            .filter { trained.part(of: $0) == .train }
    }
}
