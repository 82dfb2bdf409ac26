internal import MedicalImaging

/// Writes regions as GeoJSON that QuPath opens by dropping the file on a slide.
public enum GeoJSONWriter {
    /// What QuPath makes of the regions.
    public enum ObjectType: String, Hashable, Sendable {
        /// Outlines that people draw and edit.
        case annotation
        /// Objects that a program found, many and not edited: nuclei.
        case detection
    }

    /// The regions as a feature collection, one feature on a line.
    ///
    /// Rings are closed, holes are inner rings, the group is the class with its colour, and numbers are the shortest that read back equal.
    /// A region that the file marks as cut out gets the property `isNegative`, which QuPath leaves alone.
    ///
    /// - Parameters:
    ///   - annotation: The regions; skipped ones are left out.
    ///   - objectType: What QuPath makes of them.
    ///   - colors: Colours of groups, instead of those of the annotation or a fixed palette.
    /// - Returns: UTF-8, the same for the same regions.
    public static func bytes(
        of annotation: SlideAnnotation, objectType: ObjectType = .annotation,
        colors: [String: AnnotationColor] = [:]
    ) -> [UInt8] {
        let colors = annotation.colors(colors)
        var text = AnnotationText()
        text.add("{\"type\":\"FeatureCollection\",\"features\":[")
        for (index, region) in annotation.regions.enumerated() {
            text.add(index == 0 ? "\n" : ",\n")
            text.add("{\"type\":\"Feature\",\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[")
            add(region.polygon.outer, to: &text)
            for hole in region.polygon.holes {
                text.add(",")
                add(hole, to: &text)
            }
            text.add("]},\"properties\":{\"objectType\":\"\(objectType.rawValue)\"")
            if !region.name.isEmpty {
                text.add(",\"name\":")
                text.add(json: region.name)
            }
            if !region.group.isEmpty {
                text.add(",\"classification\":{\"name\":")
                text.add(json: region.group)
                if let color = colors[region.group] {
                    text.add(",\"color\":[\(color.red),\(color.green),\(color.blue)]")
                }
                text.add("}")
            }
            if region.isNegative { text.add(",\"isNegative\":true") }
            text.add("}}")
        }
        text.add("\n]}\n")
        return text.bytes
    }

    private static func add(_ ring: [PlanePoint], to text: inout AnnotationText) {
        text.add("[")
        for (index, point) in ring.enumerated() {
            add(point, after: index == 0 ? "[" : ",[", to: &text)
        }
        if let first = ring.first, ring.count == 1 || first != ring.last {
            add(first, after: ",[", to: &text)
        }
        text.add("]")
    }

    private static func add(_ point: PlanePoint, after start: String, to text: inout AnnotationText)
    {
        text.add(start)
        text.add(point.x)
        text.add(",")
        text.add(point.y)
        text.add("]")
    }
}
