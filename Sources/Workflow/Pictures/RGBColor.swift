/// A colour of 8 bits each for red, green and blue, as a screen shows it (sRGB).
public struct RGBColor: Hashable, Sendable {
    /// The red part, 0...255.
    public let red: UInt8
    /// The green part, 0...255.
    public let green: UInt8
    /// The blue part, 0...255.
    public let blue: UInt8

    /// Makes a colour from its parts.
    ///
    /// - Parameters:
    ///   - red: The red part.
    ///   - green: The green part.
    ///   - blue: The blue part.
    public init(red: UInt8, green: UInt8, blue: UInt8) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    /// Makes a colour from the number designers write, such as `0xE15759`.
    ///
    /// - Parameter hex: Red, green and blue from the highest byte down; bits above 24 are ignored.
    public init(hex: UInt32) {
        red = UInt8(truncatingIfNeeded: hex >> 16)
        green = UInt8(truncatingIfNeeded: hex >> 8)
        blue = UInt8(truncatingIfNeeded: hex)
    }

    /// A colour for a label that has none of its own: thirteen that stay apart on grey tissue, then again.
    ///
    /// - Parameter label: The value in the label map; 0, the background, is a neutral grey.
    /// - Returns: The colour.
    public static func standard(forLabel label: UInt8) -> RGBColor {
        guard label > 0 else { return RGBColor(hex: 0x8A9099) }
        return standardColors[(Int(label) - 1) % standardColors.count]
    }

    private static let standardColors: [RGBColor] = [
        0xF59A3C, 0x4D9CF6, 0x35C9C0, 0x93D66B, 0xF4D65C, 0xEF5B5B, 0xC68AE8,
        0xFF6FA8, 0x7C87F2, 0xA9D4F5, 0xFFC089, 0x4FB26A, 0xDE8FA9,
    ].map(RGBColor.init(hex:))
}
