internal import MedicalImaging

/// Writes regions as XML that ImageScope opens beside a slide, in the form of MoNuSeg.
public enum AperioXMLWriter {
    /// The regions as an ImageScope document.
    ///
    /// A layer is opened whenever the group changes, so that the regions keep their order, which decides about contested pixels.
    /// Holes follow their region as regions with `NegativeROA="1"`; splines become polygons.
    ///
    /// - Parameters:
    ///   - annotation: The regions; skipped ones are left out.
    ///   - colors: Colours of groups, instead of those of the annotation or a fixed palette.
    /// - Returns: UTF-8, the same for the same regions.
    public static func bytes(
        of annotation: SlideAnnotation, colors: [String: AnnotationColor] = [:]
    ) -> [UInt8] {
        let colors = annotation.colors(colors)
        var text = AnnotationText()
        text.add("<Annotations")
        if let size = annotation.micronsPerPixel {
            text.add(" MicronsPerPixel=\"")
            text.add(size)
            text.add("\"")
        }
        text.add(">\n")
        var layer: String?
        var layerCount = 0
        var regionCount = 0
        for region in annotation.regions {
            if region.group != layer {
                if layer != nil { text.add("\t\t</Regions>\n\t</Annotation>\n") }
                layer = region.group
                layerCount += 1
                let color = colors[region.group] ?? AnnotationColor(rgb: 0x00FF00)
                text.add("\t<Annotation Id=\"\(layerCount)\" Name=\"")
                text.add(xml: region.group)
                text.add("\" ReadOnly=\"0\" Type=\"4\" LineColor=\"\(color.aperioNumber)\" ")
                text.add("Visible=\"1\" Selected=\"0\">\n\t\t<Attributes/>\n\t\t<Regions>\n")
            }
            regionCount += 1
            add(region.polygon.outer, region, isNegative: region.isNegative, regionCount, &text)
            for hole in region.polygon.holes {
                regionCount += 1
                add(hole, region, isNegative: !region.isNegative, regionCount, &text)
            }
        }
        if layer != nil { text.add("\t\t</Regions>\n\t</Annotation>\n") }
        text.add("</Annotations>\n")
        return text.bytes
    }

    private static func add(
        _ ring: [PlanePoint], _ region: AnnotatedRegion, isNegative: Bool, _ number: Int,
        _ text: inout AnnotationText
    ) {
        let type = region.kind == .rectangle ? 1 : 0
        text.add(
            "\t\t\t<Region Id=\"\(number)\" Type=\"\(type)\" Zoom=\"1\" Selected=\"0\" Text=\"")
        text.add(xml: region.name)
        text.add("\" NegativeROA=\"\(isNegative ? 1 : 0)\" InputRegionId=\"0\" Analyze=\"1\" ")
        text.add("DisplayId=\"\(number)\">\n\t\t\t\t<Attributes/>\n\t\t\t\t<Vertices>\n")
        for point in ring {
            text.add("\t\t\t\t\t<Vertex X=\"")
            text.add(point.x)
            text.add("\" Y=\"")
            text.add(point.y)
            text.add("\"/>\n")
        }
        text.add("\t\t\t\t</Vertices>\n\t\t\t</Region>\n")
    }
}
