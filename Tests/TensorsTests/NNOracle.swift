import Foundation
import HDF5
import Tensors
import Testing

/// The operator oracles: all of them, when they lie beside the checkout (`../shared`) or where `SAMDATA_SHARED` says, and
/// the small cases kept as fixtures (Tests/Fixtures/make_nn.py).
struct NNOracle: Sendable, CustomTestStringConvertible {
    let testDescription: String
    private let readers: [HDF5Reader]
    /// Whether this is the whole file and not a selection.
    let isWhole: Bool

    static let fixtures = NNOracle(
        "fixtures", files: files(in: root.appendingPathComponent("Tests/Fixtures/nn")),
        whole: false)

    /// The whole file first, when it is there.
    static let all: [NNOracle] = {
        let named = ProcessInfo.processInfo.environment["SAMDATA_SHARED"]
        let beside = root.deletingLastPathComponent().appendingPathComponent("shared").path
        let found = [named, beside].compactMap(\.self).map { $0 + "/oracles/nn/nn_unit.h5" }
            .first { FileManager.default.fileExists(atPath: $0) }
        return found.map { [NNOracle("nn_unit.h5", files: [$0], whole: true), fixtures] }
            ?? [fixtures]
    }()

    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private static func files(in folder: URL) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.sorted().map { folder.appendingPathComponent($0).path }
    }

    private init(_ name: String, files: [String], whole: Bool) {
        testDescription = name
        readers = files.compactMap { try? HDF5Reader(path: $0) }
        isWhole = whole
    }

    /// The cases of a group: the innermost groups that hold arrays.
    func cases(_ group: String) throws -> [NNCase] {
        var found: [NNCase] = []
        for reader in readers where try reader.exists("/" + group) {
            try collect(reader, "/" + group, into: &found)
        }
        #expect(!found.isEmpty, "no case of \(group) in \(testDescription)")
        return found
    }

    private func collect(_ reader: HDF5Reader, _ path: String, into found: inout [NNCase]) throws {
        let children = try reader.children(of: path)
        let arrays = children.filter { (try? reader.info("\(path)/\($0)")) != nil }
        if !arrays.isEmpty {
            found.append(try NNCase(reader: reader, path: path, arrays: arrays))
            return
        }
        for child in children { try collect(reader, "\(path)/\(child)", into: &found) }
    }

    /// All groups at the top, each once.
    func groups() throws -> [String] {
        try Set(readers.flatMap { try $0.children(of: "/") }).sorted()
    }

    /// How many results the oracles hold: everything with a tolerance.
    var resultCount: Int { isWhole ? 284 : 126 }
}

/// One case: its arrays, its settings and what was compared so far.
final class NNCase {
    let path: String
    private let reader: HDF5Reader
    /// Arrays with a tolerance that were not compared yet.
    private(set) var open: Set<String> = []
    /// Largest error of the compared arrays, in parts of the tolerance and as relative norm.
    private(set) var compared: [(name: String, error: Double, tolerance: Double)] = []

    init(reader: HDF5Reader, path: String, arrays: [String]) throws {
        (self.reader, self.path) = (reader, path)
        for name in arrays
        where try reader.attribute("f32_rel_l2_err", at: "\(path)/\(name)") != nil {
            open.insert(name)
        }
    }

    func has(_ name: String) -> Bool { (try? reader.exists("\(path)/\(name)")) == true }

    func tensor(_ name: String) throws -> Tensor {
        let info = try reader.info("\(path)/\(name)")
        return Tensor(
            try reader.readArray("\(path)/\(name)", as: Float.self), shape: info.shape)
    }

    func labels(_ name: String) throws -> [Int32] {
        try reader.readArray("\(path)/\(name)", as: Int64.self).map(Int32.init)
    }

    func number(_ name: String) throws -> Double {
        switch try reader.attribute(name, at: path) {
        case .integer(let value): Double(value)
        case .double(let value): value
        default: throw Missing(name: name)
        }
    }

    struct Missing: Error { let name: String }

    /// Compares a result at the tolerance of the README: relative L2 below max(5 x float32 error, 2e-6).
    func expect(
        _ name: String, _ found: Tensor?, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let found = try #require(found, "\(path)/\(name)", sourceLocation: sourceLocation)
        let expected = try tensor(name)
        #expect(found.shape == expected.shape, "\(path)/\(name)", sourceLocation: sourceLocation)
        let error = relativeL2(found.values, expected.values)
        guard
            case .double(let ofFloat)? = try reader.attribute(
                "f32_rel_l2_err", at: "\(path)/\(name)")
        else { throw Missing(name: name) }
        let tolerance = max(5 * ofFloat, 2e-6)
        #expect(
            error < tolerance, "\(path)/\(name): \(error), allowed \(tolerance)",
            sourceLocation: sourceLocation)
        open.remove(name)
        compared.append((name, error, tolerance))
    }
}

/// The norm of the difference over the norm of what was expected.
func relativeL2(_ found: [Float], _ expected: [Float]) -> Double {
    guard found.count == expected.count else { return .infinity }
    var (above, below) = (0.0, 0.0)
    for (a, b) in zip(found, expected) {
        above += (Double(a) - Double(b)) * (Double(a) - Double(b))
        below += Double(b) * Double(b)
    }
    return above == 0 ? 0 : (above / below).squareRoot()
}
