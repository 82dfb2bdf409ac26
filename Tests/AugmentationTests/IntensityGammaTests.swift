import Foundation
import MedicalImaging
import Testing

@testable import SampleAugmentation

@Suite("Intensities, powers and elementary functions")
struct IntensityGammaTests {
    /// Numbers from 2^-1000 to 2^1000, and many near 1.
    private var positive: [Double] {
        var random = RandomSource(seed: 12)
        let wide = (0..<20_000).map { _ in Foundation.exp2(random.unit() * 2000 - 1000) }
        let near = (0..<20_000).map { _ in 0.5 + 1.5 * random.unit() }
        return wide + near + [
            1, 2, 0.5, 0x1p-1022, .greatestFiniteMagnitude, 1.0.nextUp, 1.0.nextDown,
        ]
    }

    @Test("Logarithms agree with the C library within the bounds that are stated")
    func logarithms() {
        for value in positive {
            let (log2, log) = (Foundation.log2(value), Foundation.log(value))
            #expect(abs(ExactMath.log2(value) - log2) <= 4e-16 * max(abs(log2), 1))
            #expect(abs(ExactMath.log2(value) - log2) <= 6e-16 * abs(log2) || abs(log2) > 0.5)
            #expect(abs(ExactMath.log(value) - log) <= 6e-16 * max(abs(log), 1))
        }
        for exponent in -1022...1023 {
            #expect(ExactMath.log2(Foundation.exp2(Double(exponent))) == Double(exponent))
        }
    }

    @Test("Exponentials agree with the C library within the bounds that are stated")
    func exponentials() {
        var random = RandomSource(seed: 13)
        for index in 0..<40_000 {
            let value = (random.unit() * 2 - 1) * (index % 2 == 0 ? 1022 : 2)
            let exp2 = Foundation.exp2(value)
            #expect(abs(ExactMath.exp2(value) - exp2) <= 4e-16 * exp2)
            let power = value * 0.69
            let exp = Foundation.exp(power)
            #expect(abs(ExactMath.exp(power) - exp) <= 3e-16 * (2 + abs(power)) * exp)
        }
        for exponent in -1022...1023 {
            #expect(ExactMath.exp2(Double(exponent)) == Foundation.exp2(Double(exponent)))
        }
        #expect(ExactMath.exp2(1e300) == 0x1p1023)
        #expect(ExactMath.exp2(-1e300) == 0x1p-1022)
    }

    @Test("Powers agree with the C library within the bound that is stated")
    func powers() {
        var random = RandomSource(seed: 14)
        for index in 0..<60_000 {
            let base = index % 3 == 0 ? Foundation.exp2(-140 * random.unit()) : random.unit()
            let exponent = index % 2 == 0 ? 0.2 + 4 * random.unit() : 1000 * random.unit()
            let power = Foundation.pow(base, exponent)
            guard base > 0, power > 0x1p-1022 else { continue }
            #expect(
                abs(ExactMath.power(base, exponent) - power) <= (1.5e-10 + 2e-12 * exponent)
                    * power,
                "\(base) to the power of \(exponent)")
        }
        for exponent in [0.001, 0.5, 1, 2.2, 1000] {
            #expect(ExactMath.power(0, exponent) == 0)
            #expect(ExactMath.power(1, exponent) == 1)
        }
    }

    // the same arithmetic in Python
    @Test("Bits are the same everywhere: they are written down here")
    func bits() {
        #expect(ExactMath.log2(0.3).bitPattern == 0xBFFB_CA9C_6F53_897B)
        #expect(ExactMath.exp2(-3.7).bitPattern == 0x3FB3_B2C4_7BFF_8328)
        #expect(ExactMath.power(0.3, 1.7).bitPattern == 0x3FC0_8819_F76E_0455)
    }

    @Test("Limits are those of the standard library, bit for bit")
    func limits() {
        let values: [Float] = [-.infinity, -2, -0.0, 0, 0.5, 1, 3, .infinity]
        for (low, high) in [(Float(0), Float(1)), (-0.0, 0.0), (-1, 0.5), (2, 2)] {
            for value in values {
                #expect(
                    ExactMath.limited(value, low, high).bitPattern
                        == min(max(value, low), high).bitPattern)
                #expect(
                    ExactMath.limited(Double(value), Double(low), Double(high)).bitPattern
                        == min(max(Double(value), Double(low)), Double(high)).bitPattern)
            }
            #expect(ExactMath.limited(Float.nan, low, high).isNaN)
        }
    }

    @Test("Gamma raises what lies between black and white, by hand")
    func byHand() throws {
        #expect(
            try GammaCorrection(exponent: 2).image(of: [-1, 0, 0.25, 0.5, 1, 2])
                == [0, 0, 0.0625, 0.25, 1, 1])
        #expect(
            try GammaCorrection(exponent: 0.5).image(of: [-200, -160, -60, 240], range: -160...240)
                == [-160, -160, 40, 240])
        #expect(
            try GammaCorrection(exponent: 3).image(of: [0, 127.5, 255], range: 0...255)
                == [0, 31.875, 255])
    }

    @Test("Gamma is what the C library gives, to the last place of 32 bits but one")
    func oracle() throws {
        var random = RandomSource(seed: 15)
        let values = (0..<5000).map { _ in Float(random.unit()) }
        for exponent in [0.01, 0.45, 0.7, 1.5, 2.2, 30] {
            let image = try GammaCorrection(exponent: .fixed(exponent)).image(of: values)
            for (value, result) in zip(values, image) {
                let right = Float(Foundation.pow(Double(value), exponent))
                #expect(abs(result - right) <= right.ulp)
            }
        }
    }

    @Test("Gamma keeps black, white and the order of values, whatever the range")
    func laws() throws {
        for range: ClosedRange<Float> in [
            0...1, -1000...0, -1000...1e-9, 0...3e38, 0x1p-130...0x1p-129,
        ] {
            let width = range.upperBound / 256 - range.lowerBound / 256
            let values =
                (0..<256).map { range.lowerBound + Float($0) * width } + [range.upperBound]
            for exponent in [0.001, 0.3, 1, 1.7, 1000] {
                let image = try GammaCorrection(exponent: .fixed(exponent)).image(
                    of: values, range: range)
                #expect(image.first == range.lowerBound)
                #expect(image.last == range.upperBound)
                #expect(zip(image, image.dropFirst()).allSatisfy { $0 <= $1 })
                if exponent == 1 { #expect(image == values) }
            }
        }
    }

    @Test("A picture with few pixels more than a vector has the same values as with more")
    func remainders() throws {
        let values = (0..<37).map { Float($0) / 36 }
        let all = try GammaCorrection(exponent: 0.8).image(of: values)
        for count in 1...37 {
            #expect(
                try GammaCorrection(exponent: 0.8).image(of: Array(values[..<count]))
                    == Array(all[..<count]))
        }
    }
}
