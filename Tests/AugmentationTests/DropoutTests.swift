import Foundation
import MedicalImaging
import Testing

@testable import SampleAugmentation

@Suite("Coarse dropout")
struct DropoutTests {
    let extent = SampleExtent(channels: 2, slices: 2, rows: 3, columns: 4)

    var sample: AugmentationSample {
        AugmentationSample(
            extent: extent, image: (0..<48).map { Float($0 + 10) }, range: 5...100,
            labels: [UInt8](repeating: 1, count: 24), points: [.init(PointPrompt(x: 1, y: 1))],
            boxes: [.init(BoxPrompt(x0: 0, y0: 0, x1: 3, y1: 2), around: .label(1))])
    }

    @Test("rectangles are painted over every channel and slice, and nothing else changes")
    func byHand() throws {
        for (fill, value) in [(Fill.black, Float(5)), (.constant(7.5), 7.5)] {
            var painted = sample
            try CoarseDropout(
                count: 2, height: 0.5, width: 0.5, fill: fill,
                rectangles: [
                    .init(row: 0, column: 1, rows: 2, columns: 2),
                    .init(row: 2, column: 3, rows: 1, columns: 1),
                ]
            ).apply(to: &painted)
            var expected = sample
            for plane in 0..<4 {
                for pixel in [1, 2, 5, 6, 11] { expected.image[plane * 12 + pixel] = value }
            }
            #expect(painted == expected)
        }
    }

    @Test("drawn rectangles have the asked sizes, lie inside and reach every place")
    func places() throws {
        let extent = SampleExtent(rows: 20, columns: 10)
        let dropout = CoarseDropout(count: .whole(0, 3), height: .uniform(0.1, 0.3), width: 0.25)
        var random = RandomSource(seed: 6)
        var counts: Set<Int> = []
        var heights: Set<Int> = []
        var columns = [Int](repeating: 0, count: 8)
        for _ in 0..<2000 {
            let drawn = dropout.drawn(from: &random, extent: extent)
            #expect(drawn.isDrawn)
            let rectangles = try #require(drawn.rectangles)
            #expect(drawn.count.value == Double(rectangles.count))
            counts.insert(rectangles.count)
            for rectangle in rectangles {
                #expect(rectangle.fits(extent))
                // 0.25 of ten columns is two and a half: halves go up
                #expect(rectangle.columns == 3)
                heights.insert(rectangle.rows)
                columns[rectangle.column] += 1
            }
        }
        #expect(counts == [0, 1, 2, 3])
        #expect(heights == [2, 3, 4, 5, 6])
        // about 3000 rectangles over eight columns, five standard deviations either way
        let mean = Double(columns.reduce(0, +)) / 8
        #expect(columns.allSatisfy { abs(Double($0) - mean) < 5 * mean.squareRoot() })
    }

    @Test("the smallest rectangle is a pixel, the largest the picture")
    func sizes() throws {
        var random = RandomSource(seed: 1)
        let small = CoarseDropout(count: 1, height: 0, width: 0.01)
            .drawn(from: &random, extent: extent)
        #expect(small.rectangles?.first?.rows == 1 && small.rectangles?.first?.columns == 1)
        let large = CoarseDropout(count: 1, height: 1, width: 1)
            .drawn(from: &random, extent: extent)
        #expect(large.rectangles == [.init(row: 0, column: 0, rows: 3, columns: 4)])
        var painted = sample
        try large.apply(to: &painted)
        #expect(painted.image.allSatisfy { $0 == 5 })
    }

    @Test("a drawn transform takes nothing from the generator and replays from JSON")
    func drawing() throws {
        let dropout = CoarseDropout(count: 3, height: .uniform(0.2, 0.8), width: 0.5)
        var random = RandomSource(seed: 4)
        let drawn = dropout.drawn(from: &random, extent: extent)
        var twin = random
        #expect(drawn.drawn(from: &random, extent: extent) == drawn)
        #expect(random.next() == twin.next())
        let again = try JSONDecoder().decode(
            Transform.self, from: JSONEncoder().encode(Transform.dropout(drawn)))
        #expect(again == .dropout(drawn))
        var (first, second) = (sample, sample)
        try drawn.apply(to: &first)
        try again.transform.apply(to: &second)
        #expect(first == second && first != sample)
        #expect(throws: AugmentationError.notDrawn(transform: "dropout")) {
            try dropout.apply(to: &first)
        }
        let short = Data(#"{"transform":"dropout","count":2,"height":0.1,"width":[0.1,0.2]}"#.utf8)
        #expect(
            try JSONDecoder().decode(Transform.self, from: short)
                == .dropout(CoarseDropout(count: 2, height: 0.1, width: .uniform(0.1, 0.2))))
    }

    @Test(
        "numbers out of bounds, fills without a value and rectangles outside are errors",
        arguments: [
            CoarseDropout(count: -1, height: 0.1, width: 0.1),
            CoarseDropout(count: 1e12, height: 0.1, width: 0.1),
            CoarseDropout(count: .fixed(.nan), height: 0.1, width: 0.1),
            CoarseDropout(count: .whole(0, .max), height: 0.1, width: 0.1),
            CoarseDropout(count: 1, height: 1.5, width: 0.1),
            CoarseDropout(count: 1, height: 0.1, width: .uniform(-1, 0.5)),
            CoarseDropout(count: 1, height: 0.1, width: 0.1, fill: .edge),
            CoarseDropout(count: 1, height: 0.1, width: 0.1, fill: .reflect),
            CoarseDropout(count: 1, height: 0.1, width: 0.1, fill: .constant(-1e39)),
        ]
            + [
                CoarseDropout.Rectangle(row: -1, column: 0, rows: 1, columns: 1),
                .init(row: 0, column: 4, rows: 1, columns: 1),
                .init(row: 2, column: 0, rows: 2, columns: 1),
                .init(row: .max, column: .max, rows: .max, columns: .max),
                .init(row: .max, column: 0, rows: 1, columns: 1),
                .init(row: 0, column: 0, rows: -1, columns: 1),
                .init(row: 0, column: 0, rows: .min, columns: 1),
            ].map { CoarseDropout(count: 1, height: 0.1, width: 0.1, rectangles: [$0]) }
            + [
                CoarseDropout(
                    count: 1, height: 0.1, width: 0.1,
                    rectangles: Array(
                        repeating: .init(row: 0, column: 0, rows: 1, columns: 1), count: 1001))
            ])
    func hostile(_ dropout: CoarseDropout) throws {
        var random = RandomSource(seed: 1)
        var painted = sample
        let drawn = dropout.drawn(from: &random, extent: extent)
        let error = #expect(throws: AugmentationError.self) { try drawn.apply(to: &painted) }
        guard case .parameter("dropout", _, _, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(painted == sample)
    }
}
