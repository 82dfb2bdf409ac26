import MedicalImaging
import PNGCodec
import SampleStore

/// Pictures and masks as PNG, and one line of prompts per region.
///
/// `images/<case>_<index>.png` is 8-bit grey or RGB, `masks/<case>_<index>.png` holds the label ids, `labels.json` their names
/// and colours, `prompts.jsonl` a JSON object per record in the order of cases and slices. Boxes and points are in pixels of
/// the picture, as the predictor of SAM takes them.
///
/// Where the store has them, `instances/<case>_<index>.png` holds the number of each pixel's instance in 16-bit grey, and
/// `patches.jsonl` says where each patch lies on its picture.
final class PNGExport: CaseExporter {
    private let threads: Int
    private let classes: [LabelClass]
    private let names: [Int: String]
    private var folder: ExportFolder?
    private var prompts: TextStream?
    private var patches: TextStream?
    private let isPictures: Bool
    private(set) var notes: [String] = []

    private struct Line: Encodable {
        var image: String
        var mask: String
        var `case`: String
        var part: String
        var slice: Int
        var label: Int
        var name: String
        var component: Int
        var area: Int
        var boxes: [String: [Float]]
        var points: [String: PromptTable.Row.Points]
    }

    init(_ source: ExportSource, threads: Int) throws {
        self.threads = threads
        classes = try source.classes()
        names = classes.namesByID
        isPictures = source.isPictures
    }

    func begin(_ folder: ExportFolder) throws {
        self.folder = folder
        try folder.make("images")
        try folder.make("masks")
        prompts = try TextStream(path: "\(folder.root)/prompts.jsonl")
        if isPictures { patches = try TextStream(path: "\(folder.root)/patches.jsonl") }
    }

    func export(_ unit: UnitRecord, _ reader: CaseFileReader) throws -> FileTally {
        guard let folder, let prompts else { return FileTally() }
        let pictures = try SlicePictures(reader, threads: threads)
        notes += pictures.note.map { [$0] } ?? []
        let table = try PromptTable(reader)
        let files = reader.sliceIndices.map { "\(unit.id)_\($0.inThreeDigits).png" }
        let hasInstances = reader.description.instances != nil
        if hasInstances { try folder.make("instances") }
        let tallies = try ParallelLoop.map(count: reader.count, threads: threads) { position in
            var tally = try folder.write("images/\(files[position])") {
                try pictures.png(at: position)
            }
            tally += try folder.write("masks/\(files[position])") {
                try Self.png(try reader.label(at: position).samples, of: reader)
            }
            if hasInstances {
                tally += try folder.write("instances/\(files[position])") {
                    try Self.instancePNG(at: position, of: reader)
                }
            }
            return tally
        }
        for position in 0..<reader.count {
            if let patches, let about = reader.description.patches {
                try patches.append(
                    try CanonicalJSON.compact(
                        PatchLine(
                            about, position, image: "images/\(files[position])", of: unit)))
                try patches.append("\n")
            }
            for row in table[position] {
                let label = Int(row.record.label)
                try prompts.append(
                    try CanonicalJSON.compact(
                        Line(
                            image: "images/\(files[position])", mask: "masks/\(files[position])",
                            case: unit.id, part: unit.part, slice: reader.sliceIndices[position],
                            label: label, name: names[label] ?? "label \(label)",
                            component: row.record.component, area: row.record.area,
                            boxes: row.boxNumbers, points: row.pointNumbers)))
                try prompts.append("\n")
            }
        }
        return .sum(tallies)
    }

    func finish() throws -> FileTally {
        guard let folder, let prompts else { return FileTally() }
        try prompts.publish()
        var tally = try folder.tally("prompts.jsonl")
        if let patches {
            try patches.publish()
            tally += try folder.tally("patches.jsonl")
        }
        let table = classes.map { LabelTableEntry(id: $0.id, name: $0.name, color: $0.color) }
        tally += try folder.rewrite("labels.json", try CanonicalJSON.pretty(table))
        return tally
    }

    /// The instance numbers of a picture as a PNG of 16 bits.
    static func instancePNG(at position: Int, of reader: CaseFileReader) throws -> [UInt8] {
        let numbers = try reader.instances(at: position) ?? []
        if let largest = numbers.max(), largest > 0xFFFF {
            throw WorkflowError(
                .configuration,
                "\(reader.path): picture \(position): found instance \(largest), expected at most 65535 "
                    + "for 16-bit PNG; use --format npz")
        }
        return try PNG.encode(
            try PNGPicture(
                width: reader.description.columns, height: reader.description.rows, channels: 1,
                samples: .words(numbers.map { UInt16($0) })))
    }

    /// One channel of bytes as a PNG.
    static func png(_ samples: [UInt8], of reader: CaseFileReader) throws -> [UInt8] {
        try PNG.encode(
            try PNGPicture(
                width: reader.description.columns, height: reader.description.rows, channels: 1,
                samples: .bytes(samples)))
    }
}
