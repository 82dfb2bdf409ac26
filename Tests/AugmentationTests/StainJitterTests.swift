import Foundation
import MedicalImaging
import Testing

@testable import SampleAugmentation

// The expected colours come from the formula, written anew in Python with NumPy in double precision, with the matrix
// inverted by `numpy.linalg.inv`.
@Suite("Stain jitter")
struct StainJitterTests {
    func sample(_ range: ClosedRange<Float> = 0...1) -> AugmentationSample {
        let width = range.upperBound - range.lowerBound
        return AugmentationSample(
            extent: ColorJitterTests.extent,
            image: ColorJitterTests.picture.map { range.lowerBound + width * $0 }, range: range)
    }

    @Test("colours are those of the formula, in any range of intensities")
    func oracle() throws {
        let cases: [(StainJitter, [Float])] = [
            (
                StainJitter(
                    haematoxylinScale: 1.2, haematoxylinShift: 0.05, eosinScale: 0.9,
                    eosinShift: -0.03),
                [
                    0.7649146, 0.0577827, 0.2309514, 0.1836995, 0.4106463, 1.0, 0.1896053,
                    0.3627072, 0.2315485, 0.3427685, 0.4093749, 6e-06, 0.0939816, 0.3078165,
                    0.6241139, 0.6510925, 0.4584303, 0.7871803,
                ]
            ),
            (
                StainJitter(haematoxylinScale: 0.5),
                [
                    1.0, 0.3495506, 0.5341495, 0.4936023, 0.7557524, 0.5265527, 0.2910836, 1.0,
                    0.558387, 1.0, 0.7801539, 5e-07, 0.1168217, 0.6991157, 0.9054785, 1.0,
                    0.6011935, 0.4506833,
                ]
            ),
        ]
        for (jitter, expected) in cases {
            for range: ClosedRange<Float> in [0...1, 0...255, -3...5] {
                var sample = sample(range)
                try jitter.apply(to: &sample)
                let width = range.upperBound - range.lowerBound
                for (index, (value, wanted)) in zip(sample.image, expected).enumerated() {
                    // black, whose density is 14, is measured from a rounded value when black is not 0
                    #expect(
                        abs((value - range.lowerBound) / width - wanted) < 2e-6,
                        "\(jitter) \(range) \(index): \(value) \(wanted)")
                }
            }
        }
    }

    @Test("the change of densities agrees with a matrix inverted elsewhere")
    func matrix() {
        let change = StainChange(scale: (1.2, 0.9), shift: (0.05, -0.03))
        let expected = [
            1.2005561206985518, -0.028850674061085938, 0.06839308065069497, 0.314485165558578,
            0.8666903402027569, 0.09966001463791155, 0.09796212184249777, -0.021677007908920104,
            1.0327535390986915,
        ]
        for row in 0..<3 {
            for column in 0..<3 {
                #expect(abs(change.matrix[row][column] - expected[row * 3 + column]) < 1e-14)
            }
        }
        for (value, wanted) in [
            (change.offset.x, 0.030452339648951457), (change.offset.y, 0.005316493262859049),
            (change.offset.z, 0.01121991760353757),
        ] { #expect(abs(value - wanted) < 1e-15) }
    }

    @Test("a pure stain keeps its colour and changes its strength; the other stain is not touched")
    func pureStain() throws {
        let densities: [Double] = [0.3, 0.7, 1.1]
        for (stain, other) in [
            (StainChange.haematoxylin, StainJitter(eosinScale: 0.3)),
            (StainChange.eosin, StainJitter(haematoxylinScale: 0.3)),
        ] {
            let image = (0..<3).flatMap { channel in
                densities.map { Float(exp(-$0 * stain[channel])) }
            }
            let sample = AugmentationSample(
                extent: SampleExtent(channels: 3, rows: 1, columns: 3), image: image)
            var scaled = sample
            try StainJitter(scale: 1.5, shift: 0).apply(to: &scaled)
            var same = sample
            try other.apply(to: &same)
            for channel in 0..<3 {
                for (pixel, density) in densities.enumerated() {
                    let index = channel * 3 + pixel
                    let expected = Float(exp(-1.5 * density * stain[channel]))
                    #expect(abs(scaled.image[index] - expected) < 1e-6)
                    #expect(abs(same.image[index] - image[index]) < 1e-6)
                }
            }
        }
    }

    @Test("without shifts white stays exactly white, and neutral numbers leave every bit")
    func white() throws {
        for range: ClosedRange<Float> in [0...1, 0...255] {
            let size = SampleExtent(channels: 3, rows: 3, columns: 5)
            let blank = AugmentationSample(
                extent: size, image: [Float](repeating: range.upperBound, count: 45), range: range)
            for scale in [0, 0.7, 1.3, 10] {
                var sample = blank
                try StainJitter(scale: .fixed(scale), shift: 0).apply(to: &sample)
                #expect(sample == blank, "\(scale)")
            }
            var darker = blank
            try StainJitter(scale: 1, shift: 0.1).apply(to: &darker)
            #expect(darker.image.allSatisfy { $0 < range.upperBound })
        }
        var sample = sample()
        sample.image[0] = 1.5
        let before = sample
        try StainJitter(scale: 1, shift: 0).apply(to: &sample)
        #expect(sample == before)
    }

    @Test("scaling and scaling back gives the picture again where nothing was clipped")
    func law() throws {
        var random = RandomSource(seed: 5)
        for scale in [0.8, 0.95, 1.05] {
            // stains in amounts that both colours can show
            var image = [Float](repeating: 0, count: 3 * 40)
            for pixel in 0..<40 {
                let (h, e) = (0.2 + random.unit(), 0.2 + random.unit())
                for channel in 0..<3 {
                    image[channel * 40 + pixel] = Float(
                        exp(-h * StainChange.haematoxylin[channel] - e * StainChange.eosin[channel])
                    )
                }
            }
            var sample = AugmentationSample(
                extent: SampleExtent(channels: 3, rows: 5, columns: 8), image: image)
            try StainJitter(scale: .fixed(scale), shift: 0).apply(to: &sample)
            #expect(zip(sample.image, image).allSatisfy { abs($0 - $1) > 1e-3 })
            try StainJitter(scale: .fixed(1 / scale), shift: 0).apply(to: &sample)
            for (value, expected) in zip(sample.image, image) {
                #expect(abs(value - expected) < 2e-6)
            }
        }
    }

    @Test("each stain has draws of its own, replayed from JSON")
    func drawing() throws {
        let jitter = StainJitter(scale: .uniform(0.9, 1.1), shift: .uniform(-0.05, 0.05))
        #expect(!jitter.isDrawn)
        var random = RandomSource(seed: 8)
        let drawn = jitter.drawn(from: &random, extent: ColorJitterTests.extent)
        #expect(drawn.isDrawn)
        #expect(drawn.haematoxylinScale != drawn.eosinScale)
        #expect(drawn.haematoxylinShift != drawn.eosinShift)
        let again = try JSONDecoder().decode(
            Transform.self, from: JSONEncoder().encode(Transform.stainJitter(drawn)))
        #expect(again == .stainJitter(drawn))
        var (first, second) = (sample(), sample())
        try drawn.apply(to: &first)
        try again.transform.apply(to: &second)
        #expect(first.image != sample().image)
        #expect(first == second)
        let short = Data(#"{"transform": "stain-jitter", "eosinScale": [0.5, 2]}"#.utf8)
        #expect(
            try JSONDecoder().decode(Transform.self, from: short)
                == .stainJitter(StainJitter(eosinScale: .uniform(0.5, 2))))
        #expect(throws: AugmentationError.notDrawn(transform: "stain-jitter")) {
            try jitter.apply(to: &first)
        }
        #expect(first == second)
    }

    @Test(
        "numbers out of bounds are errors, and the sample stays",
        arguments: [
            StainJitter(scale: -0.1, shift: 0), StainJitter(scale: 11, shift: 0),
            StainJitter(scale: 1, shift: 5.5), StainJitter(eosinShift: .fixed(.nan)),
            StainJitter(haematoxylinScale: .uniform(0, 1e300)),
        ])
    func hostile(_ jitter: StainJitter) throws {
        var random = RandomSource(seed: 1)
        var sample = sample()
        let before = sample
        let drawn = jitter.drawn(from: &random, extent: sample.extent)
        let error = #expect(throws: AugmentationError.self) { try drawn.apply(to: &sample) }
        guard case .parameter("stain-jitter", _, _, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(sample == before)
    }

    @Test(
        "black, values out of range and no numbers give colours within the range; other channels do not"
    )
    func edges() throws {
        var sample = sample()
        sample.image[0] = .nan
        sample.image[1] = -4
        sample.image[2] = .infinity
        for scale in [0, 0.5, 10] {
            for shift in [-5.0, 0, 5] {
                var copy = sample
                try StainJitter(scale: .fixed(scale), shift: .fixed(shift)).apply(to: &copy)
                #expect(copy.image.allSatisfy { $0 >= 0 && $0 <= 1 })
            }
        }
        var grey = AugmentationSample(extent: SampleExtent(rows: 1, columns: 1), image: [0])
        #expect(throws: AugmentationError.self) {
            try StainJitter(scale: 2, shift: 0).apply(to: &grey)
        }
    }
}
