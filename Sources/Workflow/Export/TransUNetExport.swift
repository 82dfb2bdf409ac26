import HDF5
import MedicalDatasets
import MedicalImaging
import NumPyFiles
import SamplePreparation
import SampleStore

/// The files of TransUNet, SAMed and SAM-LST.
///
/// - Source: Chen et al. 2021 (TransUNet): slices of training cases as npz, other cases as h5 volumes, lists of names;
///   SAMed (Zhang and Liu 2023) trains from a copy zoomed to 224 x 224.
final class TransUNetExport: CaseExporter {
    private let source: ExportSource
    private let threads: Int
    private let zoomed: Int?
    private var folder: ExportFolder?
    private var train: [String] = []
    private var volumes: [String] = []
    private var slices: [String] = []
    private(set) var notes: [String] = []

    init(_ source: ExportSource, threads: Int, zoomed: Int?) throws {
        self.source = source
        self.threads = threads
        self.zoomed = zoomed
        let needs = StoreRequirement(
            source: source, format: .transunet,
            command: "samdata prepare synapse --from DIR --to STORE` or `samdata prepare NAME "
                + "--preset transunet --from DIR --to STORE")
        try needs.requireVolumes()
        try needs.requirePixels(.float32)
        try needs.require(
            source.recipe.window != .none, found: "raw values", expected: "values from 0 to 1")
        try needs.requireSingleSlices()
        try needs.requireWholeVolumes()
        let names = Set(source.units.map { Self.name($0.id) })
        try needs.require(
            names.count == source.units.count, found: "two cases of one name",
            expected: "case ids that differ by more than the prefix `case`")
        if source.recipe != SlicePreset.transunet.recipe {
            notes.append(
                "the store was prepared by other settings than those of --preset transunet")
        }
    }

    func begin(_ folder: ExportFolder) throws {
        self.folder = folder
        try folder.make("train_npz")
        try folder.make("test_vol_h5")
        try folder.make("lists/lists_Synapse")
        if let zoomed { try folder.make("train_npz_\(zoomed)") }
    }

    func export(_ unit: UnitRecord, _ reader: CaseFileReader) throws -> FileTally {
        let name = Self.name(unit.id)
        if unit.copyOf == nil { try NativeVolume(reader).checkComplete() }
        guard unit.part == SplitPart.train.rawValue || unit.part.isEmpty else {
            volumes.append(name)
            return try writeVolume(name, reader)
        }
        train.append(name)
        let names = (0..<reader.count).map {
            "\(name)_slice\(reader.sliceIndices[$0].inThreeDigits)"
        }
        slices += names
        guard let folder else { return FileTally() }
        let zoomed = zoomed
        return .sum(
            try ParallelLoop.map(count: reader.count, threads: threads) { position in
                var tally = try folder.write("train_npz/\(names[position]).npz") {
                    let image = try reader.image(at: position)
                    return try Self.archive(image, try reader.label(at: position))
                }
                if let zoomed {
                    tally += try folder.write("train_npz_\(zoomed)/\(names[position]).npz") {
                        let size = SliceSize(square: zoomed)
                        return try Self.archive(
                            SplineZoom.zoom(try reader.image(at: position), to: size),
                            SplineZoom.zoomLabels(try reader.label(at: position), to: size))
                    }
                }
                return tally
            })
    }

    func finish() throws -> FileTally {
        guard let folder else { return FileTally() }
        var tally = FileTally()
        for (file, lines) in [
            ("train.txt", slices), ("test_vol.txt", volumes),
            ("all.lst", (train + volumes).map { $0 + ".npy.h5" }),
        ] {
            let text = lines.map { $0 + "\n" }.joined()
            tally += try folder.rewrite("lists/lists_Synapse/\(file)", Array(text.utf8))
        }
        return tally
    }

    private func writeVolume(_ name: String, _ reader: CaseFileReader) throws -> FileTally {
        guard let folder else { return FileTally() }
        let threads = threads
        let relative = "test_vol_h5/\(name).npy.h5"
        return try folder.publish(relative) { path in
            let writer = try HDF5Writer(name: path)
            let positions = Array(0..<reader.count)
            let shape = [reader.count, reader.description.rows, reader.description.columns]
            let image = try Samples.stack(positions, of: reader, threads: threads) {
                try reader.image(at: $0).samples
            }
            try writer.writeArray("/image", image, shape: shape)
            let label = try Samples.stack(positions, of: reader, threads: threads) {
                try reader.label(at: $0).samples.map { Float($0) }
            }
            try writer.writeArray("/label", label, shape: shape)
            try writer.publish(to: path)
        }
    }

    private static func archive(_ image: Slice<Float>, _ label: LabelSlice) throws -> [UInt8] {
        let shape = [image.rows, image.columns]
        return try NPZ.encode([
            ("image", try NPYArray(shape: shape, values: image.samples)),
            ("label", try NPYArray(shape: shape, values: label.samples.map { Float($0) })),
        ])
    }

    /// `case0001` for both `0001` and `case0001`.
    private static func name(_ id: String) -> String { id.hasPrefix("case") ? id : "case" + id }
}
