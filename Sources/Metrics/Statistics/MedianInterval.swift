/// The interval of a median from two of the values themselves, by the binomial distribution of their ranks.
///
/// It holds for independent values of any distribution; bootstrap intervals of a median can fail badly. The confidence
/// is never below the one asked for, and ``coverage`` says what it is.
public struct MedianInterval: Hashable, Sendable {
    /// The lower end: the value of rank ``rank``.
    public let low: Double
    /// The upper end: the value of rank n + 1 - ``rank``.
    public let high: Double
    /// The rank of the lower end, counted from 1.
    public let rank: Int
    /// The confidence asked for.
    public let level: Double
    /// The confidence reached: `1 - 2 P(Bin(n, 1/2) < rank)`.
    public let coverage: Double

    /// Takes the interval of the median of independent values.
    ///
    /// There is none for fewer than ``Bootstrap/smallestSample`` values, for NaN among them, or when even the extremes
    /// do not reach the level.
    ///
    /// - Parameters:
    ///   - values: One value per case, without NaN.
    ///   - level: The confidence, above 0 and below 1.
    /// - Complexity: O(*n* log *n*).
    public init?(of values: [Double], level: Double = 0.95) {
        precondition(level > 0 && level < 1, "a level lies between 0 and 1")
        let n = values.count
        guard n >= Bootstrap.smallestSample, !values.contains(where: \.isNaN),
            let rank = Self.rank(of: n, level: level)
        else { return nil }
        let sorted = values.sorted()
        low = sorted[rank - 1]
        high = sorted[n - rank]
        self.rank = rank
        self.level = level
        coverage = 1 - 2 * Distributions.fairCoin(atMost: rank - 1, of: n)
    }

    /// The largest rank, from 1, whose interval reaches the level; nil when none does.
    static func rank(of n: Int, level: Double) -> Int? {
        let tail = (1 - level) / 2
        // Ranks below `low` reach the level, `high` does not.
        var (low, high) = (0, n / 2 + 1)
        while high - low > 1 {
            let middle = (low + high) / 2
            if Distributions.fairCoin(atMost: middle - 1, of: n) <= tail {
                low = middle
            } else {
                high = middle
            }
        }
        return low == 0 ? nil : low
    }
}
