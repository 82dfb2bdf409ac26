/// A picture of many slices at once, for looking over prepared samples.
///
/// From top to bottom: a title line, the tiles in a grid with their captions, and a legend of label colours and
/// prompt symbols. A pixel of a small slice becomes a block of pixels; nothing is interpolated. Slices beyond
/// 512 pixels are averaged, their labels sampled.
public struct ContactSheet: Hashable, Sendable {
    /// The line at the top.
    public let title: String
    /// The slices, row by row.
    public let tiles: [SheetTile]
    /// The labels, their names and their colours.
    public let legend: [SheetLegendEntry]
    /// How many tiles stand in a row, or `nil` for a sheet about half as wide again as high.
    public let columns: Int?

    /// Makes a sheet.
    ///
    /// A label that occurs on a tile but not in the legend gets a standard colour and its number as name.
    ///
    /// - Parameters:
    ///   - title: The line at the top; cut if it is wider than the sheet.
    ///   - tiles: The slices; a sheet without tiles says so.
    ///   - legend: The labels in the order to show them.
    ///   - columns: How many tiles stand in a row, 1 or more.
    public init(
        title: String, tiles: [SheetTile], legend: [SheetLegendEntry] = [], columns: Int? = nil
    ) {
        precondition(columns.map { $0 > 0 } ?? true, "a sheet needs at least one column")
        self.title = title
        self.tiles = tiles
        self.legend = legend + Self.unnamed(in: tiles, besides: legend)
        self.columns = columns
    }

    /// Draws the sheet.
    ///
    /// - Complexity: O(*n*) in the pixels of the sheet, times the labels of each tile.
    ///
    /// - Returns: The picture; the same sheet gives the same pixels everywhere.
    public func render() -> RGBCanvas {
        let layout = ContactSheetLayout(self)
        var canvas = RGBCanvas(
            width: layout.width, height: layout.height, color: SheetStyle.background)
        canvas.drawText(
            layout.title, x: SheetStyle.margin, y: SheetStyle.margin, scale: SheetStyle.titleScale,
            color: SheetStyle.title)
        if tiles.isEmpty {
            canvas.drawText(
                "no slices to show", x: SheetStyle.margin, y: layout.top,
                scale: SheetStyle.textScale, color: SheetStyle.faintText)
        }
        var colors = (UInt8.min...UInt8.max).map(RGBColor.standard(forLabel:))
        for entry in legend { colors[Int(entry.label)] = entry.color }
        for (tile, place) in zip(tiles, layout.places) {
            canvas.drawRectangle(
                x: place.x - 1, y: place.y - 1, width: place.width + 2, height: place.height + 2,
                color: SheetStyle.border)
            canvas.draw(tile, x: place.x, y: place.y) { colors[Int($0)] }
            for (index, line) in place.caption.enumerated() {
                canvas.drawText(
                    line.text, x: place.x,
                    y: place.y + place.height + SheetStyle.captionGap
                        + index * SheetStyle.lineHeight,
                    scale: SheetStyle.textScale,
                    color: line.isDetail ? SheetStyle.faintText : SheetStyle.text)
            }
        }
        if !layout.legend.items.isEmpty {
            canvas.fillRectangle(
                x: SheetStyle.margin, y: layout.legendTop - SheetStyle.gutter,
                width: layout.width - 2 * SheetStyle.margin, height: 1, color: SheetStyle.border)
            layout.legend.draw(on: &canvas, x: SheetStyle.margin, y: layout.legendTop)
        }
        return canvas
    }

    private static func unnamed(
        in tiles: [SheetTile], besides legend: [SheetLegendEntry]
    ) -> [SheetLegendEntry] {
        var isPresent = [Bool](repeating: false, count: 256)
        for tile in tiles {
            for label in tile.labels { isPresent[Int(label)] = true }
        }
        for entry in legend { isPresent[Int(entry.label)] = false }
        return (UInt8(1)...UInt8.max).filter { isPresent[Int($0)] }.map {
            SheetLegendEntry(label: $0, name: "label \($0)")
        }
    }
}
