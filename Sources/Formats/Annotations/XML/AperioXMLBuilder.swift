internal import MedicalImaging
internal import XMLEvents

/// Gathers the regions of an ImageScope document.
///
/// `Annotations[MicronsPerPixel] > Annotation[Name LineColor] > Regions > Region[Text Type NegativeROA] > Vertices > Vertex[X Y]`.
/// As MoNuSeg's own script does, every `Region` counts, wherever it stands, in the order of the document; the layer around it is its group.
struct AperioXMLBuilder: XMLAnnotationBuilder {
    private var collector: RegionCollector
    private var micronsPerPixel: Double?
    private var layer = ""
    private var region: OpenRegion?
    /// Whether vertices belong to an area; looking into ``region`` for each would count references.
    private var isInArea = false
    private var vertices: [PlanePoint] = []

    /// What the start tag of a region said.
    private struct OpenRegion {
        var name: String
        var kind: AnnotatedRegion.Kind
        var isNegative: Bool
        /// Why the region is not an area; `nil` when it is one.
        var reason: String?
    }

    init(limits: AnnotationLimits) { collector = RegionCollector(limits: limits) }

    mutating func start(_ tag: XMLTag) throws(Complaint) {
        if tag.name == "Vertex" {
            if isInArea { vertices.append(try collector.vertex(tag)) }
        } else if tag.name == "Region" {
            try startRegion(tag)
        } else if tag.name == "Annotation" {
            layer = tag["Name"]?.string ?? ""
            collector.declare(layer, color: tag["LineColor"].flatMap(Self.color))
        } else if tag.name == "Annotations", let size = tag["MicronsPerPixel"] {
            // ImageScope writes 0 when it does not know the size.
            let value = DecimalNumber.value(of: size.bytes) ?? 0
            micronsPerPixel = value > 0 && value.isFinite ? value : nil
        }
    }

    mutating func end(_ name: XMLText) throws(Complaint) {
        if name == "Region", let region {
            if let reason = region.reason {
                collector.skip(name: region.name, reason: reason)
            } else {
                collector.add(
                    name: region.name, group: layer, kind: region.kind,
                    isNegative: region.isNegative, outer: Array(vertices))
            }
            vertices.removeAll(keepingCapacity: true)
            self.region = nil
            isInArea = false
        } else if name == "Annotation" {
            layer = ""
        }
    }

    var annotation: SlideAnnotation {
        SlideAnnotation(
            format: .aperioXML, regions: collector.regions, groups: collector.groups,
            groupColors: collector.groupColors, micronsPerPixel: micronsPerPixel,
            skipped: collector.skipped)
    }

    var place: String {
        guard region != nil else { return "" }
        return "region \(collector.nextIndex + 1), vertex \(vertices.count + 1)"
    }

    private mutating func startRegion(_ tag: XMLTag) throws(Complaint) {
        guard region == nil else {
            throw Complaint(
                message: "found a Region inside a Region, expected one after the other; export the "
                    + "annotations again")
        }
        try collector.countRing()
        var opened = OpenRegion(
            name: tag["Text"]?.string ?? "", kind: .polygon,
            isNegative: tag["NegativeROA"].map { $0 == "1" } ?? false)
        switch tag["Type"]?.string ?? "0" {
        case "0", "": break
        case "1": opened.kind = .rectangle
        case "2": opened.reason = "an ellipse has the corners of its box, not an outline"
        case let type: opened.reason = "type \(Complaint.quoted(type)) is not an area"
        }
        isInArea = opened.reason == nil
        region = opened
    }

    /// The colour of a number 0xBBGGRR in decimal digits.
    private static func color(_ text: XMLText) -> AnnotationColor? {
        guard let value = DecimalNumber.value(of: text.bytes), value >= 0, value <= 0xFFFFFF,
            value == value.rounded()
        else { return nil }
        return AnnotationColor(rgb: UInt32(value).byteSwapped >> 8)
    }
}
