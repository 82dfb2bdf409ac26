/// Approximate signed distances, in millimetres, negative inside, and ways to join them.
///
/// Only + - * / and square roots, which IEEE 754 rounds exactly.
enum PhantomShapes {
    /// The length of a vector, summed in a fixed order.
    @inline(__always)
    static func length(_ v: SIMD3<Float>) -> Float {
        (v.x * v.x + v.y * v.y + v.z * v.z).squareRoot()
    }

    /// The larger of two values with the corner rounded over a width.
    ///
    /// - Source: I. Quilez, "Smooth minimum": the quadratic polynomial variant.
    @inline(__always)
    static func smoothMax(_ a: Float, _ b: Float, _ width: Float) -> Float {
        let h = max(width - abs(a - b), 0) / width
        return max(a, b) + h * h * width * 0.25
    }

    /// The smaller of two values with the corner rounded over a width.
    @inline(__always)
    static func smoothMin(_ a: Float, _ b: Float, _ width: Float) -> Float {
        -smoothMax(-a, -b, width)
    }
}

/// An oval outline in the axial plane, a little squarer than an ellipse.
struct Oval {
    /// Centre, half widths (right-left, front-back), in millimetres.
    var x: Float, y: Float, a: Float, b: Float

    /// 0 in the centre, 1 on the outline.
    @inline(__always)
    func radius(_ px: Float, _ py: Float) -> Float {
        let u = (px - x) / a
        let v = (py - y) / b
        let (uu, vv) = (u * u, v * v)
        return 0.65 * (uu + vv).squareRoot() + 0.35 * (uu * uu + vv * vv).squareRoot().squareRoot()
    }

    /// About the distance to the outline in millimetres, negative inside.
    @inline(__always)
    func distance(_ px: Float, _ py: Float) -> Float {
        let r = radius(px, py)
        guard r > 0.05 else { return -b }
        let (dx, dy) = (px - x, py - y)
        return (1 - 1 / r) * (dx * dx + dy * dy).squareRoot()
    }
}

/// An ellipsoid, or with `shear` a leaning one.
struct Ellipsoid {
    /// Centre and half axes in millimetres.
    var center: SIMD3<Float>, radii: SIMD3<Float>
    /// How far the centre moves right and forward per millimetre upwards.
    var shear = SIMD2<Float>(0, 0)

    /// 0 in the centre, 1 on the surface, with the position relative to the centre in half axes.
    @inline(__always)
    func normalized(_ p: SIMD3<Float>) -> SIMD3<Float> {
        var d = p - center
        d.x -= shear.x * d.z
        d.y -= shear.y * d.z
        return d / radii
    }

    /// About the distance to the surface in millimetres, negative inside.
    @inline(__always)
    func distance(_ p: SIMD3<Float>) -> Float {
        (PhantomShapes.length(normalized(p)) - 1) * min(radii.x, radii.y, radii.z)
    }

    /// The box around it.
    var box: PhantomBox {
        let lean = SIMD3(abs(shear.x), abs(shear.y), 0) * radii.z
        return PhantomBox(low: center - radii - lean, high: center + radii + lean)
    }
}

/// An axis-aligned box in millimetres.
struct PhantomBox {
    /// The two far corners.
    var low: SIMD3<Float>, high: SIMD3<Float>

    /// The same box with a margin around it.
    func expanded(by margin: Float) -> PhantomBox {
        let m = SIMD3<Float>(repeating: margin)
        return PhantomBox(low: low - m, high: high + m)
    }
}

/// A bent tube whose radius changes along its way.
struct Tube {
    private struct Segment {
        var start: SIMD3<Float>, way: SIMD3<Float>
        var inverseSquare: Float, radius: Float, growth: Float
    }

    private let segments: [Segment]
    private let flattening: Float
    /// The box around it.
    let box: PhantomBox

    /// Makes a tube through points, joined by a Catmull-Rom spline.
    ///
    /// - Parameters:
    ///   - points: x, y, z and radius of each point, in millimetres; at least two.
    ///   - flattening: How much thinner the tube is from front to back than its radius; 1 is round.
    ///   - steps: Straight pieces from one point to the next.
    init(_ points: [SIMD4<Float>], flattening: Float = 1, steps: Int = 4) {
        precondition(points.count >= 2 && steps > 0)
        var path: [SIMD4<Float>] = []
        for n in 0..<points.count - 1 {
            let p0 = points[max(n - 1, 0)]
            let (p1, p2) = (points[n], points[n + 1])
            let p3 = points[min(n + 2, points.count - 1)]
            for step in 0..<steps {
                let t = Float(step) / Float(steps)
                // (2 p1 + (p2 - p0) t + (2 p0 - 5 p1 + 4 p2 - p3) t² + (3 p1 - p0 - 3 p2 + p3) t³) / 2
                let linear = (p2 - p0) * t
                let square = (p0 * 2 - p1 * 5 + p2 * 4 - p3) * (t * t)
                let cube = (p1 * 3 - p0 - p2 * 3 + p3) * (t * t * t)
                path.append((p1 * 2 + linear + square + cube) * 0.5)
            }
        }
        path.append(points[points.count - 1])
        var low = SIMD3<Float>(repeating: .greatestFiniteMagnitude)
        var high = -low
        var widest: Float = 0
        for p in path {
            let q = SIMD3(p.x, p.y, p.z)
            low = pointwiseMin(low, q)
            high = pointwiseMax(high, q)
            widest = max(widest, p.w)
        }
        box = PhantomBox(low: low, high: high).expanded(by: widest)
        self.flattening = flattening
        let squeeze = SIMD3<Float>(1, flattening, 1)
        segments = (0..<path.count - 1).map { n in
            let a = SIMD3(path[n].x, path[n].y, path[n].z) * squeeze
            let b = SIMD3(path[n + 1].x, path[n + 1].y, path[n + 1].z) * squeeze
            let way = b - a
            let square = way.x * way.x + way.y * way.y + way.z * way.z
            return Segment(
                start: a, way: way, inverseSquare: square > 0 ? 1 / square : 0, radius: path[n].w,
                growth: path[n + 1].w - path[n].w)
        }
    }

    /// About the distance to the surface in millimetres, negative inside.
    func distance(_ position: SIMD3<Float>) -> Float {
        let p = position * SIMD3<Float>(1, flattening, 1)
        var nearest = Float.greatestFiniteMagnitude
        for segment in segments {
            let d = p - segment.start
            let along =
                (d.x * segment.way.x + d.y * segment.way.y + d.z * segment.way.z)
                * segment.inverseSquare
            let t = min(max(along, 0), 1)
            let off = PhantomShapes.length(d - segment.way * t)
            nearest = min(nearest, off - segment.radius - segment.growth * t)
        }
        return nearest
    }
}
