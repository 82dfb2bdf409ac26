internal import MedicalImaging

/// What every reader fills: regions in the order of the document, counted, bounded and checked in one place.
struct RegionCollector {
    private(set) var regions: [AnnotatedRegion] = []
    private(set) var skipped: [SkippedRegion] = []
    private(set) var groups: [String] = []
    private(set) var groupColors: [String: AnnotationColor] = [:]
    private(set) var nextIndex = 0
    private var knownGroups: Set<String> = []
    private var vertexCount = 0
    private var ringCount = 0
    private let limits: AnnotationLimits

    init(limits: AnnotationLimits) { self.limits = limits }

    /// Notes a group that the file declares.
    mutating func declare(_ group: String, color: AnnotationColor? = nil) {
        guard !group.isEmpty else { return }
        if knownGroups.insert(group).inserted { groups.append(group) }
        if let color, groupColors[group] == nil { groupColors[group] = color }
    }

    /// Counts one vertex and checks its coordinates.
    @inline(__always)
    mutating func vertex(x: Double, y: Double) throws(Complaint) -> PlanePoint {
        let limit = AnnotationLimits.largestCoordinate
        // Not a number fails both comparisons.
        guard x.magnitude <= limit, y.magnitude <= limit else { throw Self.absurd(x, y) }
        vertexCount += 1
        guard vertexCount <= limits.vertices else {
            throw Complaint(
                kind: .tooLarge,
                message: "found more than \(limits.vertices) vertices, expected at most that many; "
                    + "split the file, or raise the limit on vertices")
        }
        return PlanePoint(x: x, y: y)
    }

    private static func absurd(_ x: Double, _ y: Double) -> Complaint {
        Complaint(
            message: "found the vertex (\(x), \(y)), expected pixels of the slide, at most 1e9 "
                + "from its origin; correct the file or export it again")
    }

    /// Counts one region or ring.
    mutating func countRing() throws(Complaint) {
        ringCount += 1
        guard ringCount <= limits.regions else {
            throw Complaint(
                kind: .tooLarge,
                message: "found more than \(limits.regions) regions, expected at most that many; "
                    + "split the file, or raise the limit on regions")
        }
    }

    /// Adds a region, or notes why it encloses nothing.
    ///
    /// Its rings must have been counted.
    mutating func add(
        name: String, group: String, kind: AnnotatedRegion.Kind = .polygon,
        isNegative: Bool = false, outer: [PlanePoint], holes: [[PlanePoint]] = []
    ) {
        let distinct = Self.distinctVertices(outer)
        guard distinct >= 3 else {
            let noun = distinct == 1 ? "vertex" : "vertices"
            return skip(
                name: name, reason: "\(distinct) distinct \(noun), an area has at least 3")
        }
        let area = PlanePolygon(
            outer: outer, holes: holes.filter { Self.distinctVertices($0) >= 3 })
        regions.append(
            AnnotatedRegion(
                index: nextIndex, name: name, group: group, kind: kind, isNegative: isNegative,
                polygon: area))
        nextIndex += 1
    }

    /// Notes a region that gives no outline; it keeps its number.
    mutating func skip(name: String, reason: String) {
        skipped.append(SkippedRegion(index: nextIndex, name: name, reason: reason))
        nextIndex += 1
    }

    /// How many different vertices there are, counted up to 3.
    static func distinctVertices(_ ring: [PlanePoint]) -> Int {
        guard let first = ring.first else { return 0 }
        guard let second = ring.first(where: { $0 != first }) else { return 1 }
        return ring.contains { $0 != first && $0 != second } ? 3 : 2
    }
}
