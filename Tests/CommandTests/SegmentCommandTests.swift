import Foundation
import Testing

/// What a user does with `samdata segment`, and what goes wrong.
@Suite("The command: segment")
struct SegmentCommandTests {
    /// A folder with a prepared store of two cases and a checkpoint of random weights for tiny pictures.
    private func prepared() throws -> EmptyFolder {
        let folder = try EmptyFolder()
        try folder.succeed("sample", "in", "-q")
        try folder.succeed(
            "prepare", "sample", "--from", "in", "--to", "store", "--case", "0002", "--case",
            "0005", "-q")
        try checkpoint(in: folder)
        return folder
    }

    private func checkpoint(in folder: EmptyFolder) throws {
        try folder.succeed(
            "checkpoint", "random", "vit_t", "--image-size", "64", "--precision", "bfloat16",
            "--to",
            "tiny.h5", "-q")
    }

    private func object(_ text: String) throws -> [String: Any] {
        try #require(
            try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test("a store is segmented with stored prompts, gone on with, and scored")
    func store() throws {
        let folder = try prepared()
        let arguments = ["segment", "--checkpoint", "tiny.h5", "--from", "store", "--to", "pred"]
        let dry = try Command.run(arguments + ["--dry-run", "-q"], in: folder.path)
        #expect(dry.code == 0 && dry.output.contains("2 cases, at most"), "\(dry.errors)")
        #expect(!folder.exists("pred"))
        let first = try Command.run(
            arguments + ["--shard", "0/2", "--embeddings", "cache"], in: folder.path)
        #expect(first.code == 0 && first.output.contains("no manifest yet"), "\(first.errors)")
        #expect(first.errors.contains("the weights are random"))
        let second = try Command.run(
            arguments + ["--embeddings", "cache", "--json"], in: folder.path)
        #expect(second.code == 0, "\(second.errors)")
        let report = try object(second.output)
        #expect(report["segmented"] as? Int == 1 && report["skipped"] as? Int == 1)
        #expect(report["weights"] as? String == "random" && report["cases"] as? Int == 2)
        #expect(
            folder.names("pred") == [
                "0002.nii.gz", "0005.nii.gz", "masks", "masks/0002.hdf", "masks/0005.hdf",
                "segmentation-plan.json", "segmentation.json", "units", "units/0002.json",
                "units/0005.json",
            ])
        let scored = try folder.succeed(
            "score", "--reference", "store", "--prediction", "pred", "--json", "-", "--quiet")
        #expect(scored.output.contains("\"0005\""), "\(scored.output.prefix(400))")
        let other = try Command.run(arguments + ["--prompts", "centre"], in: folder.path)
        #expect(
            other.code == 78 && other.errorLines.last?.contains("another plan is there") == true)
    }

    @Test("a picture is segmented by points and a box, and without a prompt")
    func picture() throws {
        let folder = try prepared()
        try folder.succeed("view", "store", "--case", "0002", "--limit", "1", "-o", "x.png")
        let one = try folder.succeed(
            "segment", "--checkpoint", "tiny.h5", "--image", "x.png", "--point", "12,20",
            "--background-point", "60,9", "--box", "4,4,50,40", "-o", "mask.png", "--overlay",
            "o.png", "--multimask", "--quiet")
        #expect(one.output.contains("x.png: 3 masks by vit_t-random (random weights"))
        #expect(folder.exists("mask.png") && folder.exists("o.png"))
        #expect(one.errors.isEmpty)
        let all = try folder.succeed(
            "segment", "--checkpoint", "tiny.h5", "--image", "x.png", "--everything",
            "--points-per-side", "3", "--predicted-iou", "0", "--stability", "0.1", "-o",
            "masks.json", "--json", "-q")
        let printed = try object(all.output)
        #expect(printed["schema"] as? String == "samdata.picture-masks/1")
        #expect(all.output == String(decoding: try folder.data("masks.json"), as: UTF8.self))
        let outside = try folder.run(
            "segment", "--checkpoint", "tiny.h5", "--image", "x.png", "--point", "99999,1", "-o",
            "m.png", "-q")
        #expect(outside.code == 64 && outside.errorLines.count == 1, "\(outside.errors)")
    }

    @Test("without a checkpoint one line says where to get one and how to import it")
    func noCheckpoint() throws {
        let folder = try EmptyFolder()
        let none = try folder.run("segment", "--from", "store", "--to", "pred")
        #expect(none.code == 66 && none.errorLines.count == 1)
        #expect(none.errors.contains("checkpoint import sam_vit_b_01ec64.pth --to sam_vit_b.h5"))
        let torch = try folder.run(
            "segment", "--checkpoint", "sam.pth", "--image", "x.png", "--point", "1,1", "-o",
            "m.png")
        #expect(torch.code == 64 && torch.errorLines.count == 1)
        #expect(torch.errors.contains("samdata checkpoint import sam.pth --to sam.h5"))
        try checkpoint(in: folder)
        let nothing = try folder.run(
            "segment", "--checkpoint", "tiny.h5", "--from", "nowhere", "--to", "pred", "-q")
        #expect(nothing.code == 66 && nothing.errors.contains("nowhere"))
        #expect(!folder.exists("pred"))
    }

    @Test("options that contradict each other are wrong usage")
    func usage() throws {
        let folder = try EmptyFolder()
        for (arguments, text) in [
            ([], "neither --from STORE nor --image"),
            (
                ["--from", "s", "--to", "p", "--image", "x.png", "--point", "1,1", "-o", "m.png"],
                "--from and --image"
            ),
            (["--from", "s"], "no --to"),
            (["--from", "s", "--to", "p", "--everything"], "--everything: found no --image"),
            (["--image", "x.png", "-o", "m.png"], "found no prompt"),
            (["--image", "x.png", "--box", "1,2,3,4"], "found no output"),
            (["--image", "x.png", "--box", "1,2,3", "-o", "m.png"], "--box: found `1,2,3`"),
            (["--image", "x.png", "--point", "1,nan", "-o", "m.png"], "--point: found `1,nan`"),
            (["--image", "x.png", "--point", "1,2", "-o", "m.gif"], "--output: found `m.gif`"),
            (
                ["--image", "x.png", "--point", "1,2", "-o", "m.png", "--stability", "1"],
                "--stability: found no --everything"
            ),
            (
                ["--image", "x.png", "--everything", "-o", "m.png", "--points-per-side", "0"],
                "points per side: found 0"
            ),
            (["--from", "s", "--to", "p", "--prompts", "box,"], "--prompts: found `box,`"),
            (["--from", "s", "--to", "p", "--shard", "2/2"], "--shard: found `2/2`"),
        ] as [([String], String)] {
            let outcome = try Command.run(["segment"] + arguments, in: folder.path)
            #expect(outcome.code == 64 && outcome.errors.contains(text), "\(outcome.errors)")
        }
    }
}
