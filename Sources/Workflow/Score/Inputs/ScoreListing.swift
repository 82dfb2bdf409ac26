import SafeFiles

/// The files of a folder that can be scored.
struct ScoreListing {
    /// Paths relative to the folder, sorted by their bytes.
    private(set) var files: [String] = []
    /// Files of other kinds; only their number and an example are told.
    private(set) var others: [String] = []
    /// How many names were passed over: not UTF-8, or with control characters.
    private(set) var refused = 0

    private static let deepest = 8
    private static let mostEntries = 1_000_000

    private let root: String
    private var entries = 0
    private var visited: Set<String> = []

    /// Lists a folder and those below it; names that begin with a dot are passed over.
    ///
    /// Symbolic links are followed, but no folder is entered twice.
    ///
    /// - Throws: ``WorkflowError`` when the folder cannot be read or holds too much.
    init(root: String) throws(WorkflowError) {
        self.root = root
        try list("", depth: 0)
        files.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    private mutating func list(_ folder: String, depth: Int) throws(WorkflowError) {
        let path = folder.isEmpty ? root : "\(root)/\(folder)"
        guard depth <= Self.deepest, let real = FilePath.resolved(path),
            visited.insert(real).inserted
        else { return }
        let names: [String]
        do throws(FileError) { names = try Folders.names(in: path) } catch {
            throw WorkflowError(FailureKind(of: error), "\(error)")
        }
        entries += names.count
        guard entries <= Self.mostEntries else {
            throw WorkflowError(
                .data,
                "\(root): found more than \(Self.mostEntries) names, expected a folder with one file "
                    + "per case; pass the folder of the label maps itself")
        }
        for name in names where !name.hasPrefix(".") {
            // A name that is not UTF-8 comes with a replacement character, under which nothing is found.
            if name.unicodeScalars.contains(where: {
                $0.value < 32 || $0.value == 127 || $0 == "\u{FFFD}"
            }) {
                refused += 1
                continue
            }
            let relative = folder.isEmpty ? name : "\(folder)/\(name)"
            let full = "\(root)/\(relative)"
            if Folders.isFolder(full) {
                try list(relative, depth: depth + 1)
            } else if Folders.isFile(full) {
                if ScoreFormat.split(name) == nil || name.contains(AtomicFile.temporaryMarker) {
                    others.append(relative)
                } else {
                    files.append(relative)
                }
            }
        }
    }
}
