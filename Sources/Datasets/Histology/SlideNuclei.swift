import MedicalImaging

/// The nuclei of a slide: at most one in each cell of a lattice that belongs to the slide, drawn from the cell's own random
/// numbers, so that a window knows its nuclei without the rest of the slide.
struct SlideNuclei: Sendable {
    /// Side of a cell in pixels: 7.5 µm, a little more than a lymphocyte.
    private static let side: Float = 15
    /// No nucleus reaches farther from its place in the lattice.
    static let reach = 48
    private static let pixelsPerMicron: Float = 2

    private let tissue: SlideTissue
    private let seed: UInt64, number: UInt32, haematoxylin: Float
    private let chromatin: PlaneNoise

    /// Prepares the nuclei of a slide.
    init(_ profile: SlideProfile, tissue: SlideTissue, seed: UInt64) {
        self.tissue = tissue
        self.seed = seed
        number = profile.number
        haematoxylin = profile.haematoxylin
        chromatin = PlaneNoise(wavelength: 2.1, random: profile.random(.chromatin, seed: seed))
    }

    /// Paints the nuclei of a window, row of cells by row.
    ///
    /// - Parameters:
    ///   - canvas: The window.
    ///   - values: Its anatomy, with a margin of ``reach`` and 16 pixels more.
    func paint(on canvas: inout StainCanvas, _ values: SlideFieldWindow) {
        func cell(_ pixel: Int) -> Int { Int((Float(pixel) / Self.side).rounded(.down)) }
        let columns = cell(canvas.x - Self.reach)...cell(canvas.x + canvas.width + Self.reach)
        let rows = cell(canvas.y - Self.reach)...cell(canvas.y + canvas.height + Self.reach)
        for row in rows {
            for column in columns {
                let corner = SIMD2(Float(column) * Self.side, Float(row) * Self.side)
                let near = values(corner.x, corner.y)
                guard min(near.node, near.fat) < 40 else { continue }
                guard let nucleus = nucleus(column, row, corner, values) else { continue }
                nucleus.paint(on: &canvas, chromatin: chromatin)
            }
        }
    }

    private func nucleus(
        _ column: Int, _ row: Int, _ corner: SIMD2<Float>, _ values: SlideFieldWindow
    ) -> Nucleus? {
        var random = RandomSource(
            seed: seed,
            stream: (
                UInt32(truncatingIfNeeded: column), UInt32(truncatingIfNeeded: row),
                number << 8 | HistologyPurpose.placement.rawValue
            ))
        // Odd rows are shifted by half a cell, so that the lattice does not show.
        let shift: Float = row & 1 == 0 ? 0.25 : 0.75
        let place = SIMD2(
            shift + random.uniform(-0.44, 0.44), 0.5 + random.uniform(-0.44, 0.44))
        var p = corner + place * Self.side
        let (lot, share) = (random.uniform(0, 1), random.uniform(0, 1))
        let kind: NucleusKind
        var axis = random.direction()
        switch tissue.zone(p.x, p.y, values(p.x, p.y)) {
        case .glass, .vessel: return nil
        case .fat:
            guard lot < 0.2, tissue.isFatWall(p.x, p.y) else { return nil }
            kind = .spindle
        case .capsule, .septum:
            guard lot < 0.2 else { return nil }
            kind = share < 0.7 ? .spindle : .lymphocyte
            if kind == .spindle {
                let along = tissue.fibreDirection(p.x, p.y) { values($0, $1) }
                axis = HistologyMath.unit(along + axis * 0.3)
            }
        case .cortex:
            guard lot < 0.9 else { return nil }
            kind = share < 0.94 ? .lymphocyte : .centroblast
        case .follicle:
            guard lot < 0.62 else { return nil }
            kind = share < 0.75 ? .centroblast : .lymphocyte
        case .sinus:
            guard lot < 0.34 else { return nil }
            kind = share < 0.6 ? .lymphocyte : share < 0.85 ? .centroblast : .spindle
        case .tumor:
            // Tumor cells are twice as wide: one cell of the lattice in four,
            // like the fields of a chessboard.
            guard row & 1 == 0 && (column + row >> 1) & 1 == 0 else {
                guard lot < 0.05 else { return nil }
                kind = .lymphocyte
                break
            }
            guard lot < 0.93 else { return nil }
            kind = share < 0.82 ? .tumor : .hyperchromatic
            p += SIMD2(random.uniform(-8, 8), random.uniform(-8, 8))
        }
        var nucleus = kind.draw(
            at: p, axis: axis, pixelsPerMicron: Self.pixelsPerMicron, random: &random)
        nucleus.stain *= haematoxylin
        return nucleus
    }
}
