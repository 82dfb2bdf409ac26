import Foundation

/// The repository, the command that was built, and the Python of the tests.
enum Tools {
    /// The root of the repository.
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The command: `SAMDATA`, or the product beside the test bundle.
    static let samdata: String = {
        if let path = ProcessInfo.processInfo.environment["SAMDATA"], !path.isEmpty { return path }
        // On Linux the bundle is an executable in the folder of the products; elsewhere it is inside a bundle.
        var folder = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        for _ in 0..<5 {
            folder.deleteLastPathComponent()
            let candidate = folder.appendingPathComponent("samdata").path
            if FileManager.default.isExecutableFile(atPath: candidate) { return candidate }
        }
        return root.appendingPathComponent(".build/debug/samdata").path
    }()

    /// The Python with h5py and nbmake: `SAMDATA_PYTHON`, or the environment `make test` makes; `nil` without one.
    static let python: String? = {
        let named = ProcessInfo.processInfo.environment["SAMDATA_PYTHON"] ?? ""
        if !named.isEmpty { return named }
        let own = root.appendingPathComponent(".build/python/bin/python").path
        return FileManager.default.isExecutableFile(atPath: own) ? own : nil
    }()

    /// What a program printed and how it ended.
    struct Outcome {
        var code: Int32
        var output: String
    }

    /// Runs a program to its end; both output streams are collected together.
    static func run(
        _ program: String, _ arguments: [String], in folder: URL = root
    ) throws -> Outcome {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = ProcessInfo.processInfo.environment.merging([
            "SAMDATA": samdata, "MPLBACKEND": "Agg", "PYTHONDONTWRITEBYTECODE": "1",
        ]) { $1 }
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let bytes = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Outcome(
            code: process.terminationStatus, output: String(decoding: bytes, as: UTF8.self))
    }

    /// Calls a body with an empty folder that is removed afterwards.
    static func withFolder(_ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("samdata-documents-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder)
    }

    /// The fenced blocks of a language in a document of the repository.
    static func blocks(_ language: String, in document: String) throws -> [String] {
        let text = try String(contentsOf: root.appendingPathComponent(document), encoding: .utf8)
        // Odd pieces lie between an opening and a closing fence.
        return text.components(separatedBy: "```").enumerated().compactMap { n, piece in
            n % 2 == 1 && piece.hasPrefix("\(language)\n")
                ? String(piece.dropFirst(language.count + 1)) : nil
        }
    }
}
