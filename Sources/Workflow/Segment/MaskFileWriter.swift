import HDF5
import MedicalImaging
import SampleStore

/// Builds the file of the masks of one case: HDF5, as `masks/<case>.hdf`.
///
/// - Shapes: `/label` slices x rows x columns: the label map, overlaps resolved. `/masks` records x rows x columns: 0 and 1.
///   `/slice_index`: the slices. `/records`: `slice`, `label`, `component` as in the store, with `predicted_iou`, `stability`
///   and `area` of the mask.
struct MaskFileWriter {
    private let writer: HDF5Writer
    private let extent: [Int]

    init(
        _ reader: CaseFileReader, plan: SegmentationPlan, records: Int
    ) throws {
        let description = reader.description
        extent = [description.rows, description.columns]
        writer = try HDF5Writer(name: description.caseID + ".hdf")
        let attributes: [(String, HDF5Attribute)] = [
            ("encoding-type", .string("samdata-masks")), ("encoding-version", .string("1.0")),
            ("case", .string(description.caseID)), ("dataset", .string(description.dataset)),
            ("model", .string(plan.model)), ("model_sha256", .string(plan.modelSHA256)),
            ("weights", .string(plan.weights)),
            ("prompts", .string(plan.prompts.joined(separator: ","))),
            ("mask_choice", .string(plan.masks.rawValue)),
        ]
        for (name, value) in attributes { try writer.setAttribute(name, value, at: "/") }
        for (path, count) in [("/label", reader.count), ("/masks", records)] {
            try writer.createChunkedDataset(
                path, type: .uint8, shape: [count] + extent, chunk: [1] + extent, shuffle: false,
                deflate: PlaneCodec.level)
        }
        try writer.writeArray(
            "/slice_index", reader.sliceIndices.map(Int32.init(clamping:)), shape: [reader.count])
    }

    /// Adds a slice of the label map, or the mask of a record.
    func write(_ slice: LabelSlice, to path: String, at position: Int) throws {
        let chunk = slice.samples.withUnsafeBytes { PlaneCodec().encode($0, width: 1) }
        try chunk.withUnsafeBytes {
            try writer.writeChunk(path, offset: [position, 0, 0], bytes: $0)
        }
    }

    /// Adds the table of records and publishes the file.
    func publish(
        _ records: [StoredRecord], _ scores: [RecordScore], to path: String
    ) throws {
        precondition(records.count == scores.count, "one score for each record")
        let count = [records.count]
        try writer.createGroup("/records")
        try writer.writeArray("/records/slice", records.map { Int32($0.slice) }, shape: count)
        try writer.writeArray("/records/label", records.map(\.label), shape: count)
        try writer.writeArray(
            "/records/component", records.map { Int32($0.component) }, shape: count)
        try writer.writeArray("/records/predicted_iou", scores.map(\.predictedIoU), shape: count)
        try writer.writeArray("/records/stability", scores.map(\.stability), shape: count)
        try writer.writeArray(
            "/records/area", scores.map { Int32(clamping: $0.area) }, shape: count)
        try writer.publish(to: path)
    }
}

/// What the model says of the mask of a record.
struct RecordScore: Sendable {
    var predictedIoU: Float = 0
    var stability: Float = 0
    var area = 0
}
