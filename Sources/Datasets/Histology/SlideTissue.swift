import MedicalImaging

/// What lies between the nuclei of a slide: glass, fat, capsule, lymphoid tissue, sinuses, tumor.
struct SlideTissue: Sendable {
    /// Which tissue a position belongs to.
    enum Zone: Sendable { case glass, fat, capsule, cortex, follicle, sinus, tumor, septum, vessel }

    let fields: SlideFields
    private let profile: SlideProfile
    private let middle: PlaneNoise, fine: PlaneNoise, streaks: PlaneNoise
    private let fatCells: CellPattern, nests: CellPattern, vessels: CellPattern
    private let cells: CellPattern

    /// Lays out a slide.
    init(_ profile: SlideProfile, seed: UInt64) {
        func random(_ purpose: HistologyPurpose) -> RandomSource {
            profile.random(purpose, seed: seed)
        }
        self.profile = profile
        fields = SlideFields(profile, seed: seed)
        middle = PlaneNoise(wavelength: 24, random: random(.texture))
        fine = PlaneNoise(wavelength: 3.6, random: random(.fine))
        streaks = PlaneNoise(wavelength: 1, random: random(.streaks))
        fatCells = CellPattern(size: 104, random: random(.cells))
        nests = CellPattern(size: 170, random: random(.nests))
        vessels = CellPattern(size: 390, random: random(.vessels))
        cells = CellPattern(size: 27, random: random(.smallCells))
    }

    /// The tissue at a position.
    ///
    /// - Parameters:
    ///   - x: Column.
    ///   - y: Row.
    ///   - values: The anatomy there.
    /// - Returns: The tissue, for placing nuclei.
    func zone(_ x: Float, _ y: Float, _ values: SlideFields.Values) -> Zone {
        guard min(values.node, values.fat) < 12 else { return .glass }
        return zone(x, y, values, middle(x, y))
    }

    private func zone(
        _ x: Float, _ y: Float, _ values: SlideFields.Values, _ warp: SIMD4<Float>
    ) -> Zone {
        let node = values.node + 7 * warp.x
        guard node < 0 else { return values.fat + 7 * warp.y < 0 ? .fat : .glass }
        if node > -26 { return .capsule }
        if values.tumor + 4 * warp.y < 0 {
            let nest = nests(x + 18 * warp.x, y + 18 * warp.y)
            return nest.toBorder < 9 + 8 * nest.lot.x ? .septum : .tumor
        }
        let vessel = vessels(x + 10 * warp.z, y + 10 * warp.w)
        if vessel.lot.x > 0.1, vessel.toCenter < 20 + 16 * vessel.lot.y { return .vessel }
        if values.follicle + 5 * warp.z < 0 { return .follicle }
        if isSinus(values, node, warp) { return .sinus }
        return .cortex
    }

    /// Whether a position in fat is near the wall of a fat cell, where its nucleus lies.
    func isFatWall(_ x: Float, _ y: Float) -> Bool {
        let warp = middle(x, y)
        return fatCells(x + 9 * warp.x, y + 9 * warp.y).toBorder < 7
    }

    private func isSinus(
        _ values: SlideFields.Values, _ node: Float, _ warp: SIMD4<Float>
    ) -> Bool {
        // Under the capsule, and as cords that widen towards the hilum.
        if node > -44 { return true }
        let cord = values.broad.z + 0.75 * warp.w + 0.2 * values.broad.x
        return cord > 0.62 - 0.35 * HistologyMath.step(150, 420, -node)
    }

    /// Where fibres run at a position.
    func fibreDirection(_ x: Float, _ y: Float, _ values: (Float, Float) -> SlideFields.Values)
        -> SIMD2<Float>
    {
        func u(_ x: Float, _ y: Float) -> Float { values(x, y).node }
        let gradient = SIMD2(u(x + 8, y) - u(x - 8, y), u(x, y + 8) - u(x, y - 8))
        return HistologyMath.unit(SIMD2(-gradient.y, gradient.x))
    }

    /// The densities at a position.
    func densities(_ x: Float, _ y: Float, _ values: SlideFields.Values) -> SIMD4<Float> {
        var result = SIMD4<Float>()
        if min(values.node, values.fat) < 12 {
            let warp = middle(x, y)
            let grain = fine(0.8 * x - 0.6 * y, 0.6 * x + 0.8 * y)
            result = tissue(x, y, values, warp, grain)
            // The section ends within a micrometre or two.
            let edge = min(values.node + 7 * warp.x, values.fat + 7 * warp.y)
            result *= 1 - HistologyMath.step(-1.5, 1.5, edge + 1.5 * grain.x)
            result.x *= profile.haematoxylin
            result.y *= profile.eosin
            result.replace(with: 0, where: result .< 0)
        }
        return result
    }

    /// Whether the pen or the fold may touch a window.
    func isMarked(x: Int, y: Int, width: Int, height: Int) -> Bool {
        let low = SIMD2(Float(x), Float(y)) - 40
        let high = SIMD2(Float(x + width), Float(y + height)) + 40
        return [profile.pen, [profile.fold.0, profile.fold.1]].contains { points in
            let left = points.reduce(into: points[0]) { $0 = pointwiseMin($0, $1) }
            let right = points.reduce(into: points[0]) { $0 = pointwiseMax($0, $1) }
            return left.x < high.x && left.y < high.y && right.x > low.x && right.y > low.y
        }
    }

    /// What the pen and the fold add to a finished position.
    func marked(_ below: SIMD4<Float>, _ x: Float, _ y: Float) -> SIMD4<Float> {
        let p = SIMD2(x, y)
        var result = below
        if Self.distance(p, profile.fold.0, profile.fold.1) < 30 {
            let wave = middle(x, y)
            let d = Self.distance(p, profile.fold.0, profile.fold.1) + 6 * wave.x
            result *= 1 + 0.85 * (1 - HistologyMath.step(11, 15, d))
        }
        for n in profile.pen.indices.dropLast() {
            let d = Self.distance(p, profile.pen[n], profile.pen[n + 1])
            guard d < 40 else { continue }
            let wave = middle(x, y)
            let cover = 1 - HistologyMath.step(19, 23, d + 5 * wave.y)
            result.w = max(result.w, cover * (0.72 + 0.14 * wave.x))
        }
        return result
    }

    /// The distance of a position from a straight line between two ends.
    @inline(__always)
    private static func distance(
        _ p: SIMD2<Float>, _ a: SIMD2<Float>, _ b: SIMD2<Float>
    ) -> Float {
        let (along, q) = (b - a, p - a)
        let size = along.x * along.x + along.y * along.y
        let t = min(max((q.x * along.x + q.y * along.y) / size, 0), 1)
        return HistologyMath.length(q - along * t)
    }

    private func tissue(
        _ x: Float, _ y: Float, _ values: SlideFields.Values, _ warp: SIMD4<Float>,
        _ grain: SIMD4<Float>
    ) -> SIMD4<Float> {
        switch zone(x, y, values, warp) {
        case .glass, .fat:
            let cell = fatCells(x + 9 * warp.x, y + 9 * warp.y)
            let wall = 1 - HistologyMath.step(1.2, 3.6, cell.toBorder)
            // Septa of connective tissue part the lobes.
            let septum = HistologyMath.step(0.5, 0.62, values.broad.w + 0.25 * warp.z)
            let e = HistologyMath.mix(0.012 + 0.42 * wall, 0.5 + 0.14 * warp.y, septum)
            return SIMD4(0.02 + 0.05 * wall, e + 0.08 * grain.x * max(wall, septum), 0, 0)
        case .capsule, .septum:
            return collagen(x, y, values, warp, grain)
        case .cortex:
            let gap = HistologyMath.step(0.25, 0.6, grain.z + 0.5 * warp.z)
            let e = 0.33 + 0.09 * warp.x + 0.12 * grain.x + 0.06 * values.broad.x
            return SIMD4(0.30 + 0.1 * grain.y + 0.05 * warp.y, e, 0, 0) * (1 - 0.65 * gap)
        case .follicle:
            let e = 0.38 + 0.08 * warp.x + 0.10 * grain.x
            return SIMD4(0.16 + 0.08 * grain.y, e, 0, 0)
        case .sinus:
            let gap = HistologyMath.step(-0.15, 0.4, warp.y + 0.5 * grain.z)
            let e = 0.42 + 0.12 * warp.x + 0.12 * grain.x
            return SIMD4(0.10 + 0.05 * grain.y, e, 0, 0) * (1 - 0.72 * gap)
        case .tumor:
            let cell = cells(x + 5 * warp.x, y + 5 * warp.y)
            let border = 1 - HistologyMath.step(0.4, 2, cell.toBorder)
            let e = 0.43 + 0.1 * warp.x + 0.1 * grain.x + 0.06 * cell.lot.x + 0.1 * border
            let gap = border * HistologyMath.step(0.2, 0.6, warp.z + 0.5 * cell.lot.y)
            return SIMD4(0.17 + 0.06 * grain.y + 0.05 * values.broad.y, e, 0, 0)
                * (1 - 0.7 * gap)
        case .vessel:
            let vessel = vessels(x + 10 * warp.z, y + 10 * warp.w)
            let d = vessel.toCenter - 14 - 16 * vessel.lot.y
            let wall = collagen(x, y, values, warp, grain)
            let cell = cells(x * 2.2, y * 2.2)
            let red = cell.lot.x > -0.5 ? 0.85 + 0.2 * grain.x : 0.1
            let blood = SIMD4(0.02, 0.06, red, 0)
            return blood + (wall - blood) * HistologyMath.step(-1.5, 1, d)
        }
    }

    private func collagen(
        _ x: Float, _ y: Float, _ values: SlideFields.Values, _ warp: SIMD4<Float>,
        _ grain: SIMD4<Float>
    ) -> SIMD4<Float> {
        // Layers along the surface of the node.
        let u = values.node + 5 * warp.w
        let v = x + y
        let thin = streaks(u * (1 / 3.2), v * (1 / 70))
        let e = 0.52 + 0.14 * thin.x + 0.1 * warp.y + 0.08 * grain.x
        let cleft = HistologyMath.step(0.5, 0.75, thin.y + 0.3 * warp.z)
        return SIMD4(0.06 + 0.04 * grain.y, e, 0, 0) * (1 - 0.75 * cleft)
    }
}
