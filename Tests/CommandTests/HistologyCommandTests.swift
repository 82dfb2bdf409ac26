import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// Pictures and slides on the command line: sample, prepare, inspect, view, export.
@Suite("The command: pictures and slides")
struct HistologyCommandTests {
    private static let nuclei = Result { try sample("nuclei") }
    private static let slides = Result { try sample("slide") }

    /// The embedded sample, written once for all tests; they only read it.
    private static func sample(_ kind: String) throws -> EmptyFolder {
        let folder = try EmptyFolder()
        atexit {
            for result in [HistologyCommandTests.nuclei, HistologyCommandTests.slides] {
                if let path = try? result.get().path {
                    try? FileManager.default.removeItem(atPath: path)
                }
            }
        }
        try folder.succeed("sample", "--kind", kind, "in", "-q")
        return folder
    }

    private func json(
        _ folder: EmptyFolder, _ arguments: String..., schema: String
    ) throws -> [String: Any] {
        let outcome = try Command.run(arguments + ["--json"], in: folder.path)
        #expect(outcome.code == 0, "\(arguments): \(outcome.errors)")
        let value = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
        let object = try #require(value as? [String: Any])
        #expect(object["schema"] as? String == schema, "\(arguments)")
        return object
    }

    @Test("sample says what it wrote and what to do next, for each kind")
    func samples() throws {
        let folder = try EmptyFolder()
        for (kind, cases, next) in [
            ("nuclei", 6, "samdata prepare sample-nuclei --from here --to OUT"),
            ("slide", 3, "samdata prepare sample-slide --from here --to OUT"),
        ] {
            let outcome = try folder.succeed("sample", "--kind", kind, "here")
            #expect(outcome.output.contains("here: \(cases) cases"), "\(outcome.output)")
            #expect(outcome.output.contains(next), "\(outcome.output)")
        }
        #expect(
            folder.names("here").filter { !$0.contains("/") } == [
                "Annotations", "Tissue Images", "annotations", "images",
            ])
        let bad = try folder.run("sample", "--kind", "cells", "here")
        #expect(bad.code == 64 && bad.errors.contains("`cells`, expected ct, nuclei or slide"))
        let misplaced = try folder.run("sample", "--kind", "slide", "--predictions", "here")
        #expect(misplaced.code == 64 && misplaced.errors.contains("--predictions"))
    }

    @Test("nuclei from sample to export: prepare, verify, inspect, view, export")
    func nucleiPipeline() throws {
        let folder = try Self.nuclei.get()
        let dry = try json(
            folder, "prepare", "sample-nuclei", "--from", "in", "--to", "no", "--dry-run",
            schema: "samdata.prepare-plan/1")
        #expect(dry["cases"] as? Int == 6 && !folder.exists("no"))
        #expect((dry["parts"] as? [String: Int]) == ["train": 4, "validation": 1, "test": 1])
        let text = try folder.succeed(
            "prepare", "sample-nuclei", "--from", "in", "--to", "no", "--dry-run", "--patch", "250")
        for word in [
            "#places", "sampleN-0001", "Annotations/sampleN-0001.xml", "patches of 250 x 250",
            "at most 18 patches",
        ] where word != "#places" {
            #expect(text.output.contains(word), "\(word) in \(text.output)")
        }
        let run = try json(
            folder, "prepare", "sample-nuclei", "--from", "in", "--to", "out", "--patch", "250",
            "--stride", "250", "-q", schema: "samdata.prepare/1")
        #expect(run["prepared"] as? Int == 6 && run["wroteManifest"] as? Bool == true)
        #expect(try folder.succeed("verify", "out").output.contains("all as recorded"))
        let inspect = try json(folder, "inspect", "out", schema: "samdata.inspect/1")
        #expect(inspect["slices"] as? Int == 18)
        let patches = try #require(inspect["patches"] as? [String: Any])
        #expect((patches["lattice"] as? [String: Any])?["patch"] as? Int == 250)
        #expect(patches["instances"] as? String == "outlines")
        let shown = try folder.succeed("inspect", "out").output
        for word in ["6 cases, 18 patches", "um per pixel", "0.2500 0.2500", "nucleus"] {
            #expect(shown.contains(word), "\(word) in \(shown)")
        }
        let view = try json(
            folder, "view", "out", "--case", "sampleN-0003", "-o", "sheet.png",
            schema: "samdata.view/1")
        #expect(view["slices"] as? [Int] == [0, 1])
        for format in ["png", "npz", "coco", "geojson", "lvit"] {
            try folder.succeed("export", "out", "--format", format, "--to", "as-\(format)", "-q")
            #expect(folder.names("as-\(format)").count > 1, "\(format)")
        }
    }

    @Test("slides from sample to view: prepare in pieces, inspect, status, view, export")
    func slidePipeline() throws {
        let folder = try Self.slides.get()
        let run = try folder.succeed(
            "prepare", "sample-slide", "--from", "in", "--to", "out", "--mpp", "1", "--patch",
            "128",
            "--tissue-min", "0.2", "--piece-budget", "50")
        #expect(run.output.hasPrefix("out: "), "\(run.output)")
        let inspect = try json(folder, "inspect", "out", schema: "samdata.inspect/1")
        #expect(inspect["caseCount"] as? Int == 3)
        #expect((inspect["cases"] as? [Any])?.count == 4 + 3 + 3)
        #expect(try folder.succeed("inspect", "out").output.contains("3 cases in 10 parts"))
        _ = try json(folder, "status", "out", schema: "samdata.status/1")
        let sheet = try json(
            folder, "view", "out", "--case", "patient_001_node_1.part0002", "-o", "part.png",
            schema: "samdata.view/1")
        let shown = try #require(sheet["slices"] as? [Int])
        #expect(!shown.isEmpty && shown == shown.sorted())
        try folder.succeed("export", "out", "--format", "geojson", "--to", "geo", "-q")
        #expect(folder.names("geo").contains { $0.hasSuffix(".geojson") })
    }

    @Test("inspect shows levels, pixel size and outlines of a slide, as text and as JSON")
    func inspectSlide() throws {
        let folder = try Self.slides.get()
        let (image, outlines) = (
            "in/images/patient_001_node_1.tif", "in/annotations/patient_001_node_1.xml"
        )
        let text = try folder.succeed("inspect", image, "--annotations", outlines).output
        for word in [
            "4096 x 3072 pixels", "0.5000 x 0.5000 um per pixel", "256 x 256", "JPEG",
            "2048 x 1536",
            "4 outlines (3 `_0`, 1 `_2`)", "0 left out, 0 outside of the slide",
        ] { #expect(text.contains(word), "\(word) in \(text)") }
        let report = try json(
            folder, "inspect", image, "--annotations", outlines, schema: "samdata.inspect-slide/1")
        let levels = try #require(report["levels"] as? [[String: Any]])
        #expect(levels.compactMap { $0["width"] as? Int } == [4096, 2048, 1024, 512, 256])
        #expect(levels.compactMap { $0["micronsPerPixel"] as? Double } == [0.5, 1, 2, 4, 8])
        #expect(
            levels.allSatisfy { $0["missingTiles"] as? Int == 0 && $0["isTiled"] as? Bool == true })
        #expect(report["pixelSize"] as? [Double] == [0.5, 0.5])
        let annotation = try #require(report["annotation"] as? [String: Any])
        #expect(annotation["regions"] as? Int == 4)
        #expect(annotation["groups"] as? [String: Int] == ["_0": 3, "_2": 1])
        let plain = try json(folder, "inspect", image, schema: "samdata.inspect-slide/1")
        #expect(plain["annotation"] == nil)
    }

    @Test("view draws a slide with outlines and patches, and says what is on the picture")
    func viewSlide() throws {
        let folder = try Self.slides.get()
        let (image, outlines) = (
            "in/images/patient_001_node_1.tif", "in/annotations/patient_001_node_1.xml"
        )
        let outcome = try folder.succeed(
            "view", image, "--annotations", outlines, "--patch", "256", "--mpp", "1", "--side",
            "400",
            "-o", "overview.png")
        for word in ["overview.png: tissue ", "4 outlines", " patches", " pixels"] {
            #expect(outcome.output.contains(word), "\(outcome.output)")
        }
        let png = try folder.data("overview.png")
        let width = png[16..<20].reduce(0) { $0 << 8 | Int($1) }
        let height = png[20..<24].reduce(0) { $0 << 8 | Int($1) }
        #expect((400...500).contains(width) && (300...420).contains(height))
        // As many patches as prepare makes of the same slide.
        try folder.succeed(
            "prepare", "sample-slide", "--split", "none", "--case", "patient_001_node_1", "--from",
            "in",
            "--to", "same", "--patch", "256", "--mpp", "1", "-q")
        let made = try json(folder, "inspect", "same", schema: "samdata.inspect/1")
        let drawn = try json(
            folder, "view", image, "--patch", "256", "--mpp", "1", "-o", "again.png",
            schema: "samdata.view-slide/1")
        #expect(drawn["patches"] as? Int == made["slices"] as? Int)
        #expect(drawn["regions"] as? Int == 0)
        let bare = try json(
            folder, "view", image, "--tissue", "none", "--patch", "512", "-o", "bare.png",
            schema: "samdata.view-slide/1")
        #expect(bare["patches"] as? Int == 8 * 6 && bare["tissueFraction"] == nil)
        let nucleus = try Self.nuclei.get()
        _ = try json(
            nucleus, "view", "in/Tissue Images/sampleN-0001.tif", "-o", "n.png", "--annotations",
            "in/Annotations/sampleN-0001.xml", schema: "samdata.view-slide/1")
    }

    @Test("one, two and three jobs, and shards with a merge, write the same store")
    func jobs() throws {
        let folder = try Self.slides.get()
        let start = [
            "prepare", "sample-slide", "--from", "in", "-q", "--mpp", "2", "--patch", "64",
            "--piece-budget", "40", "--choose", "bins=4,negatives=20",
        ]
        for jobs in ["1", "2", "3"] {
            let run = try Command.run(
                start + ["--to", "jobs\(jobs)", "--jobs", jobs], in: folder.path)
            #expect(run.code == 0, "\(run.errors)")
        }
        for shard in ["1/3", "2/3", "0/3"] {
            let run = try Command.run(start + ["--to", "cut", "--shard", shard], in: folder.path)
            #expect(run.code == 0, "\(run.errors)")
        }
        try folder.succeed("merge", "cut", "-q")
        let whole = try folder.contents("jobs1")
        #expect(whole.keys.contains("manifest.json"))
        #expect(try folder.contents("jobs2") == whole && folder.contents("jobs3") == whole)
        #expect(try folder.contents("cut") == whole)
    }

    @Test("a run killed in the middle of a slide goes on at the piece where it stopped")
    func killed() throws {
        let folder = try Self.slides.get()
        let start = [
            "prepare", "sample-slide", "--from", "in", "-q", "--patch", "128", "--piece-budget",
            "60",
            "--tissue-min", "0", "--jobs", "1", "--to",
        ]
        #expect(try Command.run(start + ["calm"], in: folder.path).code == 0)
        let calm = try folder.contents("calm")
        func pieces(_ name: String) -> Int {
            folder.names("\(name)/units").count { $0.hasSuffix(".json") }
        }
        var caught = 0
        for attempt in 0..<4 {
            let name = "hunted\(attempt)"
            let process = try Command.start(start + [name], in: folder.path)
            while process.isRunning, pieces(name) <= attempt * 3 { usleep(500) }
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            let done = pieces(name)
            for (file, bytes) in try folder.contents(name) where !file.contains(".tmp.") {
                #expect(calm[file] == bytes, "\(file)")
            }
            if !folder.exists("\(name)/manifest.json") { caught += 1 }
            let again = try Command.run(start + [name, "--json"], in: folder.path)
            #expect(again.code == 0, "\(again.errors)")
            let result = try JSONSerialization.jsonObject(with: Data(again.output.utf8))
            #expect((result as? [String: Any])?["skipped"] as? Int == done)
            try folder.succeed("gc", name)
            #expect(try folder.contents(name) == calm)
        }
        #expect(caught > 0, "every run was faster than the signal")
    }

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

    private static let nucleiStart = "prepare sample-nuclei --from in --to no "
    private static let slideStart = "prepare sample-slide --from in --to no "

    @Test(
        "wrong usage is 64 and names the option, what was found and what is expected",
        arguments: [
            Row(nucleiStart + "--axis axial", 64, "--axis", "holds pictures", "--patch"),
            Row(nucleiStart + "--neighbours 2 --seed 3", 64, "--neighbours", "pictures"),
            Row(nucleiStart + "--augment sam-med2d", 64, "--augment"),
            Row(nucleiStart + "--prompt-random python", 64, "--prompt-random python", "keyed"),
            Row(
                "prepare sample --from in --to no --patch 64 --mpp 0.5", 64, "--patch, --mpp",
                "holds volumes"),
            Row(
                "prepare sample --from in --to no --allow-outside", 64, "--allow-outside", "volumes"
            ),
            Row(nucleiStart + "--patch 0", 64, "--patch", "1 to 16384"),
            Row(nucleiStart + "--patch big", 64, "--patch", "1 to 16384"),
            Row(nucleiStart + "--stride 10", 64, "--stride", "needs --patch N"),
            Row(nucleiStart + "--patch 64 --edge round", 64, "--edge", "`round`", "inside, cover"),
            Row(nucleiStart + "--lattice hexagon", 64, "--lattice", "`hexagon`", "ep-sam"),
            Row(
                nucleiStart + "--lattice ep-sam", 64, "--lattice ep-sam",
                "camelyon16 and camelyon17"),
            Row(nucleiStart + "--mpp 0.5 --level 1", 64, "--mpp and --level", "one of them"),
            Row(nucleiStart + "--mpp nan", 64, "--mpp", "0.01 to 100"),
            Row(nucleiStart + "--mpp -1", 64, "--mpp"),
            Row(nucleiStart + "--mpp 0.5 --mpp-tolerance 2", 64, "--mpp-tolerance", "0 to 0.5"),
            Row(nucleiStart + "--slide-mpp 1000", 64, "--slide-mpp", "0.01 to 100"),
            Row(nucleiStart + "--level 99", 64, "--level", "0 to 64"),
            Row(nucleiStart + "--tissue-min 0.5", 64, "--tissue-min", "needs --patch N"),
            Row(slideStart + "--tissue-min 2", 64, "--tissue-min", "expected 0 to 1"),
            Row(slideStart + "--tissue close=2", 64, "--tissue", "`close=2`", "median"),
            Row(slideStart + "--tissue median=4", 64, "--tissue", "odd number"),
            Row(slideStart + "--choose many", 64, "--choose", "`many`", "bins=430"),
            Row(slideStart + "--choose bins=3,range=90..20", 64, "--choose", "range"),
            Row(slideStart + "--choose ep-sam", 64, "--choose ep-sam", "camelyon16 and camelyon17"),
            Row(nucleiStart + "--label-budget 5%", 64, "--label-budget", "`5%`", "4%, 0.5%"),
            Row(nucleiStart + "--label-budget regions=0", 64, "--label-budget", "found 0"),
            Row(
                nucleiStart + "--outline-rule matlab", 64, "--outline-rule", "`matlab`", "poly2mask"
            ),
            Row(nucleiStart + "--labels best", 64, "--labels", "`best`", "automatic"),
            Row(nucleiStart + "--instances cells", 64, "--instances", "`cells`", "components"),
            Row(
                slideStart + "--instances outlines", 64, "--instances outlines", "regions of slides"
            ),
            Row(
                nucleiStart + "--instances none --region instance", 64, "--region instance",
                "components"),
            Row(nucleiStart + "--background 1,2", 64, "--background", "`1,2`", "0 to 255"),
            Row(nucleiStart + "--background 1,2,256", 64, "--background", "0 to 255"),
            Row(nucleiStart + "--piece-budget 0", 64, "--piece-budget", "1 to 65536"),
            Row("inspect in --annotations x.xml", 64, "--annotations", "found the folder in"),
            Row("view in --patch 64 -o x.png", 64, "--patch", "belongs to a slide"),
            Row("view in -o x.png", 64, "--case", "found none"),
        ])
    func usage(row: Row) throws {
        let folder = try EmptyFolder()
        try FileManager.default.createDirectory(
            atPath: folder.path + "/in", withIntermediateDirectories: true)
        let outcome = try Command.run(row.arguments, in: folder.path)
        #expect(outcome.code == row.code, "\(outcome.errors)")
        for word in row.words {
            #expect(outcome.errors.contains(word), "\(word) in \(outcome.errors)")
        }
        #expect(!folder.exists("no") && !folder.exists("x.png"))
    }

    @Test(
        "what belongs to stores is refused for slides, and numbers are compared with their ranges",
        arguments: [
            Row("view SLIDE --case a -o x.png", 64, "--case", "belongs to a store"),
            Row(
                "view SLIDE --slice 1 --limit 3 -o x.png", 64, "--slice, --limit",
                "belongs to a store"),
            Row(
                "view SLIDE --frame stored --prompts box -o x.png", 64, "--prompts, --frame",
                "belongs to a store"),
            Row("view SLIDE --mpp 1 -o x.png", 64, "--mpp and --tissue-min", "need --patch N"),
            Row("view SLIDE --patch 64 --tissue-min 3 -o x.png", 64, "--tissue-min", "0 to 1"),
            Row("view SLIDE --patch 64 --mpp 1000 -o x.png", 64, "--mpp", "0.01 to 100"),
            Row("view SLIDE --side 10 -o x.png", 64, "--side", "64 to 8192"),
            Row("view SLIDE --tissue median=4 -o x.png", 64, "--tissue", "odd number"),
            Row("view SLIDE -o x.jpg", 64, "--output", ".png"),
            Row("view SLIDE --patch 64 --mpp 0.1 -o x.png", 65, "0.5"),
            Row("view SLIDE --annotations none.xml -o x.png", 66, "none.xml"),
            Row("inspect SLIDE --annotations none.xml", 66, "none.xml"),
            Row("prepare sample-slide --from in --to no --stages none.csv", 66, "none.csv"),
            Row("inspect SLIDE --annotations SLIDE", 65, "patient_001_node_2.tif"),
            Row("inspect in/annotations/patient_001_node_1.xml", 65, "patient_001_node_1.xml"),
            Row(
                "view in/annotations/patient_001_node_1.xml -o x.png", 65, "patient_001_node_1.xml"),
        ])
    func slideUsage(row: Row) throws {
        let folder = try Self.slides.get()
        let slide = "in/images/patient_001_node_2.tif"
        let outcome = try Command.run(
            row.arguments.map { $0 == "SLIDE" ? slide : $0 }, in: folder.path)
        #expect(outcome.code == row.code, "\(outcome.errors)")
        for word in row.words {
            #expect(outcome.errors.contains(word), "\(word) in \(outcome.errors)")
        }
        #expect(!folder.exists("x.png") && !folder.exists("x.jpg"))
        if row.code != 64 { #expect(outcome.errorLines.count == 1, "\(outcome.errors)") }
    }

    @Test(
        "damaged slides and outlines end with one line and the code of bad data, and leave nothing")
    func damaged() throws {
        let folder = try Self.slides.get()
        let slide = try folder.data("in/images/patient_001_node_2.tif")
        let outlines = try folder.data("in/annotations/patient_001_node_1.xml")
        let other = try EmptyFolder()
        func prepare(_ image: Data, _ annotation: Data?) throws -> Command.Outcome {
            try? FileManager.default.removeItem(atPath: other.path + "/in")
            try? FileManager.default.removeItem(atPath: other.path + "/out")
            try other.write("in/images/patient_001_node_2.tif", image)
            if let annotation {
                try other.write("in/annotations/patient_001_node_2.xml", annotation)
            }
            return try other.run(
                "prepare", "sample-slide", "--split", "none", "--from", "in", "--to", "out",
                "--patch", "256", "-q",
                "--allow-outside")
        }
        #expect(try prepare(slide, outlines).code == 0)
        var flipped = slide
        for n in stride(from: slide.count / 3, to: slide.count / 2, by: 3) { flipped[n] ^= 0x5A }
        let entity = Data(
            "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b \"c\">]><ASAP_Annotations>&b;</ASAP_Annotations>"
                .utf8)
        for (image, annotation, word) in [
            (slide.prefix(slide.count / 2), nil, "patient_001_node_2.tif"),
            (flipped, nil, "patient_001_node_2.tif"),
            (Data("II*".utf8), nil, "patient_001_node_2.tif"),
            (slide, outlines.prefix(outlines.count / 2), "patient_001_node_2.xml"),
            (slide, entity, "patient_001_node_2.xml"), (slide, Data(), "patient_001_node_2.xml"),
        ] as [(Data, Data?, String)] {
            let outcome = try prepare(image, annotation)
            #expect(
                outcome.code == 65 && outcome.signal == 0,
                "\(word): \(outcome.code) \(outcome.errors)")
            #expect(outcome.errorLines.count == 1, "\(outcome.errors)")
            #expect(outcome.errors.contains(word), "\(outcome.errors)")
            #expect(!other.names("out").contains { $0.contains(".tmp.") || $0.hasSuffix(".h5") })
        }
    }
}
