/// A reader of JSON texts that knows the line of every value and refuses what the usual ones let pass.
///
/// Refused beside broken syntax: a key that occurs twice in one object, nesting deeper than 32, more than a million
/// values, integers beyond 64 bits, anything after the value, text that is not UTF-8.
///
/// - Source: RFC 8259.
struct JSONParser {
    private let bytes: [UInt8]
    private var position = 0
    private var line = 1
    private var values = 0

    private static let deepest = 32
    private static let mostValues = 1_000_000

    /// Parses a whole text.
    static func parse(_ bytes: [UInt8], file: String) throws(DatasetError) -> JSONNode {
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw DatasetError(
                .configuration, file: file, found: "bytes that are not UTF-8",
                expected: "a JSON text", nextStep: "save the file as UTF-8")
        }
        var parser = JSONParser(bytes)
        do throws(DatasetError) {
            let node = try parser.value(depth: 0)
            parser.skipBlanks()
            if parser.position < bytes.count { throw parser.failure("the end of the text") }
            return node
        } catch {
            var error = error
            error.file = file
            throw error
        }
    }

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private func failure(_ expected: String) -> DatasetError {
        var found = "the end of the file"
        if let next {
            // Back up to the start of the character, so that the message shows it whole.
            var start = position
            while start > 0, bytes[start] & 0xC0 == 0x80 { start -= 1 }
            var end = position + 1
            while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
            found =
                next == UInt8(ascii: "\n")
                ? "the end of the line"
                : OneLine.quoted(String(decoding: bytes[start..<end], as: UTF8.self))
        }
        return DatasetError(
            .configuration, place: "line \(line)", found: found, expected: expected,
            nextStep: "correct the JSON there")
    }

    private mutating func skipBlanks() {
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\n"): line += 1
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): break
            default: return
            }
            position += 1
        }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        position += 1
        return true
    }

    private mutating func value(depth: Int) throws(DatasetError) -> JSONNode {
        skipBlanks()
        values += 1
        if depth > Self.deepest || values > Self.mostValues {
            throw DatasetError(
                .configuration, place: "line \(line)",
                found: depth > Self.deepest ? "lists in lists too deep" : "too many values",
                expected: "at most \(Self.deepest) levels and \(Self.mostValues) values",
                nextStep: "check that this is the right file")
        }
        let start = line
        guard let byte = next else { throw failure("a value") }
        switch byte {
        case UInt8(ascii: "{"): return JSONNode(.object(try members(depth: depth)), line: start)
        case UInt8(ascii: "["): return JSONNode(.array(try items(depth: depth)), line: start)
        case UInt8(ascii: "\""): return JSONNode(.string(try text()), line: start)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            return JSONNode(try number(), line: start)
        default:
            for (word, content) in Self.words where bytes[position...].starts(with: word.utf8) {
                position += word.utf8.count
                return JSONNode(content, line: start)
            }
            throw failure("a value")
        }
    }

    private static let words: [(String, JSONNode.Content)] = [
        ("true", .bool(true)), ("false", .bool(false)), ("null", .null),
    ]

    private mutating func members(depth: Int) throws(DatasetError) -> [JSONNode.Member] {
        position += 1
        var members: [JSONNode.Member] = []
        var keys: Set<String> = []
        skipBlanks()
        if take(UInt8(ascii: "}")) { return members }
        while true {
            skipBlanks()
            guard next == UInt8(ascii: "\"") else { throw failure("a key in quotation marks") }
            let keyLine = line
            let key = try text()
            guard keys.insert(key).inserted else {
                throw DatasetError(
                    .configuration, place: "line \(keyLine)",
                    found: "the key \(OneLine.quoted(key)) a second time",
                    expected: "every key once in an object", nextStep: "remove one of the two")
            }
            skipBlanks()
            guard take(UInt8(ascii: ":")) else { throw failure("a colon") }
            members.append(JSONNode.Member(key: key, value: try value(depth: depth + 1)))
            skipBlanks()
            if take(UInt8(ascii: "}")) { return members }
            guard take(UInt8(ascii: ",")) else { throw failure("a comma or a closing brace") }
        }
    }

    private mutating func items(depth: Int) throws(DatasetError) -> [JSONNode] {
        position += 1
        var items: [JSONNode] = []
        skipBlanks()
        if take(UInt8(ascii: "]")) { return items }
        while true {
            items.append(try value(depth: depth + 1))
            skipBlanks()
            if take(UInt8(ascii: "]")) { return items }
            guard take(UInt8(ascii: ",")) else { throw failure("a comma or a closing bracket") }
        }
    }

    private mutating func number() throws(DatasetError) -> JSONNode.Content {
        let start = position
        _ = take(UInt8(ascii: "-"))
        let whole = digits()
        let leadingZero = whole > 1 && bytes[position - whole] == UInt8(ascii: "0")
        var isInteger = true
        var isComplete = whole > 0 && !leadingZero
        if take(UInt8(ascii: ".")) {
            isInteger = false
            isComplete = digits() > 0 && isComplete
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            isInteger = false
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            isComplete = digits() > 0 && isComplete
        }
        let written = String(decoding: bytes[start..<position], as: UTF8.self)
        if isComplete, isInteger, let value = Int(written) { return .integer(value) }
        if isComplete, !isInteger, let value = Double(written), value.isFinite {
            return .real(value)
        }
        throw DatasetError(
            .configuration, place: "line \(line)", found: OneLine.quoted(written),
            expected: "a number that JSON allows and 64 bits hold",
            nextStep: "correct the JSON there")
    }

    private mutating func digits() -> Int {
        let start = position
        while let byte = next, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
            position += 1
        }
        return position - start
    }

    private mutating func text() throws(DatasetError) -> String {
        position += 1
        var result: [UInt8] = []
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return String(decoding: result, as: UTF8.self)
            case UInt8(ascii: "\\"):
                position += 1
                result.append(contentsOf: String(Character(try escape())).utf8)
            case 0..<0x20: throw failure("a closing quotation mark")
            default:
                result.append(byte)
                position += 1
            }
        }
        throw failure("a closing quotation mark")
    }

    private mutating func escape() throws(DatasetError) -> Unicode.Scalar {
        guard let byte = next else { throw failure("an escape") }
        if byte == UInt8(ascii: "u") {
            position += 1
            return try unicodeEscape()
        }
        guard let scalar = Self.escapes[byte] else {
            throw failure("one of the escapes \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u")
        }
        position += 1
        return scalar
    }

    private static let escapes: [UInt8: Unicode.Scalar] = [
        UInt8(ascii: "\""): "\"", UInt8(ascii: "\\"): "\\", UInt8(ascii: "/"): "/",
        UInt8(ascii: "b"): "\u{8}", UInt8(ascii: "f"): "\u{C}", UInt8(ascii: "n"): "\n",
        UInt8(ascii: "r"): "\r", UInt8(ascii: "t"): "\t",
    ]

    private mutating func unicodeEscape() throws(DatasetError) -> Unicode.Scalar {
        let first = try fourHexDigits()
        if let scalar = Unicode.Scalar(first) { return scalar }
        // A high surrogate must be followed by the escape of a low one.
        guard (0xD800..<0xDC00).contains(first), take(UInt8(ascii: "\\")), take(UInt8(ascii: "u"))
        else { throw failure("the second half of a surrogate pair") }
        let second = try fourHexDigits()
        guard (0xDC00..<0xE000).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw failure("the second half of a surrogate pair") }
        return scalar
    }

    private mutating func fourHexDigits() throws(DatasetError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw failure("four hexadecimal digits")
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }
}
