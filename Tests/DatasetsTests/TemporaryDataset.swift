import Foundation

/// A new folder with empty files in it; every one is removed when the process ends.
struct TemporaryDataset {
    let root: String

    private static let parent: URL = {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("datasets-\(UUID().uuidString)")
        atexit { try? FileManager.default.removeItem(at: TemporaryDataset.parent) }
        return folder
    }()

    init(_ files: [String] = []) throws {
        let folder = Self.parent.appendingPathComponent(UUID().uuidString)
        root = folder.path
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for file in files { try add(file) }
    }

    /// Adds a file with its folders.
    func add(_ file: String, _ contents: String = "") throws {
        let url = URL(fileURLWithPath: root).appendingPathComponent(file)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(contents.utf8).write(to: url)
    }

    /// Adds a symbolic link.
    func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(
            atPath: root + "/" + name, withDestinationPath: target)
    }
}
