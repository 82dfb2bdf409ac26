/// Exponential and logarithm from additions, multiplications and divisions alone.
///
/// The functions of the C library differ in the last bit from version to version and from processor to processor; these
/// do not, so that a p-value or an interval has the same bits on every machine. Both are good to about 1e-15 relative.
enum PortableMath {
    /// ln 2 in two parts; the first ends in zeros, so that its product with an exponent is exact.
    private static let ln2 = (high: 0x1.62e42feep-1, low: 0x1.a39ef35793c76p-33)
    /// The inverse factorials from 13 down to 2.
    private static let inverseFactorials: [Double] = {
        var factorials: [Double] = [1]
        for n in 2...13 { factorials.append(factorials[n - 2] * Double(n)) }
        return factorials.dropFirst().reversed().map { 1 / $0 }
    }()

    /// The natural exponential; 0 below and infinity above the range of `Double`.
    static func exp(_ x: Double) -> Double {
        if x.isNaN { return x }
        if x > 709.79 { return .infinity }
        if x < -745.2 { return 0 }
        let k = (x / 0.6931471805599453).rounded()
        let r = (x - k * ln2.high) - k * ln2.low
        // Taylor's series; |r| is at most ln 2 / 2, where the first term left out is below 5e-18.
        var sum = 0.0
        for coefficient in inverseFactorials { sum = sum * r + coefficient }
        return Double(sign: .plus, exponent: Int(k), significand: 1 + (r + r * r * sum))
    }

    /// The natural logarithm; minus infinity of 0, NaN below.
    static func log(_ x: Double) -> Double {
        if x.isNaN || x < 0 { return .nan }
        if x == 0 { return -.infinity }
        if x.isInfinite { return x }
        var (m, e) = (x.significand, Double(x.exponent))
        if m > 1.4142135623730951 { (m, e) = (m / 2, e + 1) }
        // ln m = 2 artanh s; |s| is below 0.172, where the first term left out is below 1e-19.
        let s = (m - 1) / (m + 1)
        let square = s * s
        var sum = 0.0
        for n in stride(from: 23, through: 3, by: -2) { sum = (sum + 1 / Double(n)) * square }
        let series = 2 * s + 2 * s * sum
        return e * ln2.high + (series + e * ln2.low)
    }

    /// What Stirling's formula lacks: ln Γ(x + 1) - (x + 1/2) ln x + x - ln(2π) / 2, for x above 0.
    static func stirlingError(_ x: Double) -> Double {
        if x > 15 {
            let square = x * x
            let inner = (1 / 1680 - 1 / 1188 / square) / square
            return (1 / 12 - (1 / 360 - (1 / 1260 - inner) / square) / square) / x
        }
        // Γ(x + 1) by way of Γ(x + 17).
        var product = 1.0
        for n in 1...16 { product *= x + Double(n) }
        let far = x + 16
        let logGamma =
            (far + 0.5) * log(far) - far + halfLogTwoPi + stirlingError(far) - log(product)
        return logGamma - (x + 0.5) * log(x) + x - halfLogTwoPi
    }

    /// x ln(x / mean) + mean - x without cancellation, for both above 0 (Loader 2000).
    static func deviance(_ x: Double, _ mean: Double) -> Double {
        guard abs(x - mean) < 0.1 * (x + mean) else { return x * log(x / mean) + mean - x }
        let v = (x - mean) / (x + mean)
        var sum = (x - mean) * v
        var term = 2 * x * v
        for n in 1..<1000 {
            term *= v * v
            let next = sum + term / Double(2 * n + 1)
            if next == sum { break }
            sum = next
        }
        return sum
    }

    static let twoPi = 6.283185307179586
    private static let halfLogTwoPi = 0.9189385332046728
}
