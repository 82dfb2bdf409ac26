import Foundation
import HDF5
import MedicalImaging
import NIfTI
import NumPyFiles
import PNGCodec
import SafeFiles
import Testing

@testable import SamdataWorkflow

/// A folder of small files to score, removed with the value.
final class ScoreFolder: Sendable {
    static let shape = GridShape(6, 5, 4)
    static let affine = Affine(values: [-0.75, 0, 0, 20, 0, -1.5, 0, 30, 0, 0, 3, -40])

    let folder: PrepareFolder
    var root: String { folder.path }

    init() throws { folder = try PrepareFolder() }

    func path(_ name: String) -> String { "\(root)/\(name)" }

    /// A label map in which neighbours differ and the first voxel is no background.
    static func pattern(_ count: Int, shape: GridShape = shape) -> [UInt8] {
        (0..<shape.count).map { UInt8(($0 * 7 + 4) % 31 % count) }
    }

    @discardableResult
    func nifti<Sample: VoxelSample>(
        _ name: String, _ samples: [Sample], shape: GridShape = shape, affine: Affine = affine
    ) throws -> String {
        try Folders.make(FilePath.folder(of: path(name)))
        try NIfTIWriter.write(
            Volume(grid: Grid(shape: shape, affine: affine), samples: samples), as: .labels,
            to: path(name))
        return path(name)
    }

    @discardableResult
    func write(_ name: String, _ bytes: [UInt8]) throws -> String {
        try Folders.make(FilePath.folder(of: path(name)))
        try Data(bytes).write(to: URL(fileURLWithPath: path(name)))
        return path(name)
    }

    @discardableResult
    func write(_ name: String, _ text: String) throws -> String {
        try write(name, Array(text.utf8))
    }

    @discardableResult
    func npy<Element: NPYElement>(
        _ name: String, _ shape: [Int], _ values: [Element]
    ) throws -> String {
        try write(name, NPY.encode(try NPYArray(shape: shape, values: values)))
    }

    @discardableResult
    func png(_ name: String, _ width: Int, _ height: Int, _ values: [UInt8]) throws -> String {
        try write(
            name,
            try PNG.encode(
                try PNGPicture(width: width, height: height, channels: 1, samples: .bytes(values))))
    }

    /// A file as a source gives it.
    func file(_ name: String) throws -> ScoreFile {
        guard case .file(let file) = try ScoreSource.parse(path(name)) else {
            throw WorkflowError(.internalError, "\(name) is no file")
        }
        return file
    }

    /// Pairs of two sources in the folder.
    func pairs(
        _ reference: String, _ prediction: String,
        _ change: (inout ScoreInputOptions) -> Void = { _ in }
    ) throws -> ScorePairing {
        var options = ScoreInputOptions()
        change(&options)
        return try ScorePairing.pairs(
            reference: path(reference), prediction: path(prediction), options: options)
    }

    /// The stored numbers of a file.
    func stored(
        _ name: String, _ change: (inout ScoreInputOptions) -> Void = { _ in }
    ) throws -> StoredImage {
        var options = ScoreInputOptions()
        change(&options)
        return try ScoreImageReader(options).stored(try file(name), like: nil)
    }
}

/// A table in which every value is its own id.
func identityTable(_ values: ClosedRange<Int>) throws -> LabelValueTable {
    try ScoreLabels.resolve(reference: LabelScheme(values: values)).reference
}
