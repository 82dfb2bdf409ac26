import Foundation
import Testing

/// What a user does with predictions, from the first score to a comparison.
@Suite("The command: scoring")
struct ScoreCommandTests {
    private static let reference = "s/RawData/Training/label"

    /// The sample with the masks of two made-up models, in a folder of its own.
    private func sample() throws -> EmptyFolder {
        let folder = try EmptyFolder()
        _ = try folder.succeed("sample", "s", "--predictions", "--quiet")
        return folder
    }

    private func score(
        _ folder: EmptyFolder, _ more: String..., model: String = "a"
    ) throws -> Command.Outcome {
        try Command.run(
            [
                "score", "--reference", Self.reference, "--prediction", "s/predictions/\(model)",
                "--dataset", "sample", "--metrics", "dice,hd95", "--quiet",
            ] + more, in: folder.path)
    }

    private func json(_ text: String) throws -> [String: Any] {
        try #require(
            try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    private func text(_ folder: EmptyFolder, _ name: String) throws -> String {
        try String(contentsOfFile: folder.path + "/" + name, encoding: .utf8)
    }

    @Test("a score prints a table and writes every kind of report")
    func everyReport() throws {
        let folder = try sample()
        let outcome = try score(
            folder, "--json", "a.json", "--csv", "a.csv", "--latex", "a.tex", "--markdown", "a.md",
            "--report", "a.html", "--spread", "--against", "published:sam-lst", "--images",
            "s/RawData/Training/img")
        #expect(outcome.code == 0 && outcome.errors == "", "\(outcome.errors)")
        #expect(outcome.output.contains("right adrenal gland"))
        #expect(outcome.output.contains("Not comparable"))
        #expect(!outcome.output.contains("\u{1B}"))
        #expect(try json(text(folder, "a.json"))["schema"] as? String == "samdata.score/1")
        #expect(try text(folder, "a.csv").hasPrefix("case,slice,label,label_name,tp,fp,fn,tn,dice"))
        #expect(try text(folder, "a.tex").contains("\\toprule"))
        #expect(try text(folder, "a.md").contains("| label |"))
        let page = try text(folder, "a.html")
        #expect(page.contains("<h2>Worst cases</h2>") && page.contains("data:image/png;base64,"))
    }

    @Test("--json without a file prints one document; threads do not change it")
    func jsonOnStdout() throws {
        let folder = try sample()
        let first = try score(folder, "--jobs", "1", "--json")
        #expect(first.code == 0, "\(first.errors)")
        var one = try json(first.output)
        var three = try json(try score(folder, "--json", "-", "--jobs", "3").output)
        #expect(one["schema"] as? String == "samdata.score/1")
        one["command"] = nil
        three["command"] = nil
        #expect(NSDictionary(dictionary: one) == NSDictionary(dictionary: three))
    }

    @Test("limits decide the exit code, and a name that is not there is wrong usage")
    func limits() throws {
        let folder = try sample()
        #expect(try score(folder, "--fail-under", "dice=0.5").code == 0)
        let below = try score(folder, "--fail-under", "dice:liver=0.99")
        #expect(below.code == 1 && below.errors.contains("dice of liver is 0.9"))
        #expect(try score(folder, "--fail-over", "hd95=1").code == 1)
        #expect(try score(folder, "--fail-under", "dice:lung=0.5").code == 64)
        #expect(try score(folder, "--fail-under", "assd=0.5").errors.contains("--metrics"))
        let unknown = try Command.run(
            ["score", "--reference", "x", "--prediction", "y", "--metrics", "dise"],
            in: folder.path)
        #expect(unknown.code == 64 && unknown.errors.contains("dice"), "\(unknown.errors)")
    }

    @Test("a missing and a broken prediction are rows, named on stderr, and the code is 65")
    func broken() throws {
        let folder = try sample()
        let model = folder.path + "/s/predictions/a"
        try FileManager.default.removeItem(atPath: model + "/0003.nii.gz")
        let whole = try Data(contentsOf: URL(fileURLWithPath: model + "/0004.nii.gz"))
        try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: model + "/0004.nii.gz"))
        let outcome = try score(folder, "--json", "a.json")
        #expect(outcome.code == 65)
        #expect(
            outcome.errorLines.count == 1 && outcome.errors.contains("0004"), "\(outcome.errors)")
        let cases = try #require(try json(text(folder, "a.json"))["cases"] as? [[String: Any]])
        #expect(
            cases.map { $0["outcome"] as? String } == [
                "scored", "scored", "missing", "error", "scored", "scored",
            ])
        #expect(try score(folder, model: "none").code == 66)
    }

    @Test("--verify holds for the inputs of a report, and finds a changed file")
    func verify() throws {
        let folder = try sample()
        #expect(try score(folder, "--json", "a.json").code == 0)
        let same = try Command.run(["score", "--verify", "a.json"], in: folder.path)
        #expect(same.code == 0 && same.output.contains("12 input files"), "\(same.errors)")
        let target = folder.path + "/s/predictions/a/0001.nii.gz"
        try FileManager.default.removeItem(atPath: target)
        try FileManager.default.copyItem(
            atPath: folder.path + "/s/predictions/b/0001.nii.gz", toPath: target)
        let changed = try Command.run(["score", "--verify", "a.json"], in: folder.path)
        #expect(changed.code == 1 && changed.output.contains("prediction 0001.nii.gz"))
        try Data("{}".utf8).write(to: URL(fileURLWithPath: folder.path + "/a.json"))
        #expect(try Command.run(["score", "--verify", "a.json"], in: folder.path).code == 65)
    }

    @Test("conventions, metrics and tables can be listed, and every convention is accepted")
    func lists() throws {
        let folder = try sample()
        #expect(
            try folder.succeed("score", "--list", "metrics").output.contains("hd95:pooled-voxels"))
        #expect(
            try folder.succeed("score", "--list", "published").output.contains("published:sam-lst"))
        let conventions = try folder.succeed("score", "--list", "conventions").output
        let names = [
            "standard", "surfel", "medpy", "monai", "monai-count", "deepmind", "reloaded", "nnunet",
            "synapse", "panoptica", "seg-metrics", "simpleitk", "hovernet", "stardist", "cellpose",
            "camelyon16", "brats",
        ]
        for name in names {
            #expect(conventions.contains("\n\(name) "), "\(name)")
            #expect(try score(folder, "--convention", name, "--only-label", "spleen").code == 0)
        }
        #expect(try score(folder, "--convention", "mine").code == 64)
    }

    @Test("an organ that TransUNet's code rewards for being invented has Dice 1 under its name")
    func synapse() throws {
        let folder = try sample()
        _ = try score(folder, "--convention", "synapse", "--csv", "a.csv")
        let line = try #require(
            try text(folder, "a.csv").split(separator: "\n").first {
                $0.hasPrefix("0002,,4,gallbladder,")
            })
        #expect(line.hasSuffix(",1,ghost,0,ghost"), "\(line)")
    }

    @Test("a result never goes over an input, and two results not into one file")
    func outputs() throws {
        let folder = try sample()
        let over = try Command.run(
            [
                "score", "--reference", "s/predictions/a/0001.nii.gz", "--prediction",
                "s/predictions/b/0001.nii.gz", "--csv", "s/predictions/b/0001.nii.gz",
            ], in: folder.path)
        #expect(over.code == 64 && over.errors.contains("is an input"))
        #expect(try score(folder, "--csv", "x", "--latex", "x").code == 64)
    }

    @Test("a list of pairs stands for both sides, and classes are scored from tables")
    func lists2() throws {
        let folder = try sample()
        try Data(
            "reference,prediction,case\n\(Self.reference)/label0001.nii.gz,s/predictions/a/0001.nii.gz,one\n"
                .utf8
        ).write(to: URL(fileURLWithPath: folder.path + "/pairs.csv"))
        let pairs = try Command.run(
            [
                "score", "--reference", "pairs.csv", "--metrics", "dice", "--dataset", "sample",
                "--json",
            ],
            in: folder.path)
        #expect(pairs.code == 0, "\(pairs.errors)")
        let cases = try #require(try json(pairs.output)["cases"] as? [[String: Any]])
        #expect(cases.map { $0["id"] as? String } == ["one"])
        for (name, organ) in [("gt", "liver"), ("pred", "spleen")] {
            try Data("id,organ\na,liver\nb,\(organ)\n".utf8).write(
                to: URL(fileURLWithPath: folder.path + "/\(name).csv"))
        }
        let classes = try Command.run(
            ["score", "--task", "classes", "--reference", "gt.csv", "--prediction", "pred.csv"],
            in: folder.path)
        #expect(classes.code == 0 && classes.output.contains("0.5000"), "\(classes.errors)")
    }
}

@Suite("The command: comparing")
struct CompareCommandTests {
    @Test("two models are compared case by case, in the terminal, as JSON and as a page")
    func compare() throws {
        let folder = try EmptyFolder()
        _ = try folder.succeed("sample", "s", "--predictions", "--quiet")
        for (name, more) in [("a", []), ("b", []), ("c", ["--convention", "medpy"])] {
            let model = name == "c" ? "b" : name
            let outcome = try Command.run(
                [
                    "score", "--reference", "s/RawData/Training/label", "--prediction",
                    "s/predictions/\(model)", "--dataset", "sample", "--metrics", "dice,assd",
                    "--quiet", "--json", "\(name).json",
                ] + more, in: folder.path)
            #expect(outcome.code == 0, "\(outcome.errors)")
        }
        let table = try folder.succeed("compare", "a.json", "b.json", "--report", "c.html")
        #expect(table.output.contains("Dice: a - b") && table.output.contains("mean over labels"))
        #expect(
            try String(contentsOfFile: folder.path + "/c.html", encoding: .utf8).contains(
                "<h1>a against b</h1>"))
        let document = try folder.succeed("compare", "a.json", "b.json", "--json").output
        #expect(document.contains("\"schema\" : \"samdata.compare/1\""))
        #expect(
            try folder.succeed("compare", "a.json", "b.json", "--names", "ours,theirs").output
                .contains("Dice: ours - theirs"))
        func code(_ arguments: String...) throws -> Int32 {
            try Command.run(["compare"] + arguments, in: folder.path).code
        }
        #expect(try code("a.json") == 64)
        #expect(try code("a.json", "a.json") == 64)
        #expect(try code("a.json", "none.json") == 66)
        #expect(try code("a.json", "c.html") == 65)
        #expect(try code("a.json", "c.json") == 78)
        #expect(try code("a.json", "c.json", "--allow-different-conventions") == 0)
        #expect(try code("a.json", "b.json", "--csv", "a.json") == 64)
    }
}
