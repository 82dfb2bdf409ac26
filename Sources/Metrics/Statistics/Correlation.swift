/// How closely two lists of paired values go together, in -1...1, with a two-sided p-value.
public struct Correlation: Hashable, Sendable {
    /// The correlation; NaN when all values of a list are equal.
    public let coefficient: Double
    /// The two-sided p-value; NaN when the coefficient is.
    public let p: Double
    /// How many pairs there are.
    public let n: Int

    /// Pearson's correlation: how close the pairs lie to a line.
    ///
    /// - Parameters:
    ///   - x: The first value of each pair.
    ///   - y: The second value of each pair.
    /// - Returns: The correlation, and the p-value of the exact distribution for normal values.
    /// - Throws: ``MetricError`` for a value that is not finite, lists of different lengths, or fewer than two pairs.
    public static func pearson(_ x: [Double], _ y: [Double]) throws(MetricError) -> Correlation {
        try check(x, y)
        let (a, b) = (centered(x), centered(y))
        let products = PairwiseSum.sum(zip(a, b).map { $0 * $1 })
        let squares = (
            PairwiseSum.sum(a.map { $0 * $0 }).squareRoot(),
            PairwiseSum.sum(b.map { $0 * $0 }).squareRoot()
        )
        guard squares.0 > 0, squares.1 > 0 else {
            return Correlation(coefficient: .nan, p: .nan, n: x.count)
        }
        let r = max(-1, min(1, products / squares.0 / squares.1))
        return Correlation(coefficient: r, p: probability(of: r, x.count), n: x.count)
    }

    /// Spearman's correlation: Pearson's of the mid-ranks.
    ///
    /// - Parameters:
    ///   - x: The first value of each pair.
    ///   - y: The second value of each pair.
    /// - Returns: The correlation, and the p-value by the t distribution with n - 2 degrees of freedom, an
    ///   approximation.
    /// - Throws: ``MetricError`` for a value that is not finite, lists of different lengths, or fewer than two pairs.
    public static func spearman(_ x: [Double], _ y: [Double]) throws(MetricError) -> Correlation {
        try check(x, y)
        // Doubled ranks have the whole mean n + 1, so that all is exact up to the last division.
        let (a, b) = (MidRanks(x).doubled, MidRanks(y).doubled)
        let center = x.count + 1
        var (products, squaresA, squaresB) = (0.0, 0.0, 0.0)
        for (rankA, rankB) in zip(a, b) {
            let (first, second) = (Double(rankA - center), Double(rankB - center))
            products += first * second
            squaresA += first * first
            squaresB += second * second
        }
        guard squaresA > 0, squaresB > 0 else {
            return Correlation(coefficient: .nan, p: .nan, n: x.count)
        }
        let scale = squaresA == squaresB ? squaresA : (squaresA * squaresB).squareRoot()
        let r = max(-1, min(1, products / scale))
        return Correlation(coefficient: r, p: probability(of: r, x.count), n: x.count)
    }

    /// The probability of a correlation at least as far from 0, by the t distribution with n - 2 degrees of freedom.
    private static func probability(of r: Double, _ n: Int) -> Double {
        // Two pairs always lie on a line.
        guard n > 2 else { return 1 }
        let half = Double(n) / 2 - 1
        let side = (1 - abs(r)) / 2
        return min(1, 2 * IncompleteFunctions.beta(side, complement: 1 - side, half, half))
    }

    private static func centered(_ values: [Double]) -> [Double] {
        let mean = PairwiseSum.mean(values)
        return values.map { $0 - mean }
    }

    static func check(_ x: [Double], _ y: [Double]) throws(MetricError) {
        try FiniteCheck.check(x, "first values")
        try FiniteCheck.check(y, "second values")
        try FiniteCheck.check(y.count, is: x.count, "second values")
        guard x.count > 1 else {
            throw .invalidArgument(name: "pairs", found: "\(x.count)", expected: "at least 2")
        }
    }
}
