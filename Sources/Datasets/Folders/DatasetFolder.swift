import SafeFiles

/// What a data set folder holds, seen with a card.
public struct DatasetScan: Hashable, Sendable {
    /// The layout of the card that explains the folder best; `listed` for files the card lists one by one.
    public let layout: String
    /// The cases with their files, sorted by id.
    public let cases: [CaseFiles]
    /// What a user should know before anything long starts.
    public let findings: [Finding]
}

/// Finding the files of a data set.
public enum DatasetFolder {
    /// Lists a folder and sorts its files into cases.
    ///
    /// Only folders that a layout can lead to are entered, and no symbolic link is followed out of the root. When several
    /// layouts match, the one with the most complete cases is taken, the first of the card among equals, and a note says so.
    ///
    /// - Complexity: O(*n*) in the files; a thousand take a few milliseconds. No file is opened.
    /// - Parameters:
    ///   - card: The card of the data set.
    ///   - root: The folder, as given with `--from`.
    ///   - requireImages: Whether a label map without its image is an error.
    /// - Returns: The cases, and findings about what is missing, double, unreadable or not understood.
    /// - Throws: ``DatasetError`` when the folder cannot be read or holds nothing of the data set.
    public static func scan(card: DatasetCard, root: String, requireImages: Bool = true)
        throws(DatasetError) -> DatasetScan
    {
        let listing = try FolderListing(root: root) { card.mayLead(to: $0) }
        let matches = matches(card, listing.files, requireImages)
        guard let best = matches.first else {
            throw nothingFound(card, root, requireImages, listing)
        }
        var findings = listing.findings + best.findings
        findings += pairingFindings(best, requireImages)
        findings += best.cases.flatMap { entry in
            card.knownDefects(of: entry.id).map { Finding(.note, place: entry.id, message: $0) }
        }
        if matches.count > 1 {
            let others = matches.dropFirst().map { "\($0.name) (\($0.cases.count) cases)" }
            findings.append(
                Finding(
                    .note, place: best.name,
                    message: "layout chosen with \(best.cases.count) cases; others match too: "
                        + OneLine.list(others)))
        }
        // Images without a single label map: perhaps the folder of the images alone was given.
        if best.expectsLabels, best.score(requireImages: requireImages).0 == 0,
            let hint = betterRoot(card, root, requireImages)
        {
            findings.append(
                Finding(
                    .error, place: card.name, message: "no case is complete in this folder",
                    repair: hint))
        }
        if let expected = card.caseCount, best.cases.count < expected {
            findings.append(
                Finding(
                    .note, place: card.name,
                    message: "found \(best.cases.count) cases, a complete copy has \(expected)"))
        }
        findings += unrecognisedFindings(best.unrecognised)
        return DatasetScan(
            layout: best.name, cases: best.cases,
            findings: findings.heaviestFirst)
    }

    /// The layouts that explain at least one case, the best first.
    private static func matches(_ card: DatasetCard, _ files: [String], _ requireImages: Bool)
        -> [LayoutMatch]
    {
        var matches = card.layouts.map { LayoutMatch($0, files: files, card: card) }
        if let listed = LayoutMatch(listedIn: card, files: files) { matches.insert(listed, at: 0) }
        let scored = matches.enumerated().map { index, match in
            (match: match, score: match.score(requireImages: requireImages), index: index)
        }
        // Among equals the order of the card decides.
        return scored.filter { $0.score.1 > 0 }
            .sorted { $0.score == $1.score ? $0.index < $1.index : $0.score > $1.score }
            .map(\.match)
    }

    private static func pairingFindings(_ match: LayoutMatch, _ requireImages: Bool) -> [Finding] {
        var findings: [Finding] = []
        for entry in match.cases {
            if match.expectsLabels, let image = entry.image, entry.label == nil,
                entry.annotation == nil
            {
                findings.append(
                    Finding(
                        .error, place: entry.id, message: "image \(image) has no label map",
                        repair: "fetch the label map, or leave the case out with a split"))
            }
            if requireImages, entry.image == nil, let file = entry.label ?? entry.annotation {
                findings.append(
                    Finding(
                        .error, place: entry.id, message: "label map \(file) has no image",
                        repair: "fetch the image, or leave the case out with a split"))
            }
        }
        return findings
    }

    private static func unrecognisedFindings(_ files: [String]) -> [Finding] {
        let shown = 20
        var findings = files.prefix(shown).map { file in
            Finding(.note, place: file, message: "file belongs to no case of the layout; not used")
        }
        if files.count > shown {
            findings.append(
                Finding(
                    .note, place: "\(files.count - shown) more files",
                    message: "belong to no case of the layout; not used"))
        }
        return findings
    }

    /// The error for a folder without any case, with the folder that was probably meant.
    private static func nothingFound(
        _ card: DatasetCard, _ root: String, _ requireImages: Bool, _ listing: FolderListing
    ) -> DatasetError {
        let patterns = card.layouts.prefix(4).map { layout in
            let first = requireImages ? layout.image[0] : layout.label.first ?? layout.image[0]
            return "\(first.text) (\(layout.name))"
        }
        let listed = card.cases.isEmpty ? [] : ["the files the card lists"]
        var next =
            card.obtain.isEmpty
            ? "check the path" : "`samdata datasets` says where to get it and where it must lie"
        if let refused = listing.findings.max(by: { $0.severity < $1.severity }) {
            next = "note: \(refused.place): \(refused.message)"
        }
        if let hint = betterRoot(card, root, requireImages) { next = hint }
        return DatasetError(
            .missing, file: root,
            found: "no \(requireImages ? "image" : "label map") of the data set \(card.name)",
            expected: (listed + patterns).joined(separator: " or "), nextStep: next)
    }

    /// Looks one folder down and two folders up for a place where the card would match.
    private static func betterRoot(_ card: DatasetCard, _ root: String, _ requireImages: Bool)
        -> String?
    {
        var candidates: [String] = []
        if let names = try? Folders.names(in: root) {
            let prefix = root.hasSuffix("/") ? root : root + "/"
            candidates = names.filter { !$0.hasPrefix(".") }.prefix(200).map { prefix + $0 }
                .filter(Folders.isFolder).prefix(32).map(\.self)
        }
        if let real = FilePath.resolved(root) {
            let parent = FilePath.folder(of: real)
            candidates += [parent, FilePath.folder(of: parent)].filter { $0 != "/" }
        }
        for candidate in candidates {
            guard
                let listing = try? FolderListing(
                    root: candidate, entryLimit: 20_000, shouldEnter: { card.mayLead(to: $0) }),
                let best = matches(card, listing.files, requireImages).first,
                best.score(requireImages: requireImages).0 > 0
            else { continue }
            return "pass --from \(candidate), which holds \(best.cases.count) cases "
                + "in the layout \(best.name)"
        }
        return nil
    }
}

extension DatasetCard {
    /// Whether files of the data set can lie in, or below, a folder.
    func mayLead(to folder: [Substring]) -> Bool {
        let path = folder.joined(separator: "/") + "/"
        return cases.contains { entry in
            [entry.image, entry.label, entry.annotation].contains { $0?.hasPrefix(path) == true }
        }
            || layouts.contains { layout in
                (layout.image + layout.label + layout.annotation).contains {
                    $0.mayLead(to: folder)
                }
            }
    }
}
