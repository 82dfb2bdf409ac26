import MedicalImaging

/// Where the nuclei of one picture lie, in the order in which they are annotated.
struct NucleiScene {
    /// The nuclei that are drawn and annotated.
    let nuclei: [Nucleus]

    /// Places nuclei one after the other; one that would lie too near to another is not placed.
    init(_ profile: NucleiProfile, tissue: NucleiTissue, seed: UInt64) {
        var random = profile.random(.placement, seed: seed)
        let (width, height) = (Float(profile.width), Float(profile.height))
        var placed: [Nucleus] = []
        let tries = Int(width * height / 64)
        for _ in 0..<tries {
            let p = SIMD2(random.uniform(-12, width + 12), random.uniform(-12, height + 12))
            guard var nucleus = Self.candidate(p, profile, tissue, &random) else { continue }
            let isOverlapping = random.uniform(0, 1) < profile.overlap
            if random.uniform(0, 1) < profile.faint {
                nucleus.blur = random.uniform(2.5, 4.5)
                nucleus.stain *= random.uniform(0.42, 0.65)
                nucleus.nucleoli = []
            }
            let isFree = placed.allSatisfy { other in
                let away = HistologyMath.length(other.center - p)
                let room =
                    Self.extent(nucleus, towards: other) + Self.extent(other, towards: nucleus)
                return away > room * (isOverlapping ? 0.72 : 1.04)
            }
            if isFree, Self.visibleArea(nucleus, width, height) >= 36 { placed.append(nucleus) }
        }
        nuclei = placed
    }

    private static func candidate(
        _ p: SIMD2<Float>, _ profile: NucleiProfile, _ tissue: NucleiTissue,
        _ random: inout RandomSource
    ) -> Nucleus? {
        let (lot, share) = (random.uniform(0, 1), random.uniform(0, 1))
        guard share < profile.density else { return nil }
        let kind: NucleusKind
        var axis = random.direction()
        switch tissue.zone(p.x, p.y) {
        case .lumen: return nil
        case .epithelium:
            // The nuclei stand in one or two rows at the base.
            let d = tissue.lumenDistance(p) / NucleiTissue.epithelium
            guard d > 0.42, d < 0.86 else { return nil }
            kind = lot < 0.94 ? .epithelial : .lymphocyte
        case .stroma:
            guard !tissue.isCleft(p.x, p.y), share < 0.05 else { return nil }
            kind = lot < 0.68 ? .spindle : .lymphocyte
            if kind == .spindle {
                axis = HistologyMath.unit(tissue.fibreDirection(p.x, p.y) + axis * 0.2)
            }
        case .ground:
            switch profile.ground {
            case .sheets:
                guard share < profile.density * 0.4 else { return nil }
                kind = lot < 0.55 ? .tumor : lot < 0.93 ? .hyperchromatic : .lymphocyte
            case .neuropil:
                guard share < profile.density * 0.05 else { return nil }
                kind =
                    lot < 0.4
                    ? .centroblast : lot < 0.75 ? .lymphocyte : lot < 0.9 ? .tumor : .spindle
            case .lymphoid:
                kind = lot < 0.8 ? .lymphocyte : .centroblast
            }
        }
        var nucleus = kind.draw(at: p, axis: axis, pixelsPerMicron: 4, random: &random)
        nucleus.stain *= profile.haematoxylin
        return nucleus
    }

    /// How far a nucleus reaches towards another.
    private static func extent(_ nucleus: Nucleus, towards other: Nucleus) -> Float {
        let d = HistologyMath.unit(other.center - nucleus.center)
        let (a, b) = (
            (d.x * nucleus.axis.x + d.y * nucleus.axis.y) / nucleus.radii.x,
            (d.y * nucleus.axis.x - d.x * nucleus.axis.y) / nucleus.radii.y
        )
        return 1 / (a * a + b * b).squareRoot()
    }

    private static let coarseDirections = HistologyMath.directions(24)

    /// The area inside the picture, in pixels.
    private static func visibleArea(_ nucleus: Nucleus, _ width: Float, _ height: Float) -> Float {
        let ring = nucleus.outline(coarseDirections).map {
            SIMD2(min(max($0.x, 0), width), min(max($0.y, 0), height))
        }
        var sum: Float = 0
        for n in ring.indices {
            let (a, b) = (ring[n], ring[(n + 1) % ring.count])
            sum += a.x * b.y - b.x * a.y
        }
        return sum / 2
    }
}
