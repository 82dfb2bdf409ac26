#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Reports as JSON, the one format that holds everything and is read back.
///
/// Keys are sorted, slashes are not escaped, numbers are the shortest decimal that reads back as the same number, and
/// infinities are the texts `inf` and `-inf`: equal reports have equal bytes.
public enum ReportJSON {
    /// A score report as indented JSON with a line feed at the end.
    ///
    /// - Parameter report: The report.
    /// - Returns: UTF-8 bytes.
    /// - Throws: An `EncodingError`, which no report causes.
    public static func encode(_ report: ScoreReport) throws -> [UInt8] { try pretty(report) }

    /// A comparison as indented JSON with a line feed at the end.
    ///
    /// - Parameter report: The comparison.
    /// - Returns: UTF-8 bytes.
    /// - Throws: An `EncodingError`, which no comparison causes.
    public static func encode(_ report: CompareReport) throws -> [UInt8] { try pretty(report) }

    /// The rows of a score report as JSON lines: one object per case, slice and label, complete in itself.
    ///
    /// - Parameter report: The report.
    /// - Returns: UTF-8 bytes; each line ends with a line feed; nothing for a report without rows.
    /// - Throws: An `EncodingError`, which no report causes.
    public static func jsonLines(of report: ScoreReport) throws -> [UInt8] {
        let index = ReportIndex(report)
        let encoder = Self.encoder([.sortedKeys, .withoutEscapingSlashes])
        var bytes: [UInt8] = []
        for row in report.rows {
            let values = zip(report.metrics, row.values).map { ($0.id, $1) }
            let line = Line(
                case: row.case, slice: row.slice, label: row.label,
                labelName: index.name(of: row.label), counts: row.counts,
                values: Dictionary(values, uniquingKeysWith: { first, _ in first }),
                surface: row.surface, worst: row.worst)
            bytes += try encoder.encode(line)
            bytes.append(UInt8(ascii: "\n"))
        }
        return bytes
    }

    /// Reads a score report.
    ///
    /// - Parameters:
    ///   - bytes: A file somebody gave; may be anything.
    ///   - name: The name of the file, for errors.
    /// - Returns: The report: every row has one value per metric, and rows and summaries name cases, labels and metrics
    ///   that are there, each once.
    /// - Throws: ``ReportError`` for another schema, damaged JSON or a report that contradicts itself.
    public static func decodeScore(
        _ bytes: [UInt8], name: String
    ) throws(ReportError) -> ScoreReport {
        let report = try decode(ScoreReport.self, ScoreReport.schema, bytes, name)
        try ReportConsistency(name: name).check(report)
        return report
    }

    /// Reads a comparison.
    ///
    /// - Parameters:
    ///   - bytes: A file somebody gave; may be anything.
    ///   - name: The name of the file, for errors.
    /// - Returns: The comparison: pairs and rankings name models and metrics that are there.
    /// - Throws: ``ReportError`` for another schema, damaged JSON or a comparison that contradicts itself.
    public static func decodeCompare(
        _ bytes: [UInt8], name: String
    ) throws(ReportError) -> CompareReport {
        let report = try decode(CompareReport.self, CompareReport.schema, bytes, name)
        try ReportConsistency(name: name).check(report)
        return report
    }

    // MARK: - Both directions

    private static func encoder(_ formatting: JSONEncoder.OutputFormatting) -> JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = formatting
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return encoder
    }

    private static func pretty(_ value: some Encodable) throws -> [UInt8] {
        let encoder = Self.encoder([.sortedKeys, .withoutEscapingSlashes, .prettyPrinted])
        return Array(try encoder.encode(value)) + [UInt8(ascii: "\n")]
    }

    private static func decode<Value: Decodable>(
        _ type: Value.Type, _ schema: String, _ bytes: [UInt8], _ name: String
    ) throws(ReportError) -> Value {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        let data = Data(bytes)
        do {
            // The schema is looked at first, because another version has other keys.
            let found = try decoder.decode(SchemaOnly.self, from: data).schema
            guard found == schema else {
                throw ReportError.unknownSchema(
                    name: name, found: "`\(found.prefix(60))`", expected: "`\(schema)`")
            }
            return try decoder.decode(type, from: data)
        } catch let error as ReportError {
            throw error
        } catch let error as DecodingError {
            throw .unreadable(name: name, reason: error.place)
        } catch {
            throw .unreadable(name: name, reason: "not JSON")
        }
    }

    private struct SchemaOnly: Decodable { let schema: String }

    private struct Line: Encodable {
        let `case`: String
        let slice: Int?
        let label: Int
        let labelName: String
        let counts: ScoreRow.Counts?
        let values: [String: ScoreValue]
        let surface: ScoreRow.Surface?
        let worst: ScoreRow.Place?
    }
}

extension DecodingError {
    /// Where the decoding failed, and why.
    fileprivate var place: String {
        func at(_ context: Context) -> String {
            let path = context.codingPath.map { key in
                key.intValue.map { "[\($0)]" } ?? ".\(key.stringValue.prefix(60))"
            }.joined()
            return path.isEmpty ? "at the top" : String(path.drop { $0 == "." }.prefix(200))
        }
        switch self {
        case .keyNotFound(let key, let context):
            return "\(at(context)): found no key `\(key.stringValue)`, expected one"
        case .typeMismatch(let type, let context):
            return "\(at(context)): found another type, expected \(type)"
        case .valueNotFound(let type, let context):
            return "\(at(context)): found null, expected \(type)"
        case .dataCorrupted(let context):
            // Essentials gives no place for broken syntax, and calls a number out of range by the same name.
            return context.codingPath.isEmpty
                ? "at the top: found broken JSON or a number out of range, expected a whole report"
                : "\(at(context)): \(context.debugDescription.prefix(200))"
        @unknown default:
            return "found other JSON, expected a report"
        }
    }
}
