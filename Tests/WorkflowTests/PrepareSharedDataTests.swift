import Foundation
import MedicalDatasets
import MedicalImaging
import NIfTI
import SamplePreparation
import SampleStore
import Testing

@testable import SamdataWorkflow

/// Real files, when they lie beside the checkout (`../shared`) or where `SAMDATA_SHARED` says.
enum SharedData {
    static let root: String? = {
        let named = ProcessInfo.processInfo.environment["SAMDATA_SHARED"]
        let beside = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("shared").path
        return [named, beside].compactMap(\.self).map { $0 + "/data" }
            .first { FileManager.default.fileExists(atPath: $0 + "/EXPECTED.tsv") }
    }()
    static var isThere: Bool { root != nil }
}

@Suite("Preparation of real files", .enabled(if: SharedData.isThere, "real files are not there"))
struct PrepareSharedDataTests {
    private func root(_ name: String) throws -> String {
        try #require(SharedData.root) + "/" + name
    }

    @Test("abdominal CT is prepared with a card drafted from its folder")
    func abdominalCT() throws {
        let root = try root("abdominal-ct")
        let draft = try CardDrafting.draft(name: "abdomen", root: root)
        #expect(draft.cases.count >= 2, "\(draft.cases)")
        // 117 classes of TotalSegmentator, of which each volume shows some
        #expect(draft.card.labels.count > 50)
        let folder = try PrepareFolder()
        for (preset, slices) in [
            (SlicePreset.termProject, nil), (.transunet, [20, 112, 30]), (.medsam, nil),
        ] as [(SlicePreset, [Int]?)] {
            let configuration = PrepareConfiguration(
                card: draft.card, split: nil, preset: preset, recipe: preset.recipe,
                prompts: PromptRecipe(kinds: [.centre, .box, .randomPoints(3)]), seed: 1)
            let plan = try PreparePlanner(card: draft.card, split: nil)
                .plan(root: root, configuration: configuration).plan
            #expect(plan.units.count == draft.cases.count)
            let layout = StoreLayout(root: folder.path + "/" + preset.rawValue)
            var run = PrepareRun(plan: plan, card: draft.card, root: root, layout: layout)
            run.threads = 2
            let manifest = try #require(try run.run().manifest)
            #expect(try VerifyRun(layout: layout).run().problems == [])
            for unit in manifest.cases {
                if let slices {
                    #expect(slices.contains(unit.slices), "\(unit.id): \(unit.slices)")
                }
                try check(unit, preset, layout, root: root)
            }
        }
    }

    /// Compares every pixel of a few slices with the recipe applied to the whole volume here.
    private func check(
        _ unit: UnitRecord, _ preset: SlicePreset, _ layout: StoreLayout, root: String
    ) throws {
        let reader = try CaseFileReader(path: layout.caseFile(unit.id))
        let image = try NIfTIFile(path: root + "/" + unit.inputs[0].path).loadImage(
            affine: .automatic
        )
        .contents
        let values: [Double] =
            switch image {
            case .int16(let volume): volume.samples.map { Double($0) }
            case .int32(let volume): volume.samples.map { Double($0) }
            case .float32(let volume): volume.samples.map { Double($0) }
            }
        let shape = image.grid.shape
        let stored = image.grid.orientation
        // 3 mm volumes lie in RAS; the DICOM one in LAS, whose first axis RAS turns round
        let flipsFirst = preset == .termProject && "\(stored)" == "LAS"
        #expect(["RAS", "LAS"].contains("\(stored)"))
        let clipped = values.lazy.map { min(max($0, -160), 240) }
        let (low, high) = (clipped.min() ?? 0, clipped.max() ?? 0)
        for position in stride(from: 0, to: reader.count, by: max(1, reader.count / 3)) {
            let slice = try reader.image(at: position)
            let k = reader.sliceIndices[position]
            var wrong = 0
            for row in 0..<slice.rows {
                for column in 0..<slice.columns {
                    var (i, j) = preset == .termProject ? (row, column) : (column, row)
                    if flipsFirst { i = shape.i - 1 - i }
                    let value = values[i + shape.i * (j + shape.j * k)]
                    let expected: Float
                    switch preset {
                    case .termProject:
                        let unit = (min(max(Float(value), -175), 250) + 175) / 425
                        expected = Float(UInt8(unit * 255))
                    case .transunet: expected = (min(max(Float(value), -125), 275) + 125) / 400
                    case .medsam:
                        let byte = (min(max(value, -160), 240) - low) / (high - low) * 255
                        expected = Float(UInt8(byte))
                    }
                    if slice[row, column] != expected { wrong += 1 }
                }
            }
            #expect(wrong == 0, "\(unit.id) \(preset) slice \(k)")
        }
    }

    @Test(
        "the published label maps agree with the 18/12 list: slice counts, organs, and no gallbladder in 0035"
    )
    func labelMaps() throws {
        let card = try DatasetCard.named("synapse")
        var check = FolderCheck(card: card)
        check.split = try DatasetSplit.named("synapse-18-12")
        check.labelsOnly = true
        check.labelValues = .cardIDs
        check.threads = 2
        let outcome = try check.run(root: try root("btcv-labels"))
        #expect(outcome.errors == 0, "\(outcome.findings) \(outcome.cases.flatMap(\.errors))")
        #expect(outcome.cases.count == 24)
        let training = outcome.cases.filter { $0.part == "train" }
        // 0023 alone of the eighteen is not among the files
        #expect(training.count == 17)
        #expect(training.reduce(0) { $0 + $1.shape[2] } == 2211 - 96)
        for entry in outcome.cases {
            let absent = card.labels.map(\.name).filter { !entry.labels.contains($0) }
            #expect(absent == (entry.id == "0035" ? ["gallbladder"] : []), "\(entry.id)")
            #expect(entry.orientation == "LPS")
        }
        // read as raw values the same files are wrong, and the check says so: 2 x 8 values fit, their meaning does not
        check.labelValues = .raw
        let raw = try check.run(root: try root("btcv-labels"))
        #expect(raw.findings.contains { $0.contains("remapped a second time") }, "\(raw.findings)")
    }
}
