import Foundation
import MedicalImaging
import NIfTI
import SafeFiles
import Testing

/// The files the tests read.
enum Fixtures {
    /// The folder of this package.
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The real sample files, which do not lie in the repository; `nil` where they are absent.
    static let shared: URL? = {
        let named = ProcessInfo.processInfo.environment["SAMDATA_SHARED"]
        let folder =
            named.map { URL(fileURLWithPath: $0) }
            ?? root.deletingLastPathComponent().appendingPathComponent("shared")
        let table = folder.appendingPathComponent("data/EXPECTED.tsv").path
        return FileManager.default.fileExists(atPath: table) ? folder : nil
    }()

    static func path(_ name: String) -> String {
        root.appendingPathComponent("Tests/Fixtures/nifti/\(name)").path
    }

    static func hostile(_ name: String) -> String {
        root.appendingPathComponent("Tests/Fixtures/Hostile/nifti/\(name)").path
    }

    /// What nibabel says about each fixture; made by `Tests/Fixtures/make_nifti.py`.
    static let expected: [Expected] = {
        struct Document: Decodable { var files: [String: Expected.Entry] }
        guard let data = FileManager.default.contents(atPath: path("expected.json")),
            let document = try? JSONDecoder().decode(Document.self, from: data)
        else { return [] }
        return document.files.map { Expected(name: $0.key, entry: $0.value) }
            .sorted { $0.name < $1.name }
    }()

    /// A new empty folder that is removed after the body.
    static func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("nifti-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try body(folder.path + "/")
    }
}

/// nibabel's answers for one file.
struct Expected: Sendable, CustomTestStringConvertible {
    struct Entry: Decodable, Sendable {
        var shape: [Int]
        var dtype: String
        var affine: [Double]
        var sha256: String
        var extensions: [[Int]]
        var bigEndian: Bool
        var version: Int
        var min: Double?
        var max: Double?
        var mean: Double?
        /// The type an image must come out as; `disagree` when an affine must be chosen first.
        var image: String?
        /// The warning that must be among those of the file.
        var warning: String?
        var sform: [Double]?
        var qform: [Double]?
    }

    let name: String
    let entry: Entry
    var testDescription: String { name }
}

/// Stored values as real ones.
func realValues(_ stored: StoredVoxels, _ scaling: IntensityScaling?) -> [Double] {
    let values: [Double] =
        switch stored {
        case .uint8(let v), .rgb24(let v): v.map { Double($0) }
        case .int8(let v): v.map { Double($0) }
        case .uint16(let v): v.map { Double($0) }
        case .int16(let v): v.map { Double($0) }
        case .uint32(let v): v.map { Double($0) }
        case .int32(let v): v.map { Double($0) }
        case .uint64(let v): v.map { Double($0) }
        case .int64(let v): v.map { Double($0) }
        case .float32(let v): v.map { Double($0) }
        case .float64(let v): v
        }
    return scaling.map { line in values.map(line.value(of:)) } ?? values
}

/// The samples of an image as real values.
func realValues(_ image: ImageVolume) -> [Double] {
    switch image {
    case .int16(let volume): volume.samples.map { Double($0) }
    case .int32(let volume): volume.samples.map { Double($0) }
    case .float32(let volume): volume.samples.map { Double($0) }
    }
}

/// Whether two lists agree within a tolerance relative to the largest value (at least 1).
func agree(_ a: [Double], _ b: [Double], _ tolerance: Double = 1e-6) -> Bool {
    let size = b.reduce(1.0) { max($0, abs($1)) }
    return a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= tolerance * size }
}
