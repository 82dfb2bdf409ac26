import MedicalImaging
import NumPyFiles
import SamplePreparation
import SampleStore

/// The files of MedSAM: volumes of the slices that show an organ, and each of these slices at 1024 x 1024.
///
/// - Source: Ma et al. 2024 (MedSAM), `pre_CT_MR.py` and `npz_to_npy.py`.
final class MedSAMExport: CaseExporter {
    /// The side of the picture SAM looks at.
    static let side = 1024

    private let threads: Int
    private var folder: ExportFolder?
    private(set) var notes: [String] = []

    init(_ source: ExportSource, threads: Int) throws {
        self.threads = threads
        let needs = StoreRequirement(
            source: source, format: .medsam,
            command: "samdata prepare NAME --preset medsam --from DIR --to STORE")
        try needs.requireVolumes()
        try needs.requirePixels(.uint8)
        try needs.requireSingleSlices()
        if source.recipe != SlicePreset.medsam.recipe {
            notes.append("the store was prepared by other settings than those of --preset medsam")
        }
    }

    func begin(_ folder: ExportFolder) throws {
        self.folder = folder
        for name in ["npz", "npy/imgs", "npy/gts"] { try folder.make(name) }
    }

    func export(_ unit: UnitRecord, _ reader: CaseFileReader) throws -> FileTally {
        guard let folder else { return FileTally() }
        let kept = (0..<reader.count).filter { reader.organAreas[$0].contains { $0 > 0 } }
        guard !kept.isEmpty else {
            notes.append("case \(unit.id): no slice shows an organ, so there is no file")
            return FileTally()
        }
        let name = "CT_Abd_\(unit.id)"
        var tally = try writeVolume(name, kept, reader)
        let parts = try ParallelLoop.map(count: kept.count, threads: threads) { n in
            let file = "\(name)-\(n.inThreeDigits).npy"
            var tally = try folder.write("npy/imgs/\(file)") {
                try Self.picture(reader, at: kept[n])
            }
            tally += try folder.write("npy/gts/\(file)") {
                let labels = ScikitResize.resizeLabels(
                    try reader.label(at: kept[n]), to: SliceSize(square: Self.side))
                return try NPY.encode(
                    shape: [Self.side, Self.side], type: .uint8, bytes: labels.samples)
            }
            return tally
        }
        tally += .sum(parts)
        return tally
    }

    func finish() throws -> FileTally { FileTally() }

    private func writeVolume(
        _ name: String, _ kept: [Int], _ reader: CaseFileReader
    ) throws -> FileTally {
        guard let folder else { return FileTally() }
        let threads = threads
        return try folder.write("npz/\(name).npz") {
            let shape = [kept.count, reader.description.rows, reader.description.columns]
            let images = try Samples.stack(kept, of: reader, threads: threads) {
                try reader.imageBytes(at: $0)
            }
            let labels = try Samples.stack(kept, of: reader, threads: threads) {
                try reader.label(at: $0).samples
            }
            // SimpleITK counts from the fastest axis: columns, rows, slices.
            let spacing = reader.description.pixelToWorld.spacing.array
            return try NPZ.encode([
                ("imgs", try NPYArray(shape: shape, values: images)),
                ("gts", try NPYArray(shape: shape, values: labels)),
                ("spacing", try NPYArray(shape: [3], values: spacing)),
            ])
        }
    }

    /// The slice at 1024 x 1024, its own smallest and largest value at 0 and 1, three times side by side.
    private static func picture(_ reader: CaseFileReader, at position: Int) throws -> [UInt8] {
        let stored = Slice<UInt8>(
            rows: reader.description.rows, columns: reader.description.columns,
            samples: try reader.imageBytes(at: position))
        let large: Slice<Double> = ScikitResize.resize(stored, to: SliceSize(square: side))
        let low = large.samples.min() ?? 0
        let range = max((large.samples.max() ?? 0) - low, 1e-8)
        let header = try NPY.header(shape: [side, side, 3], type: .float64)
        let size = header.count + 3 * 8 * large.samples.count
        // Straight into the bytes of the file: a picture is 25 MB, and every thread holds one.
        return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            let output = UnsafeMutableRawBufferPointer(buffer)
            output.copyBytes(from: header)
            var offset = header.count
            for sample in large.samples {
                let bits = ((sample - low) / range).bitPattern.littleEndian
                for _ in 0..<3 {
                    output.storeBytes(of: bits, toByteOffset: offset, as: UInt64.self)
                    offset += 8
                }
            }
            count = size
        }
    }
}
