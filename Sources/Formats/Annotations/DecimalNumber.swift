/// Decimal numbers as texts, with the value that `strtod` gives and several times faster.
enum DecimalNumber {
    /// The powers of ten that a double holds exactly.
    private static let powers: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
        1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ]

    /// The value of a decimal number.
    ///
    /// White space around it, a plus sign, and a comma instead of the point are accepted; hexadecimal numbers, `inf` and `nan` are not.
    /// A value with at most 2^53 as its digits and a power of ten up to 22 needs one exact multiplication or division, which rounds
    /// correctly (Clinger 1990); the others go the long way.
    ///
    /// - Parameter text: ASCII.
    /// - Returns: The nearest double, infinite when it is too large; `nil` when it is not a number.
    static func value(of text: UnsafeBufferPointer<UInt8>) -> Double? {
        var place = 0
        var end = text.count
        while place < end, isSpace(text[place]) { place += 1 }
        while end > place, isSpace(text[end - 1]) { end -= 1 }
        let first = place
        guard place < end else { return nil }
        let isNegative = text[place] == UInt8(ascii: "-")
        if isNegative || text[place] == UInt8(ascii: "+") { place += 1 }

        // The digits before and behind the point, as one whole number that may wrap around when there are many.
        var digits: UInt64 = 0
        let wholeStart = place
        while place < end {
            let digit = text[place] &- UInt8(ascii: "0")
            guard digit <= 9 else { break }
            digits = digits &* 10 &+ UInt64(digit)
            place += 1
        }
        var digitCount = place - wholeStart
        var fraction = 0
        if place < end, text[place] == UInt8(ascii: ".") || text[place] == UInt8(ascii: ",") {
            place += 1
            let fractionStart = place
            while place < end {
                let digit = text[place] &- UInt8(ascii: "0")
                guard digit <= 9 else { break }
                digits = digits &* 10 &+ UInt64(digit)
                place += 1
            }
            fraction = place - fractionStart
            digitCount += fraction
        }
        guard digitCount > 0 else { return nil }
        var exponent = 0
        if place < end {
            guard let (value, next) = Self.exponent(text, from: place, to: end), next == end else {
                return nil
            }
            exponent = value
        }
        exponent -= fraction
        if digitCount <= 18, digits <= 1 << 53, exponent >= -22, exponent <= 22 {
            let whole = Double(digits)
            let size = exponent < 0 ? whole / powers[-exponent] : whole * powers[exponent]
            return isNegative ? -size : size
        }
        let comma = UInt8(ascii: ",")
        let point = UInt8(ascii: ".")
        return Double(
            String(decoding: text[first..<end].lazy.map { $0 == comma ? point : $0 }, as: UTF8.self)
        )
    }

    /// The exponent that starts at a place with its letter, and where it ends; clamped far outside of what a double holds.
    private static func exponent(
        _ text: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int
    ) -> (Int, Int)? {
        var place = start
        guard text[place] | 0x20 == UInt8(ascii: "e") else { return nil }
        place += 1
        guard place < end else { return nil }
        let isNegative = text[place] == UInt8(ascii: "-")
        if isNegative || text[place] == UInt8(ascii: "+") { place += 1 }
        let first = place
        var value = 0
        while place < end {
            let digit = text[place] &- UInt8(ascii: "0")
            guard digit <= 9 else { break }
            if value < 1_000_000_000 { value = value * 10 + Int(digit) }
            place += 1
        }
        guard place > first else { return nil }
        return (isNegative ? -value : value, place)
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || (byte >= 9 && byte <= 13)
    }
}
