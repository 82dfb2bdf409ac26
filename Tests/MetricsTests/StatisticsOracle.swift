import DeflateCompression
import Foundation

/// A file of `Fixtures/metrics` with its numbers to the last bit, which ties between differences depend on.
///
/// `MetricOracle` reads with `JSONSerialization`, which on Linux misses the last bit of some numbers of 16 digits; the
/// decoder does not.
enum StatisticsOracle: Decodable {
    case number(Double)
    case list([StatisticsOracle])
    case object([String: StatisticsOracle])
    case text(String)

    /// The cases of a file.
    static func cases(of name: String) throws -> [StatisticsOracle] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Fixtures/metrics")
        let packed = [UInt8](try Data(contentsOf: folder.appendingPathComponent("\(name).json.gz")))
        // The last four bytes of a gzip member are the length of its contents.
        let size = packed.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        var bytes = [UInt8](repeating: 0, count: size)
        _ = try packed.withUnsafeBytes { input in
            try bytes.withUnsafeMutableBytes { try Inflater().gzip(input, into: $0) }
        }
        return try JSONDecoder().decode(File.self, from: Data(bytes)).cases
    }

    private struct File: Decodable { let cases: [StatisticsOracle] }

    /// What an oracle file holds where something else was expected.
    struct Unexpected: Error { let key: String }

    init(from decoder: any Decoder) throws {
        let one = try decoder.singleValueContainer()
        if let number = try? one.decode(Double.self) {
            self = .number(number)
        } else if let list = try? one.decode([StatisticsOracle].self) {
            self = .list(list)
        } else if let object = try? one.decode([String: StatisticsOracle].self) {
            self = .object(object)
        } else {
            switch try one.decode(String.self) {
            case "nan": self = .number(.nan)
            case "inf": self = .number(.infinity)
            case "-inf": self = .number(-.infinity)
            case let text: self = .text(text)
            }
        }
    }

    /// The name of a case.
    var id: String {
        if case .object(let object) = self, case .text(let id)? = object["id"] { return id }
        return ""
    }

    /// An entry of an object.
    func callAsFunction(_ key: String) throws -> StatisticsOracle {
        guard case .object(let object) = self, let value = object[key] else {
            throw Unexpected(key: key)
        }
        return value
    }

    /// All entries of an object.
    var entries: [String: StatisticsOracle] {
        get throws {
            guard case .object(let object) = self else { throw Unexpected(key: "object") }
            return object
        }
    }

    var elements: [StatisticsOracle] {
        get throws {
            guard case .list(let list) = self else { throw Unexpected(key: "list") }
            return list
        }
    }

    var number: Double {
        get throws {
            guard case .number(let number) = self else { throw Unexpected(key: "number") }
            return number
        }
    }

    /// A list of numbers, or one number as a list.
    var numbers: [Double] {
        get throws {
            if case .number(let number) = self { return [number] }
            return try elements.map { try $0.number }
        }
    }
}
