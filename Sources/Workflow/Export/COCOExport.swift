import MedicalImaging
import SamplePreparation
import SampleStore

/// Pictures as PNG and one COCO annotation file per part: `images/` and `annotations/instances_<part>.json`.
///
/// Category ids are label ids. There is one annotation for every organ of a slice, or for every connected part where the
/// store was prepared so, or for every instance where the file has instances, with a compressed run-length mask, `iscrowd` 0 and the exact box `[x, y, width, height]`. Its
/// prompts stand beside it in `prompt_boxes` (x0 y0 x1 y1, far corner inclusive) and `prompt_points`. Ids of images and
/// annotations count from 1 through the whole export. The part is `all` for a store without a split.
///
/// - Source: The data format of the COCO detection task, Lin et al. 2014; masks as in SA-1B.
final class COCOExport: CaseExporter {
    private let source: ExportSource
    private let threads: Int
    private let unit: RegionUnit
    private let categories: [LabelClass]
    private var folder: ExportFolder?
    private var part: String?
    private var stream: TextStream?
    private var images: [Picture] = []
    private var imageCount = 0
    private var annotationCount = 0
    private var annotationsInPart = 0
    private(set) var notes: [String] = []

    private struct Picture: Encodable {
        var id: Int
        var fileName: String
        var width: Int
        var height: Int
        var `case`: String
        var slice: Int

        enum CodingKeys: String, CodingKey {
            case id, width, height, `case`, slice
            case fileName = "file_name"
        }
    }

    private struct Category: Encodable {
        var id: Int
        var name: String
        var supercategory: String
        var color: String
    }

    private struct Information: Encodable {
        var description: String
        var version: String
    }

    init(_ source: ExportSource, threads: Int) throws {
        self.source = source
        self.threads = threads
        unit = try source.configuration.promptRecipe().unit
        categories = try source.classes()
    }

    func begin(_ folder: ExportFolder) throws {
        self.folder = folder
        try folder.make("images")
        try folder.make("annotations")
    }

    func export(_ unit: UnitRecord, _ reader: CaseFileReader) throws -> FileTally {
        guard let folder else { return FileTally() }
        let part = unit.part.isEmpty ? "all" : unit.part
        var tally = FileTally()
        if part != self.part {
            tally += try finishPart()
            self.part = part
            let stream = try TextStream(
                path: "\(folder.root)/annotations/instances_\(part).json")
            try stream.append("{\"annotations\":[")
            self.stream = stream
        }
        let pictures = try SlicePictures(reader, threads: threads)
        notes += pictures.note.map { [$0] } ?? []
        let table = try PromptTable(reader)
        let files = reader.sliceIndices.map { "\(unit.id)_\($0.inThreeDigits).png" }
        let regions = self.unit
        let slices = try ParallelLoop.map(count: reader.count, threads: threads) { position in
            let tally = try folder.write("images/\(files[position])") {
                try pictures.png(at: position)
            }
            let label = try reader.label(at: position)
            guard let numbers = try reader.instances(at: position) else {
                return (
                    tally: tally,
                    annotations: COCOAnnotation.all(
                        in: label, unit: regions, rows: table[position])
                )
            }
            return (
                tally: tally,
                annotations: COCOAnnotation.all(
                    in: try InstanceMasks.all(in: numbers, labels: label), rows: table[position])
            )
        }
        for (position, slice) in slices.enumerated() {
            imageCount += 1
            images.append(
                Picture(
                    id: imageCount, fileName: files[position], width: reader.description.columns,
                    height: reader.description.rows, case: unit.id,
                    slice: reader.sliceIndices[position]))
            for var annotation in slice.annotations {
                annotationCount += 1
                annotation.id = annotationCount
                annotation.imageID = imageCount
                try stream?.append(annotationsInPart == 0 ? "\n" : ",\n")
                annotationsInPart += 1
                try stream?.append(try CanonicalJSON.compact(annotation))
            }
            tally += slice.tally
        }
        return tally
    }

    func finish() throws -> FileTally { try finishPart() }

    /// Ends the annotation file of the part that was worked on.
    private func finishPart() throws -> FileTally {
        guard let folder, let part, let stream else { return FileTally() }
        let above = source.isPictures ? "histology" : "anatomy"
        let categories = categories.map {
            Category(id: $0.id, name: $0.name, supercategory: above, color: $0.color)
        }
        let information = Information(
            description: "\(source.manifest.dataset), \(part), written by samdata", version: "1")
        try stream.append("\n],\n\"categories\":")
        try stream.append(try CanonicalJSON.compact(categories))
        try stream.append(",\n\"images\":")
        try stream.append(try CanonicalJSON.compact(images))
        try stream.append(",\n\"info\":")
        try stream.append(try CanonicalJSON.compact(information))
        try stream.append(",\n\"licenses\":[]}\n")
        try stream.publish()
        self.stream = nil
        images = []
        annotationsInPart = 0
        return try folder.tally("annotations/instances_\(part).json")
    }
}
