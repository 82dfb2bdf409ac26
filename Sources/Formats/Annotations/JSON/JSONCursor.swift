/// A place in a JSON document that moves forward over one value after the other.
///
/// Nothing is kept but what is asked for, so a document may be much larger than what is read from it. Strict JSON (RFC 8259).
struct JSONCursor {
    private let bytes: UnsafeBufferPointer<UInt8>
    private let depthLimit: Int
    private var depth = 0
    /// The byte that comes next.
    private(set) var place = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>, depthLimit: Int) {
        self.bytes = bytes
        self.depthLimit = depthLimit
        if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { place = 3 }
    }

    /// The line of the next byte, from 1.
    var line: Int { 1 + bytes[..<min(place, bytes.count)].count { $0 == UInt8(ascii: "\n") } }

    /// The first byte of the next value or mark; `nil` at the end.
    mutating func peek() -> UInt8? {
        while place < bytes.count {
            let byte = bytes[place]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
            place += 1
        }
        return nil
    }

    /// Starts again at an earlier place, which must be the start of a value at the same depth.
    mutating func go(to earlier: Int) { place = earlier }

    mutating func endDocument() throws(Complaint) {
        if peek() != nil { throw unexpected("the end of the file after its value") }
    }

    // MARK: Objects and lists

    /// Whether a list or object that is being read goes on; its open mark is read by the first call.
    struct Sequence {
        fileprivate let isObject: Bool
        fileprivate var isStarted = false
    }

    /// Starts an object.
    mutating func object() throws(Complaint) -> Sequence {
        guard peek() == UInt8(ascii: "{") else { throw unexpected("an object") }
        try descend()
        return Sequence(isObject: true)
    }

    /// Starts a list.
    mutating func list() throws(Complaint) -> Sequence {
        guard peek() == UInt8(ascii: "[") else { throw unexpected("a list") }
        try descend()
        return Sequence(isObject: false)
    }

    private mutating func descend() throws(Complaint) {
        place += 1
        depth += 1
        guard depth <= depthLimit else {
            throw Complaint(
                kind: .tooLarge,
                message:
                    "found more than \(depthLimit) lists or objects inside each other, expected "
                    + "at most that many; export the annotations again")
        }
    }

    /// Moves to the next element of a list.
    ///
    /// - Returns: `false` after the last one; the list is closed then.
    mutating func next(in sequence: inout Sequence) throws(Complaint) -> Bool {
        let close = UInt8(ascii: sequence.isObject ? "}" : "]")
        let byte = peek()
        if byte == close {
            place += 1
            depth -= 1
            return false
        }
        if sequence.isStarted {
            guard byte == UInt8(ascii: ",") else {
                throw unexpected(sequence.isObject ? "a comma or }" : "a comma or ]")
            }
            place += 1
            if peek() == close { throw unexpected("a value after the comma") }
        }
        sequence.isStarted = true
        return true
    }

    /// Moves to the next member of an object, past its name.
    ///
    /// - Returns: The name, or `nil` after the last member; the object is closed then.
    mutating func nextKey(in sequence: inout Sequence) throws(Complaint) -> String? {
        guard try next(in: &sequence) else { return nil }
        let key = try string()
        guard peek() == UInt8(ascii: ":") else { throw unexpected("a colon") }
        place += 1
        return key
    }

    // MARK: Plain values

    /// Reads a text.
    mutating func string() throws(Complaint) -> String {
        guard peek() == UInt8(ascii: "\"") else { throw unexpected("a text in quotes") }
        let (range, hasEscapes) = try rawString()
        let raw = UnsafeBufferPointer(rebasing: bytes[range])
        guard hasEscapes else {
            guard let text = String(validating: raw, as: UTF8.self) else {
                throw unexpected("a text in UTF-8")
            }
            return text
        }
        return try JSONEscapes.text(of: raw)
    }

    /// The bytes between two quotes, the first of which comes next.
    private mutating func rawString() throws(Complaint) -> (range: Range<Int>, hasEscapes: Bool) {
        let start = place + 1
        var end = start
        var hasEscapes = false
        while end < bytes.count {
            let byte = bytes[end]
            if byte == UInt8(ascii: "\"") {
                place = end + 1
                return (start..<end, hasEscapes)
            }
            if byte == UInt8(ascii: "\\") {
                hasEscapes = true
                end += 1
            } else if byte < 0x20 {
                place = end
                throw unexpected("a text without control characters")
            }
            end += 1
        }
        place = bytes.count
        throw unexpected("the end of a text")
    }

    /// Reads a number.
    mutating func number() throws(Complaint) -> Double {
        let range = try numberRange()
        guard let value = DecimalNumber.value(of: UnsafeBufferPointer(rebasing: bytes[range]))
        else { throw unexpected("a number") }
        return value
    }

    private mutating func numberRange() throws(Complaint) -> Range<Int> {
        guard peek() != nil else { throw unexpected("a number") }
        let start = place
        var end = start
        func digits() -> Bool {
            let first = end
            while end < bytes.count, bytes[end] &- UInt8(ascii: "0") <= 9 { end += 1 }
            return end > first
        }
        if bytes[end] == UInt8(ascii: "-") { end += 1 }
        let whole = end
        guard digits(), end - whole == 1 || bytes[whole] != UInt8(ascii: "0") else {
            throw unexpected("a number")
        }
        if end < bytes.count, bytes[end] == UInt8(ascii: ".") {
            end += 1
            guard digits() else { throw unexpected("a number") }
        }
        if end < bytes.count, bytes[end] | 0x20 == UInt8(ascii: "e") {
            end += 1
            if end < bytes.count,
                bytes[end] == UInt8(ascii: "-") || bytes[end] == UInt8(ascii: "+")
            {
                end += 1
            }
            guard digits() else { throw unexpected("a number") }
        }
        place = end
        return start..<end
    }

    /// Reads `null` if it comes next.
    mutating func null() -> Bool { literal("null") }

    /// Reads `true` or `false` if one comes next.
    mutating func bool() -> Bool? {
        if literal("true") { return true }
        if literal("false") { return false }
        return nil
    }

    private mutating func literal(_ text: StaticString) -> Bool {
        _ = peek()
        guard bytes.count - place >= text.utf8CodeUnitCount else { return false }
        for index in 0..<text.utf8CodeUnitCount
        where bytes[place + index] != text.utf8Start[index] { return false }
        place += text.utf8CodeUnitCount
        return true
    }

    /// Moves over a value of any kind, checking its form.
    mutating func skip() throws(Complaint) {
        switch peek() {
        case UInt8(ascii: "{"):
            var members = try object()
            while try next(in: &members) {
                guard peek() == UInt8(ascii: "\"") else { throw unexpected("a text in quotes") }
                _ = try rawString()
                guard peek() == UInt8(ascii: ":") else { throw unexpected("a colon") }
                place += 1
                try skip()
            }
        case UInt8(ascii: "["):
            var elements = try list()
            while try next(in: &elements) { try skip() }
        case UInt8(ascii: "\""): _ = try rawString()
        case UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "n"):
            guard bool() != nil || null() else { throw unexpected("a value") }
        case nil: throw unexpected("a value")
        default: _ = try numberRange()
        }
    }

    /// What is wrong with the next byte.
    mutating func unexpected(_ expected: String) -> Complaint {
        guard let byte = peek() else {
            return Complaint(
                message: "found the end of the file, expected \(expected); it is cut short, fetch "
                    + "it again or export it anew")
        }
        let isPrintable = byte >= 0x20 && byte < 0x7F
        let text = isPrintable ? "`\(Character(UnicodeScalar(byte)))`" : "byte \(byte)"
        return Complaint(
            message: "found \(text), expected \(expected); correct the file or export it anew")
    }
}
