import SafeFiles

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// JSON with one form for each value, so that equal values have equal bytes and equal digests.
///
/// Keys are sorted, slashes are not escaped, floats are the shortest decimal that reads back as the same number.
public enum CanonicalJSON {
    /// The compact form without spaces, for digests and attributes.
    ///
    /// - Parameter value: Any encodable value without infinities.
    /// - Returns: UTF-8 bytes.
    /// - Throws: An `EncodingError` when the value cannot be written as JSON.
    public static func compact(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(value))
    }

    /// The indented form that ends with a line feed, for files people read.
    ///
    /// - Parameter value: Any encodable value without infinities.
    /// - Returns: UTF-8 bytes.
    /// - Throws: An `EncodingError` when the value cannot be written as JSON.
    public static func pretty(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        return Array(try encoder.encode(value)) + [UInt8(ascii: "\n")]
    }

    /// Reads a value from a JSON file.
    ///
    /// - Parameters:
    ///   - type: The type to read.
    ///   - path: The file, at most 256 MiB.
    /// - Returns: The value.
    /// - Throws: ``StoreError`` naming the file and the key that is wrong, or a `FileError`.
    public static func read<Value: Decodable>(_ type: Value.Type, from path: String) throws -> Value
    {
        try read(type, schema: nil, from: path)
    }

    /// Reads a value that carries a schema; the schema is looked at first, because another version has other keys.
    ///
    /// - Parameters:
    ///   - type: The type to read.
    ///   - schema: The schema that is understood, for example `samdata.unit/1`; `nil` does not look.
    ///   - path: The file, at most 256 MiB.
    /// - Returns: The value.
    /// - Throws: ``StoreError`` naming the file and the key that is wrong, or a `FileError`.
    public static func read<Value: Decodable>(
        _ type: Value.Type, schema: String?, from path: String
    ) throws -> Value {
        let data = Data(try FileReading.contents(of: path, limit: 1 << 28))
        do {
            if let schema {
                let found = try JSONDecoder().decode(SchemaOnly.self, from: data).schema
                guard found == schema else {
                    throw StoreError.unknownVersion(
                        path: path, key: "schema", found: found, readable: schema)
                }
            }
            return try JSONDecoder().decode(type, from: data)
        } catch let error as DecodingError {
            throw StoreError.unreadableJSON(path: path, reason: error.oneLine)
        }
    }

    /// The digest of a value's compact form.
    ///
    /// - Parameter value: Any encodable value.
    /// - Returns: 64 lower-case hexadecimal digits.
    /// - Throws: An `EncodingError` when the value cannot be written as JSON.
    public static func sha256(_ value: some Encodable) throws -> String {
        ContentDigest.sha256(of: try compact(value))
    }
}

/// The one key every JSON file of a store has, whatever its version.
private struct SchemaOnly: Decodable { let schema: String }

extension DecodingError {
    /// The error on one line: where, and what.
    public var oneLine: String {
        func place(_ context: Context) -> String {
            let path = context.codingPath.map { key in
                key.intValue.map { "[\($0)]" } ?? ".\(key.stringValue)"
            }.joined()
            return path.isEmpty ? "at the top" : "at \(path.drop { $0 == "." })"
        }
        switch self {
        case .keyNotFound(let key, let context):
            return "key `\(key.stringValue)` is missing \(place(context))"
        case .typeMismatch(let type, let context):
            return "expected \(type) \(place(context))"
        case .valueNotFound(let type, let context):
            return "found null, expected \(type) \(place(context))"
        case .dataCorrupted(let context):
            return "\(context.debugDescription) \(place(context))"
        @unknown default:
            return "not the expected JSON"
        }
    }
}
