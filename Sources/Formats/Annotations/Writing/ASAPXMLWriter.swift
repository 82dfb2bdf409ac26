internal import MedicalImaging

/// Writes regions as XML that ASAP opens beside a slide.
public enum ASAPXMLWriter {
    /// The regions as an ASAP document.
    ///
    /// The form has neither holes nor negative regions. Both become annotations of a group of their own, which a mask is made without.
    ///
    /// - Parameters:
    ///   - annotation: The regions; skipped ones are left out.
    ///   - holeGroup: The group of holes and negative regions.
    ///   - colors: Colours of groups, instead of those of the annotation or a fixed palette.
    /// - Returns: UTF-8, the same for the same regions.
    public static func bytes(
        of annotation: SlideAnnotation, holeGroup: String = "Exclusion",
        colors: [String: AnnotationColor] = [:]
    ) -> [UInt8] {
        var groups = annotation.groups + annotation.undeclaredGroups
        let hasHoles = annotation.regions.contains { $0.isNegative || !$0.polygon.holes.isEmpty }
        if hasHoles, !groups.contains(holeGroup) { groups.append(holeGroup) }
        var colors = annotation.colors(colors)
        if colors[holeGroup] == nil { colors[holeGroup] = AnnotationColor(rgb: 0x808080) }
        let draw: (inout AnnotationText, String, String, String, [PlanePoint]) -> Void = {
            text, name, type, group, ring in
            text.add("\t\t<Annotation Name=\"")
            text.add(xml: name)
            text.add("\" Type=\"\(type)\" PartOfGroup=\"")
            text.add(xml: group.isEmpty ? "None" : group)
            text.add("\" Color=\"\(colors[group] ?? AnnotationColor(rgb: 0xF4FA58))\">\n")
            text.add("\t\t\t<Coordinates>\n")
            for (index, point) in ring.enumerated() {
                text.add("\t\t\t\t<Coordinate Order=\"\(index)\" X=\"")
                text.add(point.x)
                text.add("\" Y=\"")
                text.add(point.y)
                text.add("\" />\n")
            }
            text.add("\t\t\t</Coordinates>\n\t\t</Annotation>\n")
        }

        var text = AnnotationText()
        text.add("<?xml version=\"1.0\"?>\n<ASAP_Annotations>\n\t<Annotations>\n")
        for region in annotation.regions {
            let group = region.isNegative ? holeGroup : region.group
            let type = typeName(region.kind)
            draw(&text, region.name, type, group, region.polygon.outer)
            for hole in region.polygon.holes {
                draw(&text, region.name, "Polygon", holeGroup, hole)
            }
        }
        text.add("\t</Annotations>\n\t<AnnotationGroups>\n")
        for group in groups {
            text.add("\t\t<Group Name=\"")
            text.add(xml: group)
            text.add("\" PartOfGroup=\"")
            text.add(xml: annotation.parentGroups[group] ?? "None")
            text.add("\" Color=\"\(colors[group] ?? AnnotationColor(rgb: 0xF4FA58))\">\n")
            text.add("\t\t\t<Attributes />\n\t\t</Group>\n")
        }
        text.add("\t</AnnotationGroups>\n</ASAP_Annotations>\n")
        return text.bytes
    }

    private static func typeName(_ kind: AnnotatedRegion.Kind) -> String {
        switch kind {
        case .polygon: "Polygon"
        case .rectangle: "Rectangle"
        case .spline: "Spline"
        }
    }
}
