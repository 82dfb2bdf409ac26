import MedicalImaging

/// The shapes of one patient's organs, in standard coordinates, varied from the standard ones.
struct PhantomOrgans {
    let frame: PhantomFrame
    let aorta: Tube, cava: Tube, portal: [Tube], esophagus: Tube
    let rightKidney: Ellipsoid, leftKidney: Ellipsoid
    let rightAdrenal: Adrenal, leftAdrenal: Adrenal
    let gallbladder: Tube, pancreas: Tube, stomach: [Tube]
    let spleen: Ellipsoid
    let loose: LooseParts
    /// Added to the lower and the left end of the liver, in millimetres.
    let liverReach: Float
    /// How full of gas the stomach is: the height of the fluid level.
    let fluidLevel: Float

    /// Draws the organs of one case.
    ///
    /// - Parameters:
    ///   - frame: Body wall and diaphragm.
    ///   - random: The generator of this case's anatomy.
    init(frame: PhantomFrame, random: RandomSource) {
        var vary = Variation(random: random)
        self.frame = frame
        aorta = vary.tube(
            [
                SIMD4(-4, 0, -130, 8.5), SIMD4(-6, 1, -45, 9), SIMD4(-9, 0, 10, 10),
                SIMD4(-14, -3, 60, 11.5), SIMD4(-19, -5, 130, 12),
            ], by: 1.5)
        cava = vary.tube(
            [
                SIMD4(19, 1, -130, 10.5), SIMD4(22, 3, -45, 11.5), SIMD4(25, 5, 10, 12),
                SIMD4(27, 9, 45, 13), SIMD4(23, 14, 70, 13), SIMD4(15, 21, 84, 12),
            ], by: 1.5, flattening: 1.25)
        portal = [
            // Splenic vein, from the hilum of the spleen behind the pancreas to the confluence.
            vary.tube(
                [
                    SIMD4(-80, -10, 10, 4), SIMD4(-55, -5, 0, 4.6), SIMD4(-24, 13, -6, 5),
                    SIMD4(8, 17, -12, 6),
                ], by: 1.5),
            // Portal vein, to its fork in the liver, and the two branches.
            vary.tube(
                [
                    SIMD4(9, 17, -14, 7), SIMD4(20, 21, 0, 7.5), SIMD4(34, 19, 18, 7.5),
                    SIMD4(46, 14, 26, 6.5), SIMD4(64, 6, 30, 5),
                ], by: 1),
            vary.tube([SIMD4(40, 17, 23, 6), SIMD4(26, 32, 31, 5), SIMD4(16, 44, 36, 4)], by: 1),
        ]
        esophagus = vary.tube(
            [
                SIMD4(-7, 10, 130, 8), SIMD4(-11, 12, 75, 8), SIMD4(-19, 13, 58, 8.5),
                SIMD4(-31, 13, 48, 9),
            ], by: 1, flattening: 1.15)
        rightKidney = vary.ellipsoid(
            SIMD3(67, -33, -28), SIMD3(25.5, 23.5, 53), shear: SIMD2(-0.12, -0.1))
        leftKidney = vary.ellipsoid(
            SIMD3(-67, -33, -14), SIMD3(26, 24, 54), shear: SIMD2(0.12, -0.1))
        rightAdrenal = Adrenal(
            apex: vary.moved(SIMD3(30, -13, 34), by: 1.5), inner: SIMD2(28, -33),
            outer: SIMD2(39, -33), halfHeight: 13)
        leftAdrenal = Adrenal(
            apex: vary.moved(SIMD3(-36, -7, 22), by: 1.5), inner: SIMD2(-33, -28),
            outer: SIMD2(-47, -24), halfHeight: 14)
        gallbladder = vary.tube(
            [
                SIMD4(37, 25, -4, 5), SIMD4(43, 36, -14, 9), SIMD4(53, 52, -24, 15),
                SIMD4(57, 60, -31, 14),
            ], by: 3)
        pancreas = vary.tube(
            [
                SIMD4(31, 18, -46, 9), SIMD4(31, 20, -34, 14), SIMD4(22, 25, -20, 13),
                SIMD4(4, 30, -9, 10), SIMD4(-25, 25, -2, 11), SIMD4(-54, 8, 3, 11),
                SIMD4(-80, -1, 9, 9.5),
            ], by: 2)
        let wide = 1 + 0.14 * vary.signed()
        stomach = [
            vary.tube(
                [
                    SIMD4(-70, 0, 42, 26 * wide), SIMD4(-78, 14, 24, 30 * wide),
                    SIMD4(-74, 40, 4, 29 * wide), SIMD4(-52, 54, -14, 24 * wide),
                    SIMD4(-18, 60, -24, 19), SIMD4(12, 56, -20, 15), SIMD4(32, 47, -12, 9),
                ], by: 2.5),
            Tube([SIMD4(-36, 13, 45, 9), SIMD4(-62, 10, 38, 20)]),
        ]
        spleen = vary.ellipsoid(SIMD3(-99, -26, 20), SIMD3(36, 48, 51), shear: SIMD2(0, -0.25))
        liverReach = 9 * vary.signed()
        fluidLevel = 54 + 7 * vary.signed()
        loose = LooseParts(&vary)
    }

    /// The distance to the liver's surface: below the dome, right of the midline, above the other organs.
    ///
    /// - Parameters:
    ///   - p: A warped position.
    ///   - raw: The same position, rigid.
    /// - Returns: About millimetres, negative inside.
    func liver(_ p: SIMD3<Float>, _ raw: SIMD3<Float>) -> Float {
        let wall = frame.cavity.distance(raw.x, raw.y) + 3
        let dome = (depthBelowDiaphragm(p, raw) + 3) * 0.8
        // The lower surface rises from the tip of the right lobe to the left lobe.
        let right = -68 + (104 - p.x) * 0.86 - liverReach
        let left = 0.8 + (24 - p.x) * 0.36 - liverReach
        let bottom = p.x > 24 ? right : left
        let floor = (bottom - 0.18 * (p.y - 10) - p.z) * 0.75
        // The back: the right lobe wraps the kidney, the left lobe lies in front of stomach and spine.
        let edge = PhantomShapes.smoothMin(-1.25 * (p.x - 28), -0.5 * (p.x - 28), 14)
        let back = (edge - 4 - p.y) * 0.8
        let end = (-78 - liverReach - p.x) * 0.9
        var f = PhantomShapes.smoothMax(wall, dome, 5)
        f = PhantomShapes.smoothMax(f, floor, 16)
        f = PhantomShapes.smoothMax(f, back, 12)
        f = PhantomShapes.smoothMax(f, end, 12)
        return PhantomShapes.smoothMax(f, 4.5 - rightKidney.distance(p), 6)
    }

    /// Negative below the diaphragm.
    private func depthBelowDiaphragm(_ p: SIMD3<Float>, _ raw: SIMD3<Float>) -> Float {
        raw.z - frame.diaphragm(raw.x, raw.y, bend: p.z - raw.z)
    }

    /// The distance to the spleen's surface: hollowed by the stomach and the left kidney.
    func spleen(_ p: SIMD3<Float>, _ raw: SIMD3<Float>, hasKidney: Bool) -> Float {
        var f = PhantomShapes.smoothMax(
            spleen.distance(p), frame.cavity.distance(raw.x, raw.y) + 3, 6)
        f = PhantomShapes.smoothMax(f, (depthBelowDiaphragm(p, raw) + 3) * 0.8, 8)
        let hollow = Ellipsoid(center: SIMD3(-55, 6, 18), radii: SIMD3(34, 42, 62))
        f = PhantomShapes.smoothMax(f, -hollow.distance(p), 8)
        return hasKidney ? PhantomShapes.smoothMax(f, 4 - leftKidney.distance(p), 6) : f
    }

    /// The distance to the stomach's surface: kept off pancreas and diaphragm.
    func stomach(_ p: SIMD3<Float>, _ raw: SIMD3<Float>) -> Float {
        var f = PhantomShapes.smoothMin(stomach[0].distance(p), stomach[1].distance(p), 8)
        f = PhantomShapes.smoothMax(f, 3 - pancreas.distance(p), 5)
        f = PhantomShapes.smoothMax(f, depthBelowDiaphragm(p, raw) + 4, 6)
        return PhantomShapes.smoothMax(f, frame.cavity.distance(raw.x, raw.y) + 4, 6)
    }
}

/// Two thin limbs that part backwards from an apex: an upside-down V or Y in axial slices.
struct Adrenal {
    /// Where the limbs meet, and the middle of the height.
    let apex: SIMD3<Float>
    /// Ends of the two limbs in the axial plane.
    let inner: SIMD2<Float>, outer: SIMD2<Float>
    /// Half the height in millimetres.
    let halfHeight: Float

    /// About the distance to the surface in millimetres, negative inside.
    func distance(_ p: SIMD3<Float>) -> Float {
        let height = p.z - apex.z
        // Short limbs on top, long ones below; the body is an undivided ridge in front.
        let spread = min(max(0.75 - 0.4 * height / halfHeight, 0.35), 1)
        let start = SIMD2(apex.x, apex.y)
        func limb(_ end: SIMD2<Float>) -> Float {
            let way = (end - start) * spread
            let d = SIMD2(p.x, p.y) - start
            let t = (d.x * way.x + d.y * way.y) / (way.x * way.x + way.y * way.y)
            let off = d - way * min(max(t, -0.15), 1)
            return (off.x * off.x + off.y * off.y).squareRoot() - 3.9 + 0.9 * min(max(t, 0), 1)
        }
        return max(min(limb(inner), limb(outer)), abs(height) - halfHeight)
    }

    /// The box around it.
    var box: PhantomBox {
        let low = SIMD3(min(inner.x, outer.x, apex.x), min(inner.y, outer.y), apex.z - halfHeight)
        let high = SIMD3(max(inner.x, outer.x, apex.x), apex.y, apex.z + halfHeight)
        return PhantomBox(low: low, high: high).expanded(by: 6)
    }
}

/// Draws the differences between patients.
struct Variation {
    private var random: RandomSource

    /// Makes a source of differences.
    init(random: RandomSource) { self.random = random }

    /// A number in -1...1, more often near 0.
    mutating func signed() -> Float { Float(random.unit() + random.unit() - 1) }

    /// A position moved by up to a distance along each axis.
    mutating func moved(_ p: SIMD3<Float>, by distance: Float) -> SIMD3<Float> {
        let (x, y, z) = (signed(), signed(), signed())
        return p + SIMD3(x, y, z) * distance
    }

    /// A tube whose points are moved and whose radius is scaled by up to 12 %.
    mutating func tube(_ points: [SIMD4<Float>], by distance: Float, flattening: Float = 1) -> Tube
    {
        let scale = 1 + 0.12 * signed()
        return Tube(
            points.map { point in
                let p = moved(SIMD3(point.x, point.y, point.z), by: distance)
                return SIMD4(p.x, p.y, p.z, point.w * scale)
            }, flattening: flattening)
    }

    /// An ellipsoid moved by up to 4 mm and scaled by up to 10 %.
    mutating func ellipsoid(
        _ center: SIMD3<Float>, _ radii: SIMD3<Float>, shear: SIMD2<Float>
    ) -> Ellipsoid {
        let scale = 1 + 0.1 * signed()
        return Ellipsoid(
            center: moved(center, by: 3.5), radii: radii * scale,
            shear: shear * (1 + 0.3 * signed()))
    }
}
