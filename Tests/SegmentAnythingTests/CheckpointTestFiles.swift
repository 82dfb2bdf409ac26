import DeflateCompression
import Foundation
import HDF5
import SafeFiles
import TensorFiles
import Tensors
import Testing

@testable import SegmentAnything

/// A folder that goes away with the value, and the files the tests of checkpoints share.
final class CheckpointTestFiles {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("checkpoints-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: folder.appendingPathComponent(name)))
    }

    var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }
    }

    /// The path of a file of `Tests/Fixtures/checkpoints`; its text says how they were made.
    static func fixture(_ name: String) -> String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Fixtures/checkpoints/\(name)").path
    }

    /// Unpacks a fixture, `NAME.h5.gz`, and gives its path.
    func unpack(_ name: String) throws -> String {
        let packed = Array(
            try Data(contentsOf: URL(fileURLWithPath: Self.fixture(name + ".h5.gz"))))
        let size = packed.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        var result = [UInt8](repeating: 0, count: size)
        let inflater = Inflater()
        try packed.withUnsafeBytes { input in
            _ = try result.withUnsafeMutableBytes { try inflater.gzip(input, into: $0) }
        }
        try Data(result).write(to: folder.appendingPathComponent("\(name)-unpacked.h5"))
        return path("\(name)-unpacked.h5")
    }

    /// The model of the fixtures: 64 pixels, 4 features, 2 blocks of which the second attends globally.
    static let mini = SAMConfiguration(
        name: "vit_4x2", imageSize: 64,
        encoder: .vit(
            ViTConfiguration(width: 4, depth: 2, heads: 2, globalBlocks: [1], windowSize: 2)),
        decoder: DecoderConfiguration(
            width: 16, depth: 1, heads: 8, mlpWidth: 16, maskTokens: 4, qualityHeadWidth: 8,
            maskPromptChannels: 4))

    /// The weights of the fixtures.
    static var miniWeights: DeterministicWeights {
        DeterministicWeights(salt: "mini-v1", tensors: mini.tensorShapes)
    }

    /// Writes the model of the fixtures as a checkpoint.
    @discardableResult
    func writeMini(
        _ name: String = "mini.h5", precision: CheckpointPrecision = .float32
    ) throws -> String {
        try Checkpoint.writeRandom(
            Self.mini, salt: "mini-v1", to: path(name), precision: precision)
        return path(name)
    }
}

/// The parts of a checkpoint file, to be changed and written with what no honest writer would write.
struct ForgedCheckpoint {
    struct Array {
        var bytes: [UInt8]
        var type: HDF5FileWriter.ValueType
        var shape: [Int]
        var attributes: [String: HDF5Attribute]
    }

    var root: [String: HDF5Attribute] = [:]
    var group: [String: HDF5Attribute] = [:]
    var hasGroup = true
    var arrays: [String: Array] = [:]

    /// Takes a sound checkpoint in float32 apart.
    init(_ path: String) throws {
        let file = try HDF5Reader(path: path)
        func attributes(_ object: String) throws -> [String: HDF5Attribute] {
            var result: [String: HDF5Attribute] = [:]
            for name in try file.attributeNames(at: object) {
                result[name] = try file.attribute(name, at: object)
            }
            return result
        }
        root = try attributes("/")
        group = try attributes("/tensors")
        for name in try file.children(of: "/tensors") {
            let path = "/tensors/" + name
            let values = try file.readArray(path, as: Float.self)
            arrays[name] = Array(
                bytes: values.withUnsafeBytes { Swift.Array($0) }, type: .number(.float32),
                shape: try file.info(path).shape, attributes: try attributes(path))
        }
    }

    func write(_ path: String) throws {
        try? FileManager.default.removeItem(atPath: path)
        let writer = try HDF5FileWriter(path: path)
        for (name, value) in root.sorted(by: { $0.key < $1.key }) {
            try writer.setAttribute(name, value)
        }
        if hasGroup {
            try writer.createGroup("/tensors")
            for (name, value) in group.sorted(by: { $0.key < $1.key }) {
                try writer.setAttribute(name, value, at: "/tensors")
            }
            for (name, array) in arrays.sorted(by: { $0.key < $1.key }) {
                let place = "/tensors/" + name
                try array.bytes.withUnsafeBytes {
                    try writer.writeArray(place, $0, type: array.type, shape: array.shape)
                }
                for (name, value) in array.attributes.sorted(by: { $0.key < $1.key }) {
                    try writer.setAttribute(name, value, at: place)
                }
            }
        }
        try writer.finish()
    }
}

/// The error of a call, whose text must be one line.
func checkpointError(_ body: () throws -> Void) -> String? {
    do {
        try body()
        return nil
    } catch {
        let text = "\(error)"
        #expect(!text.contains("\n") && text.count < 2000, "an error is one line: \(text)")
        #expect(
            error is CheckpointError || error is SAMError, "an error of another room: \(text)")
        return text
    }
}
