import MedicalImaging
import Testing

@testable import SampleAugmentation

@Suite("Flips and quarter turns") struct GeometryFlipTests {
    private let picture = World.rows([[1, 2, 3], [4, 5, 6]])

    @Test("a horizontal flip exchanges left and right, of image and maps")
    func horizontal() throws {
        let result = try World.after(Flip(axis: .horizontal), picture)
        #expect(World.rows(of: result) == [[3, 2, 1], [6, 5, 4]])
        #expect(result.labels == [3, 2, 1, 6, 5, 4])
        #expect(result.instances == [3, 2, 1, 6, 5, 4])
    }

    @Test("a vertical flip exchanges above and below, of image and maps")
    func vertical() throws {
        let result = try World.after(Flip(axis: .vertical), picture)
        #expect(World.rows(of: result) == [[4, 5, 6], [1, 2, 3]])
        #expect(result.labels == [4, 5, 6, 1, 2, 3])
    }

    @Test("a flip of the slices reverses their sequence in every channel")
    func slices() throws {
        let result = try World.after(
            Flip(axis: .slices), World.counting(channels: 2, slices: 3, rows: 1, columns: 2))
        #expect(result.image == [5, 6, 3, 4, 1, 2, 11, 12, 9, 10, 7, 8])
        #expect(result.labels == [5, 6, 3, 4, 1, 2])
        #expect(result.instances == [5, 6, 3, 4, 1, 2])
    }

    @Test("quarter turns go counter-clockwise, as numpy.rot90 turns")
    func turns() throws {
        let turned: [Int: [[Float]]] = [
            0: [[1, 2, 3], [4, 5, 6]], 1: [[3, 6], [2, 5], [1, 4]], 2: [[6, 5, 4], [3, 2, 1]],
            3: [[4, 1], [5, 2], [6, 3]],
        ]
        for turns in -6...6 {
            let result = try World.after(QuarterTurn(turns: .fixed(Double(turns))), picture)
            #expect(World.rows(of: result) == turned[(turns + 8) % 4])
            #expect(result.labels == result.image.map { UInt8($0) })
            #expect(
                result.extent
                    == QuarterTurn(turns: .fixed(Double(turns))).extent(after: picture.extent))
        }
    }

    @Test("every flip twice and four quarter turns change nothing")
    func identities() throws {
        var random = RandomSource(seed: 8)
        for _ in 0..<30 {
            let sample = World.random(from: &random, side: 20)
            for axis in Flip.Axis.allCases {
                var result = sample
                for _ in 0..<2 { try Flip(axis: axis).apply(to: &result) }
                #expect(result.image == sample.image && result.labels == sample.labels)
                #expect(result.instances == sample.instances && result.points == sample.points)
            }
            var result = sample
            for _ in 0..<4 { try QuarterTurn(turns: 1).apply(to: &result) }
            #expect(result.image == sample.image && result.labels == sample.labels)
            #expect(result.points == sample.points && result.extent == sample.extent)
        }
    }

    @Test("the inverses of flips and turns restore the sample")
    func inverses() throws {
        var random = RandomSource(seed: 9)
        for _ in 0..<60 {
            let sample = World.random(from: &random, side: 20)
            let forward = DrawnAugmentation(
                transforms: (0..<4).map { _ in
                    random.index(below: 2) == 0
                        ? .flip(Flip(axis: Flip.Axis.allCases[random.index(below: 3)]))
                        : .quarterTurn(
                            QuarterTurn(turns: .fixed(Double(random.index(below: 9)) - 4)))
                })
            var result = sample
            try forward.apply(to: &result)
            #expect(result.extent == forward.extent(after: sample.extent))
            try #require(forward.inverse(extent: sample.extent)).apply(to: &result)
            #expect(result.image == sample.image && result.labels == sample.labels)
            #expect(result.instances == sample.instances && result.extent == sample.extent)
            #expect(result.points == sample.points)
        }
    }

    @Test("turns that are not whole, not drawn or endless are errors and leave the sample")
    func hostileTurns() {
        for turns: Amount in [0.5, .fixed(.nan), .fixed(1e300), .whole(0, 3), .uniform(1, 2)] {
            var sample = picture
            let turn = QuarterTurn(turns: turns)
            #expect(throws: AugmentationError.self) { try turn.apply(to: &sample) }
            #expect(sample == picture)
            #expect(turn.inverse(extent: picture.extent) == nil)
            #expect(turn.extent(after: picture.extent) == picture.extent)
            #expect(turn.sourceMap(extent: picture.extent) == nil)
        }
    }

    @Test("whole turns are drawn from their range, each about as often")
    func drawnTurns() {
        var random = RandomSource(seed: 5)
        var counts = [0, 0, 0, 0]
        for _ in 0..<400 {
            let turn = QuarterTurn(turns: .whole(0, 3)).drawn(from: &random, extent: picture.extent)
            #expect(turn.isDrawn)
            counts[Int(turn.turns.value ?? -1)] += 1
        }
        #expect(counts.allSatisfy { $0 > 70 })
    }
}
