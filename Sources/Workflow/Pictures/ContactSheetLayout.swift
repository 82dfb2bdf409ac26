/// Where everything on a contact sheet stands, in pixels from its top left.
struct ContactSheetLayout {
    /// A tile and the lines of its caption.
    struct Place {
        let x: Int
        let y: Int
        let width: Int
        let height: Int
        let caption: [TextLines.Line]
    }

    let width: Int
    let height: Int
    let title: String
    /// Where the tiles start.
    let top: Int
    let places: [Place]
    let legend: SheetLegend
    let legendTop: Int

    init(_ sheet: ContactSheet) {
        let margin = SheetStyle.margin
        let sizes = sheet.tiles.map(\.displaySize)
        let cell = sizes.map(\.width).max() ?? SheetStyle.smallestTile
        let captions = zip(sheet.tiles, sizes).map { tile, size in
            TextLines.fitting(
                tile.caption, width: cell - (cell - size.width) / 2, scale: SheetStyle.textScale,
                most: SheetStyle.captionLines)
        }
        // The height of each tile with its caption.
        let heights = zip(sizes, captions).map { size, caption in
            size.height
                + (caption.isEmpty ? 0 : SheetStyle.captionGap + Self.height(lines: caption.count))
        }
        let columns = min(
            sheet.columns ?? Self.columns(cell: cell, heights: heights), max(1, sheet.tiles.count))
        // Two tiles' width at least, so that title and legend have room.
        let inner = max(Self.span(columns, cell), 2 * SheetStyle.smallestTile)
        let left = margin + (inner - Self.span(columns, cell)) / 2
        title = TextLines.shortened(sheet.title, width: inner, scale: SheetStyle.titleScale)
        top =
            title.isEmpty
            ? margin : margin + BitmapFont.capitalHeight * SheetStyle.titleScale + margin
        var places: [Place] = []
        var y = top
        for start in stride(from: 0, to: sizes.count, by: columns) {
            let row = start..<min(start + columns, sizes.count)
            let tallest = row.map { sizes[$0].height }.max() ?? 0
            for index in row {
                let size = sizes[index]
                // Narrow tiles stand in the middle of their cell, low ones on the line of the captions.
                places.append(
                    Place(
                        x: left + (index - start) * (cell + SheetStyle.gutter) + (cell - size.width)
                            / 2,
                        y: y + tallest - size.height, width: size.width, height: size.height,
                        caption: captions[index]))
            }
            let lines = row.map { captions[$0].count }.max() ?? 0
            y += tallest + SheetStyle.gutter
            if lines > 0 { y += SheetStyle.captionGap + Self.height(lines: lines) }
        }
        if sizes.isEmpty { y += SheetStyle.lineHeight + SheetStyle.gutter }
        self.places = places
        legend = SheetLegend(labels: sheet.legend, tiles: sheet.tiles, width: inner)
        // `y` already has a gutter; the line above the legend stands between two.
        legendTop = y + SheetStyle.gutter
        width = inner + 2 * margin
        height =
            legend.items.isEmpty
            ? y - SheetStyle.gutter + margin : legendTop + legend.height + margin
    }

    /// The height of some lines of text, from the top of capitals to the end of descenders.
    private static func height(lines: Int) -> Int {
        (lines - 1) * SheetStyle.lineHeight + (BitmapFont.capitalHeight + 2) * SheetStyle.textScale
    }

    private static func span(_ count: Int, _ cell: Int) -> Int {
        count * (cell + SheetStyle.gutter) - SheetStyle.gutter
    }

    /// The number of columns that brings the grid closest to three wide by two high.
    ///
    /// Empty places in the last row count against it.
    private static func columns(cell: Int, heights: [Int]) -> Int {
        let tallest = heights.max() ?? 1
        let candidates = 1...max(1, heights.count)
        return candidates.min { first, second in
            func distance(_ columns: Int) -> Int {
                let rows = (heights.count + columns - 1) / columns
                let empty = columns * rows - heights.count
                return abs(2 * span(columns, cell) - 3 * span(rows, tallest)) + empty * cell
            }
            return distance(first) < distance(second)
        } ?? 1
    }
}
