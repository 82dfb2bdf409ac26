import MedicalImaging

/// The anatomy of a slide: how far a position lies from tissue, fat, tumor and follicles.
///
/// These distances change slowly, so they are computed on the points of a lattice that belongs to the slide, and
/// interpolated between: every window uses the same points.
struct SlideFields: Sendable {
    /// Distance of the lattice points in pixels.
    static let step = 16

    /// Signed distances in pixels, negative inside, and smooth random values in -1...1.
    struct Values {
        var raw: SIMD8<Float>
        /// To the nearest lymph node, lobe of fat, tumor (holes are outside of it), germinal centre.
        var node: Float { raw[0] }
        var fat: Float { raw[1] }
        var tumor: Float { raw[2] }
        var follicle: Float { raw[3] }
        /// Four slow random values.
        var broad: SIMD4<Float> { raw.highHalf }
    }

    private let profile: SlideProfile
    private let follicles: [RoughOval]
    private let broad: PlaneNoise, rough: PlaneNoise

    /// Lays out a slide.
    init(_ profile: SlideProfile, seed: UInt64) {
        self.profile = profile
        broad = PlaneNoise(wavelength: 340, random: profile.random(.coarse, seed: seed))
        rough = PlaneNoise(wavelength: 85, random: profile.random(.middle, seed: seed))
        var layout = profile.random(.layout, seed: seed)
        var found: [RoughOval] = []
        // Follicles lie in the cortex: a ring under the capsule.
        for node in profile.nodes {
            for d in HistologyMath.directions(16) {
                let depth = layout.uniform(0.68, 0.84)
                let size = layout.uniform(46, 96)
                let keeps = layout.uniform(0, 1) < 0.62
                let (a, b) = (d.x * node.radii.x * depth, d.y * node.radii.y * depth)
                let place = SIMD2(
                    a * node.axis.x - b * node.axis.y, a * node.axis.y + b * node.axis.x)
                guard keeps else { continue }
                found.append(
                    RoughOval(
                        center: node.center + place,
                        radii: SIMD2(size, size * layout.uniform(0.7, 1)),
                        axis: layout.direction(), roughness: 16))
            }
        }
        follicles = found
    }

    /// Two smooth values that bend outlines at a position.
    func warp(_ p: SIMD2<Float>) -> SIMD2<Float> {
        warp(broad(p.x, p.y), rough(p.x, p.y))
    }

    /// The values at a position, without the lattice.
    func exact(_ x: Float, _ y: Float) -> Values {
        let slow = broad(x, y)
        let (p, bend) = (SIMD2(x, y), warp(slow, rough(x, y)))
        var raw = SIMD8<Float>(lowHalf: SIMD4(repeating: 1e4), highHalf: slow)
        for node in profile.nodes { raw[0] = min(raw[0], node.distance(p, bend)) }
        for lobe in profile.fat { raw[1] = min(raw[1], lobe.distance(p, bend)) }
        // Nothing else is asked for on empty glass.
        guard raw[0] < 100 else { return Values(raw: raw) }
        for tumor in profile.tumors {
            var d = tumor.outer.distance(p, bend)
            for hole in tumor.holes { d = max(d, -hole.distance(p, bend)) }
            raw[2] = min(raw[2], d)
        }
        for follicle in follicles { raw[3] = min(raw[3], follicle.distance(p, bend)) }
        return Values(raw: raw)
    }

    private func warp(_ slow: SIMD4<Float>, _ quick: SIMD4<Float>) -> SIMD2<Float> {
        SIMD2(slow.x + 0.4 * quick.x, slow.y + 0.4 * quick.y)
    }
}

/// The anatomy of one window.
struct SlideFieldWindow {
    private let originX: Int, originY: Int, columns: Int, rows: Int
    private let points: [SIMD8<Float>]

    /// Computes the lattice points around a window.
    init(_ fields: SlideFields, x: Int, y: Int, width: Int, height: Int) {
        let step = SlideFields.step
        // Arithmetic shift: floor, also left of the slide.
        originX = x >> 4
        originY = y >> 4
        columns = ((x + width) >> 4) + 2 - originX
        rows = ((y + height) >> 4) + 2 - originY
        var points: [SIMD8<Float>] = []
        points.reserveCapacity(columns * rows)
        for j in 0..<rows {
            for i in 0..<columns {
                points.append(
                    fields.exact(Float((originX + i) * step), Float((originY + j) * step)).raw)
            }
        }
        self.points = points
    }

    /// The values at a position of the window.
    @inline(__always)
    func callAsFunction(_ x: Float, _ y: Float) -> SlideFields.Values {
        let u = x * (1 / Float(SlideFields.step)) - Float(originX)
        let v = y * (1 / Float(SlideFields.step)) - Float(originY)
        let (i, j) = (min(max(Int(u), 0), columns - 2), min(max(Int(v), 0), rows - 2))
        let (s, t) = (u - Float(i), v - Float(j))
        return points.withUnsafeBufferPointer { points in
            let n = j * columns + i
            let near = points[n] + (points[n + columns] - points[n]) * t
            let far = points[n + 1] + (points[n + columns + 1] - points[n + 1]) * t
            return SlideFields.Values(raw: near + (far - near) * s)
        }
    }
}
