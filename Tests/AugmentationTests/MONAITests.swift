import Foundation
import SampleAugmentation
import Testing

/// A Python with MONAI, PyTorch, SciPy and nibabel, which `SAMDATA_PYTHON_MONAI` names.
enum MONAIPython {
    static let interpreter: String? = {
        let path = ProcessInfo.processInfo.environment["SAMDATA_PYTHON_MONAI"]
        return path.flatMap { $0.isEmpty ? nil : $0 }
    }()

    /// Writes the files of the reference programs.
    static func write(to folder: URL, seeds: [UInt32]?) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(interpreter))
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent()
        let script = tests.appendingPathComponent("Python/compare_augmentation.py").path
        let chosen = seeds.map { ["--seeds"] + $0.map(String.init) } ?? []
        process.arguments = ["-W", "ignore", script, folder.path] + chosen
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let text = String(decoding: output.suffix(2000), as: UTF8.self)
        try #require(process.terminationStatus == 0, "\(text)")
    }

    static func withFolder(_ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("samdata-monai-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder)
    }
}

@Suite(
    "Runs of MONAI itself",
    .enabled(
        if: MONAIPython.interpreter != nil,
        "set SAMDATA_PYTHON_MONAI to a Python with monai, torch, scipy and nibabel"))
struct MONAITests {
    @Test("Seeds that no file holds: the same parameters and the same arrays")
    func freshSeeds() throws {
        try MONAIPython.withFolder { folder in
            try MONAIPython.write(to: folder, seeds: [11, 2023, 987_654_321, 4_000_000_000])
            let fixtures = StreamFixtures(folder: folder)
            try MONAIComparison.compareParameters(fixtures)
            let compared = try MONAIComparison.compareArrays(fixtures)
            #expect(compared >= 20)
        }
    }

    @Test("The files that are checked in are what this MONAI, SciPy and NumPy give")
    func checkedIn() throws {
        try MONAIPython.withFolder { folder in
            try MONAIPython.write(to: folder, seeds: nil)
            let (old, new) = (StreamFixtures.checkedIn, StreamFixtures(folder: folder))
            let pairs = zip(try MONAIComparison.runs(old), try MONAIComparison.runs(new))
            var count = 0
            for (old, new) in pairs {
                #expect(old.samples.map(\.steps) == new.samples.map(\.steps))
                count += 1
            }
            #expect(count == 15)
            let arrays = (old: try old.arrays(), new: try new.arrays())
            #expect(arrays.old == arrays.new)
        }
    }
}
