import Foundation
import Testing

@Suite("Documents")
struct ReadmeTests {
    /// The lines of shell blocks that call the command, without comments and continuation marks.
    private func commands(in document: String) throws -> [[String]] {
        try Tools.blocks("sh", in: document).flatMap { $0.split(separator: "\n") }
            .map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { $0.hasPrefix("samdata ") }
            .map { line in
                line.components(separatedBy: " #")[0].split(separator: " ").dropFirst()
                    .map(String.init).filter { $0 != "\\" && $0 != "&" }
            }
    }

    @Test(
        "every command in the documents exists, with every option it is given",
        arguments: [("README.md", 15), ("Sources/samdata/samdata.docc/JobTemplates.md", 3)])
    func commands(document: String, atLeast count: Int) throws {
        let commands = try commands(in: document)
        #expect(commands.count >= count)
        for command in commands {
            let name = try #require(command.first)
            let help = try Tools.run(Tools.samdata, ["help", name])
            #expect(help.code == 0 && help.output.contains("USAGE: samdata \(name)"), "\(command)")
            let known = Set(
                help.output.split { !$0.isLetter && !$0.isNumber && $0 != "-" }.map(String.init))
            for option in command.dropFirst() where option.hasPrefix("-") {
                #expect(known.contains(option), "\(document): samdata \(name) has no \(option)")
            }
        }
    }

    @Test("the card in the README is a card")
    func card() throws {
        let json = try #require(try Tools.blocks("json", in: "README.md").first)
        try Tools.withFolder { folder in
            let card = folder.appendingPathComponent("livers.json")
            try Data(json.utf8).write(to: card)
            try FileManager.default.createDirectory(
                at: folder.appendingPathComponent("data"), withIntermediateDirectories: true)
            // A card that is not understood is 78; this one is, and then finds no case in an empty folder.
            let outcome = try Tools.run(
                Tools.samdata, ["check", "--card", card.path, "--from", "data"], in: folder)
            #expect(outcome.code == 66 && outcome.output.contains("ct/{case}"), "\(outcome.output)")
        }
    }

    @Test("the Python in the README runs on a prepared store", .enabled(if: Tools.python != nil))
    func python() throws {
        let python = try #require(Tools.python)
        let blocks = try Tools.blocks("python", in: "README.md")
        try #require(blocks.count == 3)
        let script = """
            import sys, types
            try:
                import torch
            except ImportError:
                torch = sys.modules["torch"] = types.ModuleType("torch")
                torch.utils = types.SimpleNamespace(data=types.SimpleNamespace(Dataset=object))
                torch.from_numpy = lambda array: array
            \(blocks[0])
            assert label[int(centres[0, 0, 1]), int(centres[0, 0, 0])] == organs[0]
            assert 0 == picture.min() and picture.max() <= 1 and len(boxes) == len(organs) > 0
            assert all(abs(value) < 1000 for value in (x, y, z)) and names[ids == 6] == "liver"
            \(blocks[1])
            slices, part = Slices("btcv-store"), Slices("btcv-store", "validation")
            assert len(slices) == sum(1 for _ in slices) == 266 and len(part) == 94
            assert tuple(part[0][0].shape) == (184, 200)
            \(blocks[2])
            assert a.shape == (2, 3)
            """
        try Tools.withFolder { folder in
            for arguments in [
                ["sample", "data", "-q"],
                ["prepare", "sample", "--from", "data", "--to", "btcv-store", "-q"],
                [
                    "augment", "btcv-store", "--to", "augmented", "--augment", "strong", "--copies",
                    "3", "--case", "0001", "-q",
                ],
            ] {
                let outcome = try Tools.run(Tools.samdata, arguments, in: folder)
                #expect(outcome.code == 0, "\(outcome.output)")
            }
            try Data(script.utf8).write(to: folder.appendingPathComponent("readme.py"))
            let outcome = try Tools.run(python, ["readme.py"], in: folder)
            #expect(outcome.code == 0, "\(outcome.output)")
        }
    }
}
