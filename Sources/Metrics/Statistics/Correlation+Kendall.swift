extension Correlation {
    /// Kendall's tau-b: pairs of pairs in the same order less those in the opposite order, corrected for ties.
    ///
    /// - Parameters:
    ///   - x: The first value of each pair.
    ///   - y: The second value of each pair.
    /// - Returns: The correlation; the p-value is exact without ties for at most 33 pairs (or at most one pair of pairs
    ///   out of order), else by the normal approximation with correction for ties, as in SciPy.
    /// - Throws: ``MetricError`` for a value that is not finite, lists of different lengths, or fewer than two pairs.
    /// - Complexity: O(*n* log *n*).
    public static func kendall(_ x: [Double], _ y: [Double]) throws(MetricError) -> Correlation {
        try check(x, y)
        let n = x.count
        let (rankX, rankY) = (MidRanks(x), MidRanks(y))
        let order = x.indices.sorted {
            let (a, b) = (
                (rankX.doubled[$0], rankY.doubled[$0]), (rankX.doubled[$1], rankY.doubled[$1])
            )
            return a == b ? $0 < $1 : a < b
        }
        var joint = 0
        var run = 0
        for place in 1..<n {
            let (a, b) = (order[place - 1], order[place])
            let isSame =
                rankX.doubled[a] == rankX.doubled[b] && rankY.doubled[a] == rankY.doubled[b]
            run = isSame ? run + 1 : 0
            joint += run
        }
        var ranks = order.map { rankY.doubled[$0] }
        let discordant = inversions(&ranks)
        let all = n * (n - 1) / 2
        let (tiesX, tiesY) = (pairs(rankX.groups), pairs(rankY.groups))
        let balance = all - tiesX - tiesY + joint - 2 * discordant
        guard tiesX < all, tiesY < all else {
            return Correlation(coefficient: .nan, p: .nan, n: n)
        }
        let tau =
            Double(balance) / Double(all - tiesX).squareRoot() / Double(all - tiesY).squareRoot()
        let fewest = min(discordant, all - discordant)
        let isExact = tiesX == 0 && tiesY == 0 && (n <= 33 || fewest <= 1)
        let p =
            isExact
            ? exact(fewest, all, n)
            : normal(Double(balance), rankX.groups, rankY.groups, n)
        return Correlation(coefficient: max(-1, min(1, tau)), p: p, n: n)
    }

    private static func pairs(_ groups: [Int]) -> Int {
        groups.reduce(0) { $0 + $1 * ($1 - 1) / 2 }
    }

    /// Twice the probability that a random order has at most so many inversions.
    private static func exact(_ inversions: Int, _ all: Int, _ n: Int) -> Double {
        if 2 * inversions == all { return 1 }
        var probabilities = [Double](repeating: 0, count: inversions + 1)
        probabilities[0] = 1
        for size in stride(from: 2, through: n, by: 1) {
            // The element put in last makes 0 up to size - 1 new inversions, each as likely.
            var next = [Double](repeating: 0, count: inversions + 1)
            for total in 0...inversions {
                var sum = 0.0
                for new in 0..<min(size, total + 1) { sum += probabilities[total - new] }
                next[total] = sum / Double(size)
            }
            probabilities = next
        }
        return min(1, 2 * probabilities.reduce(0, +))
    }

    private static func normal(_ balance: Double, _ x: [Int], _ y: [Int], _ n: Int) -> Double {
        func sum(_ groups: [Int], _ term: (Double) -> Double) -> Double {
            groups.reduce(0) { $0 + term(Double($1)) }
        }
        let size = Double(n)
        let m = size * (size - 1)
        let spread: (Double) -> Double = { $0 * ($0 - 1) * (2 * $0 + 5) }
        let triples: (Double) -> Double = { $0 * ($0 - 1) * ($0 - 2) }
        var variance = (m * (2 * size + 5) - sum(x, spread) - sum(y, spread)) / 18
        variance += 2 * Double(pairs(x)) * Double(pairs(y)) / m
        if n > 2 { variance += sum(x, triples) * sum(y, triples) / (9 * m * (size - 2)) }
        return variance > 0 ? Distributions.normalTwoSided(balance / variance.squareRoot()) : 1
    }

    /// How many pairs stand in descending order, by merging; the list is left sorted.
    private static func inversions(_ values: inout [Int]) -> Int {
        var count = 0
        var width = 1
        while width < values.count {
            var merged: [Int] = []
            merged.reserveCapacity(values.count)
            for first in stride(from: 0, to: values.count, by: 2 * width) {
                let middle = min(first + width, values.count)
                let end = min(first + 2 * width, values.count)
                var (a, b) = (first, middle)
                while a < middle || b < end {
                    if b == end || (a < middle && values[a] <= values[b]) {
                        merged.append(values[a])
                        a += 1
                    } else {
                        count += middle - a
                        merged.append(values[b])
                        b += 1
                    }
                }
            }
            values = merged
            width *= 2
        }
        return count
    }
}
