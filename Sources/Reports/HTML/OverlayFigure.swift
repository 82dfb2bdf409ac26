#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A slice with both outlines: pixels as a picture, outlines as vectors that stay sharp.
enum OverlayFigure {
    static func add(_ picture: OverlayPicture, _ section: inout Markup) {
        let width = Double(picture.width) * picture.pixelWidth
        let height = Double(picture.height) * picture.pixelHeight
        guard width.isFinite, height.isFinite, width > 0, height > 0 else { return }
        let title = "\(picture.case), \(picture.label), \(picture.metric) \(picture.value)"
        section.raw("<figure>\n<div class=\"overlay\">")
        section.raw(
            "<svg viewBox=\"0 0 \(number(width)) \(number(height))\" role=\"img\" aria-label=\"\(Markup.escaped(title))\">"
        )
        section.raw(
            "<image href=\"data:image/png;base64,\(Data(picture.png).base64EncodedString())\" width=\"\(number(width))\" "
                + "height=\"\(number(height))\" preserveAspectRatio=\"none\"/>")
        for outline in picture.outlines {
            let name = outline.name == "prediction" ? "prediction" : "reference"
            section.raw("<path class=\"\(name)\" d=\"")
            for segment in outline.segments where segment.count == 4 {
                section.raw(
                    "M\(x(segment[0], picture)) \(y(segment[1], picture))L\(x(segment[2], picture)) \(y(segment[3], picture))"
                )
            }
            section.raw("\"/>")
        }
        section.raw("</svg></div>\n<figcaption>")
        section.raw("<b>\(Markup.escaped(picture.case))</b>, \(Markup.escaped(picture.label))<br>")
        section.raw(
            Markup.escaped(
                "\(picture.metric) \(picture.value)"
                    + (picture.place.isEmpty ? "" : "; \(picture.place)")))
        section.raw("</figcaption>\n</figure>\n")
    }

    private static func x(_ corner: Int, _ picture: OverlayPicture) -> String {
        number(Double(corner) * picture.pixelWidth)
    }

    private static func y(_ corner: Int, _ picture: OverlayPicture) -> String {
        number(Double(corner) * picture.pixelHeight)
    }

    private static func number(_ value: Double) -> String { PlotScale.label(value) }
}
