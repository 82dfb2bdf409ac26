import DeflateCompression
import Foundation
import HDF5
import MedicalImaging
import SegmentationMetrics

/// What other libraries returned for small masks, from `Fixtures/metrics` (its README says how to read them).
struct MetricOracle {
    /// One set of cases: `binary`, `multilabel`, `probability`, `instances`, `froc`, `percentile`, ...
    struct Case {
        /// The whole JSON object.
        let json: [String: Any]
        var id: String { json["id"] as? String ?? "" }
        /// As in C order: `[z, y, x]` or `[y, x]`.
        var shape: [Int] { json["shape"] as? [Int] ?? [] }
        /// In the order of `shape`.
        var spacing: [Double] { numbers(json["spacing"]) ?? shape.map { _ in 1 } }
        var records: [Record] { (json["records"] as? [[String: Any]] ?? []).map(Record.init) }

        /// The grid in the house's order (i fastest).
        var grid: MaskGrid {
            get throws {
                let (n, s) = (Array(shape.reversed()), Array(spacing.reversed()))
                return n.count == 2
                    ? try MaskGrid(
                        shape: GridShape(n[0], n[1], 1), spacing: Spacing(s[0], s[1], 1),
                        dimensions: 2)
                    : try MaskGrid(
                        shape: GridShape(n[0], n[1], n[2]), spacing: Spacing(s[0], s[1], s[2]))
            }
        }
    }

    /// What one function of one library returned.
    struct Record {
        let json: [String: Any]
        var lib: String { json["lib"] as? String ?? "" }
        var fn: String { json["fn"] as? String ?? "" }
        var metric: String { json["metric"] as? String ?? "" }
        var args: [String: Any] { json["args"] as? [String: Any] ?? [:] }
        var isSingle: Bool { json["dtype"] as? String == "float32" }
        var value: Any { json["value"] ?? NSNull() }
        /// The value as one number, `"nan"` and `"inf"` included; nil when it is none (a list, an object, an error).
        var number: Double? { MetricOracle.number(value) }
        /// Whether the call raised.
        var isError: Bool { (value as? [String: Any])?["error"] != nil }
        /// The value as a list of numbers.
        var list: [Double]? { numbers(value) }
    }

    let cases: [Case]
    let name: String
    private let arrays: HDF5Reader?

    init(_ name: String) throws {
        self.name = name
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Fixtures/metrics")
        let packed = [UInt8](try Data(contentsOf: folder.appendingPathComponent("\(name).json.gz")))
        // The last four bytes of a gzip member are the length of its contents.
        let size = packed.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        var bytes = [UInt8](repeating: 0, count: size)
        _ = try packed.withUnsafeBytes { input in
            try bytes.withUnsafeMutableBytes { try Inflater().gzip(input, into: $0) }
        }
        let root = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any] ?? [:]
        cases = (root["cases"] as? [[String: Any]] ?? []).map(Case.init)
        let file = folder.appendingPathComponent("\(name).h5").path
        arrays = FileManager.default.fileExists(atPath: file) ? try HDF5Reader(path: file) : nil
    }

    /// An array of a case, for example `ref`, `pred`, `label`, `score` or `image_0/lesions`; C order.
    func array<E: HDF5Element>(_ key: String, of id: String, as type: E.Type = E.self) throws -> [E]
    {
        guard let arrays else { return [] }
        return try arrays.readArray("/\(id)/\(key)", as: type)
    }

    /// The extents of an array of a case.
    func shape(_ key: String, of id: String) throws -> [Int] {
        try arrays?.info("/\(id)/\(key)").shape ?? []
    }

    /// The masks of a case of `binary` or `multilabel`.
    func pair(of one: Case) throws -> LabelPair {
        try LabelPair(
            prediction: array("pred", of: one.id), reference: array("ref", of: one.id),
            grid: one.grid)
    }

    /// A number of the oracle files, where `"nan"`, `"inf"` and `"-inf"` stand for those values.
    static func number(_ value: Any?) -> Double? {
        switch value {
        case let text as String where text == "nan": .nan
        case let text as String where text == "inf": .infinity
        case let text as String where text == "-inf": -.infinity
        case let number as NSNumber: number.doubleValue
        default: nil
        }
    }

    /// Whether two numbers agree: the same NaN or infinity, or within a relative tolerance (absolute near zero).
    static func agree(_ a: Double, _ b: Double, relative: Double = 1e-9, absolute: Double = 1e-12)
        -> Bool
    {
        if a.isNaN || b.isNaN { return a.isNaN && b.isNaN }
        if a.isInfinite || b.isInfinite { return a == b }
        return abs(a - b) <= max(relative * max(abs(a), abs(b)), absolute)
    }
}

/// A list of numbers of the oracle files.
func numbers(_ value: Any?) -> [Double]? {
    guard let list = value as? [Any] else { return nil }
    let found = list.compactMap { MetricOracle.number($0) }
    return found.count == list.count ? found : nil
}
