/// How a point prompt is drawn.
public enum PromptSymbol: String, Hashable, Sendable, CaseIterable {
    /// The centre of an object: a filled circle.
    case centre
    /// A random point of an object: a small cross.
    case random
    /// A point outside the object: a hollow square.
    case background

    /// What the legend calls it.
    public var title: String { "\(rawValue) point" }
}

extension RGBCanvas {
    /// Draws a point prompt with a dark rim, so that it shows on every tissue.
    ///
    /// Symbols have one size on every tile: a circle of 9 pixels, a cross of 9, a square of 9.
    ///
    /// - Parameters:
    ///   - symbol: The symbol.
    ///   - halfX: Twice the horizontal distance of the point from the canvas's left edge, in pixels.
    ///   - halfY: Twice the vertical distance of the point from the canvas's top edge, in pixels.
    ///   - color: The colour of the symbol.
    public mutating func drawPrompt(
        _ symbol: PromptSymbol, halfX: Int, halfY: Int, color: RGBColor
    ) {
        // The pixel under the point; crosses and squares are an odd number of pixels wide.
        let (x, y) = (halfX / 2, halfY / 2)
        switch symbol {
        case .centre:
            fillCircle(halfX: halfX, halfY: halfY, halfRadius: 13, color: SheetStyle.rim)
            fillCircle(halfX: halfX, halfY: halfY, halfRadius: 9, color: color)
        case .random:
            for (reach, half, tint) in [(5, 1, SheetStyle.rim), (4, 0, color)] {
                let (long, short) = (2 * reach + 1, 2 * half + 1)
                fillRectangle(x: x - reach, y: y - half, width: long, height: short, color: tint)
                fillRectangle(x: x - half, y: y - reach, width: short, height: long, color: tint)
            }
        case .background:
            drawRectangle(
                x: x - 5, y: y - 5, width: 11, height: 11, thickness: 3, color: SheetStyle.rim)
            drawRectangle(x: x - 4, y: y - 4, width: 9, height: 9, color: color)
        }
    }
}
