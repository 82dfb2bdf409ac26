import Foundation
import MedicalImaging
import Testing

@testable import SampleAugmentation

@Suite("Intensities, drawn and recorded")
struct IntensityRecordTests {
    private let size = SampleExtent(rows: 3, columns: 4)
    private let random: [Transform] = [
        .intensityScale(IntensityScale(factor: .uniform(0.8, 1.2), clips: true)),
        .intensityShift(IntensityShift(offset: .uniform(-0.1, 0.1))),
        .gamma(GammaCorrection(exponent: .uniform(0.7, 1.5))),
        .windowJitter(WindowJitter(level: .uniform(-0.1, 0.1), width: .uniform(0.8, 1.2))),
        .noise(GaussianNoise(standardDeviation: .uniform(0, 0.05))),
        .noise(GaussianNoise(standardDeviation: 0.1)),
        .blur(GaussianBlur(sigma: .uniform(0.5, 1.5))),
        .intensityScale(IntensityScale(factor: .whole(1, 3))),
    ]
    private let fixed: [Transform] = [
        .intensityScale(IntensityScale(factor: 1.5)),
        .intensityShift(IntensityShift(offset: -3, clips: true)),
        .gamma(GammaCorrection(exponent: 2)), .blur(GaussianBlur(sigma: 1)),
        .windowJitter(WindowJitter(level: 0, width: 2)),
        .noise(GaussianNoise(standardDeviation: 0.1, seed: .max, clips: true)),
        .rescale(IntensityRescale(from: .extremes, low: -1, high: 3)),
        .rescale(IntensityRescale(from: .window(low: -175, high: 250), clips: false)),
    ]

    @Test("The same key draws the same numbers, another key others; what is drawn is fixed")
    func drawing() throws {
        for transform in random {
            #expect(!transform.transform.isDrawn)
            var (one, two) = (RandomSource(seed: 7), RandomSource(seed: 7))
            let drawn = transform.drawn(from: &one, extent: size)
            #expect(drawn == transform.drawn(from: &two, extent: size))
            #expect(drawn.transform.isDrawn, "\(drawn)")
            #expect(drawn != transform)
            #expect(one.next() == two.next())
        }
        // many keys give many numbers, all in their ranges
        var factors: Set<Amount> = []
        for seed in 0..<100 {
            var source = RandomSource(seed: UInt64(seed))
            let drawn = IntensityScale(factor: .uniform(0.8, 1.2)).drawn(
                from: &source, extent: size)
            #expect((0.8..<1.2).contains(drawn.factor.value ?? 0))
            factors.insert(drawn.factor)
        }
        #expect(factors.count == 100)
    }

    @Test("What is fixed takes nothing from the generator and stays as it is")
    func nothingTaken() throws {
        for transform in fixed {
            #expect(transform.transform.isDrawn)
            var (one, two) = (RandomSource(seed: 7), RandomSource(seed: 7))
            #expect(transform.drawn(from: &one, extent: size) == transform)
            #expect(one.next() == two.next())
        }
    }

    @Test("Noise draws its deviation, then the halves of its seed, the upper one first")
    func noiseSeed() throws {
        var (one, two) = (RandomSource(seed: 7), RandomSource(seed: 7))
        let drawn = GaussianNoise(standardDeviation: .uniform(0, 0.05)).drawn(
            from: &one, extent: size)
        #expect(drawn.standardDeviation == .fixed(0.05 * two.unit()))
        let upper = UInt64(two.next())
        #expect(drawn.seed == upper << 32 | UInt64(two.next()))
    }

    @Test("Ranges and fixed numbers come back from JSON as they were")
    func roundTrip() throws {
        var source = RandomSource(seed: 3)
        let drawn = random.map { $0.drawn(from: &source, extent: size) }
        for transform in random + fixed + drawn {
            let data = try JSONEncoder().encode(transform)
            #expect(try JSONDecoder().decode(Transform.self, from: data) == transform)
        }
    }

    @Test("JSON has the names of the properties, and what is left out has its default")
    func json() throws {
        let cases: [(String, Transform)] = [
            (
                #"{"transform": "rescale", "from": "extremes"}"#,
                .rescale(IntensityRescale(from: .extremes))
            ),
            (
                #"{"transform": "rescale", "from": {"low": -175, "high": 250}, "low": 1, "high": 2, "clips": false}"#,
                .rescale(
                    IntensityRescale(
                        from: .window(low: -175, high: 250), low: 1, high: 2, clips: false))
            ),
            (
                #"{"transform": "intensity-scale", "factor": [0.9, 1.1], "later": 1}"#,
                .intensityScale(IntensityScale(factor: .uniform(0.9, 1.1)))
            ),
            (
                #"{"transform": "intensity-shift", "offset": -0.5, "clips": true}"#,
                .intensityShift(IntensityShift(offset: -0.5, clips: true))
            ),
            (#"{"transform": "gamma", "exponent": 2}"#, .gamma(GammaCorrection(exponent: 2))),
            (
                #"{"transform": "window-jitter", "level": [-0.1, 0.1], "width": 1}"#,
                .windowJitter(WindowJitter(level: .uniform(-0.1, 0.1), width: 1))
            ),
            (
                #"{"transform": "noise", "standardDeviation": 0.1, "seed": 18446744073709551615}"#,
                .noise(GaussianNoise(standardDeviation: 0.1, seed: .max))
            ),
            (
                #"{"transform": "noise", "standardDeviation": 0.1}"#,
                .noise(GaussianNoise(standardDeviation: 0.1))
            ),
            (#"{"transform": "blur", "sigma": 1.5}"#, .blur(GaussianBlur(sigma: 1.5))),
        ]
        for (text, transform) in cases {
            #expect(try JSONDecoder().decode(Transform.self, from: Data(text.utf8)) == transform)
        }
    }

    @Test(
        "JSON that does not fit is refused",
        arguments: [
            #"{"transform": "rescale"}"#, #"{"transform": "rescale", "from": "window"}"#,
            #"{"transform": "rescale", "from": {"low": 1}}"#,
            #"{"transform": "intensity-scale"}"#, #"{"transform": "gamma", "exponent": "2"}"#,
            #"{"transform": "noise", "standardDeviation": 0.1, "seed": -1}"#,
            #"{"transform": "noise", "standardDeviation": 0.1, "seed": 18446744073709551616}"#,
            #"{"transform": "window-jitter", "level": 0}"#,
            #"{"transform": "blur", "sigma": [2, 1]}"#,
        ])
    func badJSON(text: String) {
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(Transform.self, from: Data(text.utf8))
        }
    }

    @Test("Hostile parameters give a typed error and leave the sample as it is, drawn or not")
    func hostile() throws {
        let odd: [Amount] = [
            .fixed(.nan), .fixed(.infinity), .fixed(-1e300), .uniform(0.5, .nan),
            .uniform(-.infinity, .infinity), .uniform(1, 0.5), .whole(.min, .max),
        ]
        var transforms: [any SampleTransform] = odd.flatMap { amount -> [any SampleTransform] in
            [
                IntensityScale(factor: amount), IntensityShift(offset: amount),
                GammaCorrection(exponent: amount), WindowJitter(level: amount, width: 1),
                WindowJitter(level: 0, width: amount),
                GaussianNoise(standardDeviation: amount, seed: 1),
                GaussianNoise(standardDeviation: amount), GaussianBlur(sigma: amount),
            ]
        }
        transforms += [
            GammaCorrection(exponent: 0), GammaCorrection(exponent: -1),
            GammaCorrection(exponent: .uniform(0, 1)), WindowJitter(level: 0, width: 0),
            WindowJitter(level: 101, width: 1), GaussianNoise(standardDeviation: -0.1, seed: 1),
            GaussianBlur(sigma: -1), GaussianBlur(sigma: 101), GaussianBlur(sigma: 1e18),
            IntensityRescale(from: .extremes, low: 1, high: 1),
            IntensityRescale(from: .extremes, low: 2, high: 1),
            IntensityRescale(from: .extremes, low: .nan, high: 1),
            IntensityRescale(from: .extremes, low: 1, high: 1 + 1e-12),
            IntensityRescale(from: .window(low: 1, high: 1)),
            IntensityRescale(from: .window(low: 0, high: .infinity)),
            IntensityRescale(from: .window(low: 250, high: -175)),
        ]
        for transform in transforms {
            var source = RandomSource(seed: 1)
            for candidate in [transform, transform.drawn(from: &source, extent: size)] {
                let before = intensityRow([0.1, 0.2, 0.7])
                var after = before
                let error = #expect(throws: AugmentationError.self, "\(candidate)") {
                    try candidate.apply(to: &after)
                }
                guard case .parameter = error else {
                    Issue.record("\(candidate): \(String(describing: error))")
                    continue
                }
                #expect(after == before)
                if let linear = candidate as? any LinearIntensity {
                    #expect(linear.linear(for: before) == nil)
                }
            }
        }
    }

    @Test("A range has to be drawn before it is applied")
    func notDrawn() {
        for transform in random {
            var sample = intensityRow([0.1, 0.2])
            #expect(throws: AugmentationError.notDrawn(transform: transform.name)) {
                try transform.transform.apply(to: &sample)
            }
        }
    }

    @Test("Samples that a transform cannot measure give a typed error")
    func unsuitable() {
        let flat: [any SampleTransform] = [
            GammaCorrection(exponent: 2), WindowJitter(level: 0, width: 2),
            GaussianNoise(standardDeviation: 0.1, seed: 1),
        ]
        for transform in flat {
            for range: ClosedRange<Float> in [1...1, -Float.infinity...1, -3e38...3e38] {
                let before = intensityRow([0.1, 0.2], range: range)
                var after = before
                let error = #expect(throws: AugmentationError.self) {
                    try transform.apply(to: &after)
                }
                guard case .unsuitable = error else {
                    Issue.record("\(transform) \(String(describing: error))")
                    continue
                }
                #expect(after == before)
            }
        }
        for values: [Float] in [
            [0, .nan], [0, .infinity], [-3e38, 3e38], [-.infinity, -.infinity],
        ] {
            var sample = intensityRow(values)
            #expect(throws: AugmentationError.self) {
                try IntensityRescale(from: .extremes).apply(to: &sample)
            }
            #expect(sample.range == 0...1)
        }
    }
}
