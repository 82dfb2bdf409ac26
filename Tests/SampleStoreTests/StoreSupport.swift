import Foundation
import HDF5
import MedicalImaging
import SampleStore
import Testing

/// A folder that is removed when the last reference to it goes away.
final class StoreFolder: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("store-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// A case of invented contents.
struct InventedCase {
    var description: CaseDescription
    var slices = [2, 3, 7]
    /// For each slice and channel, the bytes of a plane.
    var planes: [[[UInt8]]] = []
    var labels: [[UInt8]] = []
    var areas: [[Int]] = []
    var records: [StoredRecord] = []
    var prompts: [StoredPrompts] = []

    init(_ type: PixelType = .int16, channels: Int = 1, rows: Int = 5, columns: Int = 6) {
        description = CaseDescription(
            caseID: "c-1", patient: "p", dataset: "invented", split: "halves", part: "train",
            labels: [
                LabelClass(id: 1, name: "left lobe", color: "#102030"),
                LabelClass(id: 7, name: "größer", color: "#FFFFFF"),
            ],
            pixelType: type, pixelFormat: "original", units: "HU", window: -160...240,
            channels: channels, rows: rows, columns: columns, axis: "axial", orientation: "LPS",
            source: Grid(
                shape: GridShape(6, 5, 9),
                affine: Affine(values: [-0.7, 0.1, 0, 12.5, 0, 1e-3, 2, -3, 0.25, 0, 0, 1e9])),
            pixelToVoxel: Affine(values: [1, 0, 0, 0, 0, -1, 0, 4, 0, 0, 1, 0]),
            inputs: [
                UnitRecord.Input(
                    role: "image", path: "a/b.nii", bytes: 0,
                    sha256: String(repeating: "a", count: 64)),
                UnitRecord.Input(
                    role: "label", path: "c.nii", bytes: 0,
                    sha256: String(repeating: "b", count: 64)),
            ],
            configuration: #"{"a":1}"#, warnings: ["one", "zwölf"])
        var state: UInt32 = 12345
        func byte() -> UInt8 {
            state = state &* 1_664_525 &+ 1_013_904_223
            return UInt8(truncatingIfNeeded: state >> 24)
        }
        for position in slices.indices {
            planes.append(
                (0..<channels).map { _ in
                    (0..<rows * columns).flatMap { _ -> [UInt8] in
                        type == .float32
                            ? withUnsafeBytes(of: Float(byte()) / 16) { Array($0) }
                            : (0..<type.byteCount).map { _ in byte() }
                    }
                })
            labels.append((0..<rows * columns).map { n in n % 5 == position ? 7 : n < 3 ? 1 : 0 })
            areas.append([1, 7].map { id in labels[position].count { Int($0) == id } })
            for (n, id) in [UInt8(1), 7].enumerated() where areas[position][n] > 0 {
                records.append(
                    StoredRecord(slice: position, label: id, component: n, area: areas[position][n])
                )
            }
        }
        let count = records.count
        prompts = [
            StoredPrompts(
                name: "box+5",
                values: .boxes(
                    (0..<count).map { BoxPrompt(x0: Float($0), y0: 1, x1: 4.5, y1: 3) })),
            StoredPrompts(
                name: "random3", pointsPerRecord: 3,
                values: .points(
                    (0..<count).map { n in (0..<3).map { PointPrompt(x: Float(n), y: Float($0)) } })
            ),
            StoredPrompts(
                name: "background1", pointsPerRecord: 1, isForeground: false,
                values: .points(
                    (0..<count).map { [PointPrompt(x: Float($0), y: -1, isForeground: false)] })),
        ]
    }

    /// The case without slices and records.
    var emptied: InventedCase {
        var copy = self
        (copy.slices, copy.planes, copy.labels, copy.areas, copy.records) = ([], [], [], [], [])
        copy.prompts = prompts.map { prompt in
            var prompt = prompt
            switch prompt.values {
            case .boxes: prompt.values = .boxes([])
            case .points: prompt.values = .points([])
            }
            return prompt
        }
        return copy
    }

    @discardableResult
    func write(to path: String) throws -> (bytes: Int, sha256: String) {
        let writer = try CaseFileWriter(description, slices: slices, areas: areas)
        let codec = PlaneCodec()
        for position in slices.indices {
            try writer.writeSlice(
                position,
                image: planes[position].map { plane in
                    plane.withUnsafeBytes {
                        codec.encode($0, width: description.pixelType.byteCount)
                    }
                },
                label: labels[position].withUnsafeBytes { codec.encode($0, width: 1) })
        }
        try writer.writeRecords(records, prompts: prompts)
        return try writer.publish(to: path)
    }
}

/// A case file put together piece by piece as its specification says, so that a test can leave out or change any piece.
struct HandmadeFile {
    /// Elements that are left out.
    var without: Set<String> = []
    /// Other values of `encoding-type` or `encoding-version`, by `element@attribute`; `nil` leaves it out.
    var marks: [String: String?] = [:]
    var labelShape = [2, 4, 4]
    var imageType = HDF5ElementType.int16
    var chunk = [1, 4, 4]
    var sliceIndex: [Int32] = [0, 1]
    var recordSlices: [Int32] = [0]
    var box: [Float] = [0, 0, 1, 1]
    var boxRecords = 1
    var affine: [Double] = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]
    var sourceShape: [Int64] = [4, 4, 2]
    var names = ["one"]
    /// The bytes of every chunk of the label map; `nil` writes sixteen zeros as zlib does.
    var labelChunk: [UInt8]?

    /// Writes the file; `more` adds elements to it.
    func write(to path: String, _ more: (HDF5Writer) throws -> Void = { _ in }) throws {
        let writer = try HDF5Writer(name: path)
        func mark(_ element: String, _ type: String) throws {
            for (name, value) in [("encoding-type", type), ("encoding-version", "1.0")] {
                let changed = marks["\(element)@\(name)"]
                if let text = changed ?? value {
                    try writer.setAttribute(name, .string(text), at: element)
                }
            }
        }
        func element(_ path: String, _ type: String, _ body: () throws -> Void) throws {
            guard !without.contains(path) else { return }
            try body()
            try mark(path, type)
        }
        func text(_ name: String, _ value: String, _ at: String = "/") throws {
            if !without.contains("\(at)@\(name)") {
                try writer.setAttribute(name, .string(value), at: at)
            }
        }
        let codec = PlaneCodec()
        let zeros = [UInt8](repeating: 0, count: 16)
        let words = [UInt8](repeating: 0, count: 16 * imageType.byteCount)
        try mark("/", "samdata-case")
        for name in ["case", "patient", "dataset", "split", "part", "axis"] { try text(name, name) }
        try element("/image", "image-stack") {
            try writer.createChunkedDataset(
                "/image", type: imageType, shape: [2, 4, 4], chunk: chunk, shuffle: true, deflate: 1
            )
            let bytes = words.withUnsafeBytes { codec.encode($0, width: imageType.byteCount) }
            for slice in stride(from: 0, to: 2, by: chunk[0]) {
                try bytes.withUnsafeBytes {
                    try writer.writeChunk("/image", offset: [slice, 0, 0], bytes: $0)
                }
            }
            try text("pixels", "original", "/image")
            try text("units", "HU", "/image")
        }
        try element("/label", "label-stack") {
            try writer.createChunkedDataset(
                "/label", type: .uint8, shape: labelShape, chunk: [1] + labelShape.dropFirst(),
                shuffle: false, deflate: 1)
            let bytes = labelChunk ?? zeros.withUnsafeBytes { codec.encode($0, width: 1) }
            for slice in 0..<labelShape[0] {
                try bytes.withUnsafeBytes {
                    try writer.writeChunk("/label", offset: [slice, 0, 0], bytes: $0)
                }
            }
        }
        try element("/slice_index", "slice-index") {
            try writer.writeArray("/slice_index", sliceIndex, shape: [sliceIndex.count])
        }
        try element("/organ_area", "organ-area") {
            try writer.writeArray("/organ_area", [Int32](repeating: 0, count: 2), shape: [2, 1])
        }
        try element("/labels", "label-table") {
            try writer.createGroup("/labels")
            try writer.writeArray("/labels/id", [UInt8(1)], shape: [1])
            try writer.writeStrings("/labels/name", names)
            try writer.writeStrings("/labels/color", ["#000000"])
        }
        try element("/records", "records") {
            try writer.createGroup("/records")
            try writer.writeArray("/records/slice", recordSlices, shape: [recordSlices.count])
            try writer.writeArray("/records/label", [UInt8(1)], shape: [1])
            try writer.writeArray("/records/component", [Int32(0)], shape: [1])
            try writer.writeArray("/records/area", [Int32(1)], shape: [1])
        }
        try element("/prompts", "prompts") {
            try writer.createGroup("/prompts")
            try writer.writeArray("/prompts/box", box, shape: [boxRecords, box.count / boxRecords])
        }
        try element("/geometry", "geometry") {
            try writer.createGroup("/geometry")
            try writer.setAttribute("source_shape", .integers(sourceShape), at: "/geometry")
            for name in ["source_affine", "pixel_to_voxel", "pixel_to_world"] {
                try writer.setAttribute(
                    name, .matrix(affine, shape: [affine.count / 4, 4]), at: "/geometry")
            }
            try text("orientation", "RAS", "/geometry")
        }
        try element("/provenance", "provenance") {
            try writer.createGroup("/provenance")
            try text("configuration", "{}", "/provenance")
        }
        try more(writer)
        try Data(writer.finish()).write(to: URL(fileURLWithPath: path))
    }
}
