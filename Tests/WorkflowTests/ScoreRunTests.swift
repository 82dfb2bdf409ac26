import Foundation
import MedicalDatasets
import MedicalImaging
import SegmentationMetrics
import SegmentationReports
import TIFF
import Testing

@testable import SamdataWorkflow

extension ScoreFolder {
    /// A configuration of two sources in the folder.
    func configuration(
        _ reference: String = "gt", _ prediction: String = "pred", _ metrics: [Metric] = [.dice]
    ) -> ScoreConfiguration {
        var configuration = ScoreConfiguration(
            reference: path(reference), prediction: path(prediction))
        configuration.metrics = metrics
        configuration.version = "test"
        return configuration
    }

    func report(_ configuration: ScoreConfiguration) throws -> ScoreReport {
        try ScoreRun(configuration).run { _, _, _ in }.report
    }
}

extension ScoreReport {
    /// The value of a metric in a row.
    func value(_ id: String, label: Int, _ metric: String = "dice") -> ScoreValue? {
        guard let column = metrics.firstIndex(where: { $0.id == metric }) else { return nil }
        return rows.first { $0.case == id && $0.label == label }?.values[column]
    }

    func summary(_ scope: ScoreSummary.Scope, _ metric: String, label: Int? = nil) -> ScoreSummary?
    {
        summaries.first { $0.scope == scope && $0.metric == metric && $0.label == label }
    }
}

@Suite("Scoring label maps")
struct ScoreRunTests {
    /// One slice of 4 x 1 voxels per case.
    private static let line = GridShape(4, 1, 1)

    private func folder(_ reference: [String: [UInt8]], _ prediction: [String: [UInt8]]) throws
        -> ScoreFolder
    {
        let folder = try ScoreFolder()
        for (id, values) in reference {
            try folder.nifti("gt/\(id).nii.gz", values, shape: Self.line)
        }
        for (id, values) in prediction {
            try folder.nifti("pred/\(id).nii.gz", values, shape: Self.line)
        }
        return folder
    }

    @Test(
        "the reference drives the table: what is missing, missed or invented is a row with its state"
    )
    func states() throws {
        let folder = try folder(
            [
                "a": [1, 1, 0, 0], "b": [1, 1, 0, 0], "c": [0, 0, 0, 0], "d": [0, 0, 0, 0],
                "e": [1, 0, 0, 0],
            ],
            ["a": [1, 0, 0, 0], "b": [0, 0, 0, 0], "c": [0, 0, 0, 1], "d": [0, 0, 0, 0]])
        var configuration = folder.configuration("gt", "pred", [.dice, .hd95])
        configuration.inputs.referenceLabels = "1=organ"
        let report = try folder.report(configuration)
        #expect(report.cases.map(\.id) == ["a", "b", "c", "d", "e"])
        #expect(report.cases.map(\.outcome) == [.scored, .scored, .scored, .scored, .missing])
        #expect(report.value("a", label: 1) == ScoreValue(MetricValue(.value, 2.0 / 3)))
        #expect(report.value("b", label: 1) == ScoreValue(MetricValue(.miss, 0)))
        #expect(report.value("c", label: 1) == ScoreValue(MetricValue(.ghost, 0)))
        #expect(report.value("d", label: 1)?.state == .na)
        #expect(report.value("e", label: 1)?.state == .error)
        let dice = try #require(report.summary(.label, "dice", label: 1))
        #expect(dice.states == .init(value: 1, na: 1, miss: 1, ghost: 1, error: 1))
        #expect(dice.n == 3)
        #expect(abs(try #require(dice.mean) - 2.0 / 9) < 1e-15)
        // The penalised mean counts the missing prediction of e, whose reference has the organ, as 0.
        #expect(dice.penalisedCount == 4)
        #expect(abs(try #require(dice.penalisedMean) - 1.0 / 6) < 1e-15)
        let distance = try #require(report.summary(.label, "hd95", label: 1))
        // One finite distance of 0.75 mm x 0.95, and the diagonal of 3 x 0.75 mm for b, c and e.
        #expect(distance.n == 1)
        #expect(distance.penalisedCount == 4)
        let finite = try #require(distance.mean)
        #expect(abs(try #require(distance.penalisedMean) - (finite + 3 * 2.25) / 4) < 1e-12)
        #expect(dice.worst.first?.case == "e")
    }

    @Test("a broken file is one row with the state error and one line, and the others go on")
    func brokenFile() throws {
        let folder = try folder(
            ["a": [1, 1, 0, 0], "b": [1, 1, 0, 0]], ["a": [1, 1, 0, 0], "b": [1, 1, 0, 0]])
        try folder.write("pred/b.nii.gz", [0x1f, 0x8b, 8, 0, 1, 2, 3])
        let report = try folder.report(folder.configuration())
        #expect(report.cases.map(\.outcome) == [.scored, .error])
        let message = try #require(report.cases[1].message)
        #expect(message.contains("b.nii.gz"))
        #expect(!message.contains("\n") && !message.contains(folder.root))
        #expect(report.value("b", label: 1)?.state == .error)
        #expect(report.value("a", label: 1)?.value == 1)
        // The penalised mean knows from the reference what was there to be found: label 1, and not label 2.
        var both = folder.configuration()
        both.inputs.referenceLabels = "1=liver,2=spleen"
        let named = try folder.report(both)
        #expect(named.summary(.label, "dice", label: 1)?.penalisedMean == 0.5)
        #expect(named.summary(.label, "dice", label: 2)?.penalisedMean == nil)
    }

    @Test("--missing decides what the mean counts")
    func missingPolicies() throws {
        let folder = try folder(
            ["a": [1, 1, 0, 0], "b": [1, 1, 0, 0]], ["a": [1, 1, 0, 0], "b": [0, 0, 0, 0]])
        var configuration = folder.configuration("gt", "pred", [.hd])
        func mean(_ policy: String) throws -> Double? {
            configuration.missing = try #require(ScoreConfiguration.MissingPolicy(policy))
            return try folder.report(configuration).summary(.label, "hd", label: 1)?.mean
        }
        #expect(try mean("count") == 0)
        #expect(try mean("skip") == 0)
        #expect(try mean("diagonal") == 1.125)
        #expect(try mean("value:10") == 5)
        #expect(ScoreConfiguration.MissingPolicy("value:nan") == nil)
        #expect(ScoreConfiguration.MissingPolicy("none") == nil)
        configuration.missing = .skip
        #expect(
            try folder.report(configuration).findings.contains {
                $0.severity == .warning && $0.message.contains("--missing skip")
            })
    }

    @Test("conventions part where organs are missed and invented, and a spread says by how much")
    func spread() throws {
        let folder = try folder(
            ["a": [1, 1, 0, 0], "b": [1, 1, 0, 0], "c": [0, 0, 0, 0]],
            ["a": [1, 0, 0, 0], "b": [0, 0, 0, 0], "c": [0, 0, 0, 1]])
        var configuration = folder.configuration("gt", "pred", [.dice, .hd95])
        configuration.inputs.referenceLabels = "1=organ"
        configuration.withSpread = true
        let report = try folder.report(configuration)
        let spread = try #require(report.spread)
        #expect(spread.conventions.first == "standard")
        let dice = try #require(spread.rows.first { $0.metric == "dice" })
        func mean(_ name: String) throws -> Double? {
            dice.means[try #require(spread.conventions.firstIndex(of: name))]
        }
        // 2/3, a miss and an invention: TransUNet's code gives the invention a full Dice.
        #expect(abs(try #require(try mean("standard")) - 2.0 / 9) < 1e-15)
        #expect(abs(try #require(try mean("synapse")) - 5.0 / 9) < 1e-15)
        #expect(abs(try #require(try mean("monai")) - 1.0 / 3) < 1e-15)
        configuration.withSpread = false
        for name in ["standard", "synapse", "monai"] {
            configuration.convention = try Convention.named(name)
            let own = try folder.report(configuration).summary(.overall, "dice")?.mean
            #expect(try mean(name) == own, "\(name)")
        }
    }

    @Test("labels are matched by name, whatever numbers the two sides use")
    func names() throws {
        let folder = try folder(["a": [1, 1, 2, 0]], ["a": [7, 7, 5, 5]])
        var configuration = folder.configuration()
        configuration.inputs.referenceLabels = "1=liver,2=spleen"
        configuration.inputs.predictionLabels = "5=spleen,7=Liver"
        let report = try folder.report(configuration)
        #expect(report.labels.map(\.name) == ["liver", "spleen"])
        #expect(report.value("a", label: 1)?.value == 1)
        #expect(report.value("a", label: 2)?.value == 2.0 / 3)
        configuration.inputs.labelGroups = ["both=liver+spleen"]
        let grouped = try folder.report(configuration)
        #expect(grouped.labels.last?.members == ["liver", "spleen"])
        #expect(grouped.value("a", label: 1001)?.value == 6.0 / 7)
    }

    @Test("without a label table every value of either side is a row")
    func values() throws {
        let folder = try folder(["a": [3, 3, 0, 0]], ["a": [3, 0, 9, 0]])
        let report = try folder.report(folder.configuration())
        #expect(report.labels.map(\.id) == [3, 9])
        #expect(report.value("a", label: 9)?.state == .ghost)
    }

    @Test("with slices as the unit the mean is that over all records")
    func records() throws {
        let folder = try ScoreFolder()
        let shape = GridShape(2, 1, 3)
        try folder.nifti("gt/a.nii", [1, 1, 1, 0, 0, 0] as [UInt8], shape: shape)
        try folder.nifti("pred/a.nii", [1, 0, 1, 0, 1, 1] as [UInt8], shape: shape)
        try folder.nifti("gt/b.nii", [2, 0, 0, 0, 1, 1] as [UInt8], shape: shape)
        try folder.nifti("pred/b.nii", [0, 0, 0, 0, 1, 1] as [UInt8], shape: shape)
        var configuration = folder.configuration("gt", "pred", [.dice, .smoothedDice(1e-5)])
        configuration.unit = .slice
        let report = try folder.report(configuration)
        // Slices in which the reference has the label: a 0, a 1, b 2 of label 1; b 0 of label 2.
        #expect(
            report.rows.map { [$0.slice ?? -1, $0.label] } == [[0, 1], [1, 1], [0, 2], [2, 1]])
        let plain = try #require(report.summary(.overall, "dice")?.mean)
        let records: [Double] = [2.0 / 3, 1, 0, 1]
        #expect(abs(plain - records.reduce(0, +) / 4) < 1e-15)
        let smoothed = try #require(report.summary(.overall, "dice:smoothed@1e-5")?.mean)
        let e = 1e-5
        let smoothedRecords: [Double] = [(2 + e) / (3 + e), 1, e / (1 + e), 1]
        #expect(abs(smoothed - smoothedRecords.reduce(0, +) / 4) < 1e-12)
    }

    @Test("the report does not depend on the number of threads")
    func threads() throws {
        let folder = try ScoreFolder()
        for id in 0..<7 {
            var samples = ScoreFolder.pattern(4)
            samples[id] = 3
            try folder.nifti("gt/\(id).nii.gz", samples)
            samples.swapAt(2 * id, 50 + id)
            try folder.nifti("pred/\(id).nii.gz", samples)
        }
        var configuration = folder.configuration("gt", "pred", Metric.defaults(for: .labels))
        configuration.withSpread = true
        let first = try folder.report(configuration)
        for jobs in [2, 3, 8] {
            configuration.jobs = jobs
            #expect(try folder.report(configuration) == first)
        }
    }

    @Test("intervals need ten patients, and slices of one patient are drawn together")
    func intervals() throws {
        let folder = try ScoreFolder()
        for id in 0..<12 {
            try folder.nifti("gt/\(id).nii", [1, 1, 1, 0] as [UInt8], shape: Self.line)
            try folder.nifti(
                "pred/\(id).nii", [1, id % 2 == 0 ? 1 : 0, 1, id % 3 == 0 ? 1 : 0] as [UInt8],
                shape: Self.line)
        }
        var configuration = folder.configuration()
        let summary = try #require(
            try folder.report(configuration).summary(.label, "dice", label: 1))
        let interval = try #require(summary.interval)
        let mean = try #require(summary.mean)
        #expect(interval.low < mean && mean < interval.high)
        #expect(interval.method.contains("12 cases"))
        configuration.bootstrap.resamples = 0
        #expect(try folder.report(configuration).summary(.label, "dice", label: 1)?.interval == nil)
        configuration.bootstrap.resamples = 100
        configuration.inputs.cases = ["0", "1", "2"]
        #expect(try folder.report(configuration).summary(.label, "dice", label: 1)?.interval == nil)
    }

    @Test("a report holds what it needs to be verified, and a changed file is found")
    func verification() throws {
        let folder = try folder(["a": [1, 1, 0, 0]], ["a": [1, 0, 0, 0]])
        let configuration = folder.configuration()
        let report = try folder.report(configuration)
        let same = try ScoreVerification(report, configuration: configuration).run()
        #expect(same.differences == [] && same.files == 2 && same.values == 1)
        try folder.nifti("pred/a.nii.gz", [1, 1, 0, 0] as [UInt8], shape: Self.line)
        let changed = try ScoreVerification(report, configuration: configuration).run()
        #expect(changed.differences.count == 2)
        #expect(changed.differences[0].hasPrefix("case a, prediction a.nii.gz: found sha256 "))
        #expect(changed.differences[1].hasPrefix("case a, label 1, dice: reported 0.66"))
    }

    @Test("a flipped prediction is scored as it is, and the flip is suggested")
    func flipped() throws {
        let folder = try ScoreFolder()
        let shape = GridShape(12, 8, 6)
        var samples = [UInt8](repeating: 0, count: shape.count)
        for k in 0..<3 {
            for j in 0..<4 { for i in 0..<5 { samples[i + 12 * (j + 8 * k)] = 1 } }
        }
        let flipped = samples.indices.map { samples[$0 / 12 * 12 + 11 - $0 % 12] }
        try folder.nifti("gt/a.nii", samples, shape: shape)
        try folder.nifti("pred/a.nii", flipped, shape: shape)
        let report = try folder.report(folder.configuration())
        #expect(report.value("a", label: 1)?.value == 0)
        #expect(report.findings.contains { $0.message.contains("reversed along i") })
    }

    @Test(
        "grids that differ are an error that names the field; allowed or resampled, the case says so"
    )
    func grids() throws {
        let folder = try ScoreFolder()
        let samples = ScoreFolder.pattern(3)
        try folder.nifti("gt/a.nii", samples)
        var affine = ScoreFolder.affine
        affine[0, 3] += 10
        try folder.nifti("pred/a.nii", samples, affine: affine)
        var configuration = folder.configuration()
        let message = try #require(try folder.report(configuration).cases[0].message)
        #expect(message.contains("origin") && message.contains("--resample-prediction nearest"))
        configuration.inputs.allowsGridMismatch = true
        let allowed = try folder.report(configuration)
        #expect(allowed.cases[0].outcome == .scored)
        #expect(allowed.cases[0].notes.contains { $0.contains("grid mismatch allowed") })
        #expect(allowed.options.contains { $0.name == "allow-grid-mismatch" })
        configuration.inputs.allowsGridMismatch = false
        configuration.inputs.resamplesPrediction = true
        let resampled = try folder.report(configuration)
        #expect(resampled.cases[0].notes.contains { $0.contains("resampled") })
        #expect((resampled.value("a", label: 1)?.value ?? 1) < 1)
    }

    @Test("limits are checked against the headline means")
    func limits() throws {
        let folder = try folder(["a": [1, 1, 2, 0]], ["a": [1, 0, 2, 0]])
        var configuration = folder.configuration()
        configuration.inputs.referenceLabels = "1=liver,2=spleen"
        let report = try folder.report(configuration)
        func line(_ label: String?, _ limit: Double, isLower: Bool = true) throws -> String? {
            try report.violation(
                metric: .dice, label: label, limit: limit, isLowerLimit: isLower, option: "--x")
        }
        #expect(try line(nil, 0.8) == nil)
        #expect(try line("Liver", 0.8)?.contains("dice of Liver is 0.66") == true)
        #expect(try line(nil, 0.8, isLower: false) != nil)
        #expect(throws: WorkflowError.self) { try line("lung", 0.5) }
        #expect(throws: WorkflowError.self) {
            try report.violation(
                metric: .hd, label: nil, limit: 1, isLowerLimit: true, option: "--x")
        }
    }
}
