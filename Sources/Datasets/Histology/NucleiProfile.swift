import MedicalImaging

/// What is particular to one picture of the nuclei phantom: its size, its tissue and its staining.
struct NucleiProfile: Sendable {
    /// The name of the case and its number, from 1.
    var id: String, number: UInt32
    /// Columns and rows.
    var width: Int, height: Int
    /// The tissue that is neither gland nor stroma.
    var ground: Ground
    /// How many lumens with epithelium around them.
    var lumens = 0
    /// Share of the picture that is connective tissue, about; the ground takes the rest.
    var stroma: Float
    /// How torn the connective tissue is, 0...1.
    var looseness: Float
    /// How many nuclei are tried, and the share of candidates that may overlap another.
    var density: Float, overlap: Float
    /// Strength of haematoxylin and eosin.
    var haematoxylin: Float = 1, eosin: Float = 1
    /// Share of nuclei out of focus.
    var faint: Float = 0.06
    /// Whether one annotated region has only two vertices.
    var hasDegenerateRegion = false
    var colors = StainColors()

    /// A kind of tissue.
    enum Ground: Sendable { case sheets, neuropil, lymphoid }

    /// The six cases.
    static let all: [NucleiProfile] = [
        NucleiProfile(
            id: "sampleN-0001", number: 1, width: 500, height: 500, ground: .sheets, lumens: 3,
            stroma: 0.95, looseness: 0.45, density: 0.8, overlap: 0.05),
        NucleiProfile(
            id: "sampleN-0002", number: 2, width: 500, height: 500, ground: .lymphoid,
            stroma: 0.7, looseness: 0.75, density: 0.75, overlap: 0.07, hasDegenerateRegion: true,
            colors: StainColors(
                haematoxylin: SIMD4(0.66, 0.70, 0.27, 0), eosin: SIMD4(0.12, 0.83, 0.52, 0))),
        NucleiProfile(
            id: "sampleN-0003", number: 3, width: 512, height: 448, ground: .sheets,
            stroma: 0.28, looseness: 0.6, density: 0.95, overlap: 0.16, haematoxylin: 1.2,
            eosin: 0.9,
            colors: StainColors(
                haematoxylin: SIMD4(0.55, 0.74, 0.36, 0), eosin: SIMD4(0.26, 0.84, 0.36, 0))),
        NucleiProfile(
            id: "sampleN-0004", number: 4, width: 448, height: 512, ground: .neuropil,
            stroma: -1, looseness: 0.3, density: 0.34, overlap: 0.03, haematoxylin: 1.1,
            eosin: 1.15,
            colors: StainColors(eosin: SIMD4(0.25, 0.86, 0.36, 0))),
        NucleiProfile(
            id: "sampleN-0005", number: 5, width: 500, height: 500, ground: .lymphoid,
            stroma: 0.22, looseness: 0.5, density: 1, overlap: 0.1, haematoxylin: 0.95,
            colors: StainColors(haematoxylin: SIMD4(0.62, 0.73, 0.28, 0))),
        NucleiProfile(
            id: "sampleN-0006", number: 6, width: 384, height: 512, ground: .sheets, lumens: 1,
            stroma: 0.5, looseness: 0.5, density: 0.85, overlap: 0.08, haematoxylin: 0.8,
            eosin: 0.8, faint: 0.22, hasDegenerateRegion: true,
            colors: StainColors(glass: SIMD4(238, 239, 240, 0))),
    ]

    /// A generator of its own for one purpose.
    func random(_ purpose: HistologyPurpose, seed: UInt64) -> RandomSource {
        RandomSource(seed: seed, stream: (number, purpose.rawValue, 0x4e55_434c))
    }
}

/// The uses of random numbers, each with its own stream.
enum HistologyPurpose: UInt32 {
    case layout = 1
    case coarse, middle, fine, streaks, cells, smallCells, chromatin, placement, outlines, camera
    case texture, nests, vessels
}
