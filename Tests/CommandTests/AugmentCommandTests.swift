import Foundation
import Testing

/// What a user does with augmented copies, and what goes wrong.
@Suite("The command: augmentation")
struct AugmentCommandTests {
    private func prepared() throws -> EmptyFolder {
        let folder = try EmptyFolder()
        try folder.succeed("sample", "in", "-q")
        try folder.succeed(
            "prepare", "sample", "--from", "in", "--to", "store", "--case", "0002", "--case",
            "0005", "-q")
        return folder
    }

    @Test(
        "a store is augmented, looked at, verified, gone on with, and not mixed with another plan")
    func store() throws {
        let folder = try prepared()
        let first = try folder.succeed(
            "augment", "store", "--to", "out", "--augment", "strong", "--copies", "2")
        #expect(first.output.contains("out: 4 cases (2 augmented copies)"), "\(first.output)")
        #expect(first.errors.contains("0002.copy0002"))
        #expect(try folder.succeed("verify", "out").output.contains("all as recorded"))
        let again = try folder.succeed(
            "augment", "store", "--to", "out", "--augment", "strong", "--copies", "2")
        #expect(
            again.output.contains("0 prepared now") && again.output.contains("4 found finished"))
        let other = try Command.run(
            ["augment", "store", "--to", "out", "--augment", "strong", "--copies", "3"],
            in: folder.path)
        #expect(other.code == 78, "\(other.errors)")
        #expect(other.errors.contains("augmentation.copies: there 2, asked 3"), "\(other.errors)")
        let inside = try Command.run(
            ["augment", "store", "--to", "store/out", "--augment", "strong"], in: folder.path)
        #expect(inside.code == 78 && inside.errors.contains("inside the input folder"))
        let scored = try folder.succeed(
            "score", "--reference", "out", "--prediction", "out", "--quiet")
        #expect(scored.output.contains("labels: 2 cases"), "\(scored.output)")
        try folder.succeed("export", "out", "--format", "png", "--to", "png", "-q")
        #expect(folder.names().contains("png"))
    }

    @Test("prepare makes copies of training cases only, unless another part is named")
    func parts() throws {
        let folder = try EmptyFolder()
        try folder.succeed("sample", "in", "-q")
        func ids(_ more: String...) throws -> [String] {
            let arguments = [
                "prepare", "sample", "--from", "in", "--to", "o", "--case", "0001", "--case",
                "0006", "--augment", "sam-adapter", "--dry-run", "--json",
            ]
            let outcome = try Command.run(arguments + more, in: folder.path)
            #expect(outcome.code == 0, "\(outcome.errors)")
            let value = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
            let plan = try #require((value as? [String: Any])?["plan"] as? [String: Any])
            return try #require(plan["units"] as? [[String: Any]]).compactMap {
                $0["id"] as? String
            }
        }
        #expect(try ids() == ["0001", "0001.copy0001", "0006"])
        #expect(try ids("--augment-part", "validation") == ["0001", "0006", "0006.copy0001"])
        #expect(
            try ids("--augment-part", "all", "--only-copies") == ["0001.copy0001", "0006.copy0001"])
    }

    @Test("presets are listed, printed, edited and used again")
    func recipes() throws {
        let folder = try prepared()
        let list = try folder.succeed("augment", "--list")
        for name in ["term-project", "transunet", "sam-adapter", "ep-sam", "medsam", "strong"] {
            #expect(list.output.split(separator: "\n").contains(Substring(name)), "\(name)")
        }
        let shown = try folder.succeed("augment", "--show", "strong").output
        try Data(shown.utf8).write(to: URL(fileURLWithPath: folder.path + "/mine.json"))
        for (name, out) in [("strong", "a"), ("mine.json", "b")] {
            try folder.succeed(
                "augment", "store", "--to", out, "--augment", name, "--case", "0002", "-q")
        }
        let bytes = try ["a", "b"].map {
            try Data(
                contentsOf: URL(fileURLWithPath: folder.path + "/\($0)/cases/0002.copy0001.h5"))
        }
        #expect(bytes[0] == bytes[1])
    }

    @Test("a sheet shows slices beside their copies")
    func view() throws {
        let folder = try prepared()
        let outcome = try folder.succeed(
            "view", "store", "--case", "0002", "--augment", "strong", "--copies", "2", "-o", "s.png"
        )
        #expect(outcome.output.hasPrefix("s.png: case 0002, 4 slices"))
        let picture = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/s.png"))
        #expect(picture.prefix(4) == Data([0x89, 0x50, 0x4e, 0x47]) && picture.count > 50_000)
        let alone = try Command.run(
            ["view", "store", "--case", "0002", "--copies", "2", "-o", "t.png"], in: folder.path)
        #expect(alone.code == 64 && alone.errors.contains("found no --augment"))
    }

    @Test("a picture is augmented with its mask, and nothing is overwritten")
    func picture() throws {
        let folder = try prepared()
        try folder.succeed(
            "export", "store", "--format", "png", "--to", "png", "--case", "0002", "-q")
        let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path + "/png")
            .filter { $0.hasSuffix(".png") }.sorted()
        let image = try #require(files.first { $0.contains("image") })
        let mask = try #require(files.first { !$0.contains("image") })
        let arguments = [
            "augment", "--image", "png/" + image, "--label", "png/" + mask, "--to", "copies",
            "--augment", "transunet", "--copies", "2", "--json",
        ]
        let outcome = try Command.run(arguments, in: folder.path)
        #expect(outcome.code == 0, "\(outcome.errors)")
        let record = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
        #expect((record as? [String: Any])?["schema"] as? String == "samdata.augmented-picture/1")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/copies")
        #expect(
            names.sorted() == [
                "augmentation.json", "copy0001-label.png", "copy0001.png", "copy0002-label.png",
                "copy0002.png",
            ])
        let second = try Command.run(arguments, in: folder.path)
        #expect(second.code == 73 && second.errors.contains("expected an empty folder"))
    }

    @Test(
        "wrong usage is 64 and says what is expected",
        arguments: [
            (["augment"], "expected the store to augment"),
            (["augment", "store"], "--to OUT"),
            (["augment", "store", "--to", "o", "--copies", "0"], "--copies"),
            (["augment", "store", "--to", "o", "--augment", "stong"], "did you mean \"strong\"?"),
            (["augment", "store", "--to", "o", "--augment-random", "dice"], "keyed or reference"),
            (["augment", "store", "--to", "o", "--augment-part", "some"], "train, validation"),
            (["augment", "store", "--to", "o", "--shard", "4/4"], "0 to N-1"),
            (["augment", "--show", "nothing"], "transunet"),
            (["augment", "--image", "p.png", "--to", "o"], "found no --to or no --augment"),
            (["augment", "--label", "p.png"], "--label: found no --image"),
            (
                ["prepare", "sample", "--from", "in", "--to", "o", "--copies", "3"],
                "found no --augment"
            ),
        ])
    func usage(arguments: [String], words: String) throws {
        let folder = try EmptyFolder()
        let outcome = try Command.run(arguments, in: folder.path)
        #expect(outcome.code == 64, "\(outcome.errors)")
        #expect(outcome.errors.contains(words), "\(outcome.errors)")
    }
}
