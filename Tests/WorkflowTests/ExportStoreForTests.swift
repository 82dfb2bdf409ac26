import Foundation
import MedicalDatasets
import MedicalImaging
import NIfTI
import SafeFiles
import SamplePreparation
import SampleStore

@testable import SamdataWorkflow

/// A small prepared store in a folder of its own, and room for its exports; removed when the value goes away.
///
/// Four cases of the Synapse card: 0031 and 0007 train, 0008 and 0002 test (in published order), 40 x 36 x 6 voxels that
/// are anisotropic and lie in the order LPS, with a large organ, a small one in two parts, and an absent one.
final class ExportStoreForTests {
    static let shape = GridShape(40, 36, 6)
    static let affine = Affine(values: [-0.75, 0, 0, 14, 0, -0.5, 0, 21, 0, 0, 3, -100])

    let folder: String
    let store: StoreLayout

    init(
        recipe: SliceRecipe, preset: SlicePreset? = nil, prompts: PromptRecipe = PromptRecipe(),
        usesSplit: Bool = true, ids: [String] = ["0031", "0007", "0008", "0002"],
        parts: String = #"{"train": ["0007", "0031"], "test": ["0002", "0008"]}"#,
        card: DatasetCard? = nil
    ) throws {
        folder =
            FileManager.default.temporaryDirectory.path + "/samdata-export-\(UUID().uuidString)"
        store = StoreLayout(root: folder + "/store")
        let raw = folder + "/raw"
        try Folders.make(raw + "/img")
        try Folders.make(raw + "/label")
        for id in ids {
            try NIfTIWriter.write(Self.image(id), to: "\(raw)/img/img\(id).nii.gz")
            try NIfTIWriter.write(
                Self.labels(id), as: .labels, to: "\(raw)/label/label\(id).nii.gz")
        }
        let card = try card ?? DatasetCard.named("synapse")
        // The published name, so that the published order holds, without its check of slice counts.
        let split = try DatasetSplit(
            json: Array(
                """
                {"schema": "samdata.split/1", "name": "synapse-18-12", "dataset": "synapse",
                 "parts": \(parts)}
                """.utf8), file: "split.json")
        let planner = PreparePlanner(card: card, split: usesSplit ? split : nil)
        let configuration = PrepareConfiguration(
            card: card, split: usesSplit ? split : nil, preset: preset, recipe: recipe,
            prompts: prompts, seed: 7)
        let plan = try planner.plan(root: raw, configuration: configuration, allowMissing: true)
            .plan
        _ = try PrepareRun(plan: plan, card: card, root: raw, layout: store).run()
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// Whole numbers from about -300 to 500, different for every case.
    static func image(_ id: String) -> Volume<Int16> {
        var state = UInt32(id) ?? 1
        let samples = (0..<shape.count).map { n -> Int16 in
            state = state &* 1_664_525 &+ 1_013_904_223
            let x = n % shape.i
            return Int16(x * 15 - 300) + Int16(state >> 24)
        }
        return Volume(grid: Grid(shape: shape, affine: affine), samples: samples)
    }

    /// Raw values of BTCV: 6 is the liver, 1 the spleen, 5 becomes background under the Synapse card.
    static func labels(_ id: String) -> LabelMap {
        var samples = [UInt8](repeating: 0, count: shape.count)
        func fill(_ value: UInt8, _ i: Range<Int>, _ j: Range<Int>, _ k: Range<Int>) {
            for z in k {
                for y in j { for x in i { samples[x + shape.i * (y + shape.j * z)] = value } }
            }
        }
        let shift = (Int(id) ?? 0) % 3
        fill(6, (3 + shift)..<(29 + shift), 5..<29, 2..<4)
        fill(1, 33..<36, 4..<9, 3..<5)
        fill(1, 31..<38, 25..<(27 + shift), 3..<4)
        fill(5, 0..<2, 0..<2, 0..<1)
        return LabelMap(grid: Grid(shape: shape, affine: affine), samples: samples)
    }

    /// Exports into a folder beside the store.
    @discardableResult
    func export(
        _ format: ExportFormat, to name: String = "out",
        _ change: (inout ExportRun) -> Void = { _ in }
    ) throws -> ExportOutcome {
        var run = ExportRun(layout: store, format: format, output: path(name))
        change(&run)
        return try run.run()
    }

    func path(_ name: String) -> String { folder + "/" + name }

    func bytes(_ name: String) throws -> [UInt8] { try FileReading.contents(of: path(name)) }

    func lines(_ name: String) throws -> [String] {
        String(decoding: try bytes(name), as: UTF8.self).split(separator: "\n").map(String.init)
    }

    func json<Value: Decodable>(_ type: Value.Type, _ name: String) throws -> Value {
        try JSONDecoder().decode(type, from: Data(try bytes(name)))
    }

    func reader(_ id: String) throws -> CaseFileReader {
        try CaseFileReader(path: store.caseFile(id))
    }

    /// Every file below a folder with the digest of its bytes.
    func digests(_ name: String) throws -> [String: String] {
        var result: [String: String] = [:]
        let root = path(name)
        for file in try FileManager.default.subpathsOfDirectory(atPath: root)
        where Folders.isFile("\(root)/\(file)") {
            result[file] = try FileReading.sha256(of: "\(root)/\(file)")
        }
        return result
    }
}

extension SliceRecipe {
    /// All slices, original pixels, as the files lie.
    static var wholeVolumes: SliceRecipe {
        SliceRecipe(
            orientation: .stored, selection: SliceSelection(.all),
            window: .range(low: -160, high: 240))
    }
}
