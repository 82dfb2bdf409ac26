/// The tails of the normal, t, chi-square and fair binomial distributions.
enum Distributions {
    /// The probability that a standard normal variate is above z.
    static func normalAbove(_ z: Double) -> Double {
        let tail = IncompleteFunctions.upperGamma(0.5, z * z / 2) / 2
        return z < 0 ? 1 - tail : tail
    }

    /// The probability that a standard normal variate is at most z.
    static func normalBelow(_ z: Double) -> Double { normalAbove(-z) }

    /// The probability that a standard normal variate is at least as far from 0 as z.
    static func normalTwoSided(_ z: Double) -> Double {
        IncompleteFunctions.upperGamma(0.5, z * z / 2)
    }

    /// The z below which a standard normal variate lies with probability p; infinite for 0 and 1.
    static func normalQuantile(_ p: Double) -> Double {
        if p.isNaN || p < 0 || p > 1 { return .nan }
        if p == 0 { return -.infinity }
        if p == 0.5 { return 0 }
        if p > 0.5 { return -normalQuantile(1 - p) }
        // Abramowitz and Stegun 26.2.23 to three digits, then Halley's method.
        let t = (-2 * PortableMath.log(p)).squareRoot()
        let top = 2.515517 + t * (0.802853 + t * 0.010328)
        let bottom = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308))
        var z = top / bottom - t
        for _ in 0..<4 {
            let density = PortableMath.exp(-z * z / 2) / PortableMath.twoPi.squareRoot()
            guard density > 0 else { break }
            let step = (normalBelow(z) - p) / density
            z -= step / (1 + z * step / 2)
        }
        return z
    }

    /// The probability that a t variate is at least as far from 0 as t.
    static func studentTwoSided(_ t: Double, degrees: Double) -> Double {
        if t.isNaN { return .nan }
        if t.isInfinite { return 0 }
        let sum = degrees + t * t
        return IncompleteFunctions.beta(
            degrees / sum, complement: t * t / sum, degrees / 2, 0.5)
    }

    /// The probability that a chi-square variate is above x.
    static func chiSquareAbove(_ x: Double, degrees: Double) -> Double {
        IncompleteFunctions.upperGamma(degrees / 2, x / 2)
    }

    /// The probability of at most k heads in n tosses of a fair coin.
    static func fairCoin(atMost k: Int, of n: Int) -> Double {
        if k < 0 { return 0 }
        if k >= n { return 1 }
        if n <= 60 {
            // Whole numbers: a sign test of few cases gives the fraction of the textbook.
            var (term, sum): (UInt64, UInt64) = (1, 1)
            for heads in 0..<k {
                let (high, low) = term.multipliedFullWidth(by: UInt64(n - heads))
                term = UInt64(heads + 1).dividingFullWidth((high, low)).quotient
                sum += term
            }
            return Double(sum) / Double(UInt64(1) << UInt64(n))
        }
        return IncompleteFunctions.beta(0.5, complement: 0.5, Double(n - k), Double(k + 1))
    }
}
