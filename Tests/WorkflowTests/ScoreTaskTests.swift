import Foundation
import MedicalDatasets
import MedicalImaging
import SamplePreparation
import SampleStore
import SegmentationMetrics
import SegmentationReports
import TIFF
import Testing

@testable import SamdataWorkflow

@Suite("Scoring instances, score maps, lesions, classes and stores")
struct ScoreTaskTests {
    @Test("instances: the mean over images and the pooled value are both there")
    func instances() throws {
        let folder = try ScoreFolder()
        // One image with one nucleus found exactly, one with two of which one is missed.
        try folder.npy("gt/a.npy", [1, 4], [1, 1, 0, 0] as [Int32])
        try folder.npy("pred/a.npy", [1, 4], [9, 9, 0, 0] as [Int32])
        try folder.npy("gt/b.npy", [1, 4], [1, 0, 2, 2] as [Int32])
        try folder.npy("pred/b.npy", [1, 4], [0, 0, 5, 5] as [Int32])
        var configuration = folder.configuration(
            "gt", "pred", [.aji, .panopticQuality, .objectHausdorff, .dice])
        configuration.task = .instances
        let report = try folder.report(configuration)
        #expect(report.value("a", label: 0, "aji")?.value == 1)
        #expect(report.value("b", label: 0, "aji")?.value == 2.0 / 3)
        #expect(report.value("b", label: 0, "pq")?.value == 2.0 / 3)
        #expect(report.value("a", label: 0, "object-hd")?.value == 0)
        #expect(
            abs(try #require(report.summary(.overall, "aji")?.mean) - 5.0 / 6) < 1e-15)
        // Pooled: 4 shared pixels of 5, and 2 of 2.5 objects.
        #expect(report.summary(.pooled, "aji")?.mean == 4.0 / 5)
        #expect(report.summary(.pooled, "pq")?.mean == 2.0 / 2.5)
        #expect(report.summary(.pooled, "dice")?.mean == 8.0 / 9)
    }

    @Test("slide-sized TIFF masks read in bands give the numbers of the whole images")
    func bands() throws {
        let folder = try ScoreFolder()
        let (width, height) = (300, 230)
        var reference = [UInt8](repeating: 0, count: width * height)
        for y in 0..<height {
            for x in 0..<width where (x / 23 + y / 19) % 3 != 0 {
                reference[y * width + x] = UInt8(1 + x / 23 + 13 * (y / 90))
            }
        }
        let prediction = reference.indices.map { index in
            index % width < 3 ? 0 : reference[index - 3]
        }
        for (name, samples) in [("gt/a.tif", reference), ("pred/a.tif", prediction)] {
            let pixels = try TIFFPixels(width: width, height: height, samples: .uint8(samples))
            try folder.write(
                name, try TIFFWriter.encode(pixels, layout: .tiles(width: 64, height: 32)))
        }
        for (task, metrics) in [
            (MetricTask.labels, [Metric.dice, .iou, .mcc]),
            (.instances, [.aji, .ajiPlus, .panopticQuality, .adjustedRandInstances, .dice]),
        ] {
            var configuration = folder.configuration("gt", "pred", metrics)
            configuration.task = task
            // The bands know the labels only by name.
            if task == .labels { configuration.inputs.referenceLabels = "*=tissue" }
            let whole = try folder.report(configuration)
            configuration.memoryLimit = 16 * 20_000
            let banded = try folder.report(configuration)
            #expect(whole.cases[0].outcome == .scored && banded.cases[0].outcome == .scored)
            #expect(banded.cases[0].notes.contains { $0.contains("read in bands") })
            #expect(banded.rows.map(\.values) == whole.rows.map(\.values), "\(task)")
            #expect(banded.cases[0].prediction == whole.cases[0].prediction)
        }
        var configuration = folder.configuration("gt", "pred", [.hd95])
        configuration.inputs.referenceLabels = "*=tissue"
        configuration.memoryLimit = 16 * 20_000
        let refused = try #require(try folder.report(configuration).cases[0].message)
        #expect(refused.contains("hd95") && refused.contains("--metrics"))
    }

    @Test("score maps: ranked, calibrated and as a mask; NaN is an error with its place")
    func scoreMaps() throws {
        let folder = try ScoreFolder()
        try folder.npy("gt/a.npy", [2, 2], [0, 1, 1, 0] as [UInt8])
        try folder.npy("pred/a.npy", [2, 2], [0.1, 0.9, 0.4, 0.6] as [Float])
        try folder.npy("gt/b.npy", [2, 2], [0, 1, 0, 0] as [UInt8])
        try folder.npy("pred/b.npy", [2, 2], [0.2, 0.8, 0.1, 0.1] as [Float])
        try folder.npy("gt/c.npy", [2, 2], [0, 1, 0, 0] as [UInt8])
        try folder.npy("pred/c.npy", [2, 2], [0.2, 0.8, .nan, 0.1] as [Float])
        let report = try folder.report(
            folder.configuration("gt", "pred", [.auc, .bestF1, .brier, .dice]))
        #expect(report.task == "scores")
        #expect(report.value("a", label: 0, "auc")?.value == 0.75)
        #expect(report.value("a", label: 0, "dice")?.value == 0.5)
        #expect(report.value("b", label: 0, "auc")?.value == 1)
        #expect(report.cases[2].outcome == .error)
        #expect(report.cases[2].message?.contains("column 0, row 1") == true)
        // All pixels of a and b: positives 0.9, 0.4, 0.8 against 0.1, 0.6, 0.2, 0.1, 0.1.
        #expect(abs(try #require(report.summary(.pooled, "auc")?.mean) - 14.0 / 15) < 1e-12)
        #expect(report.panels.map(\.title).contains { $0.hasPrefix("Receiver operating") })
        #expect(report.options.contains { $0.name == "best-f1-threshold" })
        #expect(report.findings.contains { $0.message.contains("--threshold-from") })
    }

    @Test("detections against lesion maps give the FROC curve, and masks lesion-wise scores")
    func lesions() throws {
        let folder = try ScoreFolder()
        try folder.npy("gt/a.npy", [1, 6], [1, 1, 0, 0, 2, 2] as [UInt8])
        try folder.npy("gt/b.npy", [1, 6], [0, 0, 0, 0, 0, 0] as [UInt8])
        try folder.write("pred/a.csv", "score,x,y\n0.9,0,0\n0.8,1,0\n0.3,3,0\n")
        try folder.write("pred/b.csv", "score,x,y\n0.5,2,0\n")
        var configuration = folder.configuration("gt", "pred", [])
        configuration.task = .lesions
        configuration.inputs.spacing = [0.01]
        let report = try folder.report(configuration)
        // Half of the lesions are found before the first false positive and no more after it.
        #expect(report.summary(.overall, "froc")?.mean == 0.5)
        #expect(
            report.rows.map { [$0.counts?.tp, $0.counts?.fp, $0.counts?.fn] } == [
                [1, 1, 1], [0, 1, 0],
            ])
        try folder.write("pred/b.csv", "score,x,y\n0.5,2\n")
        let broken = try folder.report(configuration)
        #expect(broken.cases[1].message?.contains("line 2") == true)
        try folder.npy("masks/a.npy", [1, 6], [1, 1, 0, 0, 0, 0] as [UInt8])
        try folder.npy("masks/b.npy", [1, 6], [0, 0, 0, 0, 0, 0] as [UInt8])
        configuration.prediction = folder.path("masks")
        let lesionwise = try folder.report(configuration)
        #expect(lesionwise.metrics.map(\.id) == ["lesion-dice", "lesion-hd95"])
        #expect(lesionwise.cases.map(\.outcome) == [.scored, .scored])
    }

    @Test(
        "classes: accuracy with Wilson's interval, the confusion matrix, and a sample without prediction"
    )
    func classes() throws {
        let folder = try ScoreFolder()
        let organs = ["liver", "spleen"]
        let rows = (0..<12).map { "s\($0),\(organs[$0 % 2])" }
        try folder.write("gt.csv", "id,organ\n" + rows.joined(separator: "\n") + "\ns12,liver\n")
        let guesses = (0..<12).map { "s\($0),\(organs[$0 == 3 ? 0 : $0 % 2])" }
        try folder.write("pred.csv", "id,organ\n" + guesses.joined(separator: "\n") + "\n")
        var configuration = folder.configuration("gt.csv", "pred.csv", [])
        configuration.task = .classes
        let report = try folder.report(configuration)
        let accuracy = try #require(report.summary(.overall, "accuracy"))
        #expect(accuracy.mean == 11.0 / 12)
        #expect(accuracy.interval?.method == "Wilson score")
        #expect(report.panels.first?.matrix?.counts == [[6, 0], [1, 5]])
        #expect(report.cases.filter { $0.outcome == .missing }.map(\.id) == ["s12"])
        try folder.write("pred.csv", "id,organ\ns0,liver\ns0,spleen\n")
        #expect {
            try folder.report(configuration)
        } throws: { "\($0)".contains("line 3") && "\($0)".contains("a second time") }
    }

    @Test(
        "the stages and nodes of the Camelyon17 kappa example are all matched",
        .enabled(if: SharedData.isThere, "real files are not there"))
    func camelyonStages() throws {
        let root = try #require(SharedData.root) + "/scored-pairs/camelyon17-kappa"
        var configuration = ScoreConfiguration(
            reference: root + "/reference.csv", prediction: root + "/submission.csv")
        configuration.task = .classes
        let report = try ScoreRun(configuration).run { _, _, _ in }.report
        let total = report.panels.first?.matrix?.counts.joined().reduce(0, +)
        #expect(total == 30)
    }

    @Test("slices of a prepared store are scored on the original voxels")
    func preparedStore() throws {
        let dataset = try TinyDataset()
        let out = try PrepareFolder()
        let layout = StoreLayout(root: out.path + "/store")
        let configuration = PrepareConfiguration(
            card: dataset.card, split: nil, preset: nil,
            recipe: SlicePreset.termProject.recipe, prompts: PromptRecipe(kinds: []), seed: 1)
        let plan = try PreparePlanner(card: dataset.card, split: nil)
            .plan(root: dataset.folder.path + "/in", configuration: configuration).plan
        _ = try PrepareRun(
            plan: plan, card: dataset.card, root: dataset.folder.path + "/in", layout: layout
        )
        .run()
        var score = ScoreConfiguration(reference: layout.root, prediction: layout.root)
        score.metrics = [.dice, .hd]
        score.inputs.requiresStore = true
        let report = try ScoreRun(score).run { _, _, _ in }.report
        #expect(!report.cases.isEmpty)
        for entry in report.cases {
            #expect(entry.outcome == .scored, "\(entry.message ?? "")")
            #expect(
                [[14, 11, 7], [15, 11, 8], [16, 11, 9]].contains(entry.shape), "\(entry.shape)")
        }
        #expect(report.rows.allSatisfy { $0.values[0].state == .na || $0.values[0].value == 1 })
        #expect(report.rows.contains { $0.values[0].value == 1 })
    }
}

@Suite("Comparing and publishing scores")
struct ScoreCompareTests {
    private func reports() throws -> (ScoreFolder, ScoreReport, ScoreReport) {
        let folder = try ScoreFolder()
        let shape = GridShape(8, 1, 1)
        for id in 0..<12 {
            let n = id % 3 + 2
            let truth = (0..<8).map { UInt8($0 < n ? 1 : 0) }
            try folder.nifti("gt/\(id).nii", truth, shape: shape)
            try folder.nifti(
                "a/\(id).nii", (0..<8).map { UInt8($0 < n + id % 2 ? 1 : 0) }, shape: shape)
            if id != 11 {
                try folder.nifti(
                    "b/\(id).nii", (0..<8).map { UInt8($0 < n + 2 ? 1 : 0) }, shape: shape)
            }
        }
        func score(_ name: String) throws -> ScoreReport {
            var configuration = folder.configuration("gt", name, [.dice, .hd])
            configuration.withSpread = true
            return try folder.report(configuration)
        }
        return (folder, try score("a"), try score("b"))
    }

    @Test(
        "two models: paired over the cases both have, better in both metrics, and the absent case is named"
    )
    func pair() throws {
        let (_, first, second) = try reports()
        let report = try CompareRun(models: [
            .init(name: "a", report: first, sha256: ""),
            .init(name: "b", report: second, sha256: ""),
        ]).run()
        let dice = try #require(report.pairs.first { $0.metric == "dice" && $0.label == 1 })
        #expect(dice.n == 11)
        #expect(dice.wins == 11 && dice.ties == 0 && dice.losses == 0)
        #expect((dice.meanDifference ?? 0) > 0)
        #expect((dice.interval?.low ?? 0) > 0)
        #expect((dice.p ?? 1) < 0.01 && (dice.holm ?? 0) >= (dice.p ?? 1))
        // Less is better for distances: the same model wins with a negative difference.
        let distance = try #require(report.pairs.first { $0.metric == "hd" && $0.label == 1 })
        #expect(distance.wins == 11 && (distance.meanDifference ?? 0) < 0)
        #expect(report.findings.contains { $0.message.contains("b has no score for 1 cases") })
        let ranking = try #require(report.rankings.first { $0.metric == "dice" })
        #expect(
            ranking.rankOfMean == [1, 2] && ranking.firstShare == [1, 0] && ranking.ordersAgree)
        let swapped = try CompareRun(models: [
            .init(name: "b", report: second, sha256: ""),
            .init(name: "a", report: first, sha256: ""),
        ]).run()
        let mirrored = try #require(swapped.pairs.first { $0.metric == "dice" && $0.label == 1 })
        #expect(mirrored.losses == 11 && mirrored.p == dice.p)
    }

    @Test("what cannot be compared is refused with the way out")
    func refusals() throws {
        let (folder, first, _) = try reports()
        func message(_ models: [CompareRun.Model]) -> String {
            do {
                _ = try CompareRun(models: models).run()
                return ""
            } catch { return "\(error)" }
        }
        let a = CompareRun.Model(name: "a", report: first, sha256: "")
        #expect(message([a]).contains("expected two or more"))
        #expect(message([a, a]).contains("two reports called `a`"))
        var configuration = folder.configuration("gt", "a", [.dice])
        configuration.convention = .medpy
        let other = CompareRun.Model(
            name: "b", report: try folder.report(configuration), sha256: "")
        #expect(message([a, other]).contains("--allow-different-conventions"))
    }

    @Test("every published table can stand beside a run, and says what is not comparable")
    func published() throws {
        let (folder, _, _) = try reports()
        for table in PublishedTable.all where table.name != "term-project-organs" {
            var configuration = folder.configuration("gt", "a", [.dice, .hd95])
            configuration.published = table.name
            let comparison = try #require(try folder.report(configuration).published)
            #expect(comparison.rows.last?.isOurs == true)
            #expect(comparison.rows.allSatisfy { $0.values.count == comparison.columns.count })
            #expect(comparison.notes.contains { $0.hasPrefix("Not comparable") }, "\(table.name)")
        }
        var configuration = folder.configuration("gt", "a", [.dice, .hd95])
        configuration.published = "sam-lst"
        let comparison = try #require(try folder.report(configuration).published)
        #expect(comparison.rows.contains { $0.method == "Ours" && $0.values.contains("79.45") })
        #expect(throws: WorkflowError.self) { try PublishedTable.named("nnunet") }
    }
}
