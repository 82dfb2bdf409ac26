/// The escapes of JSON's texts.
enum JSONEscapes {
    /// The text of the bytes between two quotes.
    static func text(of raw: UnsafeBufferPointer<UInt8>) throws(Complaint) -> String {
        var result: [UInt8] = []
        result.reserveCapacity(raw.count)
        var place = 0
        while place < raw.count {
            let byte = raw[place]
            place += 1
            guard byte == UInt8(ascii: "\\") else {
                result.append(byte)
                continue
            }
            // The reader of raw texts has seen a byte behind every back-slash.
            let escape = raw[place]
            place += 1
            switch escape {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): result.append(escape)
            case UInt8(ascii: "b"): result.append(0x08)
            case UInt8(ascii: "f"): result.append(0x0C)
            case UInt8(ascii: "n"): result.append(0x0A)
            case UInt8(ascii: "r"): result.append(0x0D)
            case UInt8(ascii: "t"): result.append(0x09)
            case UInt8(ascii: "u"):
                let scalar = try scalar(raw, &place)
                result.append(contentsOf: Array(String(Character(scalar)).utf8))
            default: throw bad("the escape \\\(Character(UnicodeScalar(escape)))")
            }
        }
        guard let text = String(validating: result, as: UTF8.self) else {
            throw bad("a text that is not UTF-8")
        }
        return text
    }

    /// The character of four hexadecimal digits, or of two such groups.
    private static func scalar(
        _ raw: UnsafeBufferPointer<UInt8>, _ place: inout Int
    ) throws(Complaint) -> UnicodeScalar {
        let first = try unit(raw, &place)
        if let scalar = UnicodeScalar(first) { return scalar }
        guard first < 0xDC00, place + 1 < raw.count, raw[place] == UInt8(ascii: "\\"),
            raw[place + 1] == UInt8(ascii: "u")
        else { throw bad("half of a surrogate pair") }
        place += 2
        let second = try unit(raw, &place)
        guard second >= 0xDC00, second < 0xE000,
            let scalar = UnicodeScalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw bad("half of a surrogate pair") }
        return scalar
    }

    private static func unit(
        _ raw: UnsafeBufferPointer<UInt8>, _ place: inout Int
    ) throws(Complaint) -> UInt32 {
        var value: UInt32 = 0
        guard raw.count - place >= 4 else { throw bad("an escape \\u without four digits") }
        for _ in 0..<4 {
            guard let digit = Character(UnicodeScalar(raw[place])).hexDigitValue else {
                throw bad("an escape \\u without four digits")
            }
            value = value << 4 | UInt32(digit)
            place += 1
        }
        return value
    }

    private static func bad(_ found: String) -> Complaint {
        Complaint(
            message: "found \(found), expected a text as JSON writes it; correct the file or "
                + "export it anew")
    }
}
