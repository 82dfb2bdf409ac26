import MedicalImaging

/// What lies between the nuclei of one picture: lumens, epithelium, connective tissue, sheets of cells, neuropil.
struct NucleiTissue: Sendable {
    /// Which tissue a position belongs to.
    enum Zone: Sendable { case lumen, epithelium, stroma, ground }

    /// Thickness of the epithelium around a lumen in pixels.
    static let epithelium: Float = 66

    private let profile: NucleiProfile
    private let lumens: [RoughOval]
    private let vessel: RoughOval?
    private let coarse: PlaneNoise, middle: PlaneNoise, fine: PlaneNoise, streaks: PlaneNoise
    private let cells: CellPattern, smallCells: CellPattern
    private let fibre: SIMD2<Float>

    /// Lays out the tissue.
    init(_ profile: NucleiProfile, seed: UInt64) {
        func random(_ purpose: HistologyPurpose) -> RandomSource {
            profile.random(purpose, seed: seed)
        }
        self.profile = profile
        coarse = PlaneNoise(wavelength: 120, random: random(.coarse))
        middle = PlaneNoise(wavelength: 30, random: random(.middle))
        fine = PlaneNoise(wavelength: 4.6, random: random(.fine))
        streaks = PlaneNoise(wavelength: 1, random: random(.streaks))
        cells = CellPattern(size: 46, random: random(.cells))
        smallCells = CellPattern(size: 17, random: random(.smallCells))
        var layout = random(.layout)
        fibre = layout.direction()
        var ovals: [RoughOval] = []
        let size = SIMD2(Float(profile.width), Float(profile.height))
        for n in 0..<profile.lumens {
            // Spread along the picture, so that glands do not melt together.
            let share = (Float(n) + 0.5) / Float(profile.lumens)
            let across = n % 2 == 0 ? layout.uniform(0.12, 0.4) : layout.uniform(0.62, 0.9)
            ovals.append(
                RoughOval(
                    center: SIMD2(share + layout.uniform(-0.06, 0.06), across) * size,
                    radii: SIMD2(layout.uniform(48, 78), layout.uniform(30, 48)),
                    axis: layout.direction(), roughness: 20))
        }
        lumens = ovals
        vessel =
            profile.stroma > 0.15
            ? RoughOval(
                center: SIMD2(layout.uniform(0.2, 0.8), layout.uniform(0.3, 0.7)) * size,
                radii: SIMD2(layout.uniform(26, 44), layout.uniform(9, 14)), axis: fibre,
                roughness: 6) : nil
    }

    /// The tissue at a position.
    func zone(_ x: Float, _ y: Float) -> Zone {
        let broad = coarse(x, y)
        let (p, warp) = (SIMD2(x, y), middle(x, y))
        let d = lumenDistance(p, broad, warp)
        if d < 0 { return .lumen }
        if d < Self.epithelium { return .epithelium }
        if stromaShare(broad, warp) > 0.5 {
            if let vessel, vessel.distance(p, SIMD2(warp.x, warp.y)) < 2 { return .lumen }
            return .stroma
        }
        return .ground
    }

    /// About the distance to the nearest lumen; large without any.
    func lumenDistance(_ p: SIMD2<Float>) -> Float {
        lumenDistance(p, coarse(p.x, p.y), middle(p.x, p.y))
    }

    /// Whether connective tissue is torn open at a position.
    func isCleft(_ x: Float, _ y: Float) -> Bool {
        cleft(x, y, coarse(x, y), middle(x, y)) > 0.4
    }

    /// Where fibres run at a position.
    func fibreDirection(_ x: Float, _ y: Float) -> SIMD2<Float> {
        func u(_ x: Float, _ y: Float) -> Float {
            across(x, y, coarse(x, y), middle(x, y))
        }
        let gradient = SIMD2(u(x + 4, y) - u(x - 4, y), u(x, y + 4) - u(x, y - 4))
        return HistologyMath.unit(SIMD2(-gradient.y, gradient.x))
    }

    /// The densities at a position.
    func densities(_ x: Float, _ y: Float) -> SIMD4<Float> {
        let broad = coarse(x, y)
        let warp = middle(x, y)
        let grain = fine(0.8 * x - 0.6 * y, 0.6 * x + 0.8 * y)
        let d = lumenDistance(SIMD2(x, y), broad, warp)
        if d < -3 { return secretion(broad, warp, grain, d) }
        var result: SIMD4<Float>
        if d < Self.epithelium + 4 {
            result = gland(x, y, warp, grain, d)
            let edge = HistologyMath.step(Self.epithelium - 4, Self.epithelium + 4, d)
            if edge > 0 {
                result += (stroma(x, y, broad, warp, grain) - result) * edge
            }
            let open = 1 - HistologyMath.step(-3, 1, d)
            if open > 0 { result += (secretion(broad, warp, grain, d) - result) * open }
        } else {
            let share = stromaShare(broad, warp)
            let weight = HistologyMath.step(0.42, 0.58, share)
            result = weight < 1 ? ground(x, y, broad, warp, grain) : SIMD4<Float>()
            if weight > 0 {
                result += (stroma(x, y, broad, warp, grain) - result) * weight
            }
        }
        result.x *= profile.haematoxylin
        result.y *= profile.eosin
        result.replace(with: 0, where: result .< 0)
        return result
    }

    private func lumenDistance(
        _ p: SIMD2<Float>, _ broad: SIMD4<Float>, _ warp: SIMD4<Float>
    ) -> Float {
        var nearest: Float = 1e6
        let shift = SIMD2(broad.x + 0.6 * warp.x, broad.y + 0.6 * warp.y)
        for lumen in lumens { nearest = min(nearest, lumen.distance(p, shift)) }
        return nearest
    }

    private func stromaShare(_ broad: SIMD4<Float>, _ warp: SIMD4<Float>) -> Float {
        // The values of the field gather around 0: 0.9 reaches nearly everything.
        0.5 + (profile.stroma - 0.5) * 1.1 + 0.9 * broad.z + 0.12 * warp.z
    }

    private func across(
        _ x: Float, _ y: Float, _ broad: SIMD4<Float>, _ warp: SIMD4<Float>
    ) -> Float {
        y * fibre.x - x * fibre.y + 44 * broad.w + 7 * warp.w
    }

    private func cleft(
        _ x: Float, _ y: Float, _ broad: SIMD4<Float>, _ warp: SIMD4<Float>
    ) -> Float {
        let u = across(x, y, broad, warp)
        let v = x * fibre.x + y * fibre.y
        let wide = streaks(u * (1 / 19) + 300, v * (1 / 95))
        let level = wide.x + 0.5 * warp.y + 0.35 * broad.y
        let bound = 0.95 - 0.8 * profile.looseness
        return HistologyMath.step(bound, bound + 0.22, level)
    }

    private func stroma(
        _ x: Float, _ y: Float, _ broad: SIMD4<Float>, _ warp: SIMD4<Float>, _ grain: SIMD4<Float>
    ) -> SIMD4<Float> {
        let u = across(x, y, broad, warp)
        let v = x * fibre.x + y * fibre.y
        let thin = streaks(u * (1 / 4.2), v * (1 / 60))
        let thick = streaks(u * (1 / 11), v * (1 / 110))
        var e = 0.50 + 0.12 * thin.x + 0.15 * thick.y + 0.10 * grain.x + 0.12 * broad.x
        // Thin dark lines where fibres cross the section.
        e += 0.12 * HistologyMath.step(0.25, 0.6, thin.z + 0.3 * grain.z)
        var result = SIMD4(0.05 + 0.04 * grain.y + 0.05 * broad.y, e, 0, 0)
        result *= 1 - 0.93 * cleft(x, y, broad, warp)
        guard let vessel else { return result }
        let d = vessel.distance(SIMD2(x, y), SIMD2(warp.x, warp.y))
        guard d < 12 else { return result }
        let wall = HistologyMath.step(-1, 1.5, d)
        let cell = smallCells(x, y)
        let red = 0.8 + 0.25 * HistologyMath.step(0, 4, cell.toBorder) + 0.15 * cell.lot.x
        let open = 0.25 + 0.75 * HistologyMath.step(-0.75, -0.45, cell.lot.y + 0.3 * grain.y)
        let blood = SIMD4(0, 0.06, 1.1 * red * open, 0)
        result.y += 0.25 * (1 - HistologyMath.step(4, 12, d))
        return blood + (result - blood) * wall
    }

    private func gland(
        _ x: Float, _ y: Float, _ warp: SIMD4<Float>, _ grain: SIMD4<Float>, _ d: Float
    ) -> SIMD4<Float> {
        let cell = cells(x + 6 * warp.x, y + 6 * warp.y)
        let border = 1 - HistologyMath.step(0.6, 3.2, cell.toBorder)
        // Clear towards the lumen, with a darker brush border at the end.
        let depth = d / Self.epithelium
        var e = 0.30 + 0.2 * depth + 0.09 * warp.z + 0.10 * grain.x + 0.05 * cell.lot.x
        e += 0.2 * border + 0.25 * (1 - HistologyMath.step(1, 5, d))
        let h = 0.09 + 0.06 * depth + 0.06 * grain.y + 0.06 * border
        return SIMD4(h, e, 0, 0)
    }

    private func secretion(
        _ broad: SIMD4<Float>, _ warp: SIMD4<Float>, _ grain: SIMD4<Float>, _ d: Float
    ) -> SIMD4<Float> {
        let level = warp.x + 0.6 * warp.y + 0.9 * broad.z
        let there = HistologyMath.step(0.35, 0.8, level) * HistologyMath.step(2, 14, -d)
        return SIMD4(0.01, 0.012 + there * (0.4 + 0.12 * grain.x), 0, 0)
    }

    private func ground(
        _ x: Float, _ y: Float, _ broad: SIMD4<Float>, _ warp: SIMD4<Float>, _ grain: SIMD4<Float>
    ) -> SIMD4<Float> {
        switch profile.ground {
        case .sheets:
            let cell = cells(x + 9 * warp.x, y + 9 * warp.y)
            let border = 1 - HistologyMath.step(0.5, 3.4, cell.toBorder)
            let e = 0.42 + 0.10 * warp.x + 0.11 * grain.x + 0.07 * cell.lot.x + 0.1 * broad.x
            let h = 0.24 + 0.09 * warp.y + 0.07 * grain.y + 0.06 * cell.lot.y
            // Cells shrink apart here and there.
            let gap = border * HistologyMath.step(0.0, 0.5, broad.y + 0.4 * cell.lot.y)
            return SIMD4(h, e + 0.1 * border, 0, 0) * (1 - 0.85 * gap)
        case .neuropil:
            let hole = smallCells(x + 4 * warp.x, y + 4 * warp.y)
            let size = 2.2 + 4 * hole.lot.x
            let open = 1 - HistologyMath.step(size - 1.2, size + 1.4, hole.toCenter)
            let (a, b) = (0.28 * x - 0.15 * y, 0.15 * x + 0.28 * y)
            let net = streaks(a + warp.x, b + warp.y)
            let e = 0.60 + 0.16 * net.x + 0.12 * grain.x + 0.08 * warp.x
            let pale = HistologyMath.step(0.45, 0.75, net.y)
            return SIMD4(0.2 + 0.1 * net.z, e, 0, 0) * (1 - 0.4 * pale)
                * (1 - 0.7 * open * (0.7 + 0.3 * hole.lot.y))
        case .lymphoid:
            let cell = cells(x * 1.3, y * 1.3)
            let e = 0.32 + 0.12 * warp.x + 0.12 * grain.x + 0.06 * cell.lot.x
            let gap = HistologyMath.step(0.1, 0.5, warp.z + 0.4 * grain.z)
            return SIMD4(0.16 + 0.08 * grain.y, e, 0, 0) * (1 - 0.75 * gap)
        }
    }
}
