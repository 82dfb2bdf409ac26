extension SafetensorsWriter {
    /// The reference implementation orders types so, largest first.
    private static let ranks: [TensorElementType] = [
        .int64, .float64, .float32, .int32, .bfloat16, .float16, .int16, .int8, .uint8, .bool,
    ]

    static func sorted(_ tensors: [TensorEntry]) -> [TensorEntry] {
        let rank = Dictionary(uniqueKeysWithValues: zip(ranks, 0...))
        return tensors.map { (rank[$0.elementType] ?? ranks.count, Array($0.name.utf8), $0) }
            .sorted { $0.0 != $1.0 ? $0.0 < $1.0 : $0.1.lexicographicallyPrecedes($1.1) }
            .map(\.2)
    }

    /// Length, JSON, and spaces up to a multiple of 8.
    static func header(
        _ order: [TensorEntry], metadata: [String: String], path: String
    ) throws(TensorFileError) -> [UInt8] {
        var parts: [String] = []
        if !metadata.isEmpty {
            let texts = metadata.sorted {
                Array($0.key.utf8).lexicographicallyPrecedes(Array($1.key.utf8))
            }
            .map { quoted($0.key) + ":" + quoted($0.value) }
            parts.append("\"__metadata__\":{\(texts.joined(separator: ","))}")
        }
        var names: Set<String> = ["__metadata__", ""]
        var offset = 0
        for entry in order {
            guard names.insert(entry.name).inserted, entry.name.utf8.count <= 1024,
                !entry.name.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f })
            else {
                throw .unwritable(
                    file: path, name: entry.name,
                    found: "a name that is reserved or not fit to be one",
                    expected: "each name once, of 1 to 1024 bytes without control characters")
            }
            let (end, overflow) = offset.addingReportingOverflow(entry.byteCount)
            guard !overflow else {
                throw .unwritable(
                    file: path, name: entry.name, found: "more than 2^63 bytes of tensors",
                    expected: "less")
            }
            let shape = entry.shape.map(String.init).joined(separator: ",")
            parts.append(
                "\(quoted(entry.name)):{\"dtype\":\"\(entry.elementType.safetensorsName)\","
                    + "\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]}")
            offset = end
        }
        var text = Array("{\(parts.joined(separator: ","))}".utf8)
        text += [UInt8](repeating: 0x20, count: (8 - text.count % 8) % 8)
        guard text.count <= 100_000_000 else {
            throw .unwritable(
                file: path, name: "header", found: "\(text.count) bytes",
                expected: "at most 100000000")
        }
        return withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) } + text
    }

    /// A JSON string; everything but quotes, back-slashes and control characters stands as it is.
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\u{8}": result += "\\b"
            case "\u{c}": result += "\\f"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\0"..<" ":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
