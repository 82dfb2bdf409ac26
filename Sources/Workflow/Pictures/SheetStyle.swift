/// The colours and distances of a contact sheet.
enum SheetStyle {
    static let background = RGBColor(hex: 0x14161A)
    static let border = RGBColor(hex: 0x2B3038)
    static let title = RGBColor(hex: 0xECEFF4)
    static let text = RGBColor(hex: 0xB9C0CB)
    static let faintText = RGBColor(hex: 0x7F8894)
    /// What symbols and boxes are rimmed with.
    static let rim = RGBColor(hex: 0x0B0D10)
    static let symbol = RGBColor(hex: 0xFFFFFF)

    static let margin = 28
    static let gutter = 20
    static let titleScale = 3
    static let textScale = 2
    /// From the top of one line of text to the next.
    static let lineHeight = 13 * textScale
    /// From a tile to the top of its caption.
    static let captionGap = 10
    static let captionLines = 3
    static let swatch = 16

    /// The sizes a tile's longer side may have.
    static let smallestTile = 256
    static let largestTile = 512
    /// How strongly the area of a label is tinted, of 255.
    static let labelOpacity = 52
    static let contourThickness = 2
}
