import MedicalImaging
import Testing

@testable import SegmentAnything

/// The parts of automatic masks, each on its own.
///
/// The boxes of seed 99, the masks of 24 x 31 and the crops of 641 x 479 were computed with NumPy and OpenCV's connected
/// components, written down from the description of the reference.
@Suite struct AutomaticMaskPartTests {
    /// A rule for inputs that other languages repeat easily.
    static func numbers(_ count: Int, seed: Int) -> [Int] {
        var state = seed
        return (0..<count).map { _ in
            state = (state * 1_103_515_245 + 12345) % (1 << 31)
            return state >> 16
        }
    }

    static func hash(_ values: some Sequence<UInt8>) -> UInt64 {
        values.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }

    static func slice(_ rows: String...) -> LabelSlice {
        LabelSlice(
            rows: rows.count, columns: rows[0].count,
            samples: rows.flatMap { $0.map { $0 == "#" ? 1 : 0 } })
    }

    // MARK: - Points

    @Test func `the grid lies at the centres of equal cells, row by row`() {
        let points = PointGrid.points(perSide: 4, size: SliceSize(rows: 8, columns: 16))
        #expect(points.count == 16)
        #expect(points[0] == PointPrompt(x: 2, y: 1))
        #expect(points[1] == PointPrompt(x: 6, y: 1))
        #expect(points[4] == PointPrompt(x: 2, y: 3))
        #expect(points[15] == PointPrompt(x: 14, y: 7))
    }

    @Test func `deeper layers have fewer points, and never none`() {
        var options = AutomaticMaskOptions()
        options.cropPointsDivisor = 3
        #expect((0...4).map { options.pointsPerSide(layer: $0) } == [32, 10, 3, 1, 1])
    }

    // MARK: - Crops

    @Test func `four crops overlap by the reference's share and cover the picture`() {
        let crops = PictureCrop.plan(
            size: SliceSize(rows: 768, columns: 1024), layers: 1, overlap: 512.0 / 1500)
        #expect(
            crops == [
                PictureCrop(x0: 0, y0: 0, x1: 1024, y1: 768, layer: 0),
                PictureCrop(x0: 0, y0: 0, x1: 643, y1: 515, layer: 1),
                PictureCrop(x0: 0, y0: 253, x1: 643, y1: 768, layer: 1),
                PictureCrop(x0: 381, y0: 0, x1: 1024, y1: 515, layer: 1),
                PictureCrop(x0: 381, y0: 253, x1: 1024, y1: 768, layer: 1),
            ])
        let deep = PictureCrop.plan(
            size: SliceSize(rows: 479, columns: 641), layers: 2, overlap: 512.0 / 1500)
        let values = deep.flatMap { [$0.x0, $0.y0, $0.x1, $0.y1, $0.layer] }
        #expect(deep.count == 21)
        #expect(
            Self.hash(values.map { UInt8(truncatingIfNeeded: $0) }) == 15_027_246_672_631_600_007)
    }

    @Test(arguments: 1...9, [1, 2, 5, 17])
    func `the crops of every layer cover small pictures and lie inside them`(
        rows: Int, columns: Int
    ) {
        let size = SliceSize(rows: rows, columns: columns)
        let crops = PictureCrop.plan(size: size, layers: 3, overlap: 0.3)
        for layer in 0...3 {
            var isCovered = [Bool](repeating: false, count: rows * columns)
            for crop in crops where crop.layer == layer {
                #expect(crop.x0 >= 0 && crop.y0 >= 0 && crop.x1 <= columns && crop.y1 <= rows)
                #expect(crop.x0 < crop.x1 && crop.y0 < crop.y1)
                for y in crop.y0..<crop.y1 {
                    for x in crop.x0..<crop.x1 { isCovered[y * columns + x] = true }
                }
            }
            #expect(isCovered.allSatisfy { $0 }, "layer \(layer)")
        }
    }

    @Test func `a crop takes its pixels out of the picture and puts its masks back there`() {
        let grey = InputImage(
            grey: Slice(rows: 4, columns: 5, samples: (0..<20).map { UInt8($0) }))
        let colour = InputImage(
            rows: 4, columns: 5, rgb: (0..<60).map { UInt8($0) })
        let crop = PictureCrop(x0: 1, y0: 2, x1: 4, y1: 4, layer: 1)
        #expect(crop.cut(grey).samples == [11, 12, 13, 16, 17, 18])
        #expect(crop.cut(colour).samples == Array(33..<42) + Array(48..<57))
        let placed = crop.place(Self.slice("##.", "..#"), in: grey.size)
        #expect(placed == Self.slice(".....", ".....", ".##..", "...#."))
        let whole = PictureCrop(x0: 0, y0: 0, x1: 5, y1: 4)
        #expect(whole.cut(grey) == grey && whole.place(placed, in: grey.size) == placed)
    }

    @Test func `boxes are cut off by an edge of the crop but not by one of the picture`() {
        let size = SliceSize(rows: 200, columns: 300)
        func box(_ x0: Float, _ y0: Float, _ x1: Float, _ y1: Float) -> BoxPrompt {
            BoxPrompt(x0: x0, y0: y0, x1: x1, y1: y1)
        }
        let crop = PictureCrop(x0: 0, y0: 50, x1: 150, y1: 200, layer: 1)
        // The left and the lower edge are the picture's.
        #expect(!crop.cuts(box(0, 40, 100, 149), of: size))
        #expect(crop.cuts(box(0, 20, 100, 149), of: size))
        #expect(!crop.cuts(box(0, 21, 100, 149), of: size))
        #expect(crop.cuts(box(0, 40, 130, 149), of: size))
        #expect(!crop.cuts(box(0, 40, 129, 149), of: size))
        let whole = PictureCrop(x0: 0, y0: 0, x1: 300, y1: 200)
        #expect(!whole.cuts(box(0, 0, 299, 199), of: size))
    }

    // MARK: - Boxes

    @Test func `overlapping boxes leave the best, in the order of scores`() {
        let values = Self.numbers(200, seed: 99)
        var boxes: [BoxPrompt] = []
        var scores: [Float] = []
        for n in 0..<40 {
            let (x, y) = (values[5 * n] % 50, values[5 * n + 1] % 50)
            boxes.append(
                BoxPrompt(
                    x0: Float(x), y0: Float(y), x1: Float(x + values[5 * n + 2] % 40),
                    y1: Float(y + values[5 * n + 3] % 40)))
            scores.append(Float(Double(values[5 * n + 4] % 20) / 20))
        }
        let expected: [Double: [Int]] = [
            0.1: [25, 28, 35, 22, 3, 7, 20, 29, 23, 0, 11, 27, 4, 24, 2, 32, 18],
            0.3: [
                25, 28, 35, 22, 21, 1, 8, 13, 3, 7, 20, 29, 5, 9, 23, 26, 0, 15, 30, 11, 27, 4, 24,
                37, 2, 32, 34, 18,
            ],
            0.7: [
                25, 28, 35, 22, 21, 1, 8, 13, 3, 7, 10, 20, 29, 5, 31, 19, 36, 9, 23, 26, 39, 0, 15,
                30, 33, 16, 17, 6, 11, 27, 4, 24, 37, 38, 2, 14, 32, 34, 12, 18,
            ],
        ]
        for (threshold, kept) in expected {
            let found = BoxSuppression.kept(boxes, scores: scores, threshold: threshold)
            #expect(found == kept, "threshold \(threshold)")
            // No pair that stays overlaps more, and each that went overlaps a better one that stayed.
            for (rank, a) in found.enumerated() {
                for b in found[(rank + 1)...] {
                    #expect(!(Double(BoxSuppression.overlap(boxes[a], boxes[b])) > threshold))
                }
            }
            for gone in Set(boxes.indices).subtracting(found) {
                #expect(
                    found.contains {
                        Double(BoxSuppression.overlap(boxes[$0], boxes[gone])) > threshold
                            && scores[$0] >= scores[gone]
                    })
            }
        }
    }

    @Test func `equal boxes with equal scores leave the first, and boxes without area stay`() {
        let box = BoxPrompt(x0: 1, y0: 1, x1: 5, y1: 5)
        #expect(BoxSuppression.kept([box, box, box], scores: [1, 1, 1], threshold: 0.7) == [0])
        let line = BoxPrompt(x0: 1, y0: 1, x1: 1, y1: 5)
        #expect(BoxSuppression.kept([line, line], scores: [1, 2], threshold: 0.7) == [1, 0])
        #expect(BoxSuppression.kept([], scores: [], threshold: 0.7).isEmpty)
    }

    // MARK: - Regions

    @Test(arguments: [
        (1, 30, 4, 139, 0xbee1_fa44_c074_58de as UInt64), (2, 45, 6, 326, 0xeef2_669e_076f_d27d),
        (3, 60, 10, 517, 0xf58d_ca39_f376_d30c), (4, 15, 30, 13, 0x9eaf_88c5_c990_9aa8),
        (5, 85, 3, 699, 0xe5e2_9ac7_1fb4_8532), (6, 50, 1, 379, 0x3172_38d0_e2b9_6b32),
        (7, 3, 2, 2, 0x9465_2688_dbf9_697b),
    ])
    func `small holes and islands go as OpenCV's regions say`(
        seed: Int, percent: Int, area: Int, left: Int, digest: UInt64
    ) {
        let mask = LabelSlice(
            rows: 24, columns: 31,
            samples: Self.numbers(24 * 31, seed: seed).map { $0 % 100 < percent ? 1 : 0 })
        let cleaned = SmallRegions.cleaned(mask, below: area)
        #expect((cleaned == nil) == (area == 1))
        let result = cleaned ?? mask
        #expect(result.samples.count { $0 == 1 } == left)
        #expect(Self.hash(result.samples) == digest)
    }

    @Test func `holes are filled, islands removed, and the largest island is saved`() {
        let ring = Self.slice("....#", ".###.", ".#.#.", ".###.", ".....")
        // The corner touches the ring, diagonally: one island.
        #expect(
            SmallRegions.cleaned(ring, below: 2)
                == Self.slice("....#", ".###.", ".###.", ".###.", "....."))
        #expect(SmallRegions.cleaned(ring, below: 1) == nil)
        let dots = Self.slice("#...#", ".....", ".##..")
        #expect(
            SmallRegions.cleaned(dots, below: 2) == Self.slice(".....", ".....", ".##.."))
        #expect(
            SmallRegions.cleaned(dots, below: 3) == Self.slice(".....", ".....", ".##.."))
        let equal = Self.slice("......", "#....#", "......")
        #expect(
            SmallRegions.cleaned(equal, below: 5) == Self.slice("......", "#.....", "......"))
        #expect(SmallRegions.cleaned(Self.slice("...", "..."), below: 4) == nil)
    }

    @Test func `impossible options are named`() {
        #expect(AutomaticMaskOptions().objection == nil)
        func objection(_ change: (inout AutomaticMaskOptions) -> Void) -> String {
            var options = AutomaticMaskOptions()
            change(&options)
            return options.objection ?? "none"
        }
        #expect(objection { $0.pointsPerSide = 0 }.hasPrefix("points per side: found 0"))
        #expect(objection { $0.pointsPerBatch = 0 }.hasPrefix("points per batch"))
        #expect(objection { $0.boxOverlap = .nan }.hasPrefix("thresholds"))
        #expect(objection { $0.stabilityOffset = -1 }.hasPrefix("thresholds"))
        #expect(objection { $0.cropLayers = 9 }.hasPrefix("crop layers"))
        #expect(objection { $0.cropOverlap = 1 }.hasPrefix("overlap of crops"))
        #expect(objection { $0.cropPointsDivisor = 0 }.hasPrefix("divisor"))
        #expect(objection { $0.smallestRegion = -1 }.hasPrefix("smallest region"))
    }
}
