/// Parses the text of an array header, a Python dictionary of a fixed form, by a small grammar.
///
///     header = "{" [ pair { "," pair } [ "," ] ] "}" { space }
///     pair   = string ":" value
///     value  = string | "True" | "False" | tuple
///     tuple  = "(" [ number { "," number } [ "," ] ] ")"
///
/// Exactly the keys descr, fortran_order and shape must be there, in any order.
struct NPYHeaderParser {
    private let text: ArraySlice<UInt8>
    private let file: String
    /// Where the text starts in the file, for error messages.
    private let offset: Int
    private var position: Int

    init(_ text: ArraySlice<UInt8>, file: String, offset: Int) {
        self.text = text
        self.file = file
        self.offset = offset
        position = text.startIndex
    }

    mutating func header() throws(NumPyError) -> NPYHeader {
        var descr: String?
        var isFortranOrder: Bool?
        var shape: [Int]?
        try expect("{")
        while !accept("}") {
            let start = position
            let key = try string()
            try expect(":")
            switch key {
            case "descr" where descr == nil: descr = try type()
            case "fortran_order" where isFortranOrder == nil: isFortranOrder = try truth()
            case "shape" where shape == nil: shape = try tuple()
            default:
                position = start
                throw failure("descr, fortran_order and shape, each once")
            }
            if !accept(",") {
                try expect("}")
                break
            }
        }
        skipSpace()
        guard position == text.endIndex else { throw failure("only spaces after the header") }
        guard let descr, let isFortranOrder, let shape else {
            throw failure("descr, fortran_order and shape, each once")
        }
        guard let (type, isBigEndian) = NPYType.parse(descr: descr) else {
            throw .unsupportedType(file: file, descr: "'\(descr)'")
        }
        guard shape.count <= NPYArray.maximumRank else {
            throw .unsupported(
                file: file, found: "\(shape.count) axes",
                next: "reshape it to at most \(NPYArray.maximumRank)")
        }
        return NPYHeader(
            type: type, isBigEndian: isBigEndian, isFortranOrder: isFortranOrder, shape: shape)
    }

    // MARK: - Words

    /// A type is a string; a list would be a record of several types.
    private mutating func type() throws(NumPyError) -> String {
        skipSpace()
        if position < text.endIndex, text[position] == UInt8(ascii: "[") {
            throw .unsupportedType(file: file, descr: "a record of several fields")
        }
        return try string()
    }

    private mutating func string() throws(NumPyError) -> String {
        skipSpace()
        guard position < text.endIndex,
            text[position] == UInt8(ascii: "'") || text[position] == UInt8(ascii: "\"")
        else { throw failure("a string in quotes") }
        let quote = text[position]
        let body = text[(position + 1)...].prefix { $0 != quote }
        // Keys and types are short and plain, so there is nothing to escape.
        guard body.endIndex < text.endIndex, body.count <= 64,
            body.allSatisfy({ (0x20...0x7e).contains($0) && $0 != UInt8(ascii: "\\") })
        else { throw failure("a short plain string in quotes") }
        position = body.endIndex + 1
        return String(decoding: body, as: UTF8.self)
    }

    private mutating func truth() throws(NumPyError) -> Bool {
        if accept("True") { return true }
        if accept("False") { return false }
        throw failure("True or False")
    }

    private mutating func tuple() throws(NumPyError) -> [Int] {
        try expect("(")
        var numbers: [Int] = []
        while !accept(")") {
            numbers.append(try number())
            if !accept(",") {
                // Python writes one axis as (3,); (3) would be a number.
                guard numbers.count != 1 else { throw failure("a comma after a single axis") }
                try expect(")")
                break
            }
        }
        return numbers
    }

    private mutating func number() throws(NumPyError) -> Int {
        skipSpace()
        let digits = text[position...].prefix { (0x30...0x39).contains($0) }
        guard let value = Int(String(decoding: digits, as: UTF8.self)) else {
            throw failure("a whole number below 2^63")
        }
        position = digits.endIndex
        // Python 2 marked long numbers with an L.
        _ = accept("L")
        return value
    }

    // MARK: - Characters

    private mutating func skipSpace() {
        while position < text.endIndex, [0x20, 0x0a].contains(text[position]) { position += 1 }
    }

    private mutating func accept(_ word: String) -> Bool {
        skipSpace()
        guard text[position...].starts(with: word.utf8) else { return false }
        position += word.utf8.count
        return true
    }

    private mutating func expect(_ word: String) throws(NumPyError) {
        guard accept(word) else { throw failure("\"\(word)\"") }
    }

    private func failure(_ expected: String) -> NumPyError {
        // Only printable characters reach the message, and few of them.
        let found = text[position...].prefix(16).map {
            (0x20...0x7e).contains($0) ? Character(UnicodeScalar($0)) : "?"
        }
        return .damaged(
            file: file, offset: offset + position - text.startIndex,
            found: found.isEmpty ? "the end of the header" : "\"\(String(found))\"",
            expected: expected)
    }
}
