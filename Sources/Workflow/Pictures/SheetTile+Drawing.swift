extension RGBCanvas {
    /// Draws a tile without its caption: grey values, labels, boxes, points.
    ///
    /// - Parameters:
    ///   - tile: The tile.
    ///   - x: Where its first column goes.
    ///   - y: Where its first row goes.
    ///   - labelColor: The colour of a label.
    public mutating func draw(
        _ tile: SheetTile, x: Int, y: Int, labelColor: (UInt8) -> RGBColor
    ) {
        let (width, height) = tile.displaySize
        // A canvas of its own, so that boxes and symbols at the rim are cut off there.
        var inner = RGBCanvas(width: width, height: height, color: SheetStyle.background)
        inner.drawChannels(
            tile.channels.map {
                DisplayScaling.byArea(
                    $0, width: tile.width, height: tile.height, toWidth: width, toHeight: height)
            }, width: width, height: height, x: 0, y: 0)
        if !tile.labels.isEmpty {
            let labels = DisplayScaling.nearest(
                tile.labels, width: tile.width, height: tile.height, toWidth: width,
                toHeight: height)
            if tile.instances.isEmpty {
                inner.draw(labels: labels, color: labelColor)
            } else {
                let objects = DisplayScaling.nearest(
                    tile.instances, width: tile.width, height: tile.height, toWidth: width,
                    toHeight: height)
                inner.draw(objects: objects, labels: labels, color: labelColor)
            }
        }
        for box in tile.boxes {
            let left = box.x0 * width / tile.width
            let top = box.y0 * height / tile.height
            inner.drawBox(
                x: left, y: top, width: (box.x1 + 1) * width / tile.width - left,
                height: (box.y1 + 1) * height / tile.height - top, color: box.color)
        }
        // Centres last: there is one of them among many random points.
        for symbol in [PromptSymbol.background, .random, .centre] {
            for point in tile.points where point.symbol == symbol {
                inner.drawPrompt(
                    symbol, halfX: (2 * point.x + 1) * width / tile.width,
                    halfY: (2 * point.y + 1) * height / tile.height, color: point.color)
            }
        }
        drawCanvas(inner, x: x, y: y)
    }

    /// Draws a thin line along a box prompt, rimmed on both sides.
    mutating func drawBox(x: Int, y: Int, width: Int, height: Int, color: RGBColor) {
        drawRectangle(
            x: x - 1, y: y - 1, width: width + 2, height: height + 2, thickness: 3,
            color: SheetStyle.rim, opacity: 190)
        drawRectangle(x: x, y: y, width: width, height: height, color: color)
    }

    /// Tints the area of every label and draws its border just inside it; the labels cover the whole canvas.
    private mutating func draw(labels: [UInt8], color: (UInt8) -> RGBColor) {
        var present = [Bool](repeating: false, count: 256)
        for (index, label) in labels.enumerated() where label > 0 {
            present[Int(label)] = true
            blend(
                color(label), x: index % width, y: index / width, opacity: SheetStyle.labelOpacity)
        }
        for label in UInt8.min...UInt8.max where present[Int(label)] {
            let contour = MaskContour(of: label, in: labels, width: width, height: height)
            for segment in contour.segments {
                draw(segment, of: label, in: labels, color: color(label))
            }
        }
    }

    /// Draws a border segment on its label's side, longer by its thickness at both ends.
    ///
    /// The extra length closes inner corners; at outer corners it would leave the label and is cut off.
    /// Outlines every object, as thick as contours are: a pixel is on the border when its object ends near it in one of the four
    /// directions.
    private mutating func draw(
        objects: [UInt32], labels: [UInt8], color: (UInt8) -> RGBColor
    ) {
        for y in 0..<height {
            for x in 0..<width where objects[y * width + x] != 0 {
                let n = y * width + x
                let id = objects[n]
                let isBorder = (1...SheetStyle.contourThickness).contains { step in
                    x < step || y < step || x + step >= width || y + step >= height
                        || objects[n - step] != id || objects[n + step] != id
                        || objects[n - step * width] != id || objects[n + step * width] != id
                }
                // Neighbours differ in colour; a single label has none that would tell them apart.
                let own = RGBColor.standard(forLabel: UInt8(id % 13) + 1)
                blend(
                    isBorder ? own : color(labels[n]), x: x, y: y,
                    opacity: isBorder ? 255 : SheetStyle.labelOpacity / 2)
            }
        }
    }

    private mutating func draw(
        _ segment: MaskContour.Segment, of label: UInt8, in labels: [UInt8], color: RGBColor
    ) {
        let thickness = SheetStyle.contourThickness
        var (left, right) = (min(segment.x0, segment.x1), max(segment.x0, segment.x1))
        var (top, bottom) = (min(segment.y0, segment.y1), max(segment.y0, segment.y1))
        if segment.y0 == segment.y1 {
            // Along the top of a label it runs to the right.
            if segment.x0 < segment.x1 { bottom += thickness } else { top -= thickness }
            left -= thickness
            right += thickness
        } else {
            if segment.y0 < segment.y1 { left -= thickness } else { right += thickness }
            top -= thickness
            bottom += thickness
        }
        for y in max(top, 0)..<min(bottom, height) {
            for x in max(left, 0)..<min(right, width) where labels[y * width + x] == label {
                blend(color, x: x, y: y)
            }
        }
    }

    /// Copies another canvas; whatever does not fit is cut off.
    mutating func drawCanvas(_ other: RGBCanvas, x: Int, y: Int) {
        for row in 0..<other.height {
            for column in 0..<other.width {
                blend(other.color(x: column, y: row), x: x + column, y: y + row)
            }
        }
    }
}
