/// The numbers that describe a list of values: mean, spread, quartiles and extremes.
///
/// Values that are not finite are counted and left out of everything else: a mean with infinity in it says nothing, so
/// decide what a missing value costs before summarising, and show the counts.
public struct SampleSummary: Hashable, Sendable {
    /// How many values are finite; all that follows is of these.
    public let n: Int
    /// How many values are NaN.
    public let nanCount: Int
    /// How many values are infinite.
    public let infiniteCount: Int
    /// The mean; NaN without values.
    public let mean: Double
    /// The standard deviation with denominator n - 1; NaN for fewer than two values.
    public let standardDeviation: Double
    /// The median; NaN without values.
    public let median: Double
    /// The 25th percentile, linear (type 7); NaN without values.
    public let lowerQuartile: Double
    /// The 75th percentile, linear (type 7); NaN without values.
    public let upperQuartile: Double
    /// The least value; NaN without values.
    public let minimum: Double
    /// The largest value; NaN without values.
    public let maximum: Double

    /// Summarises values.
    ///
    /// - Parameter values: The values in a fixed order, which decides the last bit of the mean.
    /// - Complexity: O(*n* log *n*).
    public init(_ values: [Double]) {
        let finite = values.filter(\.isFinite)
        n = finite.count
        nanCount = values.count { $0.isNaN }
        infiniteCount = values.count - finite.count - nanCount
        let mean = PairwiseSum.mean(finite)
        self.mean = mean
        if finite.count < 2 {
            standardDeviation = .nan
        } else {
            let squares = finite.map { ($0 - mean) * ($0 - mean) }
            standardDeviation =
                (PairwiseSum.sum(squares) / Double(finite.count - 1)).squareRoot()
        }
        let sorted = finite.sorted()
        median = Percentile.value(ofSorted: sorted, fraction: 0.5)
        lowerQuartile = Percentile.value(ofSorted: sorted, fraction: 0.25)
        upperQuartile = Percentile.value(ofSorted: sorted, fraction: 0.75)
        minimum = sorted.first ?? .nan
        maximum = sorted.last ?? .nan
    }

    /// The standard deviation with denominator n, NumPy's default; NaN without values.
    public var populationStandardDeviation: Double {
        switch n {
        case 0: .nan
        case 1: 0
        default: standardDeviation * (Double(n - 1) / Double(n)).squareRoot()
        }
    }

    /// The places of the worst values, the worst first.
    ///
    /// - Parameters:
    ///   - count: How many at most.
    ///   - values: The values. NaN is not ranked; an infinity is worse or better than every number.
    ///   - higherIsBetter: Whether the least values are the worst.
    /// - Returns: Places in `values`; of equal values the first place first.
    /// - Complexity: O(*n* log *n*).
    public static func worst(
        _ count: Int, of values: [Double], higherIsBetter: Bool
    ) -> [Int] {
        let ranked = values.indices.filter { !values[$0].isNaN }.sorted {
            let (a, b) = (values[$0], values[$1])
            if a == b { return $0 < $1 }
            return higherIsBetter ? a < b : a > b
        }
        return Array(ranked.prefix(max(0, count)))
    }
}
