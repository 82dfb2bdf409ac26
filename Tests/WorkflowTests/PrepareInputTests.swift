import Foundation
import MedicalDatasets
import MedicalImaging
import NIfTI
import SafeFiles
import SamplePreparation
import SampleStore
import Testing

@testable import SamdataWorkflow

/// Uncompressed images, whose size does not depend on their contents.
enum NIfTIWriterPlain {
    static func write(_ data: TinyDataset, _ id: String, seed: Int) throws {
        try NIfTIWriter.write(
            TinyDataset.image(shape: TinyDataset.shape, seed: seed), to: "\(data.root)/img\(id).nii"
        )
        try NIfTIWriter.write(
            TinyDataset.labels(shape: TinyDataset.shape), as: .labels,
            to: "\(data.root)/label\(id).nii.gz")
    }
}

/// What is refused, with which words and which exit code.
@Suite("Preparation: what is refused")
struct PrepareInputTests {
    @Test("another plan for the same store is refused and what differs is named")
    func changedPlan() throws {
        let data = try TinyDataset(["a", "b"])
        _ = try data.run().run()
        let before = try PrepareFolder.contents(of: data.output)
        var recipe = SliceRecipe()
        recipe.window = .range(low: -100, high: 300)
        recipe.pixels = .uint8
        let table: [(PrepareConfiguration, [String])] = [
            (
                data.configuration(recipe),
                [
                    "slices.pixels: there original, asked uint8",
                    "slices.window: there none, asked range",
                    "slices.windowLow: there nothing, asked -100.0",
                ]
            ),
            (data.configuration(seed: 3), ["prompts.seed: there 0, asked 3"]),
            (
                data.configuration(prompts: PromptRecipe(kinds: [.box])),
                ["prompts.kinds: there [", "asked [\"box\"]"]
            ),
        ]
        for (configuration, words) in table {
            let found = failure { _ = try data.run(configuration).run() }
            #expect(found.kind == .configuration)
            for word in words { #expect(found.text.contains(word), "\(found.text)") }
            #expect(found.text.contains("choose another --to"))
            #expect(!found.text.contains("\n"))
        }
        try data.write("c")
        try data.remove("imga.nii.gz")
        try data.remove("labela.nii.gz")
        try data.write("b", shape: GridShape(20, 20, 20))
        let found = failure { _ = try data.run().run() }
        #expect(found.kind == .configuration)
        for word in [
            "cases no longer found: a", "new cases: c",
            "files of these cases changed size or name: b",
        ] { #expect(found.text.contains(word), "\(found.text)") }
        #expect(try PrepareFolder.contents(of: data.output) == before)
    }

    @Test("image and label on different grids are refused with the field and the amount")
    func gridMismatch() throws {
        let base = TinyDataset.affine
        var spacing = base
        spacing[2, 2] = 3.5
        var flipped = base
        flipped[0, 0] = 0.75
        var turned = base
        (turned[0, 1], turned[1, 0]) = (0.02, 0.01)
        let table: [(Affine, String)] = [
            (base.moved(by: 5), "origin"), (spacing, "spacing"), (flipped, "orientation"),
            (turned, "direction"),
        ]
        for (affine, field) in table {
            let data = try TinyDataset(["a"])
            try data.write("a", labelAffine: affine)
            let found = failure { _ = try data.run().run() }
            #expect(found.kind == .data)
            #expect(found.text.contains("labela.nii.gz: label grid differs"), "\(found.text)")
            #expect(found.text.contains(field), "\(field): \(found.text)")
            #expect(found.text.contains("--allow-grid-mismatch"))
            #expect(!found.text.contains("\n"))
            var allowed = data.configuration()
            allowed.allowGridMismatch = true
            let output = data.folder.path + "/allowed"
            let manifest = try #require(try data.run(allowed, to: output).run().manifest)
            #expect(
                manifest.cases[0].warnings.contains {
                    $0.hasPrefix("grid mismatch allowed: ") && $0.contains(field)
                })
        }
    }

    @Test("a label map of another shape is refused, allowed mismatch or not")
    func shapeMismatch() throws {
        let data = try TinyDataset(["a"])
        try NIfTIWriter.write(
            TinyDataset.labels(shape: GridShape(14, 11, 6)), as: .labels,
            to: data.root + "/labela.nii.gz")
        for allow in [false, true] {
            var configuration = data.configuration()
            configuration.allowGridMismatch = allow
            let found = failure {
                _ = try data.run(configuration, to: "\(data.output)\(allow)").run()
            }
            #expect(found.kind == .data)
            #expect(found.text.contains("14x11x7"), "\(found.text)")
            #expect(found.text.contains("14x11x6"))
            #expect(found.text.contains("fetch the right file"))
            #expect(!found.text.contains("--allow-grid-mismatch"))
        }
    }

    @Test("label values that the card does not list are refused by value, or ignored by name")
    func unknownLabels() throws {
        let data = try TinyDataset(["a"])
        var labels = TinyDataset.labels(shape: TinyDataset.shape)
        var samples = labels.samples
        samples[500] = 77
        labels = LabelMap(grid: labels.grid, samples: samples)
        try NIfTIWriter.write(labels, as: .labels, to: data.root + "/labela.nii.gz")
        let found = failure { _ = try data.run().run() }
        #expect(found.kind == .data)
        #expect(found.text.contains("labela.nii.gz"))
        #expect(found.text.contains("77"), "\(found.text)")
        #expect(!found.text.contains("\n"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: data.output + "/cases") == [])
        var configuration = data.configuration()
        configuration.ignoredLabelValues = [77]
        let ignored = try data.run(configuration, to: data.output + "2").run()
        #expect(ignored.prepared == 1)
    }

    @Test("card ids are taken as they are, so that eight organs are not remapped twice")
    func cardIDs() throws {
        let data = try TinyDataset(["a"])
        // the file already holds the ids 1 and 2; read as raw, 2 is unknown
        let labels = TinyDataset.labels(shape: TinyDataset.shape)
        let ids = LabelMap(
            grid: labels.grid, samples: labels.samples.map { $0 == 5 ? 2 : $0 == 9 ? 0 : $0 })
        _ = try data.run().run()
        try NIfTIWriter.write(ids, as: .labels, to: data.root + "/labela.nii.gz")
        var configuration = data.configuration()
        configuration.labelValues = "card-ids"
        let output = data.output + "2"
        _ = try data.run(configuration, to: output).run()
        let raw = try CaseFileReader(path: StoreLayout(root: data.output).caseFile("a"))
        let mapped = try CaseFileReader(path: StoreLayout(root: output).caseFile("a"))
        #expect(raw.organAreas == mapped.organAreas)
        for position in 0..<raw.count {
            #expect(try raw.label(at: position) == mapped.label(at: position))
        }
        let found = failure { _ = try data.run(to: data.output + "3").run() }
        #expect(found.kind == .data)
        #expect(found.text.contains("2"))
    }

    @Test(
        "a missing label, a double case and a missing folder are refused before anything is written"
    )
    func incompleteFolders() throws {
        let missing = try TinyDataset(["a", "b"])
        try missing.remove("labelb.nii.gz")
        let double = try TinyDataset(["a"])
        try NIfTIWriterPlain.write(double, "a", seed: 0)
        let absent = try TinyDataset(["a"])
        try FileManager.default.removeItem(atPath: absent.root)
        let empty = try TinyDataset([])
        let table: [(TinyDataset, FailureKind, [String])] = [
            (missing, .data, ["b", "imgb.nii.gz has no label map"]),
            (double, .data, ["a", "two images", "imga.nii and imga.nii.gz"]),
            (absent, .missingInput, [absent.root]),
            (empty, .missingInput, [empty.root, "img{case}"]),
        ]
        for (data, kind, words) in table {
            let found = failure { _ = try data.run().run() }
            #expect(found.kind == kind, "\(found.text)")
            for word in words { #expect(found.text.contains(word), "\(found.text)") }
            #expect(!found.text.contains("\n"))
            #expect(!FileManager.default.fileExists(atPath: data.output))
        }
    }

    @Test("an output inside the input is refused, through links and for the plan alone too")
    func nestedOutput() throws {
        let data = try TinyDataset(["a"])
        let link = data.folder.path + "/link"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: data.root)
        for output in [
            data.root, data.root + "/out", data.root + "/new/deep/out", link + "/out",
            data.root + "/../in/out",
        ] {
            let run = try data.run(to: output)
            for body in [{ _ = try run.run() }, { try run.establishPlan() }] {
                let found = failure(body)
                #expect(found.kind == .configuration, "\(output): \(found.text)")
                #expect(found.text.contains("lies inside the input folder"))
            }
        }
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: data.root).sorted()
                == ["imga.nii.gz", "labela.nii.gz"])
        // a neighbour whose name only starts the same is fine
        #expect(try data.run(to: data.root + "-out").run().prepared == 1)
    }

    @Test("slice counts of a split are an integrity check")
    func sliceCounts() throws {
        let data = try TinyDataset(["a", "b"])
        let split = try data.split(
            #""train": ["a"], "test": ["b"]"#, extra: #", "caseSliceCounts": {"a": 7, "b": 9}"#)
        let found = failure { _ = try data.run(split: split).run() }
        #expect(found.kind == .data)
        for word in ["imgb.nii.gz", "found 8 slices", "mine", "expects 9"] {
            #expect(found.text.contains(word), "\(found.text)")
        }
        let right = try data.split(
            #""train": ["a"], "test": ["b"]"#, extra: #", "caseSliceCounts": {"a": 7, "b": 8}"#)
        let manifest = try #require(
            try data.run(split: right, to: data.output + "2").run().manifest)
        #expect(manifest.cases.map(\.part) == ["train", "test"])
        #expect(manifest.split == "mine")
    }

    @Test("a case of the split that is not in the folder is named, or left out when allowed")
    func missingCases() throws {
        let data = try TinyDataset(["a", "b"])
        let split = try data.split(#""train": ["a", "zz"], "test": ["b"]"#)
        let planner = PreparePlanner(card: data.card, split: split)
        let configuration = data.configuration(split: split)
        let found = failure { _ = try planner.plan(root: data.root, configuration: configuration) }
        #expect(found.kind == .data)
        #expect(
            found.text.contains("1 of 2 train cases are not in the folder: zz"), "\(found.text)")
        #expect(found.text.contains("--allow-missing"))
        let allowed = try planner.plan(
            root: data.root, configuration: configuration, allowMissing: true)
        #expect(allowed.plan.units.map(\.id) == ["a", "b"])
        #expect(allowed.findings.contains { $0.severity == .warning && "\($0)".contains("zz") })
        var part = planner
        part.parts = [.test]
        #expect(
            try part.plan(root: data.root, configuration: configuration).plan.units.map(\.id) == [
                "b"
            ])
        var named = planner
        named.cases = ["nope"]
        let unknown = failure { _ = try named.plan(root: data.root, configuration: configuration) }
        #expect(unknown.kind == .missingInput)
        #expect(unknown.text.contains("no case nope to prepare"), "\(unknown.text)")
    }

    @Test("patients in two parts are refused")
    func leakage() throws {
        let data = try TinyDataset(["p1_a", "p1_b"])
        let card = try DatasetCard(
            json: Array(
                TinyDataset.cardText.replacing(
                    "\"backgroundValues\"",
                    with: "\"patientPattern\": \"{patient}_{scan}\", \"backgroundValues\""
                ).utf8),
            file: "tiny.json")
        let split = try data.split(#""train": ["p1_a"], "test": ["p1_b"]"#)
        let configuration = PrepareConfiguration(
            card: card, split: split, preset: nil, recipe: SliceRecipe(), prompts: PromptRecipe(),
            seed: 0)
        let found = failure {
            _ = try PreparePlanner(card: card, split: split)
                .plan(root: data.root, configuration: configuration)
        }
        #expect(found.kind == .data)
        #expect(found.text.contains("patient p1 is in more than one part"), "\(found.text)")
    }

    @Test("evaluating under 24/6 what was trained under 18/12 is refused with the three cases")
    func trainedUnder() throws {
        let card = try DatasetCard.named("btcv")
        let split = try DatasetSplit.named("btcv-24-6")
        let trained = try DatasetSplit.named("synapse-18-12")
        let configuration = PrepareConfiguration(
            card: card, split: split, preset: nil, recipe: SliceRecipe(), prompts: PromptRecipe(),
            seed: 0)
        func plan(_ ids: [String]) -> PreparePlan {
            PreparePlan(
                configuration: configuration,
                units: ids.map {
                    PreparePlan.Unit(
                        id: $0, patient: $0, part: split.part(of: $0)?.rawValue ?? "", image: "i",
                        label: "l", bytes: 1)
                })
        }
        let planner = PreparePlanner(card: card, split: split)
        let all = plan(SplitPart.allCases.flatMap { split.cases(in: $0) })
        let found = failure { try planner.refuseOverlap(all, trainedUnder: trained) }
        #expect(found.kind == .configuration)
        #expect(found.text.contains("3 cases"))
        #expect(found.text.contains("0037 0039 0040"), "\(found.text)")
        // the other three validation cases are test cases of 18/12: they may be evaluated
        try planner.refuseOverlap(plan(["0035", "0036", "0038", "0001"]), trainedUnder: trained)
        // the other way round: nine training cases of 24/6 are test cases of 18/12
        let synapse = try DatasetCard.named("synapse")
        let reverse = failure {
            try PreparePlanner(card: synapse, split: trained).refuseOverlap(
                plan(trained.cases(in: .test)), trainedUnder: split)
        }
        #expect(reverse.text.contains("9 cases"), "\(reverse.text)")
        let without = failure {
            try PreparePlanner(card: card, split: nil).refuseOverlap(all, trainedUnder: trained)
        }
        #expect(without.kind == .usage)
    }

    @Test("a file without orientation is refused where one is asked for, and cut as stored")
    func orientationUnknown() throws {
        let data = try TinyDataset(["a"])
        for name in ["imga", "labela"] {
            // qform_code at 252 and sform_code at 254
            var bytes = try NIfTIWriter.encode(
                TinyDataset.image(shape: TinyDataset.shape), path: name)
            if name == "labela" {
                bytes = try NIfTIWriter.encode(
                    TinyDataset.labels(shape: TinyDataset.shape), as: .labels, path: name)
            }
            for n in 252..<256 { bytes[n] = 0 }
            try data.remove(name + ".nii.gz")
            try AtomicFile.write(bytes, to: "\(data.root)/\(name).nii")
        }
        let found = failure { _ = try data.run().run() }
        #expect(found.kind == .data)
        for word in ["imga.nii", "no orientation", "LPS", "--orientation stored"] {
            #expect(found.text.contains(word), "\(found.text)")
        }
        let stored = try data.run(
            data.configuration(SliceRecipe(orientation: .stored)), to: data.output + "2"
        ).run()
        #expect(stored.prepared == 1)
    }

    @Test("a bad case is skipped when asked for, recorded, and the others are prepared")
    func skipping() throws {
        let data = try TinyDataset()
        let good = try Data(contentsOf: URL(fileURLWithPath: data.root + "/imgb.nii.gz"))
        try good.prefix(good.count / 2).write(to: URL(fileURLWithPath: data.root + "/imgb.nii.gz"))
        let stopped = failure { _ = try data.run().run() }
        #expect(stopped.kind == .data)
        #expect(stopped.text.contains("imgb.nii.gz"))
        let plan = try data.run().plan
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: data.output + "/cases") == ["a.h5"])
        var run = PrepareRun(
            plan: plan, card: data.card, root: data.root, layout: StoreLayout(root: data.output))
        run.skipsErrors = true
        var events: [String] = []
        let outcome = try run.run { event in
            if case .failed(let unit, _, let done, let total) = event {
                events.append("\(unit) \(done)/\(total)")
            }
        }
        #expect(outcome.failures.keys.sorted() == ["b"])
        #expect(outcome.prepared == 1)
        #expect(outcome.skipped == 1)
        #expect(!outcome.wroteManifest)
        #expect(events == ["b 2/3"])
        let layout = StoreLayout(root: data.output)
        #expect(!FileManager.default.fileExists(atPath: layout.manifest))
        let status = try StoreStatus(of: layout, shards: 2)
        #expect(status.done == 2)
        #expect(status.failed.keys.sorted() == ["b"])
        #expect(status.shards.map { $0[1] }.reduce(0, +) == 3)

        let refused = failure { try MergeRun(layout: layout).run() }
        #expect(refused.kind == .data)
        #expect(
            refused.text.contains("1 of 3 units are not finished: b (failed)"), "\(refused.text)")
        var merge = MergeRun(layout: layout)
        merge.allowsMissing = true
        let manifest = try merge.run()
        #expect(manifest.missing == ["b"])
        #expect(manifest.cases.map(\.id) == ["a", "c"])
        let verified = try VerifyRun(layout: layout).run()
        #expect(verified.problems.isEmpty)
        #expect(verified.missing == ["b"])
        // the file is repaired (its size is that of the plan no more, so the plan is made anew elsewhere)
        try good.write(to: URL(fileURLWithPath: data.root + "/imgb.nii.gz"))
        #expect(failure { _ = try data.run().run() }.kind == .configuration)
    }
}
