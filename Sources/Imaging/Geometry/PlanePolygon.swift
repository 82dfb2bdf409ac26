/// An outline in the plane of an image: a closed ring, and rings cut out of it.
///
/// Rings are closed implicitly: the last vertex is joined to the first. Self-crossing rings are allowed; what is inside is
/// decided by the rule of whoever fills them.
public struct PlanePolygon: Hashable, Sendable {
    /// The outer ring; fewer than three vertices enclose nothing.
    public var outer: [PlanePoint]
    /// Rings whose inside does not belong to the outline.
    public var holes: [[PlanePoint]]

    /// Makes a polygon.
    ///
    /// - Parameters:
    ///   - outer: The outer ring.
    ///   - holes: Rings whose inside does not belong to it.
    public init(outer: [PlanePoint], holes: [[PlanePoint]] = []) {
        self.outer = outer
        self.holes = holes
    }

    /// The smallest upright rectangle around the outer ring; `nil` without vertices.
    public var bounds: (minimum: PlanePoint, maximum: PlanePoint)? {
        guard var low = outer.first else { return nil }
        var high = low
        for point in outer {
            low.x = min(low.x, point.x)
            low.y = min(low.y, point.y)
            high.x = max(high.x, point.x)
            high.y = max(high.y, point.y)
        }
        return (low, high)
    }
}
