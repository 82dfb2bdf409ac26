import MedicalImaging

/// What is known of one object of a map.
public struct InstanceRecord: Hashable, Sendable {
    /// The object's number.
    public let id: UInt32
    /// Number of pixels.
    public let area: Int
    /// First and last column and row, **inclusive**.
    public let box: BoxPrompt
    /// The most interior pixel.
    ///
    /// The one farthest from the outside of the object by exact Euclidean distance, the first such row by row. The border of
    /// the map counts as outside.
    public let centre: PointPrompt
    /// Whether a pixel lies in the first or last column or row of the map, so that the object may go on beyond it.
    public let touchesEdge: Bool

    /// The box with its far corner **exclusive**: one more than the last column and row, as All-in-SAM writes it.
    public var exclusiveBox: BoxPrompt {
        BoxPrompt(x0: box.x0, y0: box.y0, x1: box.x1 + 1, y1: box.y1 + 1)
    }
}

extension InstanceMap {
    /// What is known of each object.
    ///
    /// - Parameter minimumArea: Objects with fewer pixels are left out.
    /// - Returns: Records, numbers ascending; none for a map without objects.
    /// - Complexity: O(*n*) in the pixels of the map and of the objects' boxes.
    public func records(minimumArea: Int = 1) -> [InstanceRecord] {
        RegionFinder.extents(of: self).compactMap { id, extent in
            guard extent.area >= minimumArea else { return nil }
            let region = RegionFinder.region(of: id, label: 1, extent: extent, in: self)
            let centre = CentrePoint.exact(of: region)
            return InstanceRecord(
                id: id, area: extent.area,
                box: BoxPrompt(
                    x0: Float(extent.x0), y0: Float(extent.y0), x1: Float(extent.x1),
                    y1: Float(extent.y1)),
                centre: PointPrompt(x: Float(centre.x), y: Float(centre.y)),
                touchesEdge: extent.x0 == 0 || extent.y0 == 0 || extent.x1 == width - 1
                    || extent.y1 == height - 1)
        }
    }
}
