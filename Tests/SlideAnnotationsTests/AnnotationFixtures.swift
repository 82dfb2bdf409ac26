import Foundation
import MedicalImaging

@testable import SlideAnnotations

/// The files the tests read.
enum AnnotationFixtures {
    /// The real sample files, which do not lie in the repository; `nil` where they are absent.
    static let shared: URL? = {
        let root = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let named = ProcessInfo.processInfo.environment["SAMDATA_SHARED"]
        let folder =
            named.map { URL(fileURLWithPath: $0) }
            ?? root.deletingLastPathComponent().appendingPathComponent("shared")
        let table = folder.appendingPathComponent("data/EXPECTED.tsv").path
        return FileManager.default.fileExists(atPath: table) ? folder : nil
    }()

    static func real(_ name: String) throws -> SlideAnnotation {
        guard let shared else { throw CocoaError(.fileNoSuchFile) }
        return try SlideAnnotation.read(path: shared.appendingPathComponent("data/\(name)").path)
    }

    static func read(
        _ text: String, limits: AnnotationLimits = .standard
    ) throws(AnnotationError) -> SlideAnnotation {
        try SlideAnnotation.read(bytes: Array(text.utf8), named: "case.file", limits: limits)
    }
}

extension SlideAnnotation {
    var vertexCount: Int {
        regions.reduce(0) { sum, region in
            sum + region.polygon.outer.count + region.polygon.holes.reduce(0) { $0 + $1.count }
        }
    }
}

/// A ring from pairs of numbers.
func ring(_ numbers: Double...) -> [PlanePoint] {
    stride(from: 0, to: numbers.count, by: 2).map {
        PlanePoint(x: numbers[$0], y: numbers[$0 + 1])
    }
}

/// Random numbers that are the same in every run (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
