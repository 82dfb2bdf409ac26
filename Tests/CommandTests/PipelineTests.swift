import Foundation
import Testing

/// What a user does, from the first help text to the exported files.
@Suite("The command: from help to export")
struct PipelineTests {
    static let commands = [
        "datasets", "check", "sample", "prepare", "merge", "status", "verify", "gc", "inspect",
        "view",
        "export", "doctor", "score", "compare", "augment",
    ]

    @Test("help names every command, and every command has help with an abstract")
    func help() throws {
        let folder = try EmptyFolder()
        let top = try folder.succeed("--help")
        for name in Self.commands {
            #expect(top.output.contains("  \(name) "), "\(name)")
            let own = try folder.succeed(name, "--help")
            #expect(own.output.contains("USAGE: samdata \(name)"))
            #expect(own.output.hasPrefix("OVERVIEW: "))
            #expect(own.errors == "")
        }
        #expect(try folder.succeed().output.contains("USAGE: samdata"))
        #expect(folder.names() == [])
    }

    @Test("the version is one line, and completion scripts are made for three shells")
    func version() throws {
        let folder = try EmptyFolder()
        let version = try folder.succeed("--version").output
        #expect(version.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil, "\(version)")
        for shell in ["bash", "zsh", "fish"] {
            #expect(
                try folder.succeed("--generate-completion-script", shell).output.contains("samdata")
            )
        }
        #expect(try folder.succeed("--experimental-dump-help").output.hasPrefix("{"))
    }

    @Test(
        "sample, check, prepare, verify, inspect, status, view, export, gc: each gives JSON of its schema"
    )
    func pipeline() throws {
        let folder = try EmptyFolder()
        func json(_ arguments: String..., schema: String) throws -> [String: Any] {
            let outcome = try Command.run(arguments + ["--json"], in: folder.path)
            #expect(outcome.code == 0, "\(arguments): \(outcome.errors)")
            let value = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
            let object = try #require(value as? [String: Any])
            #expect(object["schema"] as? String == schema, "\(arguments)")
            #expect(!outcome.output.contains("\u{1B}") && !outcome.errors.contains("\u{1B}"))
            return object
        }
        #expect(try json("sample", "in", schema: "samdata.sample/1")["cases"] as? [String] != nil)
        let six = ["0001", "0002", "0003", "0004", "0005", "0006"]
        let check = try json("check", "sample", "--from", "in", schema: "samdata.check/1")
        #expect(check["errors"] as? Int == 0)
        let dry = try json(
            "prepare", "sample", "--from", "in", "--to", "out", "--dry-run",
            schema: "samdata.prepare-plan/1")
        #expect(dry["cases"] as? Int == 6)
        #expect(!folder.exists("out"))
        let run = try json(
            "prepare", "sample", "--from", "in", "--to", "out", schema: "samdata.prepare/1")
        #expect(run["prepared"] as? Int == 6)
        #expect(run["wroteManifest"] as? Bool == true)
        let verify = try json("verify", "out", schema: "samdata.verify/1")
        #expect((verify["problems"] as? [String]) == [])
        let inspect = try json("inspect", "out", schema: "samdata.inspect/1")
        #expect(inspect["slices"] as? Int == run["slices"] as? Int)
        #expect((inspect["cases"] as? [[String: Any]])?.compactMap { $0["id"] as? String } == six)
        let status = try json("status", "out", "--shards", "2", schema: "samdata.status/1")
        #expect(status["done"] as? Int == 6)
        _ = try json("merge", "out", schema: "samdata.manifest/1")
        let view = try json(
            "view", "out", "--case", "0001", "-o", "sheet.png", "--limit", "2",
            schema: "samdata.view/1")
        let png = try folder.data("sheet.png")
        #expect(Array(png.prefix(8)) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        let width = png[16..<20].reduce(0) { $0 << 8 | Int($1) }
        #expect(width == view["width"] as? Int)
        _ = try json("gc", "out", "--dry-run", schema: "samdata.gc/1")
        _ = try json(
            "doctor", "in/RawData/Training/img/img0001.nii.gz", schema: "samdata.doctor-file/1")
        for format in ["png", "npz"] {
            try folder.succeed(
                "export", "out", "--format", format, "--to", "as-\(format)", "--case", "0001", "-q")
            #expect(folder.names("as-\(format)").contains { $0.hasSuffix(format) })
        }
        #expect(try folder.succeed("verify", "out").output.contains("all as recorded"))
    }

    @Test("the system doctor passes its own test and leaves nothing behind")
    func doctor() throws {
        let folder = try EmptyFolder()
        let outcome = try folder.succeed("doctor", "--json")
        let object = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
        #expect((object as? [String: Any])?["selfTestPassed"] as? Bool == true, "\(outcome.output)")
        #expect(folder.names() == [])
    }

    @Test("data sets are listed and shown, as text and as JSON")
    func datasets() throws {
        let folder = try EmptyFolder()
        let names = [
            "btcv", "synapse", "monuseg", "camelyon16", "camelyon17", "sample", "sample-nuclei",
            "sample-slide",
        ]
        let list = try folder.succeed("datasets").output
        for name in names {
            #expect(list.contains("\n\(name) "))
            let shown = try folder.succeed("datasets", name).output
            for word in ["licence: ", "how to get it:", "where it must lie"] {
                #expect(shown.contains(word), "\(name)")
            }
            let json = try folder.succeed("datasets", name, "--json").output
            let card = try JSONSerialization.jsonObject(with: Data(json.utf8))
            #expect((card as? [String: Any])?["name"] as? String == name)
        }
        let all = try folder.succeed("datasets", "--json").output
        #expect(
            (try JSONSerialization.jsonObject(with: Data(all.utf8)) as? [[String: Any]])?
                .compactMap { $0["name"] as? String }.sorted() == names.sorted())
    }

    @Test("a drafted card prepares a folder of one's own")
    func draft() throws {
        let folder = try EmptyFolder()
        try TinyNIfTI.write(2, to: folder)
        let draft = try folder.succeed("datasets", "--new", "mine", "--from", "in")
        #expect(draft.output.contains("mine.json: 2 cases, 1 labels"), "\(draft.output)")
        let again = try folder.run("datasets", "--new", "mine", "--from", "in")
        #expect(again.code == 73, "a card that may have been edited is not overwritten")
        let run = try folder.succeed(
            "prepare", "--card", "mine.json", "--split", "none", "--from", "in", "--to", "out")
        #expect(run.output.hasPrefix("out: 2 cases, 10 slices, 10 records"), "\(run.output)")
        let json = try folder.succeed(
            "datasets", "--new", "other", "--from", "in", "-o", "other.json", "--json")
        #expect(
            (try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])?[
                "schema"]
                as? String == "samdata.draft/1")
    }

    @Test("--dry-run, --plan-only and --quiet do what they say")
    func planning() throws {
        let folder = try EmptyFolder()
        try TinyNIfTI.write(2, to: folder)
        let before = folder.names()
        let start = ["prepare", "--card", "card.json", "--from", "in", "--to", "out"]
        let dry = try Command.run(start + ["--dry-run"], in: folder.path)
        #expect(dry.code == 0)
        #expect(dry.output.contains("2 cases"))
        #expect(folder.names() == before)
        #expect(try Command.run(start + ["--plan-only"], in: folder.path).code == 0)
        #expect(folder.names("out") == ["cases", "plan.json", "units"])
        let quiet = try Command.run(start + ["-q"], in: folder.path)
        #expect(quiet.code == 0)
        #expect(quiet.errors == "")
        let nested = try folder.run(
            "prepare", "--card", "card.json", "--from", "in", "--to", "in/out", "--plan-only")
        #expect(nested.code == 78)
        #expect(!folder.exists("in/out"))
    }

    @Test("a window may begin with a minus sign, as most windows of CT do")
    func negativeWindow() throws {
        let folder = try EmptyFolder()
        try TinyNIfTI.write(1, to: folder)
        try folder.succeed(
            "prepare", "--card", "card.json", "--from", "in", "--to", "out", "--window", "-160,240",
            "--pixels", "uint8")
        let plan = String(decoding: try folder.data("out/plan.json"), as: UTF8.self)
        #expect(plan.contains("\"windowLow\" : -160"))
    }

    @Test("shards, a merge and one or two jobs give the same store")
    func shards() throws {
        let folder = try EmptyFolder()
        try TinyNIfTI.write(4, to: folder)
        let start = ["prepare", "--card", "card.json", "--from", "in", "-q"]
        for jobs in ["1", "2"] {
            let run = try Command.run(
                start + ["--to", "jobs\(jobs)", "--jobs", jobs], in: folder.path)
            #expect(run.code == 0, "\(run.errors)")
        }
        for shard in ["2/3", "0/3", "1/3"] {
            let run = try Command.run(
                start + ["--to", "sharded", "--shard", shard], in: folder.path)
            #expect(run.code == 0, "\(run.errors)")
        }
        #expect(!folder.exists("sharded/manifest.json"))
        try folder.succeed("merge", "sharded")
        let whole = try folder.contents("jobs1")
        #expect(try folder.contents("jobs2") == whole)
        #expect(try folder.contents("sharded") == whole)
    }
}
