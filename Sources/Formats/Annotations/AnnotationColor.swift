/// A colour in which a group is drawn.
public struct AnnotationColor: Hashable, Sendable, CustomStringConvertible {
    /// Red, 0 to 255.
    public var red: UInt8
    /// Green, 0 to 255.
    public var green: UInt8
    /// Blue, 0 to 255.
    public var blue: UInt8

    /// Makes a colour.
    ///
    /// - Parameters:
    ///   - red: Red, 0 to 255.
    ///   - green: Green, 0 to 255.
    ///   - blue: Blue, 0 to 255.
    public init(red: UInt8, green: UInt8, blue: UInt8) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    /// The colour that `#RRGGBB` names; `nil` for anything else.
    ///
    /// - Parameter text: Seven characters, upper or lower case.
    public init?(_ text: String) {
        guard text.utf8.count == 7, text.utf8.first == UInt8(ascii: "#"),
            text.utf8.dropFirst().allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }
            ),
            let number = UInt32(text.dropFirst(), radix: 16)
        else { return nil }
        self.init(rgb: number)
    }

    /// The colour of a number 0xRRGGBB; higher bits are left out.
    init(rgb: UInt32) {
        self.init(
            red: UInt8(truncatingIfNeeded: rgb >> 16), green: UInt8(truncatingIfNeeded: rgb >> 8),
            blue: UInt8(truncatingIfNeeded: rgb))
    }

    /// The colour as `#RRGGBB`.
    public var description: String {
        let number = UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue)
        let digits = String(number, radix: 16, uppercase: true)
        return "#" + String(repeating: "0", count: 6 - digits.count) + digits
    }

    /// The number 0xBBGGRR that Aperio's files hold.
    var aperioNumber: Int { Int(blue) << 16 | Int(green) << 8 | Int(red) }

    /// The colours given to groups that have none, in their order.
    static let palette = [
        AnnotationColor(rgb: 0xE6194B), AnnotationColor(rgb: 0x3CB44B),
        AnnotationColor(rgb: 0x4363D8), AnnotationColor(rgb: 0xF58231),
        AnnotationColor(rgb: 0x911EB4), AnnotationColor(rgb: 0x42D4F4),
        AnnotationColor(rgb: 0xF032E6), AnnotationColor(rgb: 0xBFEF45),
    ]
}
