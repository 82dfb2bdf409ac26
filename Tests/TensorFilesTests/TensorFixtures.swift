import DeflateCompression
import Foundation
import HDF5
import TensorFiles
import Testing

/// Small checkpoints, and what is in them according to PyTorch.
///
/// `Fixtures/tensorfiles` was made for this project by PyTorch 2 and the safetensors package from random numbers; no rights
/// of others. `expected.h5` holds every tensor as PyTorch reads it back, written by h5py.
enum TensorFixtures {
    /// Every checkpoint with its name in `expected.h5`.
    static let names = [
        "legacy_format.pth", "mixed.safetensors", "zip_bfloat16.pth", "zip_float64.pth",
        "zip_half.pth", "zip_many_tensors.pth", "zip_module_prefix.pth", "zip_other_types.pth",
        "zip_parameters.pth", "zip_plain.pth", "zip_protocol4.pth", "zip_training_state.pth",
        "zip_views.pth",
    ]

    static func path(_ name: String, file: String = #filePath) -> String {
        URL(fileURLWithPath: file).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Fixtures/tensorfiles/\(name)").path
    }

    /// The bytes of a fixture; the two large ones are kept in gzip.
    static func bytes(_ name: String) throws -> [UInt8] {
        if let data = FileManager.default.contents(atPath: path(name)) { return Array(data) }
        let packed = Array(try #require(FileManager.default.contents(atPath: path(name + ".gz"))))
        let size = packed.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        var result = [UInt8](repeating: 0, count: size)
        let inflater = Inflater()
        let rest = try packed.withUnsafeBytes { input in
            try result.withUnsafeMutableBytes { try inflater.gzip(input, into: $0) }
        }
        #expect(rest == 0)
        return result
    }

    static func open(
        _ name: String, limits: TensorFileLimits = .standard
    ) throws -> TensorFile {
        try TensorFile(try bytes(name), named: name, limits: limits)
    }

    /// Gives a reader of `expected.h5`, which is unpacked for the time of the call.
    static func withExpected(_ body: (HDF5Reader) throws -> Void) throws {
        try withFolder { folder in
            let path = folder + "/expected.h5"
            try Data(try bytes("expected.h5")).write(to: URL(fileURLWithPath: path))
            var limits = HDF5Limits()
            limits.allowsVariableStrings = true
            try body(try HDF5Reader(path: path, limits: limits))
        }
    }

    static func withFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.path + "/tensors-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder)
    }

    /// The larger checkpoints beside the repository; `nil` where they are absent.
    static let shared: String? = {
        let named = ProcessInfo.processInfo.environment["SAMDATA_SHARED"]
        let root = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let folder =
            named ?? root.deletingLastPathComponent().appendingPathComponent("shared").path
        let oracles = folder + "/oracles/sam"
        return FileManager.default.fileExists(atPath: oracles + "/tiny64.pth") ? oracles : nil
    }()
}

/// A seeded sequence for changes to files.
struct Shaker {
    var state: UInt64

    mutating func next(_ limit: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % limit
    }
}
