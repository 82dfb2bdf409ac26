import MedicalImaging

/// The kinds of nuclei that the phantoms show.
enum NucleusKind: Sendable {
    /// Small, round, dark.
    case lymphocyte
    /// Activated lymphocytes of a germinal centre: medium, paler.
    case centroblast
    /// Oval, with a clear inside and a thin dark membrane.
    case epithelial
    /// Long and thin, of connective tissue.
    case spindle
    /// Large, pale, irregular, with nucleoli.
    case tumor
    /// Large, dark, irregular.
    case hyperchromatic

    /// Half axes in micrometres: long from...to, short from...to.
    private var radii: (SIMD2<Float>, SIMD2<Float>) {
        switch self {
        case .lymphocyte: (SIMD2(3.0, 3.6), SIMD2(2.7, 3.3))
        case .centroblast: (SIMD2(3.8, 4.8), SIMD2(3.2, 4.0))
        case .epithelial: (SIMD2(4.2, 5.4), SIMD2(3.3, 4.1))
        case .spindle: (SIMD2(5.5, 8.5), SIMD2(1.4, 2.2))
        case .tumor: (SIMD2(5.2, 7.2), SIMD2(4.2, 5.6))
        case .hyperchromatic: (SIMD2(4.6, 7.4), SIMD2(3.2, 4.8))
        }
    }

    /// Draws a nucleus of this kind.
    ///
    /// - Parameters:
    ///   - center: Where, in pixels.
    ///   - axis: Where its long axis points.
    ///   - pixelsPerMicron: The scale of the picture.
    ///   - random: Where its size, shape and stain come from.
    /// - Returns: The nucleus.
    func draw(
        at center: SIMD2<Float>, axis: SIMD2<Float>, pixelsPerMicron: Float,
        random: inout RandomSource
    ) -> Nucleus {
        let (long, short) = radii
        let size = SIMD2(random.uniform(long.x, long.y), random.uniform(short.x, short.y))
        var wobble = SIMD4<Float>()
        let amount: Float =
            switch self {
            case .lymphocyte, .centroblast: 0.05
            case .epithelial, .spindle: 0.06
            case .tumor, .hyperchromatic: 0.09
            }
        for n in 0..<4 { wobble[n] = random.uniform(-amount, amount) }
        var nucleus = Nucleus(
            center: center, radii: size * pixelsPerMicron, axis: axis, wobble: wobble,
            stain: 1, eosin: 0.18, clumps: 0.4, membrane: 0, blur: 0.9, nucleoli: [])
        switch self {
        case .lymphocyte:
            nucleus.stain = random.uniform(1.7, 2.3)
            nucleus.clumps = 0.28
        case .centroblast:
            nucleus.stain = random.uniform(1.0, 1.45)
            nucleus.membrane = 0.3
        case .epithelial:
            nucleus.stain = random.uniform(0.85, 1.3)
            nucleus.membrane = random.uniform(0.3, 0.6)
            nucleus.clumps = 0.5
        case .spindle:
            nucleus.stain = random.uniform(1.4, 2.1)
            nucleus.clumps = 0.3
        case .tumor:
            nucleus.stain = random.uniform(0.8, 1.25)
            nucleus.membrane = random.uniform(0.25, 0.5)
            nucleus.clumps = 0.55
        case .hyperchromatic:
            nucleus.stain = random.uniform(1.6, 2.4)
            nucleus.clumps = 0.35
        }
        if self == .tumor || self == .epithelial || self == .centroblast {
            let most = self == .tumor ? 3 : 2
            for _ in 0..<random.index(below: most) + (self == .tumor ? 1 : 0) {
                nucleus.nucleoli.append(
                    SIMD3(
                        random.uniform(-0.5, 0.5), random.uniform(-0.5, 0.5),
                        random.uniform(0.45, 0.8) * pixelsPerMicron))
            }
        }
        return nucleus
    }
}
