import MedicalImaging

/// The frame that organs lie in: skin, fat, muscle, ribs, spine, diaphragm, lungs and the couch below.
///
/// All positions are standard coordinates (see ``PhantomCanvas``). Painted first; its bone, muscle and lung are fixed, so
/// that organs end there.
struct PhantomFrame {
    /// The outline of skin, of the muscle wall and of the space inside the wall.
    let skin: Oval, wall: Oval, cavity: Oval

    /// The space inside the wall is the same in every case; fat comes on top.
    ///
    /// - Parameter fat: Thickness of the fat at the side, in millimetres.
    init(fat: Float) {
        cavity = Oval(x: 0, y: 8, a: 126, b: 82)
        wall = Oval(x: 0, y: 6, a: 136, b: 93)
        skin = Oval(x: 0, y: 4, a: 137 + fat, b: 102 + 0.5 * fat)
    }

    typealias Tissue = (density: Float, isFixed: Bool)

    /// The tissue at a position.
    ///
    /// - Parameters:
    ///   - p: A rigid position.
    ///   - warp: The warp there: three displacements and a texture.
    /// - Returns: Density and whether organs end there; `nil` in the air.
    func tissue(_ p: SIMD3<Float>, _ warp: SIMD4<Float>) -> Tissue? {
        let (x, y) = (p.x + 0.4 * warp.x, p.y + 0.3 * warp.y)
        let depth = -skin.distance(x, y)
        guard depth > 0 else { return couch(p, depth) }
        if depth < 2.4 { return (25, true) }
        // The skeleton is rigid.
        if abs(p.x) < 46, p.y < -8, let found = spine(p, warp.w) { return found }
        let side = abs(p.x)
        if depth > 8 {
            let back = Oval(x: 31, y: -77, a: 28, b: 19).radius(side, p.y + 0.3 * warp.y)
            // The three columns of the back muscles show as thin fat lines.
            if back < 1 { return (abs(side - 34 + warp.x) < 1.1 ? -10 : 52 + 5 * warp.w, true) }
        }
        guard wall.distance(x, y) < 0 else { return (-106 + 7 * warp.w, true) }
        let toCavity = cavity.distance(x, y)
        if toCavity > 0 { return wallTissue(p, toCavity, warp.w) }
        return inside(p, warp)
    }

    /// Where the diaphragm lies above a point of the axial plane: two domes, the right one higher.
    ///
    /// - Parameters:
    ///   - x: To the right.
    ///   - y: To the front.
    ///   - bend: How far the warp moves positions up there.
    /// - Returns: Its height z in millimetres.
    func diaphragm(_ x: Float, _ y: Float, bend: Float) -> Float {
        let r = cavity.radius(x, y)
        let (r2, lean) = (r * r, min(max(x / 60, -1), 1))
        let rim = 12 + 24 * min(max(y / 60, -1), 1)
        let fall = r2 * r2 * r2 * r2
        // The heart weighs on the middle.
        let heart = max(1 - (x + 15) * (x + 15) / 1600, 0) * 7
        let away = (abs(x) - 60) * (abs(x) - 60) + (y - 4) * (y - 4)
        let dome = max(1 - away / 3200, 0) * 7
        return 65 + 7 * lean - (65 - rim) * fall - heart + dome + 0.4 * bend
    }

    private func couch(_ p: SIMD3<Float>, _ depth: Float) -> Tissue? {
        // A curved board of carbon fibre around foam, 12 mm below the back.
        let top = skin.y - skin.b - 12 + p.x * p.x / 900
        guard p.y < top, p.y > top - 16, abs(p.x) < 150 else { return nil }
        return (p.y > top - 2.5 || p.y < top - 13.5 ? -150 : -940, true)
    }

    private func wallTissue(_ p: SIMD3<Float>, _ toCavity: Float, _ texture: Float) -> Tissue {
        if let rib = rib(p, toCavity) { return (rib, true) }
        let side = abs(p.x)
        if p.y > 60 {
            // Rectus muscle on both sides of the white line.
            return (side < 3 || (side > 52 && side < 56) ? -70 : 58 + 5 * texture, true)
        }
        // Three flat muscles with fat planes between them.
        let isPlane = p.z < 5 && (abs(toCavity - 3.4) < 0.5 || abs(toCavity - 6.8) < 0.5)
        return (isPlane ? 0 : 54 + 6 * texture, true)
    }

    /// Ribs run down and forward in the wall, 27 mm apart; the lowest two end early.
    private func rib(_ p: SIMD3<Float>, _ toCavity: Float) -> Float? {
        let (u, v) = (abs(p.x - cavity.x) / cavity.a, (p.y - cavity.y) / cavity.b)
        let around = 0.5 * (1 + v / (u + abs(v)))  // 0 at the spine, 1 at the breastbone
        guard around > 0.06 else { return nil }
        let height = p.z + 112 * around - 22 + 13.5
        guard height > 0 else { return nil }
        let number = Int(height / 27)
        let end: Float = number == 0 ? 0.3 : number == 1 ? 0.5 : 0.88
        guard around < end else {
            return p.z > 62 && around > 0.93 && abs(toCavity - 4.5) < 3.5 ? 260 : nil
        }
        let along = (height - Float(number) * 27 - 13.5) / 6.2
        let across = (toCavity - 4.6) / 3.9
        let r = along * along + across * across
        guard r < 1 else { return nil }
        if around > 0.72 { return 110 }  // cartilage
        return r > 0.4 ? 620 : 260
    }

    /// Vertebral bodies with discs between them, arch, processes and canal.
    private func spine(_ p: SIMD3<Float>, _ texture: Float) -> Tissue? {
        let lifted = p.z + 340 + 12
        let offset = lifted - Float(Int(lifted / 34)) * 34 - 17
        let (side, level) = (abs(p.x), abs(offset))
        // Bodies are waisted: widest at the end plates.
        let grow = 0.9 + 0.1 * level * level / 169
        let (u, v) = (p.x / (23.5 * grow), (p.y + 31) / (17 * grow))
        let body = (u * u + v * v).squareRoot()
        if body < 1 {
            if level > 13.5 { return (88 + 10 * (1 - body), true) }
            return (body > 0.88 || level > 11.5 ? 400 : 175 + 45 * texture, true)
        }
        let (cx, cy) = (p.x, p.y + 57)
        let canal = (cx * cx + cy * cy * 1.25).squareRoot()
        if canal < 9 { return (canal < 5 ? 42 : canal < 7.5 ? 12 : -40, true) }
        if canal < 13.5 && (offset > -11 && offset < 11 || p.y < -62) { return (480, true) }
        if level < 7 && p.y < -42 && p.y > -58 && side < 17 && side > 8 { return (400, true) }
        if level > 8 {
            let (fx, fy) = (side - 15.5, p.y + 63)
            if fx * fx + fy * fy < 42 { return (fx * fx < 1.2 ? 120 : 520, true) }
        }
        if level < 6.5 && side > 12 && side < 43 {
            let across = p.y + 54 + (side - 12) * 0.3
            if across * across + offset * offset * 0.5 < 17 { return (340, true) }
        }
        if offset > -15 && offset < 6 && p.y < -66 && p.y > -95 && side < 3.4 {
            return (side > 1.8 ? 480 : 280, true)
        }
        return nil
    }

    private func inside(_ p: SIMD3<Float>, _ warp: SIMD4<Float>) -> Tissue {
        let dome = diaphragm(p.x, p.y, bend: warp.z)
        if p.z > dome { return chest(p, warp) }
        if p.z > dome - 2.5 { return (50, false) }
        let side = abs(p.x)
        // Psoas widens downwards beside the spine.
        if p.z < 26 {
            let r = 6 + (26 - p.z) * 0.115
            let psoas = Oval(x: 24 + 0.5 * r, y: -37, a: r, b: r * 1.15)
            if psoas.radius(side + 0.3 * warp.x, p.y) < 1 { return (57 + 4 * warp.w, true) }
        }
        if p.z < 12 && Oval(x: 58, y: -62, a: 17, b: 6.5).radius(side, p.y) < 1 {
            return (54, true)
        }
        // The crura of the diaphragm hold the aorta between them.
        if p.z > -30 {
            let (right, left) = (
                Oval(x: 8, y: -6, a: 4.5, b: 10), Oval(x: -25, y: -9, a: 3.5, b: 12)
            )
            if right.radius(p.x, p.y) < 1 || left.radius(p.x, p.y) < 1 { return (56, true) }
        }
        return (-101 + 7 * warp.w, false)
    }

    private func chest(_ p: SIMD3<Float>, _ warp: SIMD4<Float>) -> Tissue {
        let heart = Ellipsoid(center: SIMD3(-24, 49, 100), radii: SIMD3(58, 37, 36))
        let beat = heart.distance(p + SIMD3(warp.x, warp.y, warp.z))
        if beat < 0 { return (beat > -8 ? 105 : 150, false) }
        if beat < 3 { return (-95, false) }
        if Oval(x: 2, y: 8, a: 35, b: 29).radius(p.x, p.y) < 1 { return (-95, false) }
        // Where two smooth fields are both near 0 there are thin lines: vessels of the lung.
        let (a, b) = (warp.x * warp.x * 0.05 + warp.w * warp.w, warp.y * warp.y + warp.z * warp.z)
        let branch = max(1 - min(a, b * 0.05) * 50, 0)
        return (-845 + 620 * branch - 18 * p.y / 80, true)
    }
}
