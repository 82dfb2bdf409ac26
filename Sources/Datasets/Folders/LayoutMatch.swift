/// What one layout makes of a list of files.
struct LayoutMatch {
    /// The name of the layout.
    let name: String
    /// Whether a case should have a label map or outlines.
    let expectsLabels: Bool
    /// The cases, sorted by id.
    private(set) var cases: [CaseFiles]
    /// Files that are none of the layout.
    private(set) var unrecognised: [String] = []
    /// Cases with more than one file for the same use.
    private(set) var findings: [Finding] = []

    /// Sorts files into the cases of a layout.
    ///
    /// A file that fits a label or annotation pattern is never an image, so that `{case}.nii.gz` and
    /// `{case}_labels.nii.gz` can stand in one folder.
    init(_ layout: DatasetCard.Layout, files: [String], card: DatasetCard?) {
        name = layout.name
        expectsLabels = layout.labelRequired && !(layout.label.isEmpty && layout.annotation.isEmpty)
        var byID: [String: CaseFiles] = [:]
        var ranks: [String: Int] = [:]
        let roles: [(FileRole, [PathPattern])] = [
            (.label, layout.label), (.annotation, layout.annotation), (.image, layout.image),
        ]
        for file in files {
            guard let (role, rank, id) = Self.recognise(file, roles) else {
                unrecognised.append(file)
                continue
            }
            var entry = byID[id] ?? CaseFiles(id: id, patient: card?.patient(of: id))
            let key = "\(role.rawValue) \(id)"
            if let other = entry[keyPath: role.path], let otherRank = ranks[key] {
                // The pattern that stands first in the card wins, then the name that sorts first.
                let (kept, dropped) = rank < otherRank ? (file, other) : (other, file)
                entry[keyPath: role.path] = kept
                ranks[key] = min(rank, otherRank)
                findings.append(
                    Finding(
                        .error, place: id, message: "two \(role.noun)s: \(kept) and \(dropped)",
                        repair: "remove one of them"))
            } else {
                entry[keyPath: role.path] = file
                ranks[key] = rank
            }
            byID[id] = entry
        }
        cases = byID.values.sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
        dropVoxelFiles()
    }

    /// Takes the cases a card lists one by one.
    init?(listedIn card: DatasetCard, files: [String]) {
        guard !card.cases.isEmpty else { return nil }
        name = "listed"
        expectsLabels = card.cases.contains { $0.label != nil || $0.annotation != nil }
        let present = Set(files)
        var used: Set<String> = []
        cases = []
        for listed in card.cases {
            var entry = CaseFiles(id: listed.id, patient: card.patient(of: listed.id))
            let paths: [(FileRole, String?)] = [
                (.image, listed.image), (.label, listed.label), (.annotation, listed.annotation),
            ]
            for case (let role, let path?) in paths {
                guard present.contains(path) else {
                    findings.append(
                        Finding(
                            .error, place: listed.id,
                            message: "the card lists the \(role.noun) \(path), which is not there",
                            repair: "restore the file or correct the card"))
                    continue
                }
                entry[keyPath: role.path] = path
                used.insert(path)
            }
            if entry.image != nil || entry.label != nil || entry.annotation != nil {
                cases.append(entry)
            }
        }
        cases.sort { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
        unrecognised = files.filter { !used.contains($0) }
        dropVoxelFiles()
    }

    /// The voxel file of a pair (`x.img` beside `x.hdr`) belongs to its header and needs no remark.
    private mutating func dropVoxelFiles() {
        func stem(_ file: String, _ suffix: String) -> String? {
            for ending in [suffix, suffix + ".gz"] where file.hasSuffix(ending) {
                return String(file.dropLast(ending.count))
            }
            return nil
        }
        let files = cases.flatMap { [$0.image, $0.label].compactMap { $0 } }
        let headers = Set(files.compactMap { stem($0, ".hdr") })
        unrecognised.removeAll { stem($0, ".img").map(headers.contains) ?? false }
    }

    /// How well the layout explains the folder: complete cases first, then cases at all.
    func score(requireImages: Bool) -> (Int, Int) {
        let complete = cases.count { $0.isComplete || (!requireImages && $0.label != nil) }
        return (complete, cases.count { $0.image != nil || $0.label != nil })
    }

    private static func recognise(_ file: String, _ roles: [(FileRole, [PathPattern])])
        -> (role: FileRole, rank: Int, id: String)?
    {
        for (role, patterns) in roles {
            for (rank, pattern) in patterns.enumerated() {
                if let id = pattern.caseID(of: file) { return (role, rank, id) }
            }
        }
        return nil
    }
}
