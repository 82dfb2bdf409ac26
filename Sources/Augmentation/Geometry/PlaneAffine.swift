/// An affine map of the plane, from pixels of a result to pixels of what it was made from.
///
/// `x = xx * column + xy * row + x0`, `y = yx * column + yy * row + y0`.
struct PlaneAffine: Hashable, Sendable {
    var xx = 1.0
    var xy = 0.0
    var x0 = 0.0
    var yx = 0.0
    var yy = 1.0
    var y0 = 0.0

    /// Where a position of the result comes from.
    func callAsFunction(_ x: Double, _ y: Double) -> (x: Double, y: Double) {
        (xx * x + xy * y + x0, yx * x + yy * y + y0)
    }

    /// This map first, then another.
    func then(_ next: PlaneAffine) -> PlaneAffine {
        let origin = next(x0, y0)
        return PlaneAffine(
            xx: next.xx * xx + next.xy * yx, xy: next.xx * xy + next.xy * yy, x0: origin.x,
            yx: next.yx * xx + next.yy * yx, yy: next.yx * xy + next.yy * yy, y0: origin.y)
    }

    /// The map back; only for maps that do not flatten the plane.
    var inverse: PlaneAffine {
        let determinant = xx * yy - xy * yx
        var back = PlaneAffine(
            xx: yy / determinant, xy: -xy / determinant, x0: 0,
            yx: -yx / determinant, yy: xx / determinant, y0: 0)
        back.x0 = -(back.xx * x0 + back.xy * y0)
        back.y0 = -(back.yx * x0 + back.yy * y0)
        return back
    }
}

/// A transform that moves the pixels of every plane by one affine map.
protocol PlaneGeometry {
    /// The map from pixels of the result to pixels of the sample.
    ///
    /// - Parameter extent: The size of the sample before the transform.
    /// - Returns: The map; `nil` when the transform is not drawn or a parameter is out of bounds.
    func sourceMap(extent: SampleExtent) -> PlaneAffine?
}
