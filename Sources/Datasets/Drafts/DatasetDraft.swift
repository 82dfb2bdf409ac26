import SafeFiles

/// A first version of a card for a folder nobody described yet, made from file names.
///
/// Look first, read the label maps it found, then ask for the card:
///
/// ```swift
/// let draft = try DatasetDraft(lookingAt: "scans")
/// let values = readLabelValues(draft.cases.compactMap(\.label))
/// let card = try draft.card(named: "liver", labelValues: values)
/// print(card.jsonText)
/// ```
public struct DatasetDraft: Sendable {
    /// The cases found, sorted by id; every one has a label map, most have an image.
    public let cases: [CaseFiles]
    /// What was guessed, left out or not understood.
    public let findings: [Finding]
    /// The one layout that finds exactly these cases, or `nil` when the card must list them.
    public let layout: DatasetCard.Layout?

    /// Looks at the names of the NIfTI files in a folder, at most four folders deep.
    ///
    /// - Complexity: O(*n*) in the files; no file is opened.
    /// - Parameter root: The folder.
    /// - Throws: ``DatasetError`` when it cannot be read or no label map is found.
    public init(lookingAt root: String) throws(DatasetError) {
        let listing = try FolderListing(root: root, entryLimit: 200_000) { $0.count <= 4 }
        let pairing = DraftPairing(files: listing.files)
        guard !pairing.pairs.isEmpty else {
            let volumes = listing.files.count { VolumeName($0) != nil }
            throw DatasetError(
                .missing, file: root,
                found: volumes == 0
                    ? "no .nii or .nii.gz file" : "\(volumes) volumes, no label map",
                expected: "images and label maps told apart by folder (images, labels) or by name "
                    + "(x_ct.nii.gz, x_labels.nii.gz)",
                nextStep: "rename the files, or write a card by hand")
        }
        cases = pairing.pairs.map(\.files)
        layout = Self.commonLayout(pairing, listing.files)

        var findings = listing.findings
        if layout == nil, cases.contains(where: { $0.image != nil }) {
            findings.append(
                Finding(
                    .note, place: FilePath.name(of: root),
                    message: "no pattern finds exactly these pairs, so the card lists every case"))
        }
        let withoutImage = cases.filter { $0.image == nil }
        if withoutImage.count == cases.count {
            findings.append(
                Finding(
                    .warning, place: FilePath.name(of: root),
                    message: "no image was found, only label maps; the image pattern is a guess",
                    repair: "edit \"image\" in the card"))
        } else {
            findings += withoutImage.map {
                Finding(
                    .warning, place: $0.id, message: "label map \($0.label ?? "") has no image",
                    repair: "fetch the image or remove the case from the card")
            }
        }
        findings += pairing.lonelyImages.map {
            Finding(.note, place: $0, message: "volume has no label map; not used")
        }
        findings += pairing.unclear.map {
            Finding(
                .note, place: $0,
                message: "name mentions labels but is the label map of no case; not recognised",
                repair: "rename it, or list it in the card by hand")
        }
        self.findings = findings.heaviestFirst
    }

    /// The layout that every pair agrees on and that finds nothing else.
    private static func commonLayout(_ pairing: DraftPairing, _ files: [String])
        -> DatasetCard.Layout?
    {
        let labelPatterns = Set(pairing.pairs.map(\.labelPattern))
        guard labelPatterns.count == 1, case .some(.some(let labelText)) = labelPatterns.first
        else { return nil }
        let imagePatterns = Set(
            pairing.pairs.compactMap { $0.files.image == nil ? nil : $0.imagePattern })
        let paired = pairing.pairs.filter { $0.files.image != nil }
        guard imagePatterns.count <= 1, paired.allSatisfy({ $0.imagePattern != nil }) else {
            return nil
        }
        let imageText = imagePatterns.first ?? guessedImage(for: labelText)
        guard let image = try? PathPattern(imageText), let label = try? PathPattern(labelText),
            image != label
        else { return nil }
        let layout = DatasetCard.Layout(
            name: "found", image: [image], label: [label], annotation: [], labelRequired: true)

        // Try it: a pattern that is too generous would bring in files that are no images.
        let wanted = Set(pairing.pairs.map(\.files))
        let lonely = Set(pairing.lonelyImages)
        let match = LayoutMatch(layout, files: files, card: nil)
        let extra = match.cases.filter { !wanted.contains($0) }
        guard match.findings.isEmpty, match.cases.count - extra.count == wanted.count,
            extra.allSatisfy({ $0.label == nil && lonely.contains($0.image ?? "") })
        else { return nil }
        return layout
    }

    /// Where images probably lie when only label maps are there.
    private static func guessedImage(for label: String) -> String {
        let swaps = [
            ("labelsTr", "imagesTr"), ("labels", "images"), ("label", "img"),
            ("segmentations", "images"), ("segmentation", "volume"), ("masks", "images"),
            ("mask", "image"),
        ]
        for (from, to) in swaps {
            let swapped = label.split(separator: from, omittingEmptySubsequences: false)
                .joined(separator: to)
            if swapped != label { return swapped }
        }
        return "images/{case}.nii[.gz]"
    }
}
