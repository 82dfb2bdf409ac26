/// Elementary functions built of additions, multiplications, divisions and bits alone.
///
/// Those of the C library give other last bits on other machines; these give the same everywhere.
/// They have no branches, so that the compiler can turn a loop over them into vector instructions,
/// and their polynomials are summed in pairs, so that no step waits for all before it. The errors
/// stated are bounds on what was measured against Glibc; the polynomials are Chebyshev fits made
/// with 40 digits.
enum ExactMath {
    /// The natural logarithm of 2.
    static let ln2 = 0.6931471805599453

    /// The logarithm to base 2 of a positive, normal number; exact for powers of two.
    ///
    /// Error: below 4e-16 * max(|result|, 1), and below 6e-16 * |result| for numbers near 1.
    @inline(__always)
    static func log2(_ value: Double) -> Double {
        let (exponent, s) = parts(value)
        let z = s * s
        let z2 = z * z
        // 2 artanh(s) / (s ln 2), relative error 2e-18
        let low =
            (2.8853900817779268 + 0.9617966939259898 * z)
            + (0.5770780163455203 + 0.4121985858409005 * z) * z2
        let high =
            (0.32059853491395984 + 0.262334352504183 * z)
            + (0.2209130842311768 + 0.2136589569431927 * z) * z2
        return exponent + s * (low + high * (z2 * z2))
    }

    /// Two to the power of a number, which is limited to -1022...1023; exact for whole numbers.
    ///
    /// Relative error: below 4e-16.
    @inline(__always)
    static func exp2(_ value: Double) -> Double {
        let (f, power) = split(value)
        let f2 = f * f
        let f4 = f2 * f2
        // (2^f - 1) / f, relative error 2e-17
        let low =
            (0.6931471805599453 + 0.24022650695910097 * f)
            + (0.0555041086648216 + 0.009618129107606888 * f) * f2
        let middle =
            (0.0013333558146416936 + 0.0001540353044173605 * f)
            + (1.525273382983612e-05 + 1.321544258792169e-06 * f) * f2
        let high =
            (1.0178062445845774e-07 + 7.072585949269223e-09 * f)
            + 4.4549605981865186e-10 * f2
        return (1 + (low + (middle + high * f4) * f4) * f) * power
    }

    /// The natural logarithm of a positive, normal number.
    ///
    /// Error: below 6e-16 * max(|result|, 1).
    @inline(__always)
    static func log(_ value: Double) -> Double { log2(value) * ln2 }

    /// *e* to the power of a number.
    ///
    /// Relative error: below 3e-16 * (2 + |value|) for -708...709.
    @inline(__always)
    static func exp(_ value: Double) -> Double { exp2(value * 1.4426950408889634) }

    /// A power of a number from 0 to 1, with an exponent above 0; for results that are rounded to
    /// 32 bits.
    ///
    /// Exact at 0 and 1. Relative error: below 1.5e-10 + 2e-12 * exponent for results above
    /// 2^-1022; lesser ones are at most that.
    @inline(__always)
    static func power(_ base: Double, _ exponent: Double) -> Double {
        let (whole, s) = parts(base)
        let z = s * s
        // as in log2, relative error 1.3e-11
        let series =
            (2.885390081789987 + 0.9617966734515485 * z)
            + ((0.5770835660048659 + 0.41167376623771057 * z) + 0.3407120415619086 * (z * z))
            * (z * z)
        let (f, power) = split(exponent * (whole + s * series))
        let f2 = f * f
        // as in exp2, relative error of the power 1.2e-10
        let low = (0.6931471805599453 + 0.24022650922288757 * f) + 0.055504108839096185 * f2
        let high =
            (0.009618056678524637 + 0.001333350238616277 * f)
            + (0.0001546144469856913 + 1.5297323760701075e-05 * f) * f2
        return pick(base > 0, (1 + (low + high * (f2 * f)) * f) * power, 0)
    }

    /// The exponent of a positive, normal number, and `(m - 1) / (m + 1)` for its mantissa between
    /// the roots of a half and of two.
    @inline(__always)
    private static func parts(_ value: Double) -> (exponent: Double, s: Double) {
        let bits = value.bitPattern
        let biased = (bits &+ (0x3FF0_0000_0000_0000 - 0x3FE6_A09E_667F_3BCD)) &>> 52
        let mantissa = Double(bitPattern: bits &- ((biased &- 1023) &<< 52))
        // a whole number in the last bits of 2^52 becomes a number without a conversion
        let exponent = Double(bitPattern: biased | 0x4330_0000_0000_0000) - (0x1p52 + 1023)
        return (exponent, (mantissa - 1) / (mantissa + 1))
    }

    /// What a number, limited to -1022...1023, has beyond the nearest whole number, and two to the
    /// power of that whole number.
    @inline(__always)
    private static func split(_ value: Double) -> (f: Double, power: Double) {
        let limited = limited(value, -1022, 1023)
        // rounds to a whole number, which then stands in the last bits of 1.5 * 2^52
        let shifted = limited + 0x1.8p52
        let power = Double(bitPattern: (shifted.bitPattern &+ 1023) &<< 52)
        return (limited - (shifted - 0x1.8p52), power)
    }

    /// A number limited to bounds: what `min(max(value, low), high)` gives; not a number stays so.
    @inline(__always)
    static func limited(_ value: Double, _ low: Double, _ high: Double) -> Double {
        let raised = pick(low >= value, low, value)
        return pick(high < raised, high, raised)
    }

    /// A number limited to bounds: what `min(max(value, low), high)` gives; not a number stays so.
    @inline(__always)
    static func limited(_ value: Float, _ low: Float, _ high: Float) -> Float {
        let raised = pick(low >= value, low, value)
        return pick(high < raised, high, raised)
    }

    /// One of two numbers, both of which are known: a branch would keep a loop from being
    /// vectorised.
    @inline(__always)
    static func pick(_ condition: Bool, _ yes: Double, _ no: Double) -> Double {
        let mask: UInt64 = condition ? .max : 0
        return Double(bitPattern: (yes.bitPattern & mask) | (no.bitPattern & ~mask))
    }

    /// One of two numbers, both of which are known.
    @inline(__always)
    static func pick(_ condition: Bool, _ yes: Float, _ no: Float) -> Float {
        let mask: UInt32 = condition ? .max : 0
        return Float(bitPattern: (yes.bitPattern & mask) | (no.bitPattern & ~mask))
    }
}
