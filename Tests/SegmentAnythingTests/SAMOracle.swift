import Foundation
import HDF5
import Tensors
import Testing

@testable import SegmentAnything

/// Reference values of the model in double precision; they do not lie in the repository.
///
/// They are looked for in `oracles/sam` of the folder named by `SAMDATA_SHARED`, or of `shared` beside the repository. Tests that
/// need them say `.enabled(if: SAMOracle.isPresent)`.
enum SAMOracle {
    /// The folder of the files; `nil` where they are absent.
    static let folder: URL? = {
        let named = ProcessInfo.processInfo.environment["SAMDATA_SHARED"]
        let root = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let shared =
            named.map { URL(fileURLWithPath: $0) }
            ?? root.deletingLastPathComponent().appendingPathComponent("shared")
        let folder = shared.appendingPathComponent("oracles/sam")
        let file = folder.appendingPathComponent("tiny64.h5").path
        return FileManager.default.fileExists(atPath: file) ? folder : nil
    }()

    /// Whether the files are there.
    static var isPresent: Bool { folder != nil }

    /// Opens one of the files, such as `tiny64.h5`.
    static func open(_ name: String) throws -> HDF5Reader {
        // The files are ours, written by h5py: their text is of variable length.
        var limits = HDF5Limits()
        limits.allowsVariableStrings = true
        return try HDF5Reader(path: path(name), limits: limits)
    }

    /// The path of one of the files.
    static func path(_ name: String) throws -> String {
        try #require(folder).appendingPathComponent(name).path
    }

    /// A message of the tests themselves.
    struct Mismatch: Error, CustomStringConvertible {
        var description: String
    }
}

extension HDF5Reader {
    /// Reads an array as a tensor.
    func tensor(_ path: String) throws -> Tensor {
        Tensor(try readArray(path, as: Float.self), shape: try info(path).shape)
    }

    /// Reads a number attached to a group or an array.
    func number(_ name: String, at path: String = "/") throws -> Double {
        switch try attribute(name, at: path) {
        case .integer(let value)?: Double(value)
        case .double(let value)?: value
        case .integers(let values)? where values.count == 1: Double(values[0])
        case .doubles(let values)? where values.count == 1: values[0]
        case let other:
            throw SAMOracle.Mismatch(
                description: "\(path): attribute \(name) is \(String(describing: other))")
        }
    }

    /// Reads a list of integers attached to a group or an array.
    func integers(_ name: String, at path: String = "/") throws -> [Int] {
        switch try attribute(name, at: path) {
        case .integer(let value)?: [Int(value)]
        case .integers(let values)?: values.map { Int($0) }
        case let other:
            throw SAMOracle.Mismatch(
                description: "\(path): attribute \(name) is \(String(describing: other))")
        }
    }

    /// Reads text attached to a group or an array.
    func text(_ name: String, at path: String = "/") throws -> String {
        guard case .string(let value)? = try attribute(name, at: path) else {
            throw SAMOracle.Mismatch(description: "\(path): attribute \(name) is not text")
        }
        return value
    }
}
