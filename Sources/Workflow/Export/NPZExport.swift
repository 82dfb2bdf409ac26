import MedicalImaging
import NumPyFiles
import SampleStore

/// One NumPy archive per slice: `<part>/<case>_<index>.npz`, with the part `all` for a store without a split.
///
/// Keys: `image` as stored (`[rows, columns]`, or `[channels, rows, columns]`), `label` uint8, `window` float64 `[2]` where
/// one is recorded, `slice_index` int32; for the m records of the slice `record_label` uint8, `record_component` int32 and
/// `record_area` int32 `[m]`, and for every kind of prompt `prompts/<kind>` float32 `[m, 4]` (x0 y0 x1 y1, far corner
/// inclusive) or `[m, k, 2]` (x y) with `prompt_labels/<kind>` int8 `[m, k]`. `boxes` and `points` with `point_labels` are
/// the plainest kinds again: the tight box and the centre where they are there, else the first kind by name.
///
/// All pictures of a unit go into one archive `<part>/<unit>.npz`; see `pictures(_:threads:)`.
final class NPZExport: CaseExporter {
    private let threads: Int
    private var folder: ExportFolder?
    private var begun: Set<String> = []
    let notes: [String] = []

    init(threads: Int) { self.threads = threads }

    func begin(_ folder: ExportFolder) throws { self.folder = folder }

    func export(_ unit: UnitRecord, _ reader: CaseFileReader) throws -> FileTally {
        guard let folder else { return FileTally() }
        let part = unit.part.isEmpty ? "all" : unit.part
        if begun.insert(part).inserted { try folder.make(part) }
        if reader.description.channelMeaning == .rgb {
            return try folder.write("\(part)/\(unit.id).npz") {
                try Self.pictures(reader, threads: threads)
            }
        }
        let prompts = try PromptTable(reader)
        return .sum(
            try ParallelLoop.map(count: reader.count, threads: threads) { position in
                let index = reader.sliceIndices[position].inThreeDigits
                return try folder.write("\(part)/\(unit.id)_\(index).npz") {
                    try Self.archive(reader, position, prompts)
                }
            })
    }

    func finish() throws -> FileTally { FileTally() }

    private static func archive(
        _ reader: CaseFileReader, _ position: Int, _ prompts: PromptTable
    ) throws -> [UInt8] {
        let description = reader.description
        let plane = [description.rows, description.columns]
        let pixels = try (0..<description.channels).flatMap {
            try reader.imageBytes(at: position, channel: $0)
        }
        var arrays = [
            (
                name: "image",
                array: try NPYArray(
                    shape: description.channels == 1 ? plane : [description.channels] + plane,
                    type: description.pixelType.npyType, bytes: pixels)
            ),
            (
                name: "label",
                array: try NPYArray(shape: plane, values: try reader.label(at: position).samples)
            ),
            (
                name: "slice_index",
                array: try NPYArray(
                    shape: [], values: [Int32(clamping: reader.sliceIndices[position])])
            ),
        ]
        if let window = description.window {
            let limits = [window.lowerBound, window.upperBound]
            arrays.append(("window", try NPYArray(shape: [2], values: limits)))
        }
        return try NPZ.encode(arrays + records(prompts[position], prompts))
    }

    /// Records and their prompts.
    static func records(
        _ rows: [PromptTable.Row], _ prompts: PromptTable
    ) throws -> [(name: String, array: NPYArray)] {
        var arrays: [(name: String, array: NPYArray)] = []
        let count = rows.count
        let components = rows.map { Int32(clamping: $0.record.component) }
        let areas = rows.map { Int32(clamping: $0.record.area) }
        arrays.append(
            ("record_label", try NPYArray(shape: [count], values: rows.map(\.record.label))))
        arrays.append(("record_component", try NPYArray(shape: [count], values: components)))
        arrays.append(("record_area", try NPYArray(shape: [count], values: areas)))

        func boxes(_ kind: String) throws -> NPYArray {
            let numbers = rows.flatMap { $0.boxNumbers[kind] ?? [] }
            return try NPYArray(shape: [count, 4], values: numbers)
        }
        func points(_ kind: String, _ each: Int) throws -> (points: NPYArray, labels: NPYArray) {
            let list = rows.flatMap { $0.points[kind] ?? [] }
            return (
                try NPYArray(shape: [count, each, 2], values: list.flatMap { [$0.x, $0.y] }),
                try NPYArray(shape: [count, each], values: list.map { Int8($0.samLabel) })
            )
        }
        if let kind = prompts.boxKinds.first(where: { $0 == "box" }) ?? prompts.boxKinds.first {
            arrays.append(("boxes", try boxes(kind)))
        }
        let kinds = prompts.pointKinds
        if let kind = kinds.first(where: { $0.name == "centre" })
            ?? kinds.first(where: { !$0.name.hasPrefix("background") })
        {
            let values = try points(kind.name, kind.count)
            arrays.append(("points", values.points))
            arrays.append(("point_labels", values.labels))
        }
        for kind in prompts.boxKinds { arrays.append(("prompts/\(kind)", try boxes(kind))) }
        for kind in kinds {
            let values = try points(kind.name, kind.count)
            arrays.append(("prompts/\(kind.name)", values.points))
            arrays.append(("prompt_labels/\(kind.name)", values.labels))
        }
        return arrays
    }
}

extension PixelType {
    /// The NumPy type of stored pixels.
    fileprivate var npyType: NPYType {
        switch self {
        case .uint8: .uint8
        case .int16: .int16
        case .int32: .int32
        case .float32: .float32
        }
    }
}
