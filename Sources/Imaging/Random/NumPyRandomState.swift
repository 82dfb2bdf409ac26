#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// NumPy's legacy `RandomState`: the stream behind `numpy.random.seed(n)` and `numpy.random.RandomState(n)`.
///
/// samdata's own draws come from ``RandomSource``; this generator exists for the named compatibility modes. It is the
/// same MT19937 as ``MersenneTwister``, but a whole-number seed is expanded by the generator's older recurrence, not
/// as a key array, and whole numbers come from the low bits of a word.
///
/// - Source: NumPy's documented promise that `RandomState` never changes its streams; seeding from Matsumoto and
///   Nishimura's reference code of 2002 (`init_genrand`, `init_by_array`).
public struct NumPyRandomState: Sendable {
    private var twister: MersenneTwister
    private var spareNormal: Double?

    /// How many 32-bit words the stream has given so far.
    ///
    /// Words that a rejection threw away count too, so `skip(wordCount)` on a fresh generator leads to the same
    /// place; the second number of a pair of normal draws is the only thing kept outside the words.
    public private(set) var wordCount = 0

    /// Seeds as `numpy.random.seed(n)` and `RandomState(n)` do with a whole number.
    ///
    /// - Parameter seed: The seed; NumPy takes no other range for a single number.
    public init(seed: UInt32) {
        twister = MersenneTwister(recurrence: seed)
    }

    /// Seeds as `numpy.random.seed([a, b, ...])` does with a list.
    ///
    /// - Parameter seeds: One number or more.
    public init(seeds: [UInt32]) {
        precondition(!seeds.isEmpty, "NumPy takes no empty list of seeds")
        twister = MersenneTwister(key: seeds)
    }

    /// The next 32 bits.
    ///
    /// - Returns: A uniform 32-bit number.
    public mutating func next() -> UInt32 {
        wordCount += 1
        return twister.next()
    }

    /// Skips numbers of the stream.
    ///
    /// A kept second number of a normal pair is dropped.
    ///
    /// - Parameter count: How many 32-bit words; `random()` takes two.
    /// - Complexity: O(*count*), about a nanosecond each.
    public mutating func skip(_ count: Int) {
        precondition(count >= 0)
        spareNormal = nil
        twister.skip(count)
        wordCount += count
    }
}

// MARK: - Real numbers

extension NumPyRandomState {
    /// `random_sample()` and `rand()`.
    ///
    /// - Returns: A number in [0, 1) with 53 random bits; takes two words.
    public mutating func random() -> Double {
        wordCount += 2
        return twister.random()
    }

    /// `uniform(low, high)`.
    ///
    /// - Parameters:
    ///   - low: The lower end, included.
    ///   - high: The upper end; rounding may reach it.
    /// - Returns: `low + (high - low) * random()`.
    public mutating func uniform(_ low: Double, _ high: Double) -> Double {
        low + (high - low) * random()
    }

    /// `standard_normal()` and `randn()`: the polar method, two numbers at a time, the second kept for the next call.
    ///
    /// - Returns: A number with mean 0 and variance 1.
    /// - Source: Marsaglia and Bray 1964, in the order of NumPy's legacy stream.
    public mutating func standardNormal() -> Double {
        if let spare = spareNormal {
            spareNormal = nil
            return spare
        }
        while true {
            let x = 2 * random() - 1
            let y = 2 * random() - 1
            let square = x * x + y * y
            guard square < 1, square != 0 else { continue }
            let factor = (-2 * log(square) / square).squareRoot()
            spareNormal = factor * x
            return factor * y
        }
    }

    /// `normal(mean, deviation)`.
    ///
    /// - Parameters:
    ///   - mean: The mean.
    ///   - deviation: The standard deviation, 0 or more.
    /// - Returns: `mean + deviation * standardNormal()`.
    public mutating func normal(_ mean: Double, _ deviation: Double) -> Double {
        mean + deviation * standardNormal()
    }
}

// MARK: - Whole numbers

extension NumPyRandomState {
    /// The `dtype` of `randint`.
    ///
    /// It decides how many bits of a word a number takes, so streams differ with it.
    public enum IntegerWidth: Sendable, CaseIterable {
        /// `bool`: 32 numbers from a word.
        case bool
        /// `int8` and `uint8`: four numbers from a word.
        case bits8
        /// `int16` and `uint16`: two numbers from a word.
        case bits16
        /// `int32`, `uint32`, `int64`, `uint64` and the default `int`: a word each, two for a range above 2³².
        case bits32or64

        var bits: Int {
            switch self {
            case .bool: 1
            case .bits8: 8
            case .bits16: 16
            case .bits32or64: 32
            }
        }
    }

    /// `randint(low, high)` with the default type; Python's upper end is not included.
    ///
    /// One word is masked to the bits of the range and thrown away while it lies above; a range of one number takes
    /// nothing from the stream, and a range above 2³² takes two words.
    ///
    /// - Parameters:
    ///   - low: The smallest result.
    ///   - high: One more than the largest result.
    /// - Returns: A number in `low..<high`.
    public mutating func randint(_ low: Int, _ high: Int) -> Int {
        precondition(low < high, "randint needs low < high")
        let range = UInt64(bitPattern: Int64(high &- 1 &- low))
        return low &+ Int(truncatingIfNeeded: interval(range))
    }

    /// `randint(low, high, size=count, dtype=width)`.
    ///
    /// Small types cut several numbers out of one word, lowest bits first; what is left of the last word is dropped.
    ///
    /// - Parameters:
    ///   - low: The smallest result.
    ///   - high: One more than the largest result; the range must fit the type.
    ///   - count: How many numbers.
    ///   - width: The type.
    /// - Returns: `count` numbers in `low..<high`.
    public mutating func randint(
        _ low: Int, _ high: Int, count: Int, width: IntegerWidth = .bits32or64
    ) -> [Int] {
        precondition(low < high && count >= 0)
        let range = UInt64(bitPattern: Int64(high &- 1 &- low))
        if width == .bits32or64 {
            return (0..<count).map { _ in low &+ Int(truncatingIfNeeded: interval(range)) }
        }
        let bits = width.bits
        precondition(range < 1 << UInt64(bits), "the range does not fit the type")
        if range == 0 { return [Int](repeating: low, count: count) }
        let mask = UInt32(Self.mask(range))
        var word: UInt32 = 0
        var unused = 0
        return (0..<count).map { _ in
            while true {
                if unused == 0 {
                    (word, unused) = (next(), 32 / bits)
                } else {
                    word >>= UInt32(bits)
                }
                unused -= 1
                let value = word & mask
                if value <= range { return low + Int(value) }
            }
        }
    }

    /// A number in `0...range`, by masking and rejection.
    private mutating func interval(_ range: UInt64) -> UInt64 {
        if range == 0 { return 0 }
        let mask = Self.mask(range)
        while true {
            let value =
                range <= 0xffff_ffff
                ? UInt64(next()) & mask : (UInt64(next()) << 32 | UInt64(next())) & mask
            if value <= range { return value }
        }
    }

    private static func mask(_ range: UInt64) -> UInt64 {
        UInt64.max >> UInt64(range.leadingZeroBitCount)
    }
}

// MARK: - Orders and choices

extension NumPyRandomState {
    /// `shuffle(list)` of a one-dimensional array.
    ///
    /// - Parameter values: What is put into another order.
    public mutating func shuffle<Value>(_ values: inout [Value]) {
        guard values.count > 1 else { return }
        for i in stride(from: values.count - 1, to: 0, by: -1) {
            values.swapAt(i, Int(interval(UInt64(i))))
        }
    }

    /// `permutation(count)`.
    ///
    /// - Parameter count: How many numbers.
    /// - Returns: `0..<count` in random order.
    public mutating func permutation(_ count: Int) -> [Int] {
        precondition(count >= 0)
        var values = Array(0..<count)
        shuffle(&values)
        return values
    }

    /// `choice(population, count, replace)` with equal weights.
    ///
    /// - Parameters:
    ///   - population: How many there are to choose from.
    ///   - count: How many are chosen.
    ///   - replacing: Whether one may be chosen twice; Python's default is `True`.
    /// - Returns: Numbers in `0..<population`.
    public mutating func choice(_ population: Int, count: Int, replacing: Bool) -> [Int] {
        precondition(count >= 0 && (replacing ? population > 0 || count == 0 : count <= population))
        if replacing { return (0..<count).map { _ in randint(0, population) } }
        return Array(permutation(population).prefix(count))
    }

    /// `choice(len(p), count, replace, p)`.
    ///
    /// Without replacement, as many numbers as are missing are drawn at once, repeated ones are dropped, and the
    /// found ones lose their weight for the next round.
    ///
    /// - Parameters:
    ///   - weights: Not negative, finite; their sum is 1 but for rounding (NumPy refuses other sums).
    ///   - count: How many are chosen; without replacement at most as many as weights above 0.
    ///   - replacing: Whether one may be chosen twice.
    /// - Returns: Numbers in `0..<weights.count`.
    public mutating func choice(weights: [Double], count: Int, replacing: Bool) -> [Int] {
        precondition(count >= 0 && weights.allSatisfy { $0 >= 0 && $0.isFinite })
        precondition(weights.contains { $0 > 0 } || count == 0)
        if replacing {
            let sums = Self.cumulative(weights)
            return (0..<count).map { _ in Self.position(of: random(), in: sums) }
        }
        precondition(count <= weights.count { $0 > 0 }, "fewer weights above 0 than choices")
        var weights = weights
        var found: [Int] = []
        while found.count < count {
            let draws = (found.count..<count).map { _ in random() }
            for index in found { weights[index] = 0 }
            let sums = Self.cumulative(weights)
            var seen: Set<Int> = []
            for draw in draws {
                let index = Self.position(of: draw, in: sums)
                if seen.insert(index).inserted { found.append(index) }
            }
        }
        return found
    }

    private static func cumulative(_ weights: [Double]) -> [Double] {
        var sum = 0.0
        let sums = weights.map { weight in
            sum += weight
            return sum
        }
        return sums.map { $0 / sum }
    }

    /// The first index whose cumulative weight lies above the draw.
    private static func position(of draw: Double, in sums: [Double]) -> Int {
        var (low, high) = (0, sums.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if sums[middle] > draw { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
