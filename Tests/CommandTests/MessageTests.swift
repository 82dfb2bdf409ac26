import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// Exit codes and the words of error messages: one line naming the place, what was found, what was expected, what to do.
@Suite("The command: exit codes and messages")
struct MessageTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let arguments: [String]
        let code: Int32
        let words: [String]

        init(_ line: String, _ code: Int32, _ words: String...) {
            arguments = line.split(separator: " ").map(String.init)
            self.code = code
            self.words = words
        }

        var testDescription: String { arguments.joined(separator: " ") }
    }

    /// Wrong usage: the argument parser prints its own usage below the message.
    @Test(
        "wrong usage is 64 and names the option, what was found and what is expected",
        arguments: [
            Row("nonsense", 64, "nonsense"),
            Row("prepare sample --from in", 64, "--to"),
            Row("prepare sample --from in --to out --unknown", 64, "--unknown"),
            Row("prepare --from in --to out", 64, "name a data set", "btcv", "--card FILE"),
            Row("prepare sampel --from in --to out", 64, "sampel", "sample"),
            Row(
                "prepare sample --from in --to out --axis up", 64, "--axis", "`up`",
                "axial, coronal"),
            Row(
                "prepare sample --from in --to out --orientation RAL", 64, "--orientation", "`RAL`",
                "LPS"),
            Row(
                "prepare sample --from in --to out --window 5,1", 64, "--window", "`5,1`",
                "LOW,HIGH"),
            Row("prepare sample --from in --to out --window p:5,101", 64, "--window"),
            Row("prepare sample --from in --to out --window nan,1", 64, "--window"),
            Row("prepare sample --from in --to out --size 0", 64, "--size", "`0`", "1 to 16384"),
            Row("prepare sample --from in --to out --size 20x", 64, "--size"),
            Row("prepare sample --from in --to out --size 224", 64, "--size", "--pixels uint8"),
            Row(
                "prepare sample --from in --to out --window none --pixels uint8", 64,
                "--window LOW,HIGH"),
            Row("prepare sample --from in --to out --prompts centre,centre", 64, "named twice"),
            Row("prepare sample --from in --to out --prompts box+0", 64, "`box+0`", "box+N"),
            Row("prepare sample --from in --to out --neighbours 33", 64, "--neighbours", "0 to 32"),
            Row(
                "prepare sample --from in --to out --shard 3/3", 64, "--shard", "`3/3`", "0 to N-1"),
            Row("prepare sample --from in --to out --shard -1/3", 64, "--shard"),
            Row("prepare sample --from in --to out --max-memory 0", 64, "--max-memory", "1 to"),
            Row("prepare sample --from in --to out --jobs 0", 64, "--jobs", "1 to 1024"),
            Row(
                "prepare sample --from in --to out --on-error panic", 64, "--on-error",
                "stop or skip"),
            Row("prepare sample --from in --to out --part all", 64, "--part", "train, validation"),
            Row("prepare sample --from in --to out --affine best", 64, "--affine", "sform"),
            Row("prepare sample --from in --to out --label-values own", 64, "--label-values"),
            Row("prepare sample --from in --to out --split sample42", 64, "sample42", "sample-4-2"),
            Row("prepare sample --from in --to out --seed -1", 64, "--seed"),
            Row("prepare sample --from in --to out --select all --min-area 4", 64, "--min-area"),
            Row("view out --case 1 -o s.png --limit 0", 64, "--limit"),
            Row("view out --case 1 -o s.png --frame up", 64, "--frame"),
            Row("view out --case 1 -o s.jpg", 64, "--output", "`s.jpg`", ".png"),
            Row("prepare sample --from in --to out --size x224", 64, "--size", "`x224`"),
            Row("prepare sample --from in --to out --axis axail", 64, "did you mean \"axial\"?"),
            Row(
                "prepare sample --from in --to out --prompts center", 64, "did you mean \"centre\"?"
            ),
            Row("prepare sample --from in --to out --prompts centre,", 64, "--prompts", "``"),
            Row("datasets --new my liver --from in", 64, "--new", "`my` and `liver`"),
            Row("export out --format tiff --to x", 64, "--format", "`tiff`", "coco"),
            Row("status out --shards -1", 64, "--shards"),
            Row("datasets --new mine", 64, "--from"),
            Row("datasets nothing", 64, "nothing", "btcv"),
        ])
    func usage(row: Row) throws {
        let folder = try EmptyFolder()
        let outcome = try Command.run(row.arguments, in: folder.path)
        #expect(outcome.code == row.code, "\(outcome.errors)")
        for word in row.words { #expect(outcome.errors.contains(word), "\(outcome.errors)") }
        #expect(outcome.output == "")
        #expect(folder.names() == [])
    }

    /// Everything else: one line that starts with `error: `.
    @Test(
        "what is wrong with data, files and folders is said in one line",
        arguments: [
            Row("prepare sample --from nowhere --to out", 66, "nowhere"),
            Row("prepare --card absent.json --from in --to out", 66, "absent.json", "No such file"),
            Row("prepare --card in --from in --to out", 66, "in:", "expected a regular file"),
            Row("prepare --card broken.json --from in --to out", 78, "broken.json"),
            Row("prepare --card escaping.json --from in --to out", 78, "escaping.json", ".."),
            Row(
                "prepare --card card.json --split absent.json --from in --to out", 66, "absent.json"
            ),
            Row(
                "prepare --card card.json --split escaping-split.json --from in --to out", 78,
                "../01"),
            Row(
                "prepare --card card.json --split btcv-24-6 --from in --to out", 65, "btcv-24-6",
                "tiny"),
            Row("prepare monuseg --from in --to out", 66, "in: ", "{case}.tif (flat)"),
            Row("prepare sample --from in --to out", 66, "in: ", "RawData/Training/img/img{case}"),
            Row("prepare --card card.json --case 99 --from in --to out", 66, "no case 99", "01 02"),
            Row(
                "prepare --card card.json --from in --to in/out", 78, "inside the input folder in",
                "--to"),
            Row("prepare --card card.json --from in --to file/out", 73, "file: ", "File exists"),
            Row(
                "prepare --card card.json --from in --to store --seed 5", 78,
                "seed: there 0, asked 5"),
            Row("verify nowhere", 66, "nowhere: found no folder", "a prepared store"),
            Row("merge nowhere", 66, "nowhere: found no folder"),
            Row("inspect in", 65, "in: has no manifest.json"),
            Row("merge in", 65, "in: has no plan.json"),
            Row("status in", 65, "in: has no plan.json"),
            Row("gc in", 65, "in: has no plan.json"),
            Row("view store --case 77 -o s.png", 66, "no case `77`", "01 02"),
            Row("view store --case 01 --slice 99 -o s.png", 66, "no slice 99", "from 1 to 5"),
            Row("view store --case 01 --prompts circle -o s.png", 66, "no prompt `circle`", "box"),
            Row("view store --case 01 -o none/s.png", 73, "none/s.png", "No such file"),
            Row(
                "view store --case 01 -o store/cases/02.png", 78, "store/cases/02.png",
                "inside the store"),
            Row("doctor nothing.nii", 66, "nothing.nii"),
            Row("doctor card.json", 65, "card.json"),
            Row("sample file/in", 73, "file"),
            Row("datasets --new x --from nowhere", 66, "nowhere"),
            Row("datasets --new ../x --from in", 64, "../x"),
        ])
    func messages(row: Row) throws {
        let folder = try EmptyFolder()
        try TinyNIfTI.write(2, to: folder)
        try folder.write("file", "no folder")
        try folder.write("broken.json", "{ \"schema\": ")
        try folder.write(
            "escaping.json", TinyNIfTI.card.replacing("\"img{case}", with: "\"../img{case}"))
        try folder.write(
            "escaping-split.json",
            #"{"schema": "samdata.split/1", "name": "s", "dataset": "tiny", "parts": {"train": ["../01"]}}"#
        )
        try folder.succeed("prepare", "--card", "card.json", "--from", "in", "--to", "store", "-q")
        let before = try folder.contents("")
        let outcome = try Command.run(row.arguments, in: folder.path)
        #expect(outcome.code == row.code, "\(outcome.errors)")
        let errors = outcome.errorLines.filter { $0.hasPrefix("error: ") }
        #expect(errors.count == 1, "\(outcome.errors)")
        let message = errors.first ?? ""
        for word in row.words { #expect(message.contains(word), "\(message)") }
        #expect(!outcome.errors.contains("\u{1B}"))
        #expect(
            outcome.errors.hasSuffix(message + "\n"),
            "the error is the last line: \(outcome.errors)")
        #expect(try folder.contents("") == before, "nothing was written")
    }

    @Test("sample never replaces a file with other contents, which may be a real scan")
    func sampleKeepsScans() throws {
        let folder = try EmptyFolder()
        try folder.write("d/RawData/Training/img/img0001.nii.gz", "a real scan")
        let refused = try folder.run("sample", "d", "-q")
        #expect(refused.code == 73)
        #expect(
            refused.errors.contains("img0001.nii.gz: another file is there"), "\(refused.errors)")
        #expect(
            try folder.data("d/RawData/Training/img/img0001.nii.gz") == Data("a real scan".utf8))
        try folder.succeed("sample", "e", "-q")
        try folder.succeed("sample", "e", "-q")
    }

    @Test("a corrected card replaces the plan as long as nothing was finished under the old one")
    func correctedCard() throws {
        let folder = try EmptyFolder()
        try TinyNIfTI.write(2, to: folder)
        let broken = TinyNIfTI.card.replacing("\"values\": [1", with: "\"values\": [71")
        try #require(broken != TinyNIfTI.card)
        try folder.write("broken.json", broken)
        let failed = try folder.run("prepare", "--card", "broken.json", "--from", "in", "--to", "o")
        #expect(failed.code == 65, "\(failed.errors)")
        try folder.succeed("prepare", "--card", "card.json", "--from", "in", "--to", "o", "-q")
        let again = try folder.run("prepare", "--card", "broken.json", "--from", "in", "--to", "o")
        #expect(again.code == 78)
        #expect(again.errors.contains("the card file has changed"), "\(again.errors)")
    }

    @Test("doctor reads every voxel: a cut file is refused")
    func doctorReadsVoxels() throws {
        let folder = try EmptyFolder()
        let whole = TinyNIfTI.volume(size: (24, 20, 6), label: false, seed: 3)
        try folder.write("whole.nii", whole)
        try folder.write("cut.nii", Data(whole.dropLast(7)))
        #expect(try folder.succeed("doctor", "whole.nii").output.contains("2880 voxels read"))
        #expect(try folder.run("doctor", "cut.nii").code == 65)
    }

    @Test("false checks end with 1 and say what is wrong on stdout")
    func falseChecks() throws {
        let folder = try EmptyFolder()
        try TinyNIfTI.write(2, to: folder)
        try folder.succeed("prepare", "--card", "card.json", "--from", "in", "--to", "out", "-q")
        var bytes = try folder.data("out/cases/02.h5")
        bytes[bytes.count - 40] ^= 1
        try folder.write("out/cases/02.h5", bytes)
        let verify = try folder.run("verify", "out")
        #expect(verify.code == 1)
        #expect(verify.output.contains("wrong: cases/02.h5: found sha256"))
        try folder.write(
            "in/label01.nii", TinyNIfTI.volume(size: (24, 20, 6), label: false, seed: 3))
        let check = try folder.run("check", "--card", "card.json", "--from", "in")
        #expect(check.code == 1)
        #expect(check.output.contains("label01.nii"), "\(check.output)")
    }

    @Test("--on-error skip prepares the others, names the bad case, and still ends with 65")
    func skipping() throws {
        let folder = try EmptyFolder()
        try TinyNIfTI.write(3, to: folder)
        let good = try folder.data("in/img02.nii")
        try folder.write("in/img02.nii", good.prefix(5000))
        let stopped = try folder.run("prepare", "--card", "card.json", "--from", "in", "--to", "a")
        #expect(stopped.code == 65)
        #expect(folder.names("a/cases") == ["01.h5"])
        let skipped = try folder.run(
            "prepare", "--card", "card.json", "--from", "in", "--to", "b", "--on-error", "skip")
        #expect(skipped.code == 65)
        #expect(skipped.errors.contains("img02.nii"))
        #expect(folder.names("b/cases") == ["01.h5", "03.h5"])
        #expect(skipped.output.contains("2 prepared, 0 found finished, 1 failed"))
        let merge = try folder.run("merge", "b")
        #expect(merge.code == 65)
        #expect(merge.errors.contains("02 (failed)"))
        try folder.succeed("merge", "b", "--allow-missing")
        let verify = try folder.succeed("verify", "b")
        #expect(verify.output.contains("left out by the merge: 02"), "\(verify.output)")
    }

    @Test("an output that may not be written to is 73", .enabled(if: getuid() != 0))
    func permissions() throws {
        let folder = try EmptyFolder()
        try TinyNIfTI.write(1, to: folder)
        try FileManager.default.createDirectory(
            atPath: folder.path + "/closed", withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o500])
        let outcome = try folder.run(
            "prepare", "--card", "card.json", "--from", "in", "--to", "closed/out")
        #expect(outcome.code == 73)
        #expect(outcome.errors.contains("check the permissions"))
    }

    @Test("nothing that is not a terminal gets an escape byte, colour or not")
    func escapes() throws {
        let folder = try EmptyFolder()
        try TinyNIfTI.write(2, to: folder)
        for variables in [
            [:], ["NO_COLOR": "1"], ["TERM": "xterm-256color", "CLICOLOR_FORCE": "1"],
        ] {
            for arguments in [
                ["prepare", "--card", "card.json", "--from", "in", "--to", UUID().uuidString],
                ["prepare", "sample", "--from", "nowhere", "--to", "x"], ["datasets"], ["--help"],
            ] {
                let outcome = try Command.run(arguments, in: folder.path, environment: variables)
                #expect(!(outcome.output + outcome.errors).utf8.contains(0x1B), "\(arguments)")
            }
        }
    }
}
