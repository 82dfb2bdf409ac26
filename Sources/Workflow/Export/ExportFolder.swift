import SafeFiles
import SampleStore

/// The folder an export goes to: refuses foreign contents, keeps what an earlier run of the same export finished.
///
/// Every file appears whole or not at all, and the header of the export is compared before anything is written. A file that
/// is there under its final name is therefore complete, and is kept as it is.
struct ExportFolder: Sendable {
    /// The path of the folder.
    let root: String

    /// Checks the folder and marks the export as running.
    init(_ path: String, record: ExportRecord, store: StoreLayout) throws {
        root = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        try Self.refuse(root, inside: store)
        if Folders.isFile(root) {
            throw WorkflowError(
                .cannotCreate,
                "\(root): found a file, expected a folder to export to; choose another one")
        }
        try Folders.make(root)
        // A path such as `new/../store` only tells where it leads once it exists.
        try Self.refuse(root, inside: store)
        let names = try Folders.names(in: root)
        let marks = [ExportRecord.fileName, ExportRecord.partialName].filter(names.contains)
        if let mark = marks.first {
            let differences = record.differences(from: try ExportRecord.read("\(root)/\(mark)"))
            guard differences.isEmpty else {
                throw WorkflowError(
                    .configuration,
                    "\(root): another export is there: \(differences.joined(separator: "; ")); "
                        + "choose another folder, or repeat the command as it was")
            }
        } else if let stranger = names.first(where: { !$0.contains(AtomicFile.temporaryMarker) }) {
            throw WorkflowError(
                .cannotCreate,
                "\(root): found `\(stranger)`, expected an empty folder or one with an export.json; "
                    + "choose another folder")
        }
        try removeTemporaries(in: root)
        try AtomicFile.write(
            try CanonicalJSON.pretty(record), to: "\(root)/\(ExportRecord.partialName)")
        try Folders.removeFile("\(root)/\(ExportRecord.fileName)")
    }

    /// Makes a folder below the root and removes what a killed run left in it.
    func make(_ relative: String) throws {
        let path = "\(root)/\(relative)"
        try Folders.make(path)
        try removeTemporaries(in: path)
    }

    /// Writes a file, unless it is there already.
    ///
    /// - Parameters:
    ///   - relative: Its path below the root.
    ///   - contents: Makes the bytes; not called for a file that is there.
    /// - Returns: The file, counted.
    /// - Throws: `FileError` when it cannot be written, and what `contents` throws.
    func write(_ relative: String, _ contents: () throws -> [UInt8]) throws -> FileTally {
        try publish(relative) { try AtomicFile.write(try contents(), to: $0) }
    }

    /// Writes a file through a body that publishes it in one step, unless it is there already.
    func publish(_ relative: String, _ body: (_ path: String) throws -> Void) throws -> FileTally {
        let path = "\(root)/\(relative)"
        if let size = Folders.size(of: path) { return FileTally(files: 1, bytes: size, kept: 1) }
        try body(path)
        return try tally(relative)
    }

    /// Writes a file, also when it is there already.
    func rewrite(_ relative: String, _ contents: [UInt8]) throws -> FileTally {
        try AtomicFile.write(contents, to: "\(root)/\(relative)")
        return try tally(relative)
    }

    /// A file that has just been written, counted.
    func tally(_ relative: String) throws -> FileTally {
        let path = "\(root)/\(relative)"
        guard let size = Folders.size(of: path) else {
            throw FileError(.missing, path: path, message: "file vanished after it was written")
        }
        return FileTally(files: 1, bytes: size, kept: 0)
    }

    /// Marks the export as finished.
    func finish(_ record: ExportRecord) throws {
        try AtomicFile.write(
            try CanonicalJSON.pretty(record), to: "\(root)/\(ExportRecord.fileName)")
        try Folders.removeFile("\(root)/\(ExportRecord.partialName)")
    }

    private func removeTemporaries(in path: String) throws {
        for name in try Folders.names(in: path) where name.contains(AtomicFile.temporaryMarker) {
            try Folders.removeFile("\(path)/\(name)")
        }
    }

    private static func refuse(_ root: String, inside store: StoreLayout) throws {
        if FilePath.isInside(root, of: store.root) {
            throw WorkflowError(
                .configuration,
                "\(root): the output lies inside the store \(store.root); choose a folder outside of it"
            )
        }
    }
}
