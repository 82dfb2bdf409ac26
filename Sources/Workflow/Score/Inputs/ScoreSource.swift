import SafeFiles
import SampleStore

/// Where one side of a score comes from.
enum ScoreSource: Hashable, Sendable {
    /// One file, or one array in a file.
    case file(ScoreFile)
    /// A folder of files, one per case.
    case folder(String)
    /// A prepared store.
    case store(StoreLayout)
    /// A text file that lists files.
    case list(String)

    private static let listEndings = [".txt", ".csv", ".tsv"]

    /// Reads what was typed: a file, `file.h5:/array`, `file.npz:array`, a folder, a prepared store, or a list
    /// (`.txt`, `.csv`, `.tsv`).
    ///
    /// - Parameters:
    ///   - text: A path as typed.
    ///   - array: The array of an `.npz` or `.h5` file, when the text names none.
    /// - Returns: The source; its files are not opened.
    /// - Throws: ``WorkflowError`` when nothing is there, or it is nothing that can be scored.
    static func parse(_ text: String, array: String? = nil) throws(WorkflowError) -> ScoreSource {
        if text.isEmpty || text.utf8.contains(0) {
            throw WorkflowError(
                .usage, "an empty path: expected a file, a folder, a prepared store or a list")
        }
        if Folders.isFolder(text) {
            let layout = StoreLayout(root: text)
            let isStore = Folders.isFile(layout.manifest) || Folders.isFile(layout.plan)
            return isStore ? .store(layout) : .folder(layout.root)
        }
        if Folders.isFile(text) {
            if listEndings.contains(where: text.lowercased().hasSuffix) { return .list(text) }
            return .file(try file(text, display: FilePath.name(of: text), array: array))
        }
        // A path may hold colons of its own: the first that follows an existing file counts.
        for colon in text.indices where text[colon] == ":" {
            let path = String(text[..<colon])
            guard Folders.isFile(path) else { continue }
            let key = String(text[text.index(after: colon)...])
            let found = try file(path, display: FilePath.name(of: path), array: key)
            guard found.format.holdsArrays, !key.isEmpty else {
                throw WorkflowError(
                    .usage,
                    "\(text): found a file followed by `:\(key)`, expected an array of an .npz or .h5 "
                        + "file, as in case.npz:label or case.h5:/label")
            }
            return .file(found)
        }
        throw WorkflowError(
            .missingInput,
            "\(text): found nothing there, expected a file, a folder, a prepared store or a list; "
                + "check the path")
    }

    /// A file of a format that is read.
    static func file(
        _ path: String, display: String, array: String? = nil
    ) throws(WorkflowError) -> ScoreFile {
        guard let (_, format) = ScoreFormat.split(FilePath.name(of: path)) else {
            throw WorkflowError(
                .usage,
                "\(display): found a file that is not scored, expected a name ending in "
                    + "\(ScoreFormat.endingNames), or a list (.txt, .csv, .tsv)")
        }
        return ScoreFile(displayPath: display, path: path, format: format, key: array)
    }
}
