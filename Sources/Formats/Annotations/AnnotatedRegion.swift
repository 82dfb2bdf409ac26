public import MedicalImaging

/// One outlined region of a slide.
public struct AnnotatedRegion: Hashable, Sendable {
    /// What the person drew.
    public enum Kind: String, Hashable, Sendable {
        /// A ring of vertices.
        case polygon
        /// A rectangle, kept as the ring of its corners.
        case rectangle
        /// A curve through points, kept as the straight ring of these points.
        case spline
    }

    /// The position among all regions of the document, from 0.
    ///
    /// Skipped regions keep their number, so the numbers of the others do not depend on what is skipped.
    public var index: Int
    /// What the file calls the region; not unique and often empty.
    public var name: String
    /// The group, class or layer it belongs to; empty when it has none.
    public var group: String
    /// What the person drew.
    public var kind: Kind
    /// Whether the file itself says that the region is cut out of others (`NegativeROA`, or a negative list).
    public var isNegative: Bool
    /// The outline, in pixels of the largest level.
    public var polygon: PlanePolygon

    /// Makes a region.
    ///
    /// - Parameters:
    ///   - index: The position among all regions of the document, from 0.
    ///   - name: What the file calls it.
    ///   - group: The group, class or layer; empty when it has none.
    ///   - kind: What the person drew.
    ///   - isNegative: Whether the file itself says that it is cut out of others.
    ///   - polygon: The outline, in pixels of the largest level.
    public init(
        index: Int, name: String = "", group: String = "", kind: Kind = .polygon,
        isNegative: Bool = false, polygon: PlanePolygon
    ) {
        self.index = index
        self.name = name
        self.group = group
        self.kind = kind
        self.isNegative = isNegative
        self.polygon = polygon
    }
}

/// A region of the document that gave no outline, and why.
public struct SkippedRegion: Hashable, Sendable, CustomStringConvertible {
    /// The position among all regions of the document, from 0.
    public var index: Int
    /// What the file calls the region.
    public var name: String
    /// Why it was skipped, for example `2 distinct vertices, an area has at least 3`.
    public var reason: String

    /// Makes a record of a skipped region.
    ///
    /// - Parameters:
    ///   - index: The position among all regions of the document, from 0.
    ///   - name: What the file calls it.
    ///   - reason: Why it was skipped.
    public init(index: Int, name: String, reason: String) {
        self.index = index
        self.name = name
        self.reason = reason
    }

    /// The record on one line; regions are counted from 1 for people.
    public var description: String {
        let title = name.isEmpty ? "" : " \(Complaint.quoted(name))"
        return "region \(index + 1)\(title): \(reason)"
    }
}
