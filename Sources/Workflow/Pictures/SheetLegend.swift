/// One line of a contact sheet's legend: a label of the slices, its name and its colour.
public struct SheetLegendEntry: Hashable, Sendable {
    /// The value in the label slices.
    public let label: UInt8
    /// The name the legend gives it.
    public let name: String
    /// The colour it is drawn in.
    public let color: RGBColor

    /// Makes an entry.
    ///
    /// - Parameters:
    ///   - label: The value in the label slices.
    ///   - name: The name the legend gives it.
    ///   - color: The colour; without one, ``RGBColor/standard(forLabel:)``.
    public init(label: UInt8, name: String, color: RGBColor? = nil) {
        self.label = label
        self.name = name
        self.color = color ?? .standard(forLabel: label)
    }
}

/// The legend below the tiles: swatches for labels, symbols for prompts, broken into lines.
struct SheetLegend {
    enum Sign {
        case label(RGBColor)
        case box
        case point(PromptSymbol)
    }

    struct Item {
        let sign: Sign
        let name: String
        /// Relative to the top left of the legend.
        let x: Int
        let y: Int
    }

    let items: [Item]
    let height: Int

    private static let lineHeight = 30
    private static let itemGap = 28
    private static let nameGap = 9

    /// Places the entries in lines of at most `width` pixels; prompts start a line of their own.
    init(labels: [SheetLegendEntry], tiles: [SheetTile], width: Int) {
        var prompts: [(Sign, String)] = []
        if tiles.contains(where: { !$0.boxes.isEmpty }) { prompts.append((.box, "box")) }
        for symbol in PromptSymbol.allCases
        where tiles.contains(where: { $0.points.contains { $0.symbol == symbol } }) {
            prompts.append((.point(symbol), symbol.title))
        }
        var items: [Item] = []
        var y = 0
        for group in [labels.map { (Sign.label($0.color), $0.name) }, prompts] where !group.isEmpty
        {
            var x = 0
            for (sign, fullName) in group {
                let name = TextLines.shortened(
                    fullName, width: width - SheetStyle.swatch - Self.nameGap,
                    scale: SheetStyle.textScale)
                let needed =
                    SheetStyle.swatch + Self.nameGap
                    + BitmapFont.width(of: name, scale: SheetStyle.textScale)
                if x > 0, x + needed > width {
                    x = 0
                    y += Self.lineHeight
                }
                items.append(Item(sign: sign, name: name, x: x, y: y))
                x += needed + Self.itemGap
            }
            y += Self.lineHeight
        }
        self.items = items
        // The last line needs no space below it.
        height = max(0, y - Self.lineHeight + SheetStyle.swatch)
    }

    func draw(on canvas: inout RGBCanvas, x: Int, y: Int) {
        let side = SheetStyle.swatch
        for item in items {
            let (left, top) = (x + item.x, y + item.y)
            switch item.sign {
            case .label(let color):
                // As on the tiles: a tint with a border, only stronger.
                canvas.fillRectangle(
                    x: left, y: top, width: side, height: side, color: color, opacity: 110)
                canvas.drawRectangle(
                    x: left, y: top, width: side, height: side, thickness: 2, color: color)
            case .box:
                canvas.drawBox(
                    x: left, y: top + 1, width: side, height: side - 2, color: SheetStyle.symbol)
            case .point(let symbol):
                canvas.drawPrompt(
                    symbol, halfX: 2 * left + side + 1, halfY: 2 * top + side + 1,
                    color: SheetStyle.symbol)
            }
            canvas.drawText(
                item.name, x: left + side + Self.nameGap,
                y: top + (side - BitmapFont.capitalHeight * SheetStyle.textScale) / 2,
                scale: SheetStyle.textScale, color: SheetStyle.text)
        }
    }
}
