/// A small random generator with the same numbers on every machine (Steele, Lea and Flood 2014).
///
/// Every resample of this library comes from it: one 64-bit word per draw, and the index is the high word of
/// `word * n`, so that results repeat bit for bit and other programs can draw the same.
public struct SplitMix64: RandomNumberGenerator, Hashable, Sendable {
    private var state: UInt64

    /// Makes a generator.
    ///
    /// - Parameter seed: Where the sequence begins; equal seeds give equal sequences.
    public init(seed: UInt64) { state = seed }

    /// The next word.
    public mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    /// The next index, from 0 up to but not including a bound: the high word of the next word times the bound.
    ///
    /// - Parameter bound: At least 1.
    /// - Returns: The index.
    public mutating func index(below bound: Int) -> Int {
        precondition(bound > 0, "an index below \(bound) does not exist")
        return Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(bound)).high)
    }
}
