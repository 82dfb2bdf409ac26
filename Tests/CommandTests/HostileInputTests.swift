import Foundation
import Testing

/// Damaged and hostile files given to `prepare`: each ends soon, with little memory, in one line that names the file, with
/// nothing half-written.
@Suite("The command: hostile input")
struct HostileInputTests {
    /// The hostile NIfTI files that are kept; pairs are left out, their own tests read them.
    static let files: [String] = {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Fixtures/Hostile/nifti")
        return ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
            .filter { $0.hasSuffix(".nii") || $0.hasSuffix(".nii.gz") }.sorted()
            .map { folder.path + "/" + $0 }
    }()

    /// Runs `prepare` with a gigabyte of address space at most, and says what came of it.
    private func prepare(_ folder: EmptyFolder, _ options: [String] = []) throws
        -> (code: Int32, errors: String, seconds: Double)
    {
        let shell = Process()
        shell.executableURL = URL(fileURLWithPath: "/bin/sh")
        shell.arguments =
            [
                "-c", "ulimit -v 1048576; exec \"$0\" \"$@\" 2>err >out.txt", Command.path,
                "prepare", "--from",
                "in", "--to", "out", "--jobs", "1", "-q",
            ] + (options.contains("--card") ? [] : ["--card", "card.json"]) + options
        shell.currentDirectoryURL = URL(fileURLWithPath: folder.path)
        let clock = ContinuousClock()
        let start = clock.now
        try shell.run()
        shell.waitUntilExit()
        let parts = (clock.now - start).components
        let seconds = Double(parts.seconds) + Double(parts.attoseconds) * 1e-18
        let errors = String(decoding: try folder.data("err"), as: UTF8.self)
        #expect(shell.terminationReason == .exit, "\(errors)")
        return (shell.terminationStatus, errors, seconds)
    }

    /// What is left of a store in which no case could be prepared.
    private func checkNothingHalfWritten(_ folder: EmptyFolder, _ what: String) {
        #expect(
            folder.names("out").allSatisfy { ["cases", "plan.json", "units"].contains($0) },
            "\(what): \(folder.names("out"))")
    }

    @Test("the hostile files are there")
    func fixtures() { #expect(Self.files.count > 50) }

    @Test("a hostile image or label map is bad data", arguments: files, ["img", "label"])
    func nifti(path: String, role: String) throws {
        let folder = try EmptyFolder()
        try TinyNIfTI.write(1, to: folder)
        let suffix = path.hasSuffix(".gz") ? ".nii.gz" : ".nii"
        try FileManager.default.removeItem(atPath: "\(folder.path)/in/\(role)01.nii")
        try FileManager.default.copyItem(
            atPath: path, toPath: "\(folder.path)/in/\(role)01\(suffix)")
        let found = try prepare(folder)
        #expect(found.code == 65, "\(found.errors)")
        #expect(found.seconds < 10)
        #expect(
            found.errors.hasPrefix("error: case 01: in/\(role)01\(suffix): "), "\(found.errors)")
        #expect(found.errors.split(separator: "\n").count == 1)
        checkNothingHalfWritten(folder, path)
    }

    @Test("files that are no volumes at all are bad or missing data")
    func noVolumes() throws {
        let volume = TinyNIfTI.volume(size: (24, 20, 6), label: false)
        let table: [(String, Int32, (EmptyFolder) throws -> Void)] = [
            ("empty", 65, { try $0.write("in/img01.nii", Data()) }),
            ("zeros", 65, { try $0.write("in/img01.nii", Data(count: 10_000)) }),
            ("cut in the header", 65, { try $0.write("in/img01.nii", volume.prefix(200)) }),
            ("cut in the voxels", 65, { try $0.write("in/img01.nii", volume.dropLast(1)) }),
            (
                "of NaN spacing", 65,
                {
                    try $0.write(
                        "in/img01.nii",
                        TinyNIfTI.volume(size: (24, 20, 6), label: false) { bytes in
                            for n in 280..<328 { bytes[n] = 0xFF }
                        })
                }
            ),
            (
                "a link out of the folder", 65,
                { folder in
                    try folder.write("secret.nii", volume)
                    try FileManager.default.removeItem(atPath: folder.path + "/in/img01.nii")
                    try FileManager.default.createSymbolicLink(
                        atPath: folder.path + "/in/img01.nii", withDestinationPath: "../secret.nii")
                }
            ),
            (
                "a folder of that name", 65,
                { folder in
                    try FileManager.default.removeItem(atPath: folder.path + "/in/img01.nii")
                    try folder.write("in/img01.nii/x", "")
                }
            ),
        ]
        for (what, code, change) in table {
            let folder = try EmptyFolder()
            try TinyNIfTI.write(1, to: folder)
            try change(folder)
            let found = try prepare(folder)
            #expect([code, 66].contains(found.code), "\(what): \(found.code) \(found.errors)")
            #expect(found.errors.split(separator: "\n").count == 1, "\(what): \(found.errors)")
            checkNothingHalfWritten(folder, what)
        }
    }

    @Test("cards and splits with path tricks, wild sizes or bombs are configuration errors")
    func configuration() throws {
        let card = TinyNIfTI.card
        let pattern = "\"img{case}.nii[.gz]\""
        let cards = [
            card.replacing(pattern, with: "\"/etc/{case}\""),
            card.replacing(pattern, with: "\"../{case}.nii\""),
            card.replacing(pattern, with: "\"a/../../{case}.nii\""),
            card.replacing(pattern, with: "\"a\\\\{case}.nii\""),
            card.replacing(pattern, with: "\"{case}\\u0000.nii\""),
            card.replacing(pattern, with: "\"img.nii\""),
            card.replacing("\"id\": 1", with: "\"id\": 300"),
            card.replacing("\"id\": 1", with: "\"id\": 1e99"),
            card.replacing("\"values\": [1]", with: "\"values\": [0]"),
            card.replacing("\"name\": \"bar\"", with: "\"name\": \"../bar\""),
            card.replacing("samdata.dataset/1", with: "samdata.dataset/9"),
            String(repeating: "[", count: 100_000), String(card.dropLast(5)), "", "\u{FEFF}{}",
        ]
        for (n, text) in cards.enumerated() {
            let folder = try EmptyFolder()
            try TinyNIfTI.write(1, to: folder)
            try folder.write("card.json", text)
            let found = try prepare(folder)
            #expect(found.code == 78, "card \(n): \(found.errors)")
            #expect(found.errors.hasPrefix("error: card.json: "), "card \(n): \(found.errors)")
            #expect(found.errors.split(separator: "\n").count == 1)
            #expect(!folder.exists("out"))
        }
        let start = #"{"schema": "samdata.split/1", "name": "s", "dataset": "tiny", "parts": "#
        let splits = [
            start + #"{"train": ["../../etc"]}}"#, start + #"{"train": ["/01"]}}"#,
            start + #"{"train": [".."]}}"#, start + #"{"train": ["01", "01"]}}"#,
            start + #"{"train": ["01"], "test": ["01"]}}"#, start + #"{"train": [1]}}"#,
            start + "{}}",
            start + #"{"train": ["01"]}, "caseSliceCounts": {"01": -4}}"#,
            start + #"{"train": ["01"]}, "name": "t"}"#, start + #"{"train": ["01"]}, "extra": 1}"#,
        ]
        for (n, text) in splits.enumerated() {
            let folder = try EmptyFolder()
            try TinyNIfTI.write(1, to: folder)
            try folder.write("split.json", text)
            let found = try prepare(folder, ["--split", "split.json"])
            #expect(found.code == 78, "split \(n): \(found.errors)")
            #expect(found.errors.hasPrefix("error: split.json: "), "split \(n): \(found.errors)")
            #expect(found.errors.split(separator: "\n").count == 1)
            #expect(!folder.exists("out"))
        }
    }

    @Test("a store that somebody tampered with is refused by every command that reads it")
    func store() throws {
        let folder = try EmptyFolder()
        try TinyNIfTI.write(1, to: folder)
        #expect(try prepare(folder).code == 0)
        let manifest = String(decoding: try folder.data("out/manifest.json"), as: UTF8.self)
        let file = try folder.data("out/cases/01.h5")
        let changes = [
            manifest.replacing("cases/01.h5", with: "../../secret.h5"),
            manifest.replacing(/"bytes" : \d+/, with: "\"bytes\" : 9223372036854775807"),
            manifest.replacing(/"slices" : \d+/, with: "\"slices\" : -1"),
            manifest.replacing("samdata.manifest/1", with: "samdata.manifest/3"), "{", "",
        ]
        for text in changes {
            #expect(text != manifest)
            try folder.write("out/manifest.json", text)
            for arguments in [
                ["verify", "out"], ["inspect", "out"],
                ["view", "out", "--case", "01", "-o", "s.png"],
                ["export", "out", "--format", "npz", "--to", "x"],
            ] {
                let found = try Command.run(arguments, in: folder.path)
                #expect(found.code == 65, "\(arguments): \(found.errors)")
                #expect(found.errorLines.count == 1, "\(found.errors)")
                #expect(found.errors.contains("out/manifest.json: "), "\(found.errors)")
            }
        }
        try folder.write("out/manifest.json", manifest)
        for cut in [0, 100, file.count / 2, file.count - 1] {
            try folder.write("out/cases/01.h5", file.prefix(cut))
            for arguments in [
                ["view", "out", "--case", "01", "-o", "s.png"],
                ["export", "out", "--format", "npz", "--to", "x"],
            ] {
                let found = try Command.run(arguments, in: folder.path)
                #expect(found.code == 65, "\(arguments): \(found.errors)")
                #expect(found.errors.contains("01.h5"), "\(found.errors)")
                #expect(!folder.exists("s.png"))
            }
            #expect(try folder.run("verify", "out").code == 1)
        }
    }
}
