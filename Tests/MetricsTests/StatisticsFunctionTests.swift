import Foundation
import Testing

@testable import SegmentationMetrics

/// Expected values are SciPy's (1.17.1), computed once.
@Suite("distributions behind the p-values")
struct StatisticsFunctionTests {
    private static func close(_ a: Double, _ b: Double, _ tolerance: Double = 1e-12) -> Bool {
        abs(a - b) <= tolerance * max(abs(a), abs(b))
    }

    @Test("exp and log are those of the C library up to the last digits")
    func elementary() {
        for step in -7000...7000 {
            let x = Double(step) / 10
            #expect(Self.close(PortableMath.exp(x), exp(x), 1e-15))
        }
        for value in StatisticsWorlds.uniform(2000, seed: 1) {
            for scale in [1, 1e-12, 1e12, Double.leastNormalMagnitude / 8, 1e300] {
                #expect(Self.close(PortableMath.log(value * scale), log(value * scale), 1e-15))
            }
            #expect(abs(PortableMath.log(1 + value * 1e-3) - log(1 + value * 1e-3)) < 1e-18)
        }
        #expect(PortableMath.exp(0) == 1)
        #expect(PortableMath.exp(-800) == 0)
        #expect(PortableMath.exp(800) == .infinity)
        #expect(PortableMath.exp(-.infinity) == 0)
        #expect(PortableMath.exp(-744) > 0)
        #expect(PortableMath.log(1) == 0)
        #expect(PortableMath.log(0) == -.infinity)
        #expect(PortableMath.log(-1).isNaN)
    }

    @Test(
        "Stirling's error is what the gamma function of the C library leaves",
        arguments: [
            0.25, 0.5, 1, 1.5, 2, 7.5, 14.99, 15.01, 16, 100,
        ])
    func stirling(_ x: Double) {
        let expected = lgamma(x + 1) - (x + 0.5) * log(x) + x - log(2 * Double.pi) / 2
        #expect(abs(PortableMath.stirlingError(x) - expected) < 2e-13)
    }

    @Test("normal tails")
    func normal() {
        for (z, tail) in [
            (-3.0, 0.9986501019683699), (-0.5, 0.6914624612740131), (0.0, 0.5),
            (0.3, 0.3820885778110474), (1.0, 0.15865525393145707), (1.96, 0.024997895148220435),
            (3.5, 0.00023262907903552502), (6.0, 9.865876450376946e-10),
            (12.0, 1.776482112077653e-33), (30.0, 4.906713927147908e-198),
        ] {
            #expect(Self.close(Distributions.normalAbove(z), tail), "\(z)")
            #expect(Self.close(Distributions.normalBelow(-z), tail), "\(z)")
            if z >= 0 { #expect(Self.close(Distributions.normalTwoSided(z), 2 * tail), "\(z)") }
        }
        // Everywhere, also where the series meets the fraction.
        for step in 0...1000 {
            let z = Double(step) / 50
            #expect(Self.close(Distributions.normalAbove(z), erfc(z / 2.0.squareRoot()) / 2, 2e-13))
        }
    }

    @Test("normal quantiles")
    func quantiles() {
        for (p, z) in [
            (1e-300, -37.0470962993612), (1e-20, -9.262340089798409), (1e-05, -4.264890793922825),
            (0.001, -3.090232306167813), (0.025, -1.9599639845400545), (0.3, -0.5244005127080409),
            (0.5, 0.0), (0.8, 0.8416212335729143), (0.975, 1.959963984540054),
            (0.9999, 3.719016485455709),
        ] {
            #expect(abs(Distributions.normalQuantile(p) - z) < 1e-12 * max(1, abs(z)), "\(p)")
        }
        for p in StatisticsWorlds.uniform(200, seed: 4) {
            let z = Distributions.normalQuantile(p)
            #expect(abs(Distributions.normalBelow(z) - p) < 1e-14)
        }
        #expect(Distributions.normalQuantile(0) == -.infinity)
        #expect(Distributions.normalQuantile(1) == .infinity)
    }

    @Test("t, chi-square and coin tails")
    func others() {
        for (t, degrees, p) in [
            (0.0, 5, 1.0), (0.1, 1, 0.936548965138893), (2.5, 1, 0.24223788318168682),
            (2.0, 3, 0.13932596855884305), (1.5, 10, 0.16450732644544014),
            (5.0, 30, 2.32966854670078e-05), (20.0, 30, 6.7490836657712895e-19),
            (1.96, 1000, 0.050273184955748736), (4.0, 100000, 6.338799755719541e-05),
            (40.0, 59, 1.8920861918463854e-44),
        ] {
            #expect(
                Self.close(Distributions.studentTwoSided(t, degrees: Double(degrees)), p, 1e-11),
                "t \(t) \(degrees)")
        }
        for (x, degrees, p) in [
            (0.0, 3, 1.0), (0.01, 1, 0.920344325445942), (3.84, 1, 0.05004352124870519),
            (2.4, 2, 0.3011942119122021), (18.7, 5, 0.0021857290204008416),
            (100.0, 5, 5.285148360943219e-20), (50.0, 60, 0.8178960840225449),
            (400.0, 300, 9.678621994933555e-05), (1.0, 20, 0.999999999829033),
            (700.0, 2, 9.929590396265143e-153),
        ] {
            #expect(
                Self.close(Distributions.chiSquareAbove(x, degrees: Double(degrees)), p, 1e-11),
                "chi-square \(x) \(degrees)")
        }
        for (k, n, p) in [
            (0, 1, 0.5), (0, 10, 0.0009765625), (3, 10, 0.171875), (4, 10, 0.376953125),
            (9, 10, 0.9990234375), (20, 60, 0.00674464686559593),
            (450, 1000, 0.0008652680424881513), (0, 200, 6.223015277861142e-61),
            (49000, 100000, 1.2943580191734472e-10),
        ] {
            #expect(
                Self.close(Distributions.fairCoin(atMost: k, of: n), p, 1e-11), "coin \(k) \(n)")
        }
        #expect(Distributions.fairCoin(atMost: -1, of: 5) == 0)
        #expect(Distributions.fairCoin(atMost: 5, of: 5) == 1)
    }
}
