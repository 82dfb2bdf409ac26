import MedicalImaging
import Testing

@testable import SampleAugmentation

@Suite("Carrying out drawn augmentations") struct ExecutionTests {
    /// A transform of any kind whose passes the executor may fuse, or may have to end.
    private func transform(from random: inout RandomSource, extent: SampleExtent) -> Transform {
        let fill = [Fill.black, .constant(0.5), .edge, .reflect][random.index(below: 4)]
        let interpolation = Interpolation.allCases[random.index(below: 2)]
        switch random.index(below: 14) {
        case 0, 1: return .flip(Flip(axis: Flip.Axis.allCases[random.index(below: 3)]))
        case 2, 3: return .quarterTurn(QuarterTurn(turns: .fixed(Double(random.index(below: 4)))))
        case 4, 5:
            return .rotation(
                Rotation(
                    degrees: .fixed(random.unit() * 90 - 45), interpolation: interpolation,
                    fill: fill))
        case 6:
            return .affine(
                AffineTransform(
                    degrees: .fixed(random.unit() * 20), scale: .fixed(0.5 + random.unit()),
                    shiftX: .fixed(random.unit() / 4), interpolation: interpolation, fill: fill))
        case 7, 8: return .intensityScale(IntensityScale(factor: .fixed(0.5 + random.unit())))
        case 9: return .intensityShift(IntensityShift(offset: .fixed(random.unit() - 0.5)))
        case 10:
            return .cropOrPad(
                CropOrPad(
                    rows: 1 + random.index(below: 40), columns: 1 + random.index(below: 40),
                    fill: fill))
        case 11: return .windowJitter(WindowJitter(level: 0.05, width: 1.1))
        case 12: return .intensityScale(IntensityScale(factor: .fixed(1.5), clips: true))
        default:
            return .rescale(
                IntensityRescale(
                    from: .window(low: 0.1, high: 0.8), low: -1, high: 2,
                    clips: random.index(below: 2) == 0))
        }
    }

    @Test("fused pipelines have the bits of one transform after another")
    func fusion() throws {
        var random = RandomSource(seed: 40)
        for number in 0..<300 {
            let sample = World.random(from: &random, side: 45)
            let drawn = DrawnAugmentation(
                transforms: (0..<random.index(below: 9)).map { _ in
                    transform(from: &random, extent: sample.extent)
                })
            var fused = sample
            try drawn.apply(to: &fused)
            var single = sample
            for transform in drawn.transforms { try transform.transform.apply(to: &single) }
            let same = zip(fused.image, single.image).allSatisfy { $0.bitPattern == $1.bitPattern }
            #expect(same, "pipeline \(number): \(drawn.transforms.map(\.name))")
            #expect(fused == single, "pipeline \(number): \(drawn.transforms.map(\.name))")
            #expect(fused.extent == drawn.extent(after: sample.extent))
        }
    }

    /// A window from -1...1 to 0...1, which changes what black is.
    private struct Window: LinearIntensity {
        func linear(
            for sample: AugmentationSample
        ) -> (scale: Float, shift: Float, clip: ClosedRange<Float>?)? {
            sample.range == -1...1 ? (0.5, 0.5, 0...1) : nil
        }

        func range(after range: ClosedRange<Float>) -> ClosedRange<Float> { 0...1 }
    }

    @Test(
        "a step that changes the range does so at once, for the steps behind it but not for the fill before it"
    )
    func ranges() throws {
        var sample = AugmentationSample(
            extent: SampleExtent(rows: 1, columns: 4), image: [3, 0, 1, -1], range: -1...1)
        var pass = PlanePass(extent: sample.extent)
        try AffineTransform(shiftX: 0.25).add(to: &pass, of: &sample)
        #expect(!pass.takesGeometry)
        let added = pass.add(Window(), of: &sample)
        #expect(added && sample.range == 0...1)
        let again = pass.add(Window(), of: &sample)
        #expect(!again)
        pass.run(on: &sample)
        #expect(sample.image == [0, 1, 0.5, 1])
    }

    @Test("no transforms change nothing")
    func empty() throws {
        var sample = World.counting(rows: 3, columns: 2)
        try DrawnAugmentation(transforms: []).apply(to: &sample)
        #expect(sample == World.counting(rows: 3, columns: 2))
    }

    @Test("an error in the last transform leaves the sample as it was")
    func errors() {
        let sample = World.counting(rows: 4, columns: 3)
        let good: [Transform] = [
            .flip(Flip(axis: .horizontal)), .intensityScale(IntensityScale(factor: 2)),
            .quarterTurn(QuarterTurn(turns: 1)),
        ]
        let bad: [Transform] = [
            .rotation(Rotation(degrees: .uniform(0, 1))), .affine(AffineTransform(scale: 0)),
            .intensityScale(IntensityScale(factor: .uniform(0, 1))),
            .intensityScale(IntensityScale(factor: 1e30)),
        ]
        for last in bad {
            var result = sample
            #expect(throws: AugmentationError.self) {
                try DrawnAugmentation(transforms: good + [last]).apply(to: &result)
            }
            #expect(result == sample)
        }
    }

    @Test("the picture is read where the map to the source says")
    func provenance() throws {
        var random = RandomSource(seed: 41)
        for _ in 0..<60 {
            let extent = SampleExtent(
                channels: 2, rows: 20 + random.index(below: 30),
                columns: 20 + random.index(below: 30))
            // the first channel holds x, the second y; linear reading is exact up to rounding
            var image: [Float] = []
            for channel in 0..<2 {
                for row in 0..<extent.rows {
                    for column in 0..<extent.columns {
                        image.append(Float(channel == 0 ? column : row))
                    }
                }
            }
            let drawn = DrawnAugmentation(
                transforms: (0..<4).map { _ -> Transform in
                    switch random.index(below: 5) {
                    case 0: .flip(Flip(axis: Flip.Axis.allCases[random.index(below: 3)]))
                    case 1: .quarterTurn(QuarterTurn(turns: .fixed(Double(random.index(below: 4)))))
                    case 2:
                        .rotation(
                            Rotation(
                                degrees: .fixed(random.unit() * 40 - 20), fill: .constant(-1e15)))
                    case 3:
                        .affine(
                            AffineTransform(
                                scale: .fixed(0.8 + random.unit() * 0.4),
                                shearX: .fixed(random.unit() * 9),
                                fill: .constant(-1e15)))
                    default:
                        .cropOrPad(CropOrPad(rows: 25, columns: 25, fill: .constant(-1e15)))
                    }
                })
            let map = try #require(drawn.pixelToSource(extent: extent))
            #expect(map.count == 6)
            var sample = AugmentationSample(extent: extent, image: image)
            try drawn.apply(to: &sample)
            let size = sample.extent
            var seen = 0
            for row in 0..<size.rows {
                for column in 0..<size.columns {
                    let place = row * size.columns + column
                    let (x, y) = (
                        Double(sample.image[place]), Double(sample.image[size.planeCount + place])
                    )
                    // pixels mixed with what lies outside are far below
                    guard x >= 0, y >= 0 else { continue }
                    let (c, r) = (Double(column), Double(row))
                    #expect(abs(map[0] * c + map[1] * r + map[2] - x) < 1e-3)
                    #expect(abs(map[3] * c + map[4] * r + map[5] - y) < 1e-3)
                    seen += 1
                }
            }
            #expect(seen > 40)
        }
    }

    @Test("there is no map to the source after an elastic deformation or with a range")
    func noProvenance() {
        let extent = SampleExtent(rows: 8, columns: 8)
        let flip = Transform.flip(Flip(axis: .horizontal))
        func map(_ transforms: [Transform]) -> [Double]? {
            DrawnAugmentation(transforms: transforms).pixelToSource(extent: extent)
        }
        #expect(map([]) == [1, 0, 0, 0, 1, 0])
        #expect(map([flip]) == [-1, 0, 7, 0, 1, 0])
        #expect(map([flip, .intensityScale(IntensityScale(factor: 2))]) == [-1, 0, 7, 0, 1, 0])
        #expect(
            map([flip, .elastic(ElasticDeformation(amplitude: 1, smoothness: 4, seed: 3))]) == nil)
        #expect(map([.rotation(Rotation(degrees: .uniform(0, 1))), flip]) == nil)
    }

    @Test("every level of instructions gives the same sample")
    func levels() throws {
        var random = RandomSource(seed: 44)
        let transforms: [Transform] = [
            .flip(Flip(axis: .horizontal)), .rotation(Rotation(degrees: 17)),
            .intensityScale(IntensityScale(factor: 1.1)),
            .intensityShift(IntensityShift(offset: 0.05)),
        ]
        for _ in 0..<5 {
            let sample = World.random(from: &random, side: 300)
            let results = try KernelTests.levels.map { level in
                try KernelTests.at(level: level) {
                    var result = sample
                    try DrawnAugmentation(transforms: transforms).apply(to: &result)
                    return result
                }
            }
            #expect(results[0] == results[1] && results[1] == results[2])
        }
    }
}
