import Foundation
import MedicalDatasets
import MedicalImaging
import NIfTI
import SamplePreparation
import SampleStore
import SamdataWorkflow
import Testing

/// A folder that is removed when the last reference to it goes away.
final class PrepareFolder: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("prepare-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Every file below the folder with its bytes, by path.
    static func contents(of root: String) throws -> [String: Data] {
        var result: [String: Data] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: root) {
            let path = root + "/" + name
            var isFolder: ObjCBool = false
            if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
                !isFolder.boolValue
            {
                result[name] = try Data(contentsOf: URL(fileURLWithPath: path))
            }
        }
        return result
    }
}

/// A data set of a few small volumes in a folder of its own, with a card: labels 1 ball, 2 box (5 in the files); the value 9
/// is read as background.
final class TinyDataset: Sendable {
    static let cardText = """
        {
          "schema": "samdata.dataset/1", "name": "tiny", "title": "Tiny volumes", "modality": "CT", "units": "HU",
          "licence": { "name": "none", "redistribution": true },
          "layouts": [
            { "name": "flat", "image": "img{case}.nii[.gz]", "label": "label{case}.nii[.gz]" }
          ],
          "labels": [
            { "id": 1, "name": "ball", "color": "#FF0000", "values": [1] },
            { "id": 2, "name": "box", "color": "#00FF00", "values": [5] }
          ],
          "backgroundValues": [9]
        }
        """
    static let shape = GridShape(14, 11, 7)
    static let affine = Affine(values: [-0.75, 0, 0, 20, 0, -1.5, 0, 30, 0, 0, 3, -40])

    let folder: PrepareFolder
    let card: DatasetCard

    var root: String { folder.path + "/in" }
    var output: String { folder.path + "/out" }

    /// Writes cases of growing size.
    init(_ ids: [String] = ["a", "b", "c"]) throws {
        folder = try PrepareFolder()
        card = try DatasetCard(json: Array(Self.cardText.utf8), file: "tiny.json")
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        for (n, id) in ids.enumerated() {
            try write(id, shape: GridShape(14 + n, 11, 7 + n), seed: n)
        }
    }

    /// The image value of a voxel: different everywhere.
    static func intensity(_ i: Int, _ j: Int, _ k: Int, seed: Int = 0) -> Int16 {
        Int16(-200 + 31 * i + 17 * j + 53 * k + 7 * seed)
    }

    /// The label value (in the file) of a voxel: a ball in front of a box, nothing in the last slice.
    static func label(_ i: Int, _ j: Int, _ k: Int, in shape: GridShape) -> UInt8 {
        if k == shape.k - 1 { return 0 }
        let (x, y, z) = (i - 4, j - 5, 2 * (k - 2))
        if x * x + y * y + z * z <= 10 { return 1 }
        if i >= 8, i <= 11, j >= 3, j <= 4 + k % 3, k >= 1 { return 5 }
        return i == 0 && j == 0 && k == 0 ? 9 : 0
    }

    /// The card's id of a voxel of a volume of the usual shape.
    static func id(_ i: Int, _ j: Int, _ k: Int) -> UInt8 {
        let raw = label(i, j, k, in: shape)
        return raw == 5 ? 2 : raw == 9 ? 0 : raw
    }

    static func image(shape: GridShape, affine: Affine = affine, seed: Int = 0) -> Volume<Int16> {
        var samples: [Int16] = []
        for k in 0..<shape.k {
            for j in 0..<shape.j {
                for i in 0..<shape.i { samples.append(intensity(i, j, k, seed: seed)) }
            }
        }
        return Volume(grid: Grid(shape: shape, affine: affine), samples: samples)
    }

    static func labels(shape: GridShape, affine: Affine = affine) -> LabelMap {
        var samples: [UInt8] = []
        for k in 0..<shape.k {
            for j in 0..<shape.j {
                for i in 0..<shape.i { samples.append(label(i, j, k, in: shape)) }
            }
        }
        return LabelMap(grid: Grid(shape: shape, affine: affine), samples: samples)
    }

    func write(
        _ id: String, shape: GridShape = TinyDataset.shape, seed: Int = 0, affine: Affine = affine,
        labelAffine: Affine? = nil
    ) throws {
        try NIfTIWriter.write(
            Self.image(shape: shape, affine: affine, seed: seed), to: "\(root)/img\(id).nii.gz")
        try NIfTIWriter.write(
            Self.labels(shape: shape, affine: labelAffine ?? affine), as: .labels,
            to: "\(root)/label\(id).nii.gz")
    }

    func remove(_ name: String) throws {
        try FileManager.default.removeItem(atPath: "\(root)/\(name)")
    }

    func configuration(
        _ recipe: SliceRecipe = SliceRecipe(), prompts: PromptRecipe = PromptRecipe(),
        split: DatasetSplit? = nil, seed: UInt64 = 0
    ) -> PrepareConfiguration {
        PrepareConfiguration(
            card: card, split: split, preset: nil, recipe: recipe, prompts: prompts, seed: seed)
    }

    func split(_ parts: String, extra: String = "") throws -> DatasetSplit {
        try DatasetSplit(
            json: Array(
                """
                { "schema": "samdata.split/1", "name": "mine", "dataset": "tiny", "parts": {\(parts)}\(extra) }
                """.utf8), file: "mine.json")
    }

    func run(
        _ configuration: PrepareConfiguration? = nil, split: DatasetSplit? = nil,
        to output: String? = nil
    ) throws -> PrepareRun {
        let configuration = configuration ?? self.configuration(split: split)
        let plan = try PreparePlanner(card: card, split: split)
            .plan(root: root, configuration: configuration).plan
        return PrepareRun(
            plan: plan, card: card, root: root, layout: StoreLayout(root: output ?? self.output))
    }

    /// Prepares one case and opens its file.
    func reader(
        _ recipe: SliceRecipe, prompts: PromptRecipe = PromptRecipe(), case id: String = "a"
    ) throws -> CaseFileReader {
        let output = folder.path + "/" + UUID().uuidString
        _ = try run(configuration(recipe, prompts: prompts), to: output).run()
        return try CaseFileReader(path: StoreLayout(root: output).caseFile(id))
    }
}

/// The kind and the text of the error a body throws.
func failure(_ body: () throws -> Void) -> (kind: FailureKind?, text: String) {
    do {
        try body()
        return (nil, "no error")
    } catch { return (FailureKind(of: error), "\(error)") }
}
