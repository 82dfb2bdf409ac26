/// Reads the JSON of a `.safetensors` header: strings, whole numbers, and nothing nested deeper than the format needs.
struct HeaderText {
    let bytes: [UInt8]
    let file: String
    /// The next byte of the header.
    var position = 0

    /// The header starts behind its length.
    private var place: String { "byte \(8 + position)" }

    init(_ bytes: [UInt8], file: String) {
        self.bytes = bytes
        self.file = file
    }

    func damaged(_ found: String, _ expected: String) -> TensorFileError {
        .damaged(file: file, place: place, found: found, expected: expected)
    }

    /// The next byte that is no white space, without taking it.
    mutating func peek() -> UInt8? {
        while position < bytes.count, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[position]) {
            position += 1
        }
        return position < bytes.count ? bytes[position] : nil
    }

    mutating func expect(_ character: Character) throws(TensorFileError) {
        guard let byte = peek(), byte == character.asciiValue else {
            throw damaged(describe(peek()), "\(character)")
        }
        position += 1
    }

    /// Reads an object, each of whose values the closure reads; refuses a key that occurs twice.
    mutating func object(
        _ value: (inout HeaderText, String) throws(TensorFileError) -> Void
    ) throws(TensorFileError) {
        var keys: Set<String> = []
        try expect("{")
        if peek() == UInt8(ascii: "}") { return try expect("}") }
        while true {
            let key = try string()
            guard keys.insert(key).inserted else {
                throw damaged("the key \(Printable.text(key)) twice", "each key once")
            }
            try expect(":")
            try value(&self, key)
            guard peek() == UInt8(ascii: ",") else { break }
            position += 1
        }
        try expect("}")
    }

    /// Reads an array of whole numbers of at most `limit` elements.
    mutating func numbers(limit: Int) throws(TensorFileError) -> [Int] {
        var result: [Int] = []
        try expect("[")
        if peek() == UInt8(ascii: "]") {
            try expect("]")
            return result
        }
        while true {
            guard result.count < limit else {
                throw damaged("more than \(limit) numbers", "at most \(limit)")
            }
            result.append(try number())
            guard peek() == UInt8(ascii: ",") else { break }
            position += 1
        }
        try expect("]")
        return result
    }

    private mutating func number() throws(TensorFileError) -> Int {
        guard let first = peek(), isDigit(first) else {
            throw damaged(describe(peek()), "a whole number")
        }
        let start = position
        var value = 0
        while position < bytes.count, isDigit(bytes[position]) {
            let (product, tooLong) = value.multipliedReportingOverflow(by: 10)
            let (sum, tooLarge) = product.addingReportingOverflow(Int(bytes[position]) - 0x30)
            guard !tooLong, !tooLarge else {
                throw damaged("a number beyond 2^63", "a smaller one")
            }
            value = sum
            position += 1
        }
        guard position - start == 1 || first != UInt8(ascii: "0") else {
            throw damaged("a number with a leading zero", "none")
        }
        return value
    }

    mutating func string() throws(TensorFileError) -> String {
        try expect("\"")
        var raw: [UInt8] = []
        while true {
            guard position < bytes.count else { throw damaged("the end", "the end of a string") }
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                guard let text = String(validating: raw, as: UTF8.self) else {
                    throw damaged("a string that is not UTF-8", "UTF-8")
                }
                return text
            case UInt8(ascii: "\\"): raw += try escape()
            case 0..<0x20: throw damaged("a control character", "an escape")
            default:
                raw.append(byte)
                position += 1
            }
        }
    }

    private mutating func escape() throws(TensorFileError) -> [UInt8] {
        let plain: [UInt8: UInt8] = [
            UInt8(ascii: "\""): 0x22, UInt8(ascii: "\\"): 0x5c, UInt8(ascii: "/"): 0x2f,
            UInt8(ascii: "b"): 0x08, UInt8(ascii: "f"): 0x0c, UInt8(ascii: "n"): 0x0a,
            UInt8(ascii: "r"): 0x0d, UInt8(ascii: "t"): 0x09,
        ]
        guard position + 1 < bytes.count else { throw damaged("the end", "an escape") }
        if let byte = plain[bytes[position + 1]] {
            position += 2
            return [byte]
        }
        var value = try unit()
        if (0xd800..<0xdc00).contains(value) {
            let low = try unit()
            guard (0xdc00..<0xe000).contains(low) else {
                throw damaged("half a character", "a pair of surrogates")
            }
            value = 0x10000 + (value - 0xd800) << 10 + (low - 0xdc00)
        }
        guard let scalar = Unicode.Scalar(value) else {
            throw damaged("half a character", "a pair of surrogates")
        }
        return Array(String(Character(scalar)).utf8)
    }

    /// One `\uXXXX`.
    private mutating func unit() throws(TensorFileError) -> UInt32 {
        guard bytes.count - position >= 6, bytes[position] == UInt8(ascii: "\\"),
            bytes[position + 1] == UInt8(ascii: "u")
        else { throw damaged("an escape JSON does not know", "\\uXXXX") }
        var value: UInt32 = 0
        for byte in bytes[(position + 2)..<(position + 6)] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw damaged("an escape without four digits", "\\uXXXX")
            }
            value = value << 4 | UInt32(digit)
        }
        position += 6
        return value
    }

    private func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private func describe(_ byte: UInt8?) -> String {
        guard let byte else { return "the end of the header" }
        return (0x21...0x7e).contains(byte)
            ? "\(Character(Unicode.Scalar(byte)))" : "the byte \(byte)"
    }
}
