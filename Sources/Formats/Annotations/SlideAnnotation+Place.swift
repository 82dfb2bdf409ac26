public import MedicalImaging

extension SlideAnnotation {
    /// The smallest upright rectangle around all regions; `nil` without regions.
    ///
    /// - Complexity: O(*n*) in the vertices of the outer rings.
    public var bounds: (minimum: PlanePoint, maximum: PlanePoint)? {
        var all: (minimum: PlanePoint, maximum: PlanePoint)?
        for region in regions {
            guard let own = region.polygon.bounds else { continue }
            guard let known = all else {
                all = own
                continue
            }
            all = (
                PlanePoint(
                    x: min(known.minimum.x, own.minimum.x), y: min(known.minimum.y, own.minimum.y)),
                PlanePoint(
                    x: max(known.maximum.x, own.maximum.x), y: max(known.maximum.y, own.maximum.y))
            )
        }
        return all
    }

    /// The regions that reach outside of an image: those of another slide, when there are many.
    ///
    /// People draw a few pixels over the edge (MoNuSeg by up to 3), which the margin allows for.
    ///
    /// - Complexity: O(*n*) in the vertices of the outer rings.
    /// - Parameters:
    ///   - width: Columns of the largest level.
    ///   - height: Rows of the largest level.
    ///   - margin: How far outside a vertex may lie, in pixels.
    /// - Returns: The regions with a vertex farther outside, in the order of the document.
    public func regionsOutside(
        width: Int, height: Int, margin: Double = 16
    ) -> [AnnotatedRegion] {
        regions.filter { region in
            guard let (low, high) = region.polygon.bounds else { return false }
            return low.x < -margin || low.y < -margin || high.x > Double(width) + margin
                || high.y > Double(height) + margin
        }
    }
}
