/// The Mersenne Twister MT19937, for replaying streams of Python and NumPy.
///
/// samdata's own draws come from ``RandomSource``; this generator exists for the named compatibility modes.
///
/// - Source: Matsumoto and Nishimura 1998; seeding by array as in their reference code of 2002.
public struct MersenneTwister: Sendable {
    private var state: [UInt32]
    private var position = 624

    /// Seeds as CPython's `random.seed(n)` does: the number's 32-bit digits are the key array.
    ///
    /// - Parameter seed: A non-negative whole number (Python takes the absolute value).
    public init(pythonSeed seed: UInt64) {
        let high = UInt32(truncatingIfNeeded: seed >> 32)
        let low = UInt32(truncatingIfNeeded: seed)
        self.init(key: high == 0 ? [low] : [low, high])
    }

    /// Seeds by an array of 32-bit numbers.
    ///
    /// - Parameter key: One number or more.
    public init(key: [UInt32]) {
        precondition(!key.isEmpty)
        var s = Self.recurrence(from: 19_650_218)
        var i = 1
        var j = 0
        for _ in 0..<max(624, key.count) {
            s[i] = (s[i] ^ (s[i - 1] ^ s[i - 1] >> 30) &* 1_664_525) &+ key[j] &+ UInt32(j)
            i += 1
            j += 1
            if i >= 624 {
                s[0] = s[623]
                i = 1
            }
            if j >= key.count { j = 0 }
        }
        for _ in 0..<623 {
            s[i] = (s[i] ^ (s[i - 1] ^ s[i - 1] >> 30) &* 1_566_083_941) &- UInt32(i)
            i += 1
            if i >= 624 {
                s[0] = s[623]
                i = 1
            }
        }
        s[0] = 0x8000_0000
        state = s
    }

    /// Seeds by one 32-bit number, as NumPy's legacy generators do (`init_genrand` of the reference code).
    ///
    /// - Parameter seed: The number.
    public init(recurrence seed: UInt32) {
        state = Self.recurrence(from: seed)
    }

    private static func recurrence(from seed: UInt32) -> [UInt32] {
        var s = [seed]
        s.reserveCapacity(624)
        for n in 1..<624 { s.append(1_812_433_253 &* (s[n - 1] ^ s[n - 1] >> 30) &+ UInt32(n)) }
        return s
    }

    /// The next 32 bits.
    ///
    /// - Returns: A uniform 32-bit number.
    public mutating func next() -> UInt32 {
        if position == 624 { refill() }
        var y = state[position]
        position += 1
        y ^= y >> 11
        y ^= y << 7 & 0x9d2c_5680
        y ^= y << 15 & 0xefc6_0000
        y ^= y >> 18
        return y
    }

    /// Python's `random.random()`.
    ///
    /// - Returns: A number in [0, 1) with 53 random bits.
    public mutating func random() -> Double {
        let a = UInt64(next() >> 5)
        let b = UInt64(next() >> 6)
        return (Double(a) * 67_108_864 + Double(b)) * (1 / 9_007_199_254_740_992)
    }

    /// Python's `random.randint(low, high)`, both ends included.
    ///
    /// - Parameters:
    ///   - low: The smallest result.
    ///   - high: The largest result; `high - low` below 2³² - 1.
    /// - Returns: A number in `low...high`, found by rejection on the top bits of one word.
    public mutating func randint(_ low: Int, _ high: Int) -> Int {
        let count = high - low + 1
        precondition(count > 0 && count < 1 << 32)
        let bits = Int.bitWidth - count.leadingZeroBitCount
        while true {
            let value = Int(next() >> UInt32(32 - bits))
            if value < count { return low + value }
        }
    }

    /// Skips numbers of the stream.
    ///
    /// - Parameter count: How many 32-bit words.
    /// - Complexity: O(*count*), about 1 ns each.
    public mutating func skip(_ count: Int) {
        var left = count
        while left > 0 {
            if position == 624 { refill() }
            let step = min(left, 624 - position)
            position += step
            left -= step
        }
    }

    private mutating func refill() {
        state.withUnsafeMutableBufferPointer { s in
            for n in 0..<624 {
                let y = s[n] & 0x8000_0000 | s[(n + 1) % 624] & 0x7fff_ffff
                s[n] = s[(n + 397) % 624] ^ y >> 1 ^ (y & 1 == 0 ? 0 : 0x9908_b0df)
            }
        }
        position = 0
    }
}
