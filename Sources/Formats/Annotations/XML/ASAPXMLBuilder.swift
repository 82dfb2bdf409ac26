internal import MedicalImaging
internal import XMLEvents

/// Gathers the regions of an ASAP document.
///
/// `ASAP_Annotations > Annotations > Annotation[Name Type PartOfGroup] > Coordinates > Coordinate[Order X Y]`, and
/// `AnnotationGroups > Group[Name PartOfGroup Color]`. `PartOfGroup="None"` means no group.
struct ASAPXMLBuilder: XMLAnnotationBuilder {
    private var collector: RegionCollector
    private var parents: [String: String] = [:]
    private var region: OpenAnnotation?
    /// Whether coordinates belong to an area; looking into ``region`` for each would count references.
    private var isInArea = false
    private var vertices: [PlanePoint] = []
    private var orders: [Double] = []

    /// What the start tag of an annotation said.
    private struct OpenAnnotation {
        var name: String
        var group: String
        var kind: AnnotatedRegion.Kind
        /// Why it is not an area; `nil` when it is one.
        var reason: String?
    }

    init(limits: AnnotationLimits) { collector = RegionCollector(limits: limits) }

    mutating func start(_ tag: XMLTag) throws(Complaint) {
        if tag.name == "Coordinate" {
            guard isInArea else { return }
            if tag["Order"] != nil { orders.append(try tag.number("Order")) }
            vertices.append(try collector.vertex(tag))
            guard orders.isEmpty || orders.count == vertices.count else {
                throw Complaint(
                    message:
                        "found coordinates with and without Order, expected it on all or none; "
                        + "export the annotations again")
            }
        } else if tag.name == "Annotation" {
            try startAnnotation(tag)
        } else if tag.name == "Group" {
            let group = tag["Name"]?.string ?? ""
            collector.declare(group, color: tag["Color"].flatMap { AnnotationColor($0.string) })
            let parent = Self.group(tag["PartOfGroup"])
            if !group.isEmpty, !parent.isEmpty { parents[group] = parent }
        }
    }

    mutating func end(_ name: XMLText) throws(Complaint) {
        guard name == "Annotation", let region else { return }
        if let reason = region.reason {
            collector.skip(name: region.name, reason: reason)
        } else {
            collector.add(
                name: region.name, group: region.group, kind: region.kind,
                outer: orderedVertices())
        }
        vertices.removeAll(keepingCapacity: true)
        orders.removeAll(keepingCapacity: true)
        self.region = nil
        isInArea = false
    }

    var annotation: SlideAnnotation {
        SlideAnnotation(
            format: .asapXML, regions: collector.regions, groups: collector.groups,
            parentGroups: parents, groupColors: collector.groupColors,
            skipped: collector.skipped)
    }

    var place: String {
        guard region != nil else { return "" }
        return "region \(collector.nextIndex + 1), vertex \(vertices.count + 1)"
    }

    private mutating func startAnnotation(_ tag: XMLTag) throws(Complaint) {
        guard region == nil else {
            throw Complaint(
                message: "found an Annotation inside an Annotation, expected one after the other; "
                    + "export the annotations again")
        }
        try collector.countRing()
        var opened = OpenAnnotation(
            name: tag["Name"]?.string ?? "", group: Self.group(tag["PartOfGroup"]), kind: .polygon)
        let type = tag["Type"]?.string ?? "Polygon"
        switch type.lowercased() {
        case "polygon": break
        case "rectangle": opened.kind = .rectangle
        case "spline": opened.kind = .spline
        default: opened.reason = "type \(Complaint.quoted(type)) is not an area"
        }
        isInArea = opened.reason == nil
        region = opened
    }

    /// The vertices in the order of their numbers; equal numbers keep the order of the document.
    private func orderedVertices() -> [PlanePoint] {
        let isSorted = zip(orders, orders.dropFirst()).allSatisfy { $0 <= $1 }
        guard !isSorted, orders.count == vertices.count else { return Array(vertices) }
        let places = orders.indices.sorted { (orders[$0], $0) < (orders[$1], $1) }
        return places.map { vertices[$0] }
    }

    /// The name of a group; empty for none.
    private static func group(_ text: XMLText?) -> String {
        guard let text, text != "None" else { return "" }
        return text.string
    }
}
