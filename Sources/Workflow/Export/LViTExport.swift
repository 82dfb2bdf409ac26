import MedicalDatasets
import MedicalImaging
import SampleStore

/// The folders LViT trains from: `Train_Folder`, `Val_Folder` and `Test_Folder`, each with `img/` and `labelcol/`.
///
/// A picture and its mask have one name; masks are 8-bit grey, 255 where a pixel has any label and 0 elsewhere. A picture that
/// was stored whole is called by its case, patches and slices by case and index. Cases without a part count as training cases.
///
/// - Source: Li et al. 2023 (LViT), the layout of its MoNuSeg data.
final class LViTExport: CaseExporter {
    private let threads: Int
    private var folder: ExportFolder?
    private var made: Set<String> = []
    private(set) var notes: [String] = [
        "LViT also reads a table of texts for each folder (Train_text.xlsx and so on), which a store does not hold"
    ]

    init(_ source: ExportSource, threads: Int) {
        self.threads = threads
        if source.units.contains(where: \.part.isEmpty) {
            notes.append("cases without a part of a split are in Train_Folder")
        }
    }

    func begin(_ folder: ExportFolder) throws {
        self.folder = folder
        for part in ["Train_Folder", "Val_Folder", "Test_Folder"] {
            try folder.make("\(part)/img")
            try folder.make("\(part)/labelcol")
        }
    }

    func export(_ unit: UnitRecord, _ reader: CaseFileReader) throws -> FileTally {
        guard let folder else { return FileTally() }
        let part = Self.folder(of: unit.part)
        if !["Train_Folder", "Val_Folder", "Test_Folder"].contains(part), made.insert(part).inserted
        {
            try folder.make("\(part)/img")
            try folder.make("\(part)/labelcol")
        }
        let pictures = try SlicePictures(reader, threads: threads)
        notes += pictures.note.map { [$0] } ?? []
        let isWhole = reader.isWholePicture && unit.piece == nil
        return .sum(
            try ParallelLoop.map(count: reader.count, threads: threads) { position in
                let index = reader.sliceIndices[position].inThreeDigits
                let name = isWhole ? "\(unit.id).png" : "\(unit.id)_\(index).png"
                var tally = try folder.write("\(part)/img/\(name)") {
                    try pictures.png(at: position)
                }
                tally += try folder.write("\(part)/labelcol/\(name)") {
                    let label = try reader.label(at: position)
                    return try PNGExport.png(label.samples.map { $0 > 0 ? 255 : 0 }, of: reader)
                }
                return tally
            })
    }

    func finish() throws -> FileTally { FileTally() }

    /// The folder of a part of the split.
    private static func folder(of part: String) -> String {
        switch SplitPart(rawValue: part) {
        case .train: "Train_Folder"
        case .validation: "Val_Folder"
        case .test: "Test_Folder"
        case nil: part.isEmpty ? "Train_Folder" : "\(part)_Folder"
        }
    }
}
