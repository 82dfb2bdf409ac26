/// Wilcoxon's signed-rank test: whether paired differences lie about zero (Wilcoxon 1945).
///
/// Ranks are those of the absolute differences, mid-ranks where these are equal to the bit: `0.9 - 0.8` and `0.4 - 0.3`
/// are not. Statistics and p-values are SciPy's, in every mode.
public struct WilcoxonSignedRank: Hashable, Sendable {
    /// What becomes of differences that are zero.
    public enum ZeroMethod: String, Hashable, Sendable, CaseIterable {
        /// They are dropped (Wilcoxon).
        case wilcox
        /// They are ranked, then their ranks dropped (Pratt 1959).
        case pratt
        /// They are ranked, and half of their ranks given to either side.
        case zsplit
    }

    /// What the differences may be instead of about zero.
    public enum Alternative: String, Hashable, Sendable, CaseIterable {
        /// Larger or smaller.
        case twoSided = "two-sided"
        /// Smaller.
        case less
        /// Larger.
        case greater
    }

    /// Where the p-value comes from.
    public enum Method: String, Hashable, Sendable, CaseIterable {
        /// ``exact`` for at most 50 differences without zeros and ties, else ``normal``.
        case automatic
        /// The distribution for ranks without ties. With zeros or ties it is an approximation, SciPy's: the statistic
        /// is rounded to the side of the larger p, and with Pratt's zeros it is not even the same from both sides. Use
        /// ``permutation`` then.
        case exact
        /// The distribution over all signs of the very ranks found, ties included: exact in every case.
        case permutation
        /// The normal approximation with correction for ties (Cureton 1967 for Pratt's zeros).
        case normal = "normal approximation"
    }

    /// How many differences there are, zeros included.
    public let n: Int
    /// How many of them are zero.
    public let zeros: Int
    /// Whether absolute differences that are ranked are equal.
    public let hasTies: Bool
    /// The sum of the ranks of the positive differences.
    public let positiveRankSum: Double
    /// The sum of the ranks of the negative differences.
    public let negativeRankSum: Double
    /// The smaller sum for the two-sided alternative, else the positive one.
    public let statistic: Double
    /// The statistic in units of its standard deviation; nil unless ``method`` is ``Method/normal``.
    public let z: Double?
    /// The p-value; 1 when no difference is other than zero.
    public let p: Double
    /// Where the p-value comes from; never ``Method/automatic``.
    public let method: Method

    /// Whether the p-value is exact for these differences.
    public var isExact: Bool {
        method == .permutation || (method == .exact && !hasTies && zeros == 0)
    }

    /// The matched-pairs rank-biserial correlation, the share of ranks for minus the share against, in -1...1 (Kerby
    /// 2014); 0 when no difference is other than zero.
    public var effect: Double {
        let sum = positiveRankSum + negativeRankSum
        return sum == 0 ? 0 : (positiveRankSum - negativeRankSum) / sum
    }

    /// Tests differences.
    ///
    /// - Parameters:
    ///   - differences: One per case.
    ///   - zeroMethod: What becomes of differences that are zero.
    ///   - method: Where the p-value comes from.
    ///   - alternative: What the differences may be instead of about zero.
    ///   - continuityCorrection: Whether the normal approximation moves the statistic by 1/2 to its mean.
    /// - Throws: ``MetricError/invalidScore(what:index:found:)`` for a difference that is not finite,
    ///   ``MetricError/invalidArgument(name:found:expected:)`` for ``Method/exact`` or ``Method/permutation`` with more
    ///   than 1000 differences.
    /// - Complexity: O(*n* log *n*), and O(*n*³) for the two distributions.
    public init(
        differences: [Double], zeroMethod: ZeroMethod = .wilcox, method: Method = .automatic,
        alternative: Alternative = .twoSided, continuityCorrection: Bool = false
    ) throws(MetricError) {
        try FiniteCheck.check(differences, "differences")
        n = differences.count
        zeros = differences.count { $0 == 0 }
        let ranked = zeroMethod == .wilcox ? differences.filter { $0 != 0 } : differences
        let ranks = SignedRanks(ranked, zeroMethod)
        hasTies = ranks.groups.contains { $0 > 1 }
        positiveRankSum = ranks.positive
        negativeRankSum = ranks.negative
        statistic =
            alternative == .twoSided ? min(ranks.positive, ranks.negative) : ranks.positive
        let chosen: Method =
            switch method {
            case .automatic where n == zeros, .exact where n == zeros: .permutation
            case .automatic: zeros == 0 && !hasTies && n <= 50 ? .exact : .normal
            default: method
            }
        self.method = chosen
        guard chosen == .normal || ranked.count <= SignedRankDistribution.largest else {
            throw .invalidArgument(
                name: "method \(method.rawValue)", found: "\(ranked.count) differences",
                expected: "at most \(SignedRankDistribution.largest); use the normal approximation")
        }
        switch chosen {
        case .normal, .automatic:
            let z = ranks.z(alternative, continuityCorrection)
            self.z = z
            p = Self.normal(z, alternative)
        case .exact:
            z = nil
            let distribution = SignedRankDistribution(ranks: Array(1..<(ranked.count + 1)))
            p = Self.tails(
                below: distribution.atMost(Int(ranks.positive.rounded(.up))),
                above: distribution.atLeast(Int(ranks.positive.rounded(.down))), alternative)
        case .permutation:
            z = nil
            let distribution = SignedRankDistribution(ranks: ranks.signed)
            p = Self.tails(
                below: distribution.atMost(ranks.signedPositive),
                above: distribution.atLeast(ranks.signedPositive), alternative)
        }
    }

    /// Tests the differences of paired values, first minus second.
    ///
    /// - Parameters:
    ///   - first: One value per case.
    ///   - second: The other value of each case.
    ///   - zeroMethod: What becomes of differences that are zero.
    ///   - method: Where the p-value comes from.
    ///   - alternative: What the differences may be instead of about zero.
    ///   - continuityCorrection: Whether the normal approximation moves the statistic by 1/2 to its mean.
    /// - Throws: As for differences, and ``MetricError/sizeMismatch(what:found:expected:)``.
    public init(
        _ first: [Double], _ second: [Double], zeroMethod: ZeroMethod = .wilcox,
        method: Method = .automatic, alternative: Alternative = .twoSided,
        continuityCorrection: Bool = false
    ) throws(MetricError) {
        try FiniteCheck.check(second.count, is: first.count, "second values")
        try self.init(
            differences: zip(first, second).map { $0 - $1 }, zeroMethod: zeroMethod,
            method: method, alternative: alternative, continuityCorrection: continuityCorrection)
    }

    private static func normal(_ z: Double, _ alternative: Alternative) -> Double {
        switch alternative {
        case .twoSided: Distributions.normalTwoSided(z)
        case .less: Distributions.normalBelow(z)
        case .greater: Distributions.normalAbove(z)
        }
    }

    private static func tails(
        below: Double, above: Double, _ alternative: Alternative
    ) -> Double {
        switch alternative {
        case .twoSided: min(1, 2 * min(below, above))
        case .less: below
        case .greater: above
        }
    }
}
