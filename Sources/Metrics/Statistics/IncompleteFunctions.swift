/// The regularised incomplete beta and gamma functions, which all p-values here come from.
///
/// The factor before the series is Loader's saddle point form (2000), so that it keeps its digits for large arguments;
/// the continued fractions are summed by Lentz's method. Good to about 1e-13 relative.
enum IncompleteFunctions {
    /// I_x(a, b), the probability that a beta variate is at most x.
    ///
    /// x lies in 0...1, a and b are above 0; 1 - x is given apart because the difference may have lost its digits.
    static func beta(_ x: Double, complement y: Double, _ a: Double, _ b: Double) -> Double {
        if x.isNaN || y.isNaN { return .nan }
        if x <= 0 { return 0 }
        if y <= 0 { return 1 }
        // The fraction converges fast below the mean.
        if x > (a + 1) / (a + b + 2) { return 1 - beta(y, complement: x, b, a) }
        let n = a + b
        let exponent =
            PortableMath.stirlingError(n) - PortableMath.stirlingError(a)
            - PortableMath.stirlingError(b) - PortableMath.deviance(a, n * x)
            - PortableMath.deviance(b, n * y)
        // x^a y^b / (a B(a, b))
        let factor =
            PortableMath.exp(exponent) * (b / (PortableMath.twoPi * a * n)).squareRoot()
        return min(1, factor * betaFraction(x, a, b))
    }

    /// Q(a, x), the probability that a gamma variate of shape a, above 0, is above x, 0 or more.
    static func upperGamma(_ a: Double, _ x: Double) -> Double {
        if x.isNaN { return .nan }
        if x <= 0 { return 1 }
        if x.isInfinite { return 0 }
        // x^a e^-x / Γ(a + 1)
        let factor =
            PortableMath.exp(-PortableMath.stirlingError(a) - PortableMath.deviance(a, x))
            / (PortableMath.twoPi * a).squareRoot()
        if x < a + 1 {
            var (sum, term, n) = (1.0, 1.0, a)
            while term > sum * 1e-17 {
                n += 1
                term *= x / n
                sum += term
            }
            return max(0, 1 - factor * sum)
        }
        var b = x + 1 - a
        var c = 1 / tiny
        var d = 1 / b
        var fraction = d
        for i in 1..<100_000 {
            let step = -Double(i) * (Double(i) - a)
            b += 2
            d = 1 / awayFromZero(step * d + b)
            c = awayFromZero(b + step / c)
            fraction *= d * c
            if abs(d * c - 1) < 3e-16 { break }
        }
        return factor * a * fraction
    }

    private static func betaFraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
        var c = 1.0
        var d = 1 / awayFromZero(1 - (a + b) * x / (a + 1))
        var fraction = d
        for i in 1..<100_000 {
            let m = Double(i)
            let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
            d = 1 / awayFromZero(1 + even * d)
            c = awayFromZero(1 + even / c)
            fraction *= d * c
            let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
            d = 1 / awayFromZero(1 + odd * d)
            c = awayFromZero(1 + odd / c)
            fraction *= d * c
            if abs(d * c - 1) < 3e-16 { break }
        }
        return fraction
    }

    private static let tiny = 1e-300

    private static func awayFromZero(_ x: Double) -> Double { abs(x) < tiny ? tiny : x }
}
