import Foundation
import MedicalImaging
import Testing

@testable import SampleAugmentation

// The expected colours come from the formulas of torchvision's `ColorJitter`, written anew in Python with NumPy in double
// precision; hue through Python's own `colorsys`.
@Suite("Colour jitter")
struct ColorJitterTests {
    /// Six pixels; the fifth is grey, the sixth has one channel at either end.
    static let picture: [Float] = [
        0.9, 0.1, 0.3, 0.25, 0.5, 1.0, 0.2, 0.8, 0.3, 0.5, 0.5, 0.0, 0.1, 0.4, 0.7, 0.75, 0.5, 0.6,
    ]
    static let extent = SampleExtent(channels: 3, rows: 2, columns: 3)
    static let usual = ColorJitter.Part.allCases

    func sample(_ range: ClosedRange<Float> = 0...1) -> AugmentationSample {
        let width = range.upperBound - range.lowerBound
        return AugmentationSample(
            extent: Self.extent, image: Self.picture.map { range.lowerBound + width * $0 },
            range: range, labels: [0, 1, 2, 3, 4, 5])
    }

    struct Case: CustomTestStringConvertible {
        var jitter: ColorJitter
        var expected: [Float]
        var testDescription: String { "\(jitter)" }
    }

    static let cases: [Case] = [
        Case(
            jitter: ColorJitter(brightness: 1.3, order: usual),
            expected: [
                1.0, 0.13, 0.39, 0.325, 0.65, 1.0, 0.26, 1.0, 0.39, 0.65, 0.65, 0.0, 0.13, 0.52,
                0.91, 0.975, 0.65, 0.78,
            ]),
        Case(
            jitter: ColorJitter(contrast: 1.6, order: usual),
            expected: [
                1.0, 0.0, 0.2190555, 0.1390555, 0.5390555, 1.0, 0.0590555, 1.0, 0.2190555,
                0.5390555, 0.5390555, 0.0, 0.0, 0.3790555, 0.8590555, 0.9390555, 0.5390555,
                0.6990555,
            ]),
        Case(
            jitter: ColorJitter(saturation: 0.4, order: usual),
            expected: [
                0.598686, 0.367054, 0.327342, 0.372235, 0.49997, 0.62038, 0.318686, 0.647054,
                0.327342, 0.472235, 0.49997, 0.22038, 0.278686, 0.487054, 0.487342, 0.572235,
                0.49997, 0.46038,
            ]),
        Case(
            jitter: ColorJitter(saturation: 1.7, order: usual),
            expected: [
                1.0, 0.0, 0.268101, 0.1073925, 0.500035, 1.0, 0.061533, 0.978437, 0.268101,
                0.5323925, 0.500035, 0.0, 0.0, 0.298437, 0.948101, 0.9573925, 0.500035, 0.76289,
            ]),
        Case(
            jitter: ColorJitter(hue: 0.2, order: usual),
            expected: [
                0.64, 0.1, 0.7, 0.6, 0.5, 1.0, 0.9, 0.36, 0.3, 0.25, 0.5, 0.6, 0.1, 0.8, 0.62,
                0.75, 0.5, 0.0,
            ]),
        Case(
            jitter: ColorJitter(hue: -0.35, order: usual),
            expected: [
                0.12, 0.8, 0.34, 0.55, 0.5, 0.0, 0.1, 0.33, 0.7, 0.75, 0.5, 0.7, 0.9, 0.1, 0.3,
                0.25, 0.5, 1.0,
            ]),
        Case(
            jitter: ColorJitter(
                brightness: 1.2, contrast: 0.7, saturation: 1.5, hue: 0.1,
                order: [.hue, .contrast, .brightness, .saturation]),
            expected: [
                1.0, 0.0506451, 0.6729356, 0.4105977, 0.5878251, 1.0, 0.7391847, 0.9074451,
                0.3705356, 0.3475977, 0.5878251, 0.0434312, 0.0083847, 0.9326451, 0.8745356,
                0.9775977, 0.5878251, 0.0434312,
            ]),
        Case(
            jitter: ColorJitter(
                brightness: 1.2, contrast: 0.7, saturation: 1.5, hue: 0.1,
                order: [.saturation, .brightness, .contrast, .hue]),
            expected: [
                0.8471554, 0.1471554, 0.6602996, 0.3019296, 0.5671764, 0.8471554, 0.6520752,
                0.8471554, 0.380016, 0.2715909, 0.5671764, 0.1471554, 0.1471554, 0.8422176,
                0.8471554, 0.8471554, 0.5671764, 0.3288894,
            ]),
    ]

    @Test(
        "colours are those of torchvision's formulas, in any range of intensities", arguments: cases
    )
    func oracle(_ example: Case) throws {
        for range: ClosedRange<Float> in [0...1, 0...255, -3...5] {
            var sample = sample(range)
            try example.jitter.apply(to: &sample)
            let width = range.upperBound - range.lowerBound
            for (value, expected) in zip(sample.image, example.expected) {
                // a few roundings at the size of the values, and one of the seven digits
                #expect(
                    abs((value - range.lowerBound) / width - expected) < 1e-6,
                    "\(range) \(value) \(expected)")
            }
            #expect(sample.labels == [0, 1, 2, 3, 4, 5])
        }
    }

    @Test("a third of a turn makes green of red, and doubled brightness stops at white")
    func byHand() throws {
        var sample = AugmentationSample(
            extent: SampleExtent(channels: 3, rows: 1, columns: 1), image: [1, 0, 0])
        try ColorJitter(hue: .fixed(1 / 3), order: Self.usual).apply(to: &sample)
        #expect(abs(sample.image[0]) < 1e-6 && abs(sample.image[1] - 1) < 1e-6)
        #expect(sample.image[2] == 0)
        sample.image = [0.25, 0.5, 0.75]
        try ColorJitter(brightness: 2, order: Self.usual).apply(to: &sample)
        #expect(sample.image == [0.5, 1, 1])
    }

    @Test("one channel takes brightness and contrast, and nothing else")
    func oneChannel() throws {
        let sample = AugmentationSample(
            extent: SampleExtent(rows: 1, columns: 5), image: [0, 0.25, 0.5, 0.75, 1])
        var changed = sample
        try ColorJitter(contrast: 0.5, order: Self.usual).apply(to: &changed)
        #expect(changed.image == [0.25, 0.375, 0.5, 0.625, 0.75])
        for jitter in [
            ColorJitter(saturation: 0.5, order: Self.usual),
            ColorJitter(hue: 0.1, order: Self.usual),
        ] {
            #expect(throws: AugmentationError.self) { try jitter.apply(to: &changed) }
        }
        #expect(changed.image == [0.25, 0.375, 0.5, 0.625, 0.75])
    }

    @Test("every slice turns about a mean of its own, as if it were alone")
    func slices() throws {
        let jitter = ColorJitter(
            brightness: 0.9, contrast: 1.4, saturation: 0.6, hue: 0.1, order: Self.usual)
        var random = RandomSource(seed: 3)
        let plane = 7 * 9
        var whole = AugmentationSample(
            extent: SampleExtent(channels: 3, slices: 4, rows: 7, columns: 9),
            image: (0..<(12 * plane)).map { Float($0 % 48) / 100 + 0.5 * Float(random.unit()) })
        let before = whole.image
        try jitter.apply(to: &whole)
        for slice in 0..<4 {
            let places = (0..<3).map { ($0 * 4 + slice) * plane..<($0 * 4 + slice + 1) * plane }
            var alone = AugmentationSample(
                extent: SampleExtent(channels: 3, rows: 7, columns: 9),
                image: places.flatMap { before[$0] })
            try jitter.apply(to: &alone)
            #expect(alone.image == places.flatMap { whole.image[$0] }, "slice \(slice)")
        }
    }

    @Test("neutral numbers leave every bit, even outside the range")
    func neutral() throws {
        var sample = sample()
        sample.image[3] = 1.7
        sample.image[4] = -0.2
        let before = sample
        try ColorJitter(order: Self.usual).apply(to: &sample)
        #expect(sample == before)
    }

    @Test("all 24 orders are drawn equally often")
    func orders() throws {
        var random = RandomSource(seed: 11)
        var counts: [[ColorJitter.Part]: Int] = [:]
        for _ in 0..<24_000 {
            let order = try #require(
                ColorJitter().drawn(from: &random, extent: Self.extent).order)
            counts[order, default: 0] += 1
        }
        #expect(counts.count == 24)
        // five standard deviations of a count with mean 1000
        #expect(counts.values.allSatisfy { abs($0 - 1000) < 155 })
    }

    @Test("drawing fixes everything within its range, once, and replays from JSON")
    func drawing() throws {
        let jitter = ColorJitter(
            brightness: .uniform(0.8, 1.2), contrast: .uniform(0.5, 2), saturation: .uniform(0, 1),
            hue: .uniform(-0.2, 0.2))
        #expect(!jitter.isDrawn)
        #expect(!ColorJitter().isDrawn)
        for seed in 0..<50 as Range<UInt64> {
            var random = RandomSource(seed: seed)
            let drawn = jitter.drawn(from: &random, extent: Self.extent)
            #expect(drawn.isDrawn)
            let brightness = try #require(drawn.brightness.value)
            let hue = try #require(drawn.hue.value)
            #expect(brightness >= 0.8 && brightness < 1.2 && abs(hue) <= 0.2)
            var (a, b) = (random, random)
            #expect(drawn.drawn(from: &a, extent: Self.extent) == drawn)
            #expect(a.next() == b.next(), "a drawn transform takes nothing from the generator")
            let again = try JSONDecoder().decode(
                Transform.self, from: JSONEncoder().encode(Transform.colorJitter(drawn)))
            #expect(again == .colorJitter(drawn))
            var (first, second) = (sample(), sample())
            try drawn.apply(to: &first)
            try again.transform.apply(to: &second)
            #expect(first.image.map(\.bitPattern) == second.image.map(\.bitPattern))
        }
        let short = Data(#"{"transform": "color-jitter", "hue": [-0.1, 0.1]}"#.utf8)
        #expect(
            try JSONDecoder().decode(Transform.self, from: short)
                == .colorJitter(ColorJitter(hue: .uniform(-0.1, 0.1))))
    }

    @Test(
        "numbers out of bounds are errors, and the sample stays",
        arguments: [
            ColorJitter(brightness: -0.1, order: usual), ColorJitter(contrast: 1001, order: usual),
            ColorJitter(saturation: .fixed(.nan), order: usual),
            ColorJitter(hue: 0.51, order: usual),
            ColorJitter(hue: .fixed(.infinity), order: usual),
            ColorJitter(brightness: .uniform(0.5, .infinity)),
            ColorJitter(contrast: .whole(.min, .max)),
            ColorJitter(contrast: .whole(5, 3)),
            ColorJitter(order: []), ColorJitter(order: [.hue, .hue, .contrast, .brightness]),
        ])
    func hostile(_ jitter: ColorJitter) throws {
        var random = RandomSource(seed: 1)
        var sample = sample()
        let before = sample
        let drawn = jitter.drawn(from: &random, extent: Self.extent)
        let error = #expect(throws: AugmentationError.self) { try drawn.apply(to: &sample) }
        guard case .parameter("color-jitter", _, _, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(sample == before)
    }

    @Test("ranges, wrong channels and a range without width are errors")
    func unsuitable() throws {
        var sample = sample()
        #expect(throws: AugmentationError.notDrawn(transform: "color-jitter")) {
            try ColorJitter().apply(to: &sample)
        }
        sample.range = 2...2
        #expect(throws: AugmentationError.self) {
            try ColorJitter(order: Self.usual).apply(to: &sample)
        }
        var five = AugmentationSample(
            extent: SampleExtent(channels: 5, rows: 1, columns: 1), image: [0, 0, 0, 0, 0])
        #expect(throws: AugmentationError.self) {
            try ColorJitter(order: Self.usual).apply(to: &five)
        }
    }

    @Test("values that are no numbers do not stop anything")
    func notANumber() throws {
        var sample = sample()
        sample.image[0] = .nan
        sample.image[7] = .infinity
        try ColorJitter(
            brightness: 1.1, contrast: 0.9, saturation: 1.2, hue: 0.3,
            order: [.hue, .saturation, .brightness, .contrast]
        ).apply(to: &sample)
        #expect(sample.image.allSatisfy { $0 >= 0 && $0 <= 1 })
    }
}

@Suite("Greyscale")
struct ColorGreyscaleTests {
    @Test("all channels become the grey of torchvision")
    func oracle() throws {
        var sample = AugmentationSample(
            extent: ColorJitterTests.extent, image: ColorJitterTests.picture,
            labels: [1, 2, 3, 4, 5, 6])
        try Greyscale().apply(to: &sample)
        let expected: [Float] = [0.39781, 0.54509, 0.34557, 0.453725, 0.49995, 0.3673]
        for channel in 0..<3 {
            for pixel in 0..<6 {
                #expect(abs(sample.image[channel * 6 + pixel] - expected[pixel]) < 1e-7)
            }
        }
        #expect(sample.labels == [1, 2, 3, 4, 5, 6])
    }

    @Test("there is nothing to draw, and only colour is taken")
    func rest() throws {
        var (random, twin) = (RandomSource(seed: 1), RandomSource(seed: 1))
        let extent = SampleExtent(rows: 1, columns: 2)
        #expect(Greyscale().isDrawn)
        #expect(Greyscale().drawn(from: &random, extent: extent) == Greyscale())
        #expect(random.next() == twin.next())
        let coded = try JSONEncoder().encode(Transform.greyscale(Greyscale()))
        #expect(String(bytes: coded, encoding: .utf8) == #"{"transform":"greyscale"}"#)
        #expect(try JSONDecoder().decode(Transform.self, from: coded) == .greyscale(Greyscale()))
        var grey = AugmentationSample(extent: extent, image: [0, 1])
        #expect(
            throws: AugmentationError.unsuitable(
                transform: "greyscale", found: "1 channel(s)", expected: "red, green and blue")
        ) { try Greyscale().apply(to: &grey) }
    }
}
