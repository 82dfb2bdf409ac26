import MedicalImaging

/// Paints one case in a fixed order: what comes first keeps its voxels, so labels never overlap.
struct PhantomPainter {
    private let organs: PhantomOrgans
    private let missing: [UInt8]
    private let texture: ValueNoise
    private(set) var canvas: PhantomCanvas

    /// Paints a whole case.
    ///
    /// - Parameters:
    ///   - profile: The case.
    ///   - seed: The seed of the phantom.
    init(_ profile: PhantomProfile, seed: UInt64) {
        let frame = PhantomFrame(fat: profile.fat)
        organs = PhantomOrgans(frame: frame, random: profile.random(.anatomy, seed: seed))
        missing = profile.missing
        texture = ValueNoise(wavelength: 11, random: profile.random(.texture, seed: seed))
        canvas = PhantomCanvas(profile, seed: seed)
        canvas.fill { frame.tissue($0, $1) }
        paintVessels()
        paintKidneys()
        paintUpperAbdomen()
        canvas.keepLargestParts()
        paintBowel()
        paintLiverVessels()
    }

    private func has(_ label: UInt8) -> Bool { !missing.contains(label) }

    private mutating func paint(_ tubes: [Tube], _ label: UInt8, _ density: Float) {
        for tube in tubes {
            canvas.paint(in: tube.box) { p, _, w in
                tube.distance(p) < 0
                    ? PhantomCanvas.Paint(label: label, density: density + 3 * w) : nil
            }
        }
    }

    private mutating func paintVessels() {
        let esophagus = organs.esophagus
        paint([organs.aorta], 8, 152)
        paint([organs.cava], 9, 140)
        paint(organs.portal, 10, 148)
        paint(organs.loose.vessels, 0, 146)
        canvas.paint(in: esophagus.box) { p, _, _ in
            let d = esophagus.distance(p)
            guard d < 0 else { return nil }
            // A collapsed tube with a little air.
            return PhantomCanvas.Paint(label: 5, density: d < -6.6 ? -120 : 55)
        }
        for (label, gland) in [(UInt8(12), organs.rightAdrenal), (13, organs.leftAdrenal)]
        where has(label) {
            canvas.paint(in: gland.box) { p, _, _ in
                gland.distance(p) < 0 ? PhantomCanvas.Paint(label: label, density: 98) : nil
            }
        }
    }

    private mutating func paintKidneys() {
        let texture = texture
        for (label, kidney, inward) in [
            (UInt8(2), organs.rightKidney, Float(-1)), (3, organs.leftKidney, 1),
        ] where has(label) {
            // The hilum opens inwards and forwards.
            let hilum = Ellipsoid(
                center: kidney.center + SIMD3(inward * 19, 8, 0), radii: SIMD3(15, 10, 20))
            canvas.paint(in: kidney.box) { p, _, w in
                let q = kidney.normalized(p)
                let r = PhantomShapes.length(q)
                guard r + 0.03 * w < 1 else { return nil }
                let open = PhantomShapes.length(hilum.normalized(p))
                if open < 1 {
                    let pelvis = open < 0.45 ? Float(12) : -85
                    return PhantomCanvas.Paint(label: 0, density: pelvis)
                }
                // Pyramids: darker cones below the cortex, columns of cortex between them.
                let isPyramid = r < 0.8 && open > 1.05 && texture(p).x > -0.12
                return PhantomCanvas.Paint(label: label, density: isPyramid ? 118 : 186)
            }
            paint(label == 2 ? organs.loose.renalRight : organs.loose.renalLeft, 0, 145)
        }
    }

    private mutating func paintUpperAbdomen() {
        let (organs, texture) = (organs, texture)
        let liverBox = PhantomBox(low: SIMD3(-90, -65, -95), high: SIMD3(125, 90, 80))
        let stomachBox = PhantomBox(low: SIMD3(-120, -40, -55), high: SIMD3(48, 90, 75))
        if has(4) {
            canvas.paint(in: organs.gallbladder.box) { p, _, _ in
                let d = organs.gallbladder.distance(p)
                return d < 0 ? PhantomCanvas.Paint(label: 4, density: d > -1.2 ? 40 : 9) : nil
            }
        }
        canvas.paint(in: organs.pancreas.box) { p, _, _ in
            // Lobules, with fat between them near the surface.
            let grain = texture(p)
            let d = organs.pancreas.distance(p) + 1.7 * grain.y
            guard d < 0 else { return nil }
            return PhantomCanvas.Paint(label: 11, density: 98 + 10 * grain.z + (d > -1.5 ? -14 : 0))
        }
        canvas.paint(in: liverBox) { p, raw, w in
            organs.liver(p, raw) < 0 ? PhantomCanvas.Paint(label: 6, density: 110 + 4 * w) : nil
        }
        let hasKidney = has(3)
        canvas.paint(in: organs.spleen.box) { p, raw, w in
            organs.spleen(p, raw, hasKidney: hasKidney) < 0
                ? PhantomCanvas.Paint(label: 1, density: 121 + 4 * w) : nil
        }
        canvas.paint(in: stomachBox) { p, raw, w in
            let d = organs.stomach(p, raw)
            guard d < 0 else { return nil }
            let inner: Float = raw.y > organs.fluidLevel ? -910 : 24 + 9 * texture(p).x
            return PhantomCanvas.Paint(label: 7, density: d > -3.6 ? 68 + 5 * w : inner)
        }
    }

    private mutating func paintBowel() {
        let (organs, texture) = (organs, texture)
        let cavity = organs.frame.cavity
        func wallDistance(_ tube: Tube, _ p: SIMD3<Float>, _ raw: SIMD3<Float>) -> Float {
            PhantomShapes.smoothMax(tube.distance(p), cavity.distance(raw.x, raw.y) + 4, 6)
        }
        let colon = organs.loose.colon
        canvas.paint(in: colon.box) { p, raw, _ in
            let grain = texture(p)
            // Haustra: the wall folds in.
            let d = wallDistance(colon, p, raw) + 2 * grain.x
            guard d < 0 else { return nil }
            let coarse = texture(p * 0.4)
            let inner: Float = coarse.w > 0.08 ? -880 : 15 + 50 * grain.z
            return PhantomCanvas.Paint(label: 0, density: d > -2.2 ? 55 : inner)
        }
        for loop in organs.loose.smallBowel {
            canvas.paint(in: loop.box) { p, raw, w in
                let d = wallDistance(loop, p, raw)
                guard d < 0 else { return nil }
                let inner: Float = w > 1.05 ? -700 : 26 + 8 * w
                return PhantomCanvas.Paint(label: 0, density: d > -2.6 ? 92 : inner)
            }
        }
    }

    private mutating func paintLiverVessels() {
        for tube in organs.loose.hepatic {
            canvas.tint(6, in: tube.box) { tube.distance($0) < 0 ? 164 : nil }
        }
        for cyst in organs.loose.cysts where cyst.w > 5 {
            let ball = Ellipsoid(
                center: SIMD3(cyst.x, cyst.y, cyst.z), radii: SIMD3(repeating: cyst.w))
            canvas.tint(6, in: ball.box) { ball.distance($0) < 0 ? 8 : nil }
        }
    }
}
