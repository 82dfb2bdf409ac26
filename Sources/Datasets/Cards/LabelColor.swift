/// The colour of a label in pictures: 8-bit sRGB, written `#RRGGBB`.
public struct LabelColor: Hashable, Sendable, CustomStringConvertible {
    /// Red, 0 to 255.
    public let red: UInt8
    /// Green, 0 to 255.
    public let green: UInt8
    /// Blue, 0 to 255.
    public let blue: UInt8

    /// Makes a colour from its parts.
    ///
    /// - Parameters:
    ///   - red: 0 to 255.
    ///   - green: 0 to 255.
    ///   - blue: 0 to 255.
    public init(red: UInt8, green: UInt8, blue: UInt8) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    /// Reads a number sign and six hexadecimal digits; `nil` for anything else.
    ///
    /// - Parameter text: For example `#E6194B`; small letters are accepted.
    public init?(_ text: String) {
        let digits = Array(text.utf8)
        guard digits.count == 7, digits[0] == UInt8(ascii: "#") else { return nil }
        var value = 0
        for digit in digits[1...] {
            guard let number = Character(Unicode.Scalar(digit)).hexDigitValue else { return nil }
            value = value << 4 | number
        }
        self.init(
            red: UInt8(value >> 16), green: UInt8(value >> 8 & 255), blue: UInt8(value & 255))
    }

    /// The colour as `#RRGGBB`, capital letters.
    public var description: String {
        let value = Int(red) << 16 | Int(green) << 8 | Int(blue)
        let digits = String(value, radix: 16, uppercase: true)
        return "#" + String(repeating: "0", count: 6 - digits.count) + digits
    }

    /// A colour for the label at an index, chosen so that the first dozens are easy to tell apart.
    ///
    /// The first 20 are a fixed list; after those, hues step by the golden angle while brightness alternates.
    ///
    /// - Parameter index: Position in the label table, from 0; negative counts as 0.
    /// - Returns: The colour; the same for the same index everywhere.
    /// - Source: The fixed list is that of S. Trubetskoy, "20 simple, distinct colors", 2017.
    public static func distinct(_ index: Int) -> LabelColor {
        let index = max(0, index)
        if index < palette.count {
            let value = palette[index]
            return LabelColor(
                red: UInt8(value >> 16), green: UInt8(value >> 8 & 255), blue: UInt8(value & 255))
        }
        // Hue in 1/1536 of a circle; 949 / 1536 of a circle is the golden angle seen from the other side.
        let hue = (index - palette.count) * 949 % 1536
        let level = [255, 200, 150][index % 3]
        let rise = hue % 256 * level / 255
        let ramp: (Int, Int, Int) =
            switch hue / 256 {
            case 0: (level, rise, 0)
            case 1: (level - rise, level, 0)
            case 2: (0, level, rise)
            case 3: (0, level - rise, level)
            case 4: (rise, 0, level)
            default: (level, 0, level - rise)
            }
        return LabelColor(red: UInt8(ramp.0), green: UInt8(ramp.1), blue: UInt8(ramp.2))
    }

    private static let palette = [
        0xE6194B, 0x3CB44B, 0xFFE119, 0x4363D8, 0xF58231, 0x911EB4, 0x46F0F0, 0xF032E6, 0xBCF60C,
        0xFABEBE, 0x008080, 0xE6BEFF, 0x9A6324, 0xFFFAC8, 0x800000, 0xAAFFC3, 0x808000, 0xFFD8B1,
        0x000075, 0x808080,
    ]
}
