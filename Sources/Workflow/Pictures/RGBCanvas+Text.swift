extension RGBCanvas {
    /// Writes one line of text.
    ///
    /// - Parameters:
    ///   - text: Printable ASCII and a few signs such as × and °; other characters become a box.
    ///   - x: Where the first letter starts.
    ///   - y: The top of capital letters; they end `7 * scale` rows below, descenders 2 × scale further.
    ///   - scale: The pixels of a dot of the font, 1 or more.
    ///   - color: The colour.
    public mutating func drawText(_ text: String, x: Int, y: Int, scale: Int, color: RGBColor) {
        precondition(scale > 0, "text needs a scale of 1 or more")
        var left = x
        for character in text {
            let glyph = BitmapFont.glyph(for: character)
            draw(glyph, x: left, y: y, scale: scale, color: color)
            left += (glyph.width + BitmapFont.spacing) * scale
        }
    }

    private mutating func draw(
        _ glyph: BitmapFont.Glyph, x: Int, y: Int, scale: Int, color: RGBColor
    ) {
        // One dot more on each side, because smoothing can spill over.
        for row in -1...glyph.rows.count {
            for column in -1...glyph.width {
                let left = x + column * scale
                let top = y + row * scale
                if glyph.isSet(column, row) {
                    fillRectangle(x: left, y: top, width: scale, height: scale, color: color)
                } else if scale > 1 {
                    smooth(glyph, column, row, left, top, scale, color)
                }
            }
        }
    }

    /// Fills the corners of an empty dot between two set dots that only touch diagonally.
    ///
    /// Slanted strokes get an even edge this way, while right angles stay sharp.
    private mutating func smooth(
        _ glyph: BitmapFont.Glyph, _ column: Int, _ row: Int, _ left: Int, _ top: Int, _ scale: Int,
        _ color: RGBColor
    ) {
        for (stepX, stepY) in [(-1, -1), (1, -1), (-1, 1), (1, 1)]
        where glyph.isSet(column + stepX, row) && glyph.isSet(column, row + stepY)
            && !glyph.isSet(column + stepX, row + stepY)
        {
            for y in 0..<scale {
                for x in 0..<scale {
                    // Sixteen samples per pixel in the triangle with legs of half a dot.
                    var inside = 0
                    for sample in 0..<16 {
                        let across = x * 8 + sample % 4 * 2 + 1
                        let down = y * 8 + sample / 4 * 2 + 1
                        if across + down < scale * 4 { inside += 1 }
                    }
                    blend(
                        color, x: stepX < 0 ? left + x : left + scale - 1 - x,
                        y: stepY < 0 ? top + y : top + scale - 1 - y, opacity: inside * 255 / 16)
                }
            }
        }
    }
}
