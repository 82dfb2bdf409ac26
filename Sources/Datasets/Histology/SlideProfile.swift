import MedicalImaging

/// What is particular to one slide of the phantom: its size, where tissue, fat and tumors lie, its staining.
struct SlideProfile: Sendable {
    /// The name of the case and its number, from 1.
    var id: String, number: UInt32
    /// Columns and rows.
    var width: Int, height: Int
    /// Pieces of lymph node, and lobes of fat at them.
    var nodes: [RoughOval], fat: [RoughOval]
    /// Tumors, each with the parts of it that are normal tissue.
    var tumors: [Tumor]
    /// The names of the annotation groups of tumors and of the parts cut out of them.
    var groups: (tumor: String, normal: String)
    /// Strokes of a felt pen beside the tissue, as rows of positions.
    var pen: [SIMD2<Float>]
    /// A fold of the section: two ends in the tissue.
    var fold: (SIMD2<Float>, SIMD2<Float>)
    /// Strength of haematoxylin and eosin.
    var haematoxylin: Float = 1, eosin: Float = 1
    var colors = StainColors()

    /// A tumor and its holes.
    struct Tumor: Sendable {
        var outer: RoughOval
        var holes: [RoughOval] = []
    }

    private static func oval(
        _ x: Float, _ y: Float, _ a: Float, _ b: Float, _ axis: SIMD2<Float> = SIMD2(1, 0),
        rough: Float
    ) -> RoughOval {
        RoughOval(
            center: SIMD2(x, y), radii: SIMD2(a, b), axis: HistologyMath.unit(axis),
            roughness: rough)
    }

    /// The three cases.
    static let all: [SlideProfile] = [
        SlideProfile(
            id: "patient_001_node_1", number: 1, width: 4096, height: 3072,
            nodes: [
                oval(1080, 1500, 1080, 720, SIMD2(0.35, 1), rough: 150),
                oval(2960, 820, 760, 470, SIMD2(1, 0.2), rough: 120),
                oval(3060, 2320, 620, 420, SIMD2(1, -0.35), rough: 110),
            ],
            fat: [
                oval(1720, 2080, 430, 330, rough: 90), oval(2380, 1190, 380, 230, rough: 80),
                oval(3480, 2060, 330, 260, rough: 70), oval(700, 640, 330, 260, rough: 80),
            ],
            tumors: [
                Tumor(
                    outer: oval(980, 1430, 470, 390, SIMD2(0.6, 1), rough: 90),
                    holes: [oval(1010, 1440, 120, 90, rough: 30)]),
                Tumor(outer: oval(3080, 760, 260, 170, SIMD2(1, 0.4), rough: 60)),
                Tumor(outer: oval(2960, 2380, 105, 80, rough: 26)),
            ],
            groups: ("_0", "_2"),
            pen: [SIMD2(2010, 2890), SIMD2(2160, 2800), SIMD2(2250, 2900), SIMD2(2420, 2790)],
            fold: (SIMD2(1240, 2080), SIMD2(1500, 1860))),
        SlideProfile(
            id: "patient_001_node_2", number: 2, width: 3072, height: 2304,
            nodes: [oval(1480, 1150, 980, 640, SIMD2(1, 0.15), rough: 150)],
            fat: [oval(620, 900, 330, 270, rough: 80), oval(2180, 1600, 380, 250, rough: 80)],
            tumors: [], groups: ("_0", "_2"),
            pen: [SIMD2(200, 200), SIMD2(330, 310), SIMD2(220, 420)],
            fold: (SIMD2(1700, 760), SIMD2(1880, 980))),
        SlideProfile(
            id: "patient_002_node_1", number: 3, width: 3500, height: 2700,
            nodes: [
                oval(1180, 1300, 860, 620, SIMD2(1, -0.5), rough: 140),
                oval(2620, 1500, 780, 500, SIMD2(0.3, 1), rough: 130),
            ],
            fat: [oval(1900, 640, 360, 250, rough: 80), oval(2180, 2200, 330, 230, rough: 70)],
            tumors: [
                Tumor(outer: oval(1180, 1350, 300, 230, SIMD2(1, 0.3), rough: 70)),
                Tumor(
                    outer: oval(2640, 1560, 380, 320, SIMD2(0.3, 1), rough: 80),
                    holes: [
                        oval(2560, 1450, 90, 66, rough: 22), oval(2740, 1690, 76, 96, rough: 22),
                    ]),
            ],
            groups: ("metastases", "normal"),
            pen: [SIMD2(3160, 260), SIMD2(3330, 300), SIMD2(3300, 430), SIMD2(3140, 400)],
            fold: (SIMD2(900, 900), SIMD2(1120, 800)), haematoxylin: 1.05, eosin: 1.05,
            colors: StainColors(
                haematoxylin: SIMD4(0.64, 0.72, 0.26, 0), eosin: SIMD4(0.16, 0.85, 0.34, 0),
                ink: SIMD4(1.2, 1.1, 0.35, 0))),
    ]

    /// A generator of its own for one purpose.
    func random(_ purpose: HistologyPurpose, seed: UInt64) -> RandomSource {
        RandomSource(seed: seed, stream: (number, purpose.rawValue, 0x534c_4944))
    }
}
