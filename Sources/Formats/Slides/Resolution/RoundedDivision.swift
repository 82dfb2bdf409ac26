/// Divides by one number again and again, exactly, rounding halves up.
///
/// - Source: Multiplication by the reciprocal rounded up (Granlund and Montgomery, 1994); exact while the
///   number divided is below 2^64 / divisor, else it divides.
struct RoundedDivision {
    private let divisor: UInt64
    private let reciprocal: UInt64

    init(by divisor: UInt64) {
        self.divisor = divisor
        // Sums are at most 255.5 times the divisor.
        reciprocal = divisor > 1 && divisor < 1 << 27 ? UInt64.max / divisor + 1 : 0
    }

    @inline(__always)
    func callAsFunction(_ sum: UInt64) -> UInt8 {
        let rounded = sum + divisor / 2
        let quotient =
            reciprocal == 0 ? rounded / divisor : rounded.multipliedFullWidth(by: reciprocal).high
        return UInt8(truncatingIfNeeded: quotient)
    }
}
