import Foundation
import MedicalDatasets
import MedicalImaging
import SafeFiles
import SamplePreparation
import SampleStore

@testable import SamdataWorkflow

/// A small store of pictures in a folder of its own, put together from invented pixels; removed when the value goes away.
///
/// `nuclei` (train) is one whole picture of 20 x 24 pixels with an instance map; `cells` (validation) two patches with
/// instances; `slide` (test) lies in two pieces of three and two patches of 16 x 16 without instances, read at a downsample of
/// (2, 2.5), the first patch reaching over the edge.
final class ExportPictureStoreForTests {
    let folder: String
    let store: StoreLayout
    let configuration: PrepareConfiguration

    static let labels = [
        LabelClass(id: 1, name: "nucleus", color: "#FF0080"),
        LabelClass(id: 2, name: "tumour", color: "#00FF01"),
    ]

    init(
        instances: InstanceType = .uint16, offset: UInt32 = 0, lackingPiece: Bool = false,
        placesWhole: Bool = true
    ) throws {
        folder =
            FileManager.default.temporaryDirectory.path + "/samdata-pictures-\(UUID().uuidString)"
        store = StoreLayout(root: folder + "/store")
        try Folders.make(store.cases)
        try Folders.make(store.units)
        var configuration = PrepareConfiguration(
            card: try DatasetCard.named("synapse"), split: nil, preset: nil, recipe: SliceRecipe(),
            prompts: PromptRecipe(kinds: [.box, .centre], unit: .component8), seed: 1)
        configuration.slices.axis = CaseFileFormat.planeAxis
        configuration.slices.pixels = "uint8"
        configuration.caseFormat = CaseFileFormat.pictureVersion
        self.configuration = configuration
        let plan = PreparePlan(configuration: configuration, units: [])
        try AtomicFile.write(try CanonicalJSON.pretty(plan), to: store.plan)

        var units = [
            try write(
                "nuclei", part: "train", rows: 20, columns: 24,
                patches: Self.patches([[0, 0]], size: [24, 20]), instances: instances, offset,
                keepsPatches: placesWhole),
            try write(
                "cells", part: "validation", rows: 12, columns: 10,
                patches: Self.patches([[0, 0], [10, 3]], size: [40, 50]), instances: instances,
                offset),
        ]
        var first = Self.patches([[-8, 0], [24, 0], [56, 40]], size: [300, 200])
        var second = Self.patches([[88, 40], [120, 40]], size: [300, 200])
        for n in 0..<3 { first.latticeIndices[n] = 5 + n }
        for n in 0..<2 { second.latticeIndices[n] = 8 + n }
        for (index, var patches) in [first, second].enumerated() {
            if lackingPiece, index == 0 { continue }
            patches.downsample = [2, 2.5]
            patches.tissue = patches.foreground
            let piece = UnitRecord.Piece(index: index + 1, of: 2)
            units.append(
                try write(
                    "slide", part: "test", rows: 16, columns: 16, patches: patches,
                    instances: nil, piece: piece, 0))
        }
        let manifest = Manifest(
            dataset: "invented", split: "", planSHA256: try FileReading.sha256(of: store.plan),
            cases: units, caseFormat: CaseFileFormat.pictureVersion)
        try AtomicFile.write(try CanonicalJSON.pretty(manifest), to: store.manifest)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private static func patches(_ origins: [SIMD2<Int>], size: SIMD2<Int>) -> StoredPatches {
        let zeros = [Int](repeating: 0, count: origins.count)
        return StoredPatches(
            origins: origins, foreground: origins.map { _ in 0.5 }, contested: zeros,
            latticeIndices: Array(origins.indices), missing: zeros, slideSize: size,
            slideMPP: [0.25, 0.25], rule: "pixel-centre")
    }

    /// Writes one unit: noise as pixels, noise as labels, so that regions touch in every way.
    private func write(
        _ id: String, part: String, rows: Int, columns: Int, patches: StoredPatches,
        instances: InstanceType?, piece: UnitRecord.Piece? = nil, _ offset: UInt32,
        keepsPatches: Bool = true
    ) throws -> UnitRecord {
        let unitID = piece?.unitID(of: id) ?? id
        var state = UInt32(truncatingIfNeeded: unitID.utf8.reduce(7) { $0 &* 31 &+ Int($1) })
        func byte() -> Int {
            state = state &* 1_664_525 &+ 1_013_904_223
            return Int(state >> 24)
        }
        var description = CaseDescription(
            caseID: id, patient: id, dataset: "invented", split: "", part: part,
            labels: Self.labels, pixelType: .uint8, pixelFormat: "original", units: "",
            window: nil, channels: 3, rows: rows, columns: columns, axis: CaseFileFormat.planeAxis,
            orientation: "", source: patches.sourceGrid, pixelToVoxel: patches.pixelToVoxel,
            inputs: [], configuration: "{}", warnings: [])
        description.channelMeaning = .rgb
        description.patches = keepsPatches ? patches : nil
        description.instances = instances
        let plane = rows * columns
        let numbers = patches.origins.map { _ in
            (0..<plane).map { _ in byte() < 140 ? 0 : UInt32(byte() % 9 + 1) + offset }
        }
        let labels = numbers.map { $0.map { UInt8($0 == 0 ? 0 : 1 + $0 % 2) } }
        let slices = Array(patches.origins.indices)
        let areas = labels.map { own in [1, 2].map { id in own.count { $0 == id } } }
        let writer = try CaseFileWriter(description, slices: slices, areas: areas)
        let codec = PlaneCodec()
        var records: [StoredRecord] = []
        var boxes: [BoxPrompt] = []
        for n in slices {
            let pixels = (0..<3).map { _ in (0..<plane).map { _ in UInt8(byte()) } }
            try writer.writeSlice(
                n, image: pixels.map { $0.withUnsafeBytes { codec.encode($0, width: 1) } },
                label: labels[n].withUnsafeBytes { codec.encode($0, width: 1) },
                instances: instances?.encode(numbers[n], codec))
            for number in Set(numbers[n]).subtracting([0]).sorted(by: {
                ($0 % 2, $0) < ($1 % 2, $1)
            }) where instances != nil {
                let pixels = numbers[n].indices.filter { numbers[n][$0] == number }
                let (xs, ys) = (pixels.map { $0 % columns }, pixels.map { $0 / columns })
                records.append(
                    StoredRecord(
                        slice: n, label: UInt8(1 + number % 2), component: Int(number),
                        area: pixels.count))
                boxes.append(
                    BoxPrompt(
                        x0: Float(xs.min() ?? 0), y0: Float(ys.min() ?? 0),
                        x1: Float(xs.max() ?? 0), y1: Float(ys.max() ?? 0)))
            }
        }
        try writer.writeRecords(
            records, prompts: [StoredPrompts(name: "box", values: .boxes(boxes))])
        var unit = UnitRecord(id: unitID, caseID: id, patient: id, part: part, key: "k")
        unit.piece = piece
        unit.path = store.relativeCaseFile(unitID)
        (unit.bytes, unit.sha256) = try writer.publish(to: store.caseFile(unitID))
        unit.slices = slices.count
        unit.records = records.count
        try AtomicFile.write(try CanonicalJSON.pretty(unit), to: store.record(unitID))
        return unit
    }

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

    func json<Value: Decodable>(_ type: Value.Type, _ name: String) throws -> Value {
        try JSONDecoder().decode(type, from: Data(try bytes(name)))
    }

    func reader(_ unit: String) throws -> CaseFileReader {
        try CaseFileReader(path: store.caseFile(unit))
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
