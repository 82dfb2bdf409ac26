extension RGBCanvas {
    /// Draws a line one pixel wide, both ends included.
    ///
    /// - Source: Bresenham 1965.
    ///
    /// - Parameters:
    ///   - x0: The column of one end.
    ///   - y0: The row of one end.
    ///   - x1: The column of the other end.
    ///   - y1: The row of the other end.
    ///   - color: The colour.
    public mutating func drawLine(x0: Int, y0: Int, x1: Int, y1: Int, color: RGBColor) {
        let (width, height) = (abs(x1 - x0), abs(y1 - y0))
        let (stepX, stepY) = (x0 < x1 ? 1 : -1, y0 < y1 ? 1 : -1)
        var (x, y) = (x0, y0)
        var error = width - height
        while true {
            blend(color, x: x, y: y)
            if x == x1, y == y1 { return }
            let doubled = 2 * error
            if doubled > -height {
                error -= height
                x += stepX
            }
            if doubled < width {
                error += width
                y += stepY
            }
        }
    }

    /// Draws the outline of a rectangle, inside its bounds.
    ///
    /// - Parameters:
    ///   - x: Its first column.
    ///   - y: Its first row.
    ///   - width: Its columns; none or fewer draw nothing.
    ///   - height: Its rows; none or fewer draw nothing.
    ///   - thickness: The pixels of the outline.
    ///   - color: The colour.
    ///   - opacity: 0 leaves the pixels, 255 replaces them.
    public mutating func drawRectangle(
        x: Int, y: Int, width: Int, height: Int, thickness: Int = 1, color: RGBColor,
        opacity: Int = 255
    ) {
        // Four bars that do not overlap, so that a translucent outline is even.
        let side = min(thickness, height / 2 + height % 2)
        fillRectangle(x: x, y: y, width: width, height: side, color: color, opacity: opacity)
        let below = min(side, height - side)
        fillRectangle(
            x: x, y: y + height - below, width: width, height: below, color: color, opacity: opacity
        )
        let middle = height - side - below
        let edge = min(thickness, width / 2 + width % 2)
        fillRectangle(
            x: x, y: y + side, width: edge, height: middle, color: color, opacity: opacity)
        let right = min(edge, width - edge)
        fillRectangle(
            x: x + width - right, y: y + side, width: right, height: middle, color: color,
            opacity: opacity)
    }

    /// Fills a circle with a smooth edge.
    ///
    /// Measured in half pixels, so that a circle can sit on a pixel's centre (odd) or corner (even).
    ///
    /// - Parameters:
    ///   - halfX: Twice the horizontal distance of the centre from the canvas's left edge.
    ///   - halfY: Twice the vertical distance of the centre from the canvas's top edge.
    ///   - halfRadius: Twice the radius.
    ///   - color: The colour.
    public mutating func fillCircle(halfX: Int, halfY: Int, halfRadius: Int, color: RGBColor) {
        let reach = halfRadius / 2 + 1
        // Sixteen samples per pixel at odd eighths; 4 eighths are half a pixel.
        let (centreX, centreY) = (halfX * 4, halfY * 4)
        let limit = halfRadius * halfRadius * 16
        for y in (halfY / 2 - reach)...(halfY / 2 + reach) {
            for x in (halfX / 2 - reach)...(halfX / 2 + reach) {
                var inside = 0
                for sampleY in stride(from: y * 8 + 1, to: y * 8 + 8, by: 2) {
                    for sampleX in stride(from: x * 8 + 1, to: x * 8 + 8, by: 2) {
                        let (dx, dy) = (sampleX - centreX, sampleY - centreY)
                        if dx * dx + dy * dy <= limit { inside += 1 }
                    }
                }
                if inside > 0 { blend(color, x: x, y: y, opacity: inside * 255 / 16) }
            }
        }
    }
}
