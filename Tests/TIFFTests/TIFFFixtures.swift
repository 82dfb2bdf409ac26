import Foundation
import Testing

@testable import TIFF

/// The files the tests read.
enum TIFFFixtures {
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
        root.appendingPathComponent("Tests/Fixtures/tiff/\(name)").path
    }

    static func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: path(name))))
    }

    /// A new empty folder that is removed after the body.
    static func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("tiff-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try body(folder.path + "/")
    }
}

extension TIFFSamples {
    /// The samples as real numbers.
    var doubles: [Double] {
        switch self {
        case .uint8(let v): v.map { Double($0) }
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
    }
}

extension TIFFPixels {
    /// The digest of the samples in little-endian bytes.
    var sha256: String { samples.withUnsafeBytes { SHA256.hex($0) } }
}
