import Foundation
import MedicalImaging
import Testing

@testable import SampleAugmentation

@Suite("Intensities, noise")
struct IntensityNoiseTests {
    // mpmath with 40 digits: sqrt(2) * erfinv(2 q)
    @Test("The inverse of the normal distribution agrees with 40 digits to 1e-15")
    func quantiles() {
        let oracle: [(q: Double, value: Double)] = [
            (1e-10, 2.5066282746310006e-10), (0.001, 0.002506630899571764),
            (0.1, 0.25334710313579983), (0.3, 0.8416212335729142), (0.425, 1.439531470938456),
            (0.4250001, 1.4395321773759004), (0.45, 1.6448536269514729),
            (0.499, 3.090232306167813), (0.4999999, 5.199337582187471),
            (0.5 - 0x1p-33, 6.3379577545537895),
        ]
        for (q, value) in oracle {
            let inverse = q > InverseNormal.centre ? InverseNormal.tail : InverseNormal.central
            #expect(abs(inverse(q) - value) <= 1e-15 * value, "\(q)")
            #expect(inverse(-q) == -inverse(q))
        }
        #expect(InverseNormal.central(0) == 0)
    }

    @Test("The words are those of Philox with the plane as its stream")
    func words() {
        let seed: UInt64 = 0x0123_4567_89AB_CDEF
        let field = NoiseField(seed: seed)
        for plane in [0, 1, 77] {
            var random = RandomSource(seed: seed, stream: (UInt32(plane), 0, 0x4E4F_4953))
            let numbers =
                field.numbers(from: 0, plane: plane) + field.numbers(from: 512, plane: plane)
            #expect(numbers.count == 1024)
            for number in numbers {
                let q = (Double(random.next()) + 0.5) / 4_294_967_296 - 0.5
                let right =
                    abs(q) > InverseNormal.centre ? InverseNormal.tail(q) : InverseNormal.central(q)
                #expect(number == right)
            }
        }
    }

    @Test("A million numbers have mean, deviation, skewness, tails and neighbours of a normal law")
    func statistics() throws {
        let count = 1_048_576
        var sample = AugmentationSample(
            extent: SampleExtent(channels: 2, slices: 2, rows: 512, columns: 512),
            image: [Float](repeating: 0, count: count))
        try GaussianNoise(standardDeviation: 1, seed: 2024).apply(to: &sample)
        let values = sample.image.map(Double.init)
        let n = Double(count)
        func mean(_ term: (Double) -> Double) -> Double { values.reduce(0) { $0 + term($1) } / n }
        // bounds are five standard errors
        #expect(abs(mean { $0 }) < 5 / n.squareRoot())
        #expect(abs(mean { $0 * $0 } - 1) < 5 * (2 / n).squareRoot())
        #expect(abs(mean { $0 * $0 * $0 }) < 5 * (15 / n).squareRoot())
        #expect(abs(mean { $0 * $0 * $0 * $0 } - 3) < 5 * (96 / n).squareRoot())
        for (limit, share) in [
            (0.6744897501960817, 0.5), (1.0, 0.31731050786291415), (2.0, 0.04550026389635842),
            (3.0, 0.0026997960632601866), (4.0, 6.334248366623973e-05),
        ] {
            let found = mean { abs($0) > limit ? 1 : 0 }
            #expect(abs(found - share) < 5 * (share * (1 - share) / n).squareRoot(), "\(limit)")
        }
        // neighbours in the row, in the column, in the slice and in the channel
        for distance in [1, 2, 3, 512, 262_144, 524_288] {
            let product = zip(values, values.dropFirst(distance)).reduce(0) { $0 + $1.0 * $1.1 }
            #expect(abs(product / n) < 5 / n.squareRoot(), "\(distance)")
        }
    }

    @Test("Every plane is alone: a plane by itself has the noise it has among others")
    func planes() throws {
        let noise = GaussianNoise(standardDeviation: 0.3, seed: 99)
        for (rows, columns) in [(1, 1), (5, 7), (20, 51), (33, 31), (512, 3)] {
            let size = SampleExtent(channels: 3, slices: 2, rows: rows, columns: columns)
            var sample = AugmentationSample(
                extent: size, image: [Float](repeating: 0.5, count: size.imageCount))
            try noise.apply(to: &sample)
            let field = NoiseField(seed: 99)
            for plane in 0..<6 {
                for start in stride(from: 0, to: size.planeCount, by: NoiseField.chunk) {
                    let numbers = field.numbers(from: start, plane: plane)
                    for index in start..<min(start + NoiseField.chunk, size.planeCount) {
                        #expect(
                            sample.image[plane * size.planeCount + index]
                                == Float(0.5 + 0.3 * numbers[index - start]))
                    }
                }
            }
        }
    }

    @Test("The deviation is a fraction of the range; zero changes no bit; a clip keeps the range")
    func amount() throws {
        let values: [Float] = [-0.0, 3, -7, 100]
        let unit = try GaussianNoise(standardDeviation: 0.5, seed: 4).image(of: values)
        let wide = try GaussianNoise(standardDeviation: 0.05, seed: 4).image(
            of: values, range: 90...100)
        for (a, b) in zip(unit, wide) { #expect(abs(a - b) <= 1e-5) }
        let none = try GaussianNoise(standardDeviation: 0, seed: 4).image(of: values)
        #expect(none == values)
        let clipped = try GaussianNoise(standardDeviation: 5, seed: 4, clips: true).image(
            of: [Float](repeating: 0.5, count: 1000))
        #expect(clipped.allSatisfy { (0...1).contains($0) })
        #expect(clipped.contains(0) && clipped.contains(1))
    }

    // Philox written in Python, quantiles by mpmath with 40 digits, rounded to 32 bits
    @Test("Bits are the same everywhere: they are written down here")
    func bits() throws {
        let image = try GaussianNoise(standardDeviation: 1, seed: 1).image(
            of: [Float](repeating: 0, count: 6))
        let right: [UInt32] = [
            0x3E0F_684C, 0xBF73_4506, 0x3FF5_4B3F, 0xBF28_6571, 0x3EAE_9BED, 0x401E_E01E,
        ]
        #expect(image.map(\.bitPattern) == right)
    }

    @Test("Another seed, in its lower or upper half, gives other noise")
    func seeds() throws {
        let zeros = [Float](repeating: 0, count: 16)
        let images = try [1, 2, 1 << 32 | 1, UInt64.max].map {
            try GaussianNoise(standardDeviation: 1, seed: $0).image(of: zeros)
        }
        #expect(Set(images).count == 4)
    }
}
