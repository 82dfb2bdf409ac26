import Foundation
import MedicalImaging
import Testing

@testable import SampleAugmentation

@Suite("Intensities, blur")
struct IntensityBlurTests {
    /// Five rows of seven: `(37 x + 101 y) mod 64 / 64`.
    private let picture = AugmentationSample(
        extent: SampleExtent(rows: 5, columns: 7),
        image: (0..<35).map { (index: Int) -> Float in
            let (row, column) = index.quotientAndRemainder(dividingBy: 7)
            return Float((37 * column + 101 * row) % 64) / 64
        })

    private func blurred(_ sample: AugmentationSample, _ sigma: Double) throws -> AugmentationSample
    {
        var result = sample
        try GaussianBlur(sigma: .fixed(sigma)).apply(to: &result)
        return result
    }

    // scipy 1.17.1, ndimage.gaussian_filter(float32, sigma, mode="nearest"); sigma 2.3 has a radius of 9, beyond the picture
    @Test(
        "A blur is SciPy's gaussian_filter with mode nearest",
        arguments: [
            (
                0.5,
                [
                    0.1118344, 0.44938684, 0.30162033, 0.60572, 0.45781413, 0.7502782, 0.46875,
                    0.44938686, 0.32401717, 0.56674534, 0.48011467, 0.71124846, 0.46875, 0.1872218,
                    0.3016203, 0.5667453, 0.4800183, 0.7113036, 0.46875, 0.22625154, 0.47968584,
                    0.6055956, 0.48019776, 0.71138674, 0.46865368, 0.22625154, 0.457289,
                    0.33186322, 0.407619, 0.74493575, 0.5022859, 0.18730502, 0.47968584,
                    0.33186322, 0.6694156,
                ] as [Float]
            ),
            (
                1.0,
                [
                    0.24252887, 0.34955177, 0.4315452, 0.50937897, 0.5582797, 0.5554785, 0.46875,
                    0.349514, 0.4133957, 0.48395342, 0.5374929, 0.5358206, 0.46874583, 0.38204497,
                    0.43030673, 0.48426816, 0.53335476, 0.53191465, 0.468454, 0.4015125, 0.3799771,
                    0.4945433, 0.5422351, 0.53879, 0.46635967, 0.40136224, 0.39761266, 0.43688157,
                    0.49505636, 0.56630605, 0.50205964, 0.39080548, 0.38073385, 0.43690503,
                    0.53926444,
                ] as [Float]
            ),
            (
                2.3,
                [
                    0.30835187, 0.36242047, 0.41343457, 0.4525867, 0.4745974, 0.47916186,
                    0.47060925, 0.35498676, 0.39569983, 0.43188557, 0.45730373, 0.46948418,
                    0.469909, 0.46267936, 0.3956761, 0.42442632, 0.44714272, 0.4609355, 0.46685365,
                    0.4681147, 0.46770146, 0.42287347, 0.44318524, 0.4562259, 0.46280438,
                    0.4676787, 0.47540966, 0.48701966, 0.4346506, 0.45077166, 0.45881513, 0.46304,
                    0.4715162, 0.48961514, 0.5159898,
                ] as [Float]
            ),
        ])
    func oracle(sigma: Double, right: [Float]) throws {
        // one unit in the last place is less than 6e-8 here
        for (value, expected) in zip(try blurred(picture, sigma).image, right) {
            #expect(abs(value - expected) <= expected.ulp)
        }
    }

    @Test("A constant picture stays, and a blur keeps the sum away from the border")
    func laws() throws {
        let size = SampleExtent(channels: 2, slices: 2, rows: 40, columns: 31)
        let even = AugmentationSample(
            extent: size, image: [Float](repeating: -3.7, count: size.imageCount))
        for sigma in [0.3, 1, 5, 20] { #expect(try blurred(even, sigma).image == even.image) }
        var impulse = AugmentationSample(
            extent: SampleExtent(rows: 41, columns: 41), image: [Float](repeating: 0, count: 1681))
        impulse.image[20 * 41 + 20] = 1
        let result = try blurred(impulse, 2).image
        let total = result.map(Double.init).reduce(0, +)
        #expect(abs(total - 1) < 1e-6)
        // symmetric and separable: the kernel at distance (3, 1) is that at (1, 3)
        #expect(result[23 * 41 + 21] == result[17 * 41 + 19])
        #expect(abs(result[23 * 41 + 21] - result[21 * 41 + 23]) < 1e-9)
        #expect(abs(result[23 * 41 + 20] / result[20 * 41 + 20] - 0.32465247) < 1e-6)
        // cut at eight pixels
        #expect(result[28 * 41 + 20] > 0)
        #expect(result[29 * 41 + 20] == 0)
    }

    @Test("Planes are blurred each by itself")
    func planes() throws {
        var random = RandomSource(seed: 3)
        let size = SampleExtent(channels: 2, slices: 3, rows: 9, columns: 13)
        let sample = AugmentationSample(
            extent: size, image: (0..<size.imageCount).map { _ in Float(random.unit()) })
        let result = try blurred(sample, 1.2)
        for plane in 0..<6 {
            let part = (plane * 117)..<((plane + 1) * 117)
            let alone = try blurred(
                AugmentationSample(
                    extent: SampleExtent(rows: 9, columns: 13), image: Array(sample.image[part])),
                1.2)
            #expect(alone.image == Array(result.image[part]))
        }
    }

    @Test("A kernel narrower than a pixel changes nothing; the widest allowed fits any picture")
    func extremes() throws {
        for sigma in [0, 1e-300, 1e-160, 0.1, 0.1249] {
            #expect(try blurred(picture, sigma) == picture)
        }
        #expect(try blurred(picture, 0.126) != picture)
        #expect(GaussianKernel(sigma: 0.126).radius == 1)
        let dot = AugmentationSample(extent: SampleExtent(rows: 1, columns: 1), image: [0.3])
        #expect(try blurred(dot, 100) == dot)
        for (rows, columns) in [(1, 9), (9, 1)] {
            let line = AugmentationSample(
                extent: SampleExtent(rows: rows, columns: columns),
                image: [1, 0, 0, 0, 0, 0, 0, 0, 0])
            let result = try blurred(line, 1).image
            #expect(zip(result, result.dropFirst()).allSatisfy { $0 >= $1 })
            #expect(abs(result[0] - 0.699470) < 1e-5)
        }
    }
}
