/// The Hodges-Lehmann estimate of a shift: the median of the means of all pairs of differences (Walsh averages), each
/// difference paired with itself too.
public enum HodgesLehmann {
    /// The shift that paired differences lie about.
    ///
    /// - Parameter differences: One per case.
    /// - Returns: The median of the *n*(*n* + 1)/2 Walsh averages; NaN of nothing.
    /// - Throws: ``MetricError/invalidScore(what:index:found:)`` for a difference that is not finite.
    /// - Complexity: O(*n* log *n*) for sorting and 64 walks of O(*n*); the averages are never listed.
    public static func shift(of differences: [Double]) throws(MetricError) -> Double {
        try FiniteCheck.check(differences, "differences")
        guard !differences.isEmpty else { return .nan }
        // Halves first: the sum of two halves cannot overflow.
        let halves = differences.map { $0 / 2 }.sorted()
        let count = halves.count * (halves.count + 1) / 2
        let low = average(ofRank: (count + 1) / 2, halves)
        if count % 2 == 1 { return low }
        let high = average(ofRank: count / 2 + 1, halves)
        return low / 2 + high / 2
    }

    /// The Walsh average of a rank, counted from 1: the least number that so many averages do not exceed.
    ///
    /// Floating-point sums grow with either term, rounding included, so that counting is exact; the number is found by
    /// bisection of the ordered bit patterns.
    private static func average(ofRank rank: Int, _ halves: [Double]) -> Double {
        var low = key(2 * halves[0])
        var high = key(2 * halves[halves.count - 1])
        while low < high {
            let middle = low + (high - low) / 2
            if count(upTo: value(middle), halves) >= rank {
                high = middle
            } else {
                low = middle + 1
            }
        }
        // Of the two zeros the positive one.
        return value(low) + 0
    }

    /// How many pairs i <= j have a sum of at most a bound.
    private static func count(upTo bound: Double, _ halves: [Double]) -> Int {
        halves.withUnsafeBufferPointer { halves in
            var count = 0
            var end = halves.count
            for first in halves.indices {
                while end > first && halves[first] + halves[end - 1] > bound { end -= 1 }
                if end <= first { break }
                count += end - first
            }
            return count
        }
    }

    /// An integer in the order of the numbers.
    private static func key(_ x: Double) -> UInt64 {
        let bits = x.bitPattern
        return bits >> 63 == 1 ? ~bits : bits | 1 << 63
    }

    private static func value(_ key: UInt64) -> Double {
        Double(bitPattern: key >> 63 == 1 ? key & ~(1 << 63) : ~key)
    }
}
