/// A counter-based random generator: Philox 4x32 with ten rounds.
///
/// Every draw is a pure function of the seed, the stream and the position, so results do not depend on the order in
/// which cases or slices are worked on, or on how many threads do it. One generator is made per (case, slice, label,
/// purpose) and never shared.
///
/// - Source: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
public struct RandomSource: Sendable {
    private let key: (UInt32, UInt32)
    private let stream: (UInt32, UInt32, UInt32)
    private var block: UInt32 = 0
    private var words: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
    private var unused = 0

    /// Makes a generator.
    ///
    /// - Parameters:
    ///   - seed: The seed, usually derived from the user's seed and the case.
    ///   - stream: Three numbers that tell this use from any other: slice, label with component, kind.
    public init(seed: UInt64, stream: (UInt32, UInt32, UInt32) = (0, 0, 0)) {
        key = (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
        self.stream = stream
    }

    /// The next 32 random bits.
    ///
    /// - Returns: A uniform 32-bit number; the words of a block come in order, and the stream repeats after 2³⁴ words.
    /// - Complexity: A few nanoseconds; no allocation.
    public mutating func next() -> UInt32 {
        if unused == 0 {
            words = Self.philox(
                counter: (block, stream.0, stream.1, stream.2), key: key)
            block &+= 1
            unused = 4
        }
        defer { unused -= 1 }
        switch unused {
        case 4: return words.0
        case 3: return words.1
        case 2: return words.2
        default: return words.3
        }
    }

    /// A uniform whole number below a bound, without bias.
    ///
    /// - Parameter bound: Exclusive upper bound, 1...2³².
    /// - Returns: A number in `0..<bound`.
    /// - Source: Lemire, "Fast random integer generation in an interval", 2019.
    public mutating func index(below bound: Int) -> Int {
        precondition(bound > 0 && bound <= 1 << 32, "bound must lie in 1...2^32")
        let range = UInt64(bound)
        var product = UInt64(next()) * range
        var low = product & 0xffff_ffff
        if low < range {
            let threshold = ((1 << 32) - range) % range
            while low < threshold {
                product = UInt64(next()) * range
                low = product & 0xffff_ffff
            }
        }
        return Int(product >> 32)
    }

    /// A uniform number in [0, 1) with 53 random bits.
    ///
    /// - Returns: A multiple of 2⁻⁵³.
    public mutating func unit() -> Double {
        let high = UInt64(next() >> 5)
        let low = UInt64(next() >> 6)
        return Double(high << 26 | low) * 0x1p-53
    }

    static func philox(
        counter: (UInt32, UInt32, UInt32, UInt32), key: (UInt32, UInt32)
    ) -> (UInt32, UInt32, UInt32, UInt32) {
        var (c0, c1, c2, c3) = counter
        var (k0, k1) = key
        for _ in 0..<10 {
            let a = UInt64(0xD251_1F53) * UInt64(c0)
            let b = UInt64(0xCD9E_8D57) * UInt64(c2)
            (c0, c1, c2, c3) = (
                UInt32(truncatingIfNeeded: b >> 32) ^ c1 ^ k0, UInt32(truncatingIfNeeded: b),
                UInt32(truncatingIfNeeded: a >> 32) ^ c3 ^ k1, UInt32(truncatingIfNeeded: a)
            )
            k0 &+= 0x9E37_79B9
            k1 &+= 0xBB67_AE85
        }
        return (c0, c1, c2, c3)
    }
}
