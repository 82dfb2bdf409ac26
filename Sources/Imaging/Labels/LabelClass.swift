/// One class of a label map: its id, its name and the colour it is drawn in.
public struct LabelClass: Hashable, Sendable, Codable {
    /// The id in the label map, 1...255; 0 is background and has no class.
    public let id: Int
    /// The name, for example `right kidney`; classes are matched between tools by name.
    public let name: String
    /// The colour as `#RRGGBB`.
    public let color: String

    /// Makes a class.
    ///
    /// - Parameters:
    ///   - id: The id in the label map, 1...255.
    ///   - name: The name.
    ///   - color: The colour as `#RRGGBB`.
    public init(id: Int, name: String, color: String) {
        self.id = id
        self.name = name
        self.color = color
    }

    /// Red, green and blue from 0 to 255; mid grey when the text is not `#RRGGBB`.
    public var rgb: (UInt8, UInt8, UInt8) {
        // Digits are checked one by one, because a number may also start with a sign.
        guard color.utf8.count == 7, color.hasPrefix("#"),
            color.dropFirst().allSatisfy(\.isHexDigit),
            let value = UInt32(color.dropFirst(), radix: 16)
        else { return (128, 128, 128) }
        return (UInt8(value >> 16), UInt8(value >> 8 & 255), UInt8(value & 255))
    }
}
