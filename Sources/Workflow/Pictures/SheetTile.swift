/// A box prompt on a tile; both corners belong to the box.
public struct SheetBox: Hashable, Sendable {
    /// The first column.
    public let x0: Int
    /// The first row.
    public let y0: Int
    /// The last column.
    public let x1: Int
    /// The last row.
    public let y1: Int
    /// The colour of the line, white unless told.
    public let color: RGBColor

    /// Makes a box from its corner pixels.
    ///
    /// - Parameters:
    ///   - x0: The first column.
    ///   - y0: The first row.
    ///   - x1: The last column, not before `x0`.
    ///   - y1: The last row, not before `y0`.
    ///   - color: The colour of the line.
    public init(x0: Int, y0: Int, x1: Int, y1: Int, color: RGBColor = RGBColor(hex: 0xFFFFFF)) {
        precondition(x0 <= x1 && y0 <= y1, "a box needs its first corner first")
        self.x0 = x0
        self.y0 = y0
        self.x1 = x1
        self.y1 = y1
        self.color = color
    }
}

/// A point prompt on a tile.
public struct SheetPoint: Hashable, Sendable {
    /// The column.
    public let x: Int
    /// The row.
    public let y: Int
    /// What kind of point it is.
    public let symbol: PromptSymbol
    /// The colour of the symbol, white unless told.
    public let color: RGBColor

    /// Makes a point.
    ///
    /// - Parameters:
    ///   - x: The column.
    ///   - y: The row.
    ///   - symbol: What kind of point it is.
    ///   - color: The colour of the symbol.
    public init(
        x: Int, y: Int, symbol: PromptSymbol, color: RGBColor = RGBColor(hex: 0xFFFFFF)
    ) {
        self.x = x
        self.y = y
        self.symbol = symbol
        self.color = color
    }
}

/// One slice of a contact sheet with everything drawn on it.
///
/// - Shapes: `channels`, `labels` and `instances` are `[height, width]` each, row by row from the top.
/// - Units: boxes and points in pixels of the slice, x to the right, y down.
public struct SheetTile: Hashable, Sendable {
    /// The grey values, window applied; or red, green and blue.
    public let channels: [[UInt8]]
    /// The columns of the slice.
    public let width: Int
    /// The rows of the slice.
    public let height: Int
    /// The label of every pixel, 0 where there is none; empty for a slice without labels.
    public let labels: [UInt8]
    /// The object of every pixel, so that objects of one label that touch have borders between them; empty when labels alone
    /// are outlined.
    public var instances: [UInt32] = []
    /// The longest side at which the tile is shown.
    public var largestSide = SheetStyle.largestTile
    /// The text below the tile, broken into at most three lines; what follows a line end is fainter.
    public let caption: String
    /// The box prompts.
    public let boxes: [SheetBox]
    /// The point prompts.
    public let points: [SheetPoint]
    /// The height of a pixel divided by its width, in space; 1 for square pixels.
    public let displayAspect: Double

    /// Makes a tile of a grey slice.
    ///
    /// - Parameters:
    ///   - grey: The grey values; exactly `width * height`.
    ///   - width: The columns of the slice, 1 or more.
    ///   - height: The rows of the slice, 1 or more.
    ///   - labels: The label of every pixel, or empty.
    ///   - caption: The text below the tile.
    ///   - boxes: The box prompts.
    ///   - points: The point prompts.
    ///   - displayAspect: The height of a pixel divided by its width; positive and finite.
    public init(
        grey: [UInt8], width: Int, height: Int, labels: [UInt8] = [], caption: String = "",
        boxes: [SheetBox] = [], points: [SheetPoint] = [], displayAspect: Double = 1
    ) {
        self.init(
            channels: [grey], width: width, height: height, labels: labels, caption: caption,
            boxes: boxes, points: points, displayAspect: displayAspect)
    }

    /// Makes a tile of a slice or picture.
    ///
    /// - Parameters:
    ///   - channels: One list of grey values, or three of red, green and blue; each exactly `width * height`.
    ///   - width: The columns, 1 or more.
    ///   - height: The rows, 1 or more.
    ///   - labels: The label of every pixel, or empty.
    ///   - caption: The text below the tile.
    ///   - boxes: The box prompts.
    ///   - points: The point prompts.
    ///   - displayAspect: The height of a pixel divided by its width; positive and finite.
    public init(
        channels: [[UInt8]], width: Int, height: Int, labels: [UInt8] = [], caption: String = "",
        boxes: [SheetBox] = [], points: [SheetPoint] = [], displayAspect: Double = 1
    ) {
        precondition(width > 0 && height > 0, "a tile needs at least one pixel")
        precondition(
            (channels.count == 1 || channels.count == 3)
                && channels.allSatisfy { $0.count == width * height },
            "a tile needs width x height values in one or three channels")
        precondition(
            labels.isEmpty || labels.count == width * height,
            "a tile needs a label for every pixel")
        precondition(displayAspect.isFinite && displayAspect > 0, "a pixel needs a positive aspect")
        self.channels = channels
        self.width = width
        self.height = height
        self.labels = labels
        self.caption = caption
        self.boxes = boxes
        self.points = points
        self.displayAspect = displayAspect
    }

    /// The size in pixels at which the sheet shows the slice.
    ///
    /// The longer side becomes at least 256 by a whole factor. A side beyond ``largestSide`` is shrunk
    /// to it.
    public var displaySize: (width: Int, height: Int) {
        // The aspect only stretches, so that no row or column of a small slice disappears.
        let aspect = min(max(displayAspect, 0.001), 1000)
        let across = Double(width) * max(1, 1 / aspect)
        let down = Double(height) * max(1, aspect)
        let longest = max(across, down)
        let factor =
            longest > Double(largestSide)
            ? Double(largestSide) / longest
            : (Double(SheetStyle.smallestTile) / longest).rounded(.up)
        return (
            max(1, Int((across * factor).rounded())), max(1, Int((down * factor).rounded()))
        )
    }
}
