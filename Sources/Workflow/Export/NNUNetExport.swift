import MedicalDatasets
import MedicalImaging
import NIfTI
import SamplePreparation
import SampleStore

/// The raw data set of nnU-Net version 2, below a folder that `nnUNet_raw` can name.
///
/// Test cases go to `imagesTs` and `labelsTs`, all others to `imagesTr` and `labelsTr`. Voxel (i, j, k) is column, row and
/// slice of the stored frame; the affine leads to the same world positions as in the source file. A split with validation
/// cases is written to `splits_final.json`, which nnU-Net reads from the folder of the preprocessed data set.
///
/// - Source: Isensee et al. 2021 (nnU-Net), `documentation/dataset_format.md` of version 2.
final class NNUNetExport: CaseExporter {
    private let threads: Int
    private let classes: [LabelClass]
    private let name: String
    private var folder: ExportFolder?
    private var channel = "image"
    private var cases: [String: [String]] = [:]
    /// The consecutive id of each label id; `nil` when they are consecutive already.
    private let newIDs: [UInt8]?
    private(set) var notes: [String] = []
    /// Augmented copies that were met.
    private var leftOut = 0

    private struct Description: Encodable {
        var channelNames: [String: String]
        var labels: [String: Int]
        var numTraining: Int
        var fileEnding = ".nii.gz"
        var name: String

        enum CodingKeys: String, CodingKey {
            case channelNames = "channel_names"
            case labels, numTraining
            case fileEnding = "file_ending"
            case name
        }
    }

    private struct Fold: Encodable {
        var train: [String]
        var val: [String]
    }

    init(_ source: ExportSource, threads: Int, number: Int) throws {
        self.threads = threads
        let needs = StoreRequirement(
            source: source, format: .nnunet,
            command: "samdata prepare NAME --select all --from DIR --to STORE")
        try needs.requireVolumes()
        try needs.requireWholeVolumes()
        classes = try source.classes()
        var taken: Set<String> = ["background", "ignore"]
        for entry in classes {
            try needs.require(
                taken.insert(entry.name).inserted, found: "the label name `\(entry.name)`",
                expected: "different names for all labels, other than background and ignore")
        }
        let plain = source.manifest.dataset.map { character in
            character.isASCII && (character.isLetter || character.isNumber) ? character : "_"
        }
        name = "Dataset\(number.inThreeDigits)_\(String(plain))"
        if classes.map(\.id) == Array(1..<(classes.count + 1)) {
            newIDs = nil
        } else {
            var table = [UInt8](repeating: 0, count: 256)
            for (index, entry) in classes.enumerated() where (1...255).contains(entry.id) {
                table[entry.id] = UInt8(clamping: index + 1)
            }
            newIDs = table
            let pairs = classes.enumerated().map { "\($1.id) to \($0 + 1)" }
            notes.append(
                "nnU-Net wants consecutive label ids, so they were changed: "
                    + pairs.joined(separator: ", "))
        }
    }

    func begin(_ folder: ExportFolder) throws {
        self.folder = folder
        for kind in ["imagesTr", "labelsTr"] { try folder.make("\(name)/\(kind)") }
    }

    func export(_ unit: UnitRecord, _ reader: CaseFileReader) throws -> FileTally {
        guard let folder else { return FileTally() }
        // The slices of a copy no longer lie on the voxels of their volume; nnU-Net augments by itself.
        guard unit.copyOf == nil else {
            leftOut += 1
            return FileTally()
        }
        let volume = NativeVolume(reader)
        try volume.checkComplete()
        let isTest = unit.part == SplitPart.test.rawValue
        if isTest, cases[unit.part] == nil {
            for kind in ["imagesTs", "labelsTs"] { try folder.make("\(name)/\(kind)") }
        }
        cases[unit.part, default: []].append(unit.id)
        // nnU-Net normalises a channel called CT by its intensities, any other one by mean and deviation.
        let description = reader.description
        if description.units == "HU", description.pixelFormat == PixelFormat.original.rawValue {
            channel = "CT"
        }
        let kind = isTest ? "Ts" : "Tr"
        let threads = threads
        let newIDs = newIDs
        var tally = try folder.publish("\(name)/images\(kind)/\(unit.id)_0000.nii.gz") { path in
            try Self.writeImage(reader, volume.grid, threads, path)
        }
        tally += try folder.publish("\(name)/labels\(kind)/\(unit.id).nii.gz") { path in
            let labels = try Samples.stack(Array(0..<reader.count), of: reader, threads: threads) {
                let slice = try reader.label(at: $0).samples
                guard let newIDs else { return slice }
                return slice.map { newIDs[Int($0)] }
            }
            try NIfTIWriter.write(
                LabelMap(grid: volume.grid, samples: labels), as: .labels, to: path)
        }
        return tally
    }

    func finish() throws -> FileTally {
        guard let folder else { return FileTally() }
        if leftOut > 0 {
            notes.append("\(leftOut) augmented copies are left out: nnU-Net takes whole volumes")
        }
        let training = cases.filter { $0.key != SplitPart.test.rawValue }
        var labels = ["background": 0]
        for (index, entry) in classes.enumerated() { labels[entry.name] = index + 1 }
        var tally = try folder.rewrite(
            "\(name)/dataset.json",
            try CanonicalJSON.pretty(
                Description(
                    channelNames: ["0": channel], labels: labels,
                    numTraining: training.reduce(0) { $0 + $1.value.count }, name: name)))
        let validation = cases[SplitPart.validation.rawValue] ?? []
        if !validation.isEmpty {
            let fold = Fold(train: cases[SplitPart.train.rawValue] ?? [], val: validation)
            tally += try folder.rewrite(
                "\(name)/splits_final.json", try CanonicalJSON.pretty([fold]))
            notes.append(
                "copy splits_final.json into the preprocessed folder of \(name) to train with the split"
            )
        }
        return tally
    }

    /// Integers keep their type; bytes and floats become floats.
    private static func writeImage(
        _ reader: CaseFileReader, _ grid: Grid, _ threads: Int, _ path: String
    ) throws {
        let positions = Array(0..<reader.count)
        switch reader.description.pixelType {
        case .int16:
            let samples: [Int16] = try Samples.stack(positions, of: reader, threads: threads) {
                Samples.values(of: try reader.imageBytes(at: $0))
            }
            try NIfTIWriter.write(Volume(grid: grid, samples: samples), to: path)
        case .int32:
            let samples: [Int32] = try Samples.stack(positions, of: reader, threads: threads) {
                Samples.values(of: try reader.imageBytes(at: $0))
            }
            try NIfTIWriter.write(Volume(grid: grid, samples: samples), to: path)
        case .uint8, .float32:
            let samples = try Samples.stack(positions, of: reader, threads: threads) {
                try reader.image(at: $0).samples
            }
            try NIfTIWriter.write(Volume(grid: grid, samples: samples), to: path)
        }
    }
}
