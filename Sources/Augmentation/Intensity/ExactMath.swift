/// Elementary functions built of additions, multiplications, divisions and bits alone.
///
/// Those of the C library give other last bits on other machines; these give the same everywhere. They have no branches, so
/// that the compiler can turn a loop over them into vector instructions. The errors stated were measured against
/// Glibc; the polynomials are Chebyshev fits made with 40 digits.
enum ExactMath {
    /// The natural logarithm of 2.
    static let ln2 = 0.6931471805599453

    /// The logarithm to base 2 of a positive, normal number; exact for powers of two.
    ///
    /// Error: below 4e-16, relative where the result lies in -1...1 and relative to its whole part elsewhere.
    @inline(__always)
    static func log2(_ value: Double) -> Double {
        let bits = value.bitPattern
        // biased exponent of the mantissa between the square roots of a half and of two
        let biased = (bits &+ (0x3FF0_0000_0000_0000 - 0x3FE6_A09E_667F_3BCD)) &>> 52
        let mantissa = Double(bitPattern: bits &- ((biased &- 1023) &<< 52))
        // a whole number in the last bits of 2^52 becomes a number without a conversion
        let exponent = Double(bitPattern: biased | 0x4330_0000_0000_0000) - 0x1p52 - 1023
        let s = (mantissa - 1) / (mantissa + 1)
        let z = s * s
        // 2 artanh(s) / (s ln 2), relative error 2e-18
        // pairs of terms side by side: a chain of eight would keep the processor waiting
        let z2 = z * z
        let low = (2.8853900817779268 + 0.9617966939259898 * z)
            + (0.5770780163455203 + 0.4121985858409005 * z) * z2
        let high = (0.32059853491395984 + 0.262334352504183 * z)
            + (0.2209130842311768 + 0.2136589569431927 * z) * z2
        let p = low + high * (z2 * z2)
        return exponent + s * p
    }

    /// Two to the power of a number, which is limited to -1022...1023; exact for whole numbers.
    ///
    /// Relative error: below 4e-16.
    @inline(__always)
    static func exp2(_ value: Double) -> Double {
        let power = limited(value, -1022, 1023)
        // rounds to a whole number, which then stands in the last bits of 1.5 * 2^52
        let shifted = power + 0x1.8p52
        let f = power - (shifted - 0x1.8p52)
        // (2^f - 1) / f, relative error 2e-17
        let f2 = f * f
        let f4 = f2 * f2
        let low = (0.6931471805599453 + 0.24022650695910097 * f)
            + (0.0555041086648216 + 0.009618129107606888 * f) * f2
        let middle = (0.0013333558146416936 + 0.0001540353044173605 * f)
            + (1.525273382983612e-05 + 1.321544258792169e-06 * f) * f2
        let high = (1.0178062445845774e-07 + 7.072585949269223e-09 * f)
            + 4.4549605981865186e-10 * f2
        let p = low + (middle + high * f4) * f4
        return (1 + p * f) * Double(bitPattern: (shifted.bitPattern &+ 1023) &<< 52)
    }

    /// The natural logarithm of a positive, normal number.
    ///
    /// Error: below 6e-16, relative where the result lies in -1...1 and relative to its whole part elsewhere.
    @inline(__always)
    static func log(_ value: Double) -> Double { log2(value) * ln2 }

    /// *e* to the power of a number.
    ///
    /// Relative error: below 3e-16 * (2 + |value|) for -708...709.
    @inline(__always)
    static func exp(_ value: Double) -> Double { exp2(value * 1.4426950408889634) }

    /// A power of a number from 0 to 1; the exponent is positive.
    ///
    /// Exact at 0 and 1; relative error below 4e-16 * (2 + |exponent * log2(base)|), results below 2^-1022 are about that.
    @inline(__always)
    static func power(_ base: Double, _ exponent: Double) -> Double {
        pick(base > 0, exp2(exponent * log2(base)), 0)
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

    /// One of two numbers, both of which are known: a branch would keep a loop from being vectorised.
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
