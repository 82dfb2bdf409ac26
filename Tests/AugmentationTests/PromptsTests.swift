import MedicalImaging
import Testing

@testable import SampleAugmentation

@Suite("Points and boxes under transforms") struct PromptsTests {
    typealias Box = AugmentationSample.Box
    typealias Point = AugmentationSample.Point

    /// Five rows of seven; label 2 is an L of three pixels around (2, 1), (2, 2), (3, 2), instance 9 the lower right corner.
    private func sample(_ boxes: [Box], _ points: [Point] = [], maps: Bool = true)
        -> AugmentationSample
    {
        var labels = [UInt8](repeating: 0, count: 35)
        for index in [7 + 2, 14 + 2, 14 + 3] { labels[index] = 2 }
        var instances = [UInt32](repeating: 0, count: 35)
        instances[34] = 9
        return AugmentationSample(
            extent: SampleExtent(rows: 5, columns: 7), image: labels.map(Float.init),
            labels: maps ? labels : nil, instances: maps ? instances : nil, points: points,
            boxes: boxes)
    }

    private func box(_ x0: Float, _ y0: Float, _ x1: Float, _ y1: Float) -> BoxPrompt {
        BoxPrompt(x0: x0, y0: y0, x1: x1, y1: y1)
    }

    @Test("points go where their pixel goes")
    func points() throws {
        let start = sample(
            [],
            [
                Point(PointPrompt(x: 2, y: 1)),
                Point(PointPrompt(x: 6, y: 4.25, isForeground: false)),
            ])
        func moved(_ transform: some SampleTransform) throws -> [[Float]] {
            let result = try World.after(transform, start)
            #expect(result.points.map(\.prompt.isForeground) == [true, false])
            return result.points.map { [$0.prompt.x, $0.prompt.y] }
        }
        #expect(try moved(Flip(axis: .horizontal)) == [[4, 1], [0, 4.25]])
        #expect(try moved(Flip(axis: .vertical)) == [[2, 3], [6, -0.25]])
        #expect(try moved(QuarterTurn(turns: 1)) == [[1, 4], [4.25, 0]])
        #expect(try moved(QuarterTurn(turns: 2)) == [[4, 3], [0, -0.25]])
        #expect(try moved(QuarterTurn(turns: 3)) == [[3, 2], [-0.25, 6]])
        #expect(try moved(Rotation(degrees: 180)) == [[4, 3], [0, -0.25]])
        #expect(try moved(AffineTransform(scale: 2)) == [[1, 0], [9, 6.5]])
    }

    @Test("a flip of the slices moves prompts to the slice their pixels are on")
    func slices() throws {
        var sample = World.counting(slices: 3, rows: 2, columns: 2)
        sample.points = [Point(PointPrompt(x: 1, y: 0), slice: 0)]
        sample.boxes = [
            Box(box(0, 0, 1, 1), slice: 2), Box(box(0, 0, 1, 1), around: .label(2), slice: 0),
        ]
        let result = try World.after(Flip(axis: .slices), sample)
        #expect(result.points == [Point(PointPrompt(x: 1, y: 0), slice: 2)])
        #expect(result.boxes.map(\.slice) == [0, 2])
        #expect(result.boxes[1].prompt == box(1, 0, 1, 0))
    }

    @Test(
        "a box around a label or an instance is measured again, one around nothing known surrounds its corners"
    )
    func boxes() throws {
        let start = sample([
            Box(box(2, 1, 3, 2), around: .label(2)), Box(box(6, 4, 6, 4), around: .instance(9)),
            Box(box(2, 1, 3, 2)),
        ])
        let flipped = try World.after(Flip(axis: .horizontal), start)
        #expect(flipped.boxes.map(\.prompt) == [box(3, 1, 4, 2), box(0, 4, 0, 4), box(3, 1, 4, 2)])
        let turned = try World.after(QuarterTurn(turns: 1), start)
        #expect(turned.boxes.map(\.prompt) == [box(1, 3, 2, 4), box(4, 0, 4, 0), box(1, 3, 2, 4)])
        // about (3, 2): the L turns to (2.6, 1), (2.3, 1.7), (3, 2); the corner leaves the picture
        let rotated = try World.after(Rotation(degrees: -30, interpolation: .nearest), start)
        #expect(rotated.boxes[1].prompt == nil)
        let found = try #require(rotated.boxes[0].prompt)
        let map = rotated.labels ?? []
        for row in 0..<5 {
            for column in 0..<7 where map[row * 7 + column] == 2 {
                #expect(found.x0 <= Float(column) && Float(column) <= found.x1)
                #expect(found.y0 <= Float(row) && Float(row) <= found.y1)
            }
        }
        let corners = try #require(rotated.boxes[2].prompt)
        // corners (-1, -1), (0, -1), (-1, 0), (0, 0) from the centre, turned clockwise
        let (c, s) = (Float(0.8660254), Float(0.5))
        #expect(abs(corners.x0 - (3 - c)) < 1e-6 && abs(corners.x1 - (3 + s)) < 1e-6)
        #expect(abs(corners.y0 - (2 - s - c)) < 1e-6 && abs(corners.y1 - 2) < 1e-6)
    }

    @Test("without the map, a box around a label surrounds its corners")
    func missingMap() throws {
        let start = sample(
            [Box(box(2, 1, 3, 2), around: .label(2)), Box(box(6, 4, 6, 4), around: .instance(9))],
            maps: false)
        let turned = try World.after(QuarterTurn(turns: 1), start)
        #expect(turned.boxes.map(\.prompt) == [box(1, 3, 2, 4), box(4, 0, 4, 0)])
    }

    @Test("a box whose object has gone is nil, and so is one on a slice that is not there")
    func gone() throws {
        let start = sample([
            Box(box(2, 1, 3, 2), around: .label(2)), Box(box(0, 0, 1, 1), around: .label(7)),
            Box(box(0, 0, 1, 1), around: .label(2), slice: 5),
            Box(box(0, 0, 1, 1), around: .label(2), slice: -1),
        ])
        let still = try World.after(Flip(axis: .vertical), start)
        #expect(still.boxes.map(\.prompt) == [box(2, 2, 3, 3), nil, nil, nil])
        let away = try World.after(AffineTransform(shiftX: 2), start)
        #expect(away.boxes.map(\.prompt) == [nil, nil, nil, nil])
    }

    @Test("measuring finds the box of every value, whatever the runs and the word size")
    func measuring() {
        var random = RandomSource(seed: 21)
        for _ in 0..<200 {
            let (rows, columns) = (1 + random.index(below: 6), 1 + random.index(below: 40))
            let longest = 1 + random.index(below: 20)
            var values: [UInt8] = []
            while values.count < rows * columns {
                let value = UInt8([0, 1, 128, 255][random.index(below: 4)])
                let run = 1 + random.index(below: longest)
                values += [UInt8](repeating: value, count: run)
            }
            values.removeLast(values.count - rows * columns)
            func check<Value: FixedWidthInteger & UnsignedInteger>(_ plane: [Value]) {
                var found: [Value: BoxPrompt?] = [1: .none, 255: .none, 77: .none]
                plane.withUnsafeBufferPointer {
                    LabelBounds.measure($0, columns: columns, boxes: &found)
                }
                for (value, prompt) in found {
                    let places = plane.indices.filter { plane[$0] == value }
                    let xs = places.map { Float($0 % columns) }
                    let ys = places.map { Float($0 / columns) }
                    let expected: BoxPrompt? =
                        if let x0 = xs.min(), let x1 = xs.max(), let y0 = ys.min(),
                            let y1 = ys.max()
                        {
                            box(x0, y0, x1, y1)
                        } else { nil }
                    #expect(prompt == expected)
                }
            }
            check(values)
            check(values.map(UInt32.init))
        }
    }

    @Test("prompts outside go, boxes across the border are clipped")
    func outside() {
        var start = sample(
            [
                Box(box(-2, 1, 3, 9)), Box(box(-5, 0, -1, 3)), Box(box(6.6, 0, 9, 3)),
                Box(box(1, -4, 2, -0.6)), Box(box(1, 4.5, 2, 8)), Box(box(1, 1, 2, 2)),
                Box(box(-3, 0, -0.25, 0)),
            ],
            [
                Point(PointPrompt(x: -0.5, y: 0)), Point(PointPrompt(x: -0.51, y: 0)),
                Point(PointPrompt(x: 6.49, y: 4.49)), Point(PointPrompt(x: 6.5, y: 0)),
                Point(PointPrompt(x: 0, y: 4.5)), Point(PointPrompt(x: .nan, y: 0)),
            ])
        start.boxes[5].prompt = nil
        start.removePromptsOutside()
        #expect(
            start.points.map(\.prompt) == [
                PointPrompt(x: -0.5, y: 0), PointPrompt(x: 6.49, y: 4.49),
            ])
        #expect(start.boxes.map(\.prompt) == [box(0, 1, 3, 4), box(0, 0, 0, 0)])
    }

    @Test("points stay on their pixel through any exact pipeline")
    func consistency() throws {
        var random = RandomSource(seed: 14)
        for _ in 0..<100 {
            var sample = World.random(from: &random, side: 30)
            let drawn = DrawnAugmentation(
                transforms: (0..<5).map { _ in
                    random.index(below: 2) == 0
                        ? .flip(Flip(axis: Flip.Axis.allCases[random.index(below: 3)]))
                        : .quarterTurn(QuarterTurn(turns: .fixed(Double(random.index(below: 4)))))
                })
            func values(_ sample: AugmentationSample) -> [Float] {
                sample.points.map {
                    let row = $0.slice * sample.extent.rows + Int($0.prompt.y)
                    return sample.image[row * sample.extent.columns + Int($0.prompt.x)]
                }
            }
            let before = values(sample)
            try drawn.apply(to: &sample)
            #expect(values(sample) == before)
        }
    }
}
