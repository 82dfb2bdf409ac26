import MedicalDatasets
import SafeFiles
import SampleStore

/// The files of one side with the case each belongs to.
struct ScoreSide {
    /// One file and its case.
    struct Entry: Hashable {
        let id: String
        let file: ScoreFile
        let patient: String?
    }

    /// What messages call the side: `reference` or `prediction`.
    let role: String
    /// The source as typed, for messages.
    let place: String
    /// The files, in the order of the source.
    var entries: [Entry] = []
    /// What a user should know about the source.
    var findings: [Finding] = []
    /// Whether ids may be changed to those of the other side: they were taken from file names by rule.
    var idsAreGuessed = false

    /// The path of an entry that lies in a folder.
    static func file(_ relative: String, in root: String, array: String?) -> ScoreFile? {
        guard let (_, format) = ScoreFormat.split(FilePath.name(of: relative)) else { return nil }
        return ScoreFile(
            displayPath: relative, path: root == "/" ? "/\(relative)" : "\(root)/\(relative)",
            format: format, key: array)
    }

    /// The finished units of a prepared store.
    init(role: String, store layout: StoreLayout) throws(WorkflowError) {
        (self.role, place) = (role, layout.root)
        do {
            let manifest = try Manifest.read(layout)
            let copies = manifest.cases.count { $0.copyOf != nil }
            guard copies == 0 || copies < manifest.cases.count else {
                throw WorkflowError(
                    .configuration,
                    "\(layout.root): found augmented copies only, which no longer lie on the voxels of their "
                        + "volumes; score the store they were made from")
            }
            entries = manifest.cases.filter { $0.copyOf == nil }.map { unit in
                Entry(
                    id: unit.id,
                    file: ScoreFile(
                        displayPath: unit.path, path: layout.caseFile(unit.id),
                        format: .preparedCase),
                    patient: unit.patient.isEmpty ? nil : unit.patient)
            }
            if copies > 0 {
                findings.append(
                    Finding(
                        .note, place: layout.root,
                        message: "\(copies) augmented copies of the \(role) are left out",
                        repair: ""))
            }
            findings += manifest.missing.map {
                Finding(
                    .warning, place: layout.root, message: "unit \($0) of the \(role) is missing",
                    repair: "prepare it, or leave it out")
            }
        } catch { throw WorkflowError(FailureKind(of: error), "\(error)") }
    }

    /// One file; its id is its name.
    init(role: String, file: ScoreFile) {
        (self.role, place) = (role, file.displayPath)
        entries = [Entry(id: ScoreNames.stem(file.displayPath), file: file, patient: nil)]
        idsAreGuessed = true
    }

    /// One side of a list, or a list of one side.
    init(role: String, list: ScoreList, isPrediction: Bool, array: String?) throws(WorkflowError) {
        (self.role, place) = (role, list.path)
        idsAreGuessed = !list.lines.contains { $0.id != nil }
        for line in list.lines {
            let id = line.id ?? ScoreNames.stem(line.file)
            guard let written = isPrediction ? line.prediction : line.file else { continue }
            let file: ScoreFile
            do throws(WorkflowError) {
                file = try Self.listed(written, list, array)
            } catch {
                throw WorkflowError(
                    error.kind, "\(list.path): line \(line.number): \(error.message)")
            }
            if isPrediction, !Folders.isFile(file.path) {
                findings.append(
                    Finding(
                        .warning, place: id, message: "prediction \(written) is not there",
                        repair: "check line \(line.number) of \(list.path)"))
                continue
            }
            entries.append(Entry(id: id, file: file, patient: line.patient))
        }
    }

    private static func listed(
        _ written: String, _ list: ScoreList, _ array: String?
    ) throws(WorkflowError) -> ScoreFile {
        let display = written.hasPrefix("/") ? FilePath.name(of: written) : written
        let path = list.resolved(written)
        if ScoreFormat.split(FilePath.name(of: written)) != nil || Folders.isFile(path) {
            return try ScoreSource.file(path, display: display, array: array)
        }
        guard let colon = written.firstIndex(of: ":") else {
            return try ScoreSource.file(path, display: display, array: array)
        }
        let key = String(written[written.index(after: colon)...])
        let file = String(written[..<colon])
        return try ScoreSource.file(
            list.resolved(file),
            display: file.hasPrefix("/") ? FilePath.name(of: file) : file,
            array: key.isEmpty ? array : key)
    }

    /// The case files of a folder, their ids taken from a pattern, the card or their names.
    init(
        role: String, folder root: String, listing: ScoreListing, naming: ScoreNaming,
        array: String?
    ) {
        (self.role, place) = (role, root)
        idsAreGuessed = naming.isGuess
        for (relative, id) in naming.ids(of: listing.files) {
            guard let file = Self.file(relative, in: root, array: array) else { continue }
            entries.append(Entry(id: id, file: file, patient: nil))
        }
        entries.sort { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
        if listing.refused > 0 {
            findings.append(
                Finding(
                    .warning, place: root,
                    message:
                        "\(listing.refused) names of the \(role) folder hold control characters or are "
                        + "not UTF-8; they were passed over",
                    repair: "rename them"))
        }
        let unused = listing.files.count - entries.count
        if unused > 0 {
            let known = Set(entries.map(\.file.displayPath))
            let example = listing.files.first { !known.contains($0) } ?? ""
            findings.append(
                Finding(
                    .note, place: root,
                    message: "\(unused) \(unused == 1 ? "file" : "files") of the \(role) folder "
                        + "(\(example)) belong to no case by \(naming.description)"))
        }
    }

    /// Makes sure that no case has two files.
    func checkUnique() throws(WorkflowError) {
        var seen: [String: Entry] = [:]
        for entry in entries {
            if let other = seen[entry.id] {
                throw WorkflowError(
                    .data,
                    "\(place): case `\(entry.id)` has two \(role) files, \(other.file.name) and "
                        + "\(entry.file.name); remove one of them, or say which is meant with "
                        + (role == "reference" ? "--pattern" : "--prediction-pattern"))
            }
            seen[entry.id] = entry
        }
    }
}

/// A rule that takes the case id from the path of a file.
struct ScoreNaming: CustomStringConvertible {
    private enum Rule {
        case patterns([PathPattern], nameOnly: Bool)
        case listed([String: String])
        case stems
    }
    private let rule: Rule
    /// The rule in words, for messages.
    let description: String
    /// Whether nobody wrote the rule down for these files.
    var isGuess: Bool { if case .stems = rule { true } else { false } }

    /// The file name without its ending.
    static let stems = ScoreNaming(rule: .stems, description: "the file names")

    /// One pattern, as typed.
    init(_ pattern: PathPattern) {
        self.init(
            rule: .patterns([pattern], nameOnly: false), description: "the pattern \(pattern.text)")
    }

    private init(rule: Rule, description: String) {
        (self.rule, self.description) = (rule, description)
    }

    /// The rules a card gives, those that say most first: its list, its layouts, then the last parts of their patterns.
    static func rules(of card: DatasetCard, withImages: Bool) -> [ScoreNaming] {
        var rules: [ScoreNaming] = []
        let listed = card.cases.compactMap { entry in entry.label.map { ($0, entry.id) } }
        if !listed.isEmpty {
            rules.append(
                ScoreNaming(
                    rule: .listed(Dictionary(listed) { first, _ in first }),
                    description: "the list of the card \(card.name)"))
        }
        func add(_ patterns: [PathPattern], _ layout: DatasetCard.Layout, _ what: String) {
            guard !patterns.isEmpty else { return }
            let text = "the \(what) of layout \(layout.name) of the card \(card.name)"
            rules.append(
                ScoreNaming(rule: .patterns(patterns, nameOnly: false), description: text))
            let names = patterns.compactMap { try? PathPattern(FilePath.name(of: $0.text)) }
            if !names.isEmpty {
                rules.append(
                    ScoreNaming(rule: .patterns(names, nameOnly: true), description: text))
            }
        }
        for layout in card.layouts { add(layout.label, layout, "label maps") }
        if withImages { for layout in card.layouts { add(layout.image, layout, "images") } }
        return rules
    }

    /// Every file the rule knows, with its case id.
    func ids(of files: [String]) -> [(file: String, id: String)] {
        switch rule {
        case .stems: return ScoreNames.stems(files)
        case .listed(let ids): return files.compactMap { file in ids[file].map { (file, $0) } }
        case .patterns(let patterns, let nameOnly):
            return files.compactMap { file in
                let text = nameOnly ? FilePath.name(of: file) : file
                for pattern in patterns {
                    if let id = pattern.caseID(of: text) { return (file, id) }
                }
                return nil
            }
        }
    }
}
