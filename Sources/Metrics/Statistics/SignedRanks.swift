/// The ranks of absolute differences with their signs, and their sums.
struct SignedRanks {
    /// Twice the ranks of the differences that are not zero.
    let signed: [Int]
    /// The sum of those that are positive.
    let signedPositive: Int
    /// The sums of the ranks of either side, with its share of the zeros.
    let positive: Double, negative: Double
    /// The sizes of the groups of equal absolute differences.
    let groups: [Int]
    private let count: Int
    private let zeros: Int
    private let zeroMethod: WilcoxonSignedRank.ZeroMethod

    init(_ differences: [Double], _ zeroMethod: WilcoxonSignedRank.ZeroMethod) {
        let ranks = MidRanks(differences.map(\.magnitude))
        groups = ranks.groups
        count = differences.count
        zeros = differences.count { $0 == 0 }
        self.zeroMethod = zeroMethod
        var (positive, negative, zero) = (0, 0, 0)
        var signed: [Int] = []
        for (difference, rank) in zip(differences, ranks.doubled) {
            if difference == 0 {
                zero += rank
                continue
            }
            signed.append(rank)
            if difference > 0 { positive += rank } else { negative += rank }
        }
        self.signed = signed
        signedPositive = positive
        let share = zeroMethod == .zsplit ? zero : 0
        self.positive = Double(2 * positive + share) / 4
        self.negative = Double(2 * negative + share) / 4
    }

    /// The positive sum less its mean, over its standard deviation; 0 when that is 0.
    func z(_ alternative: WilcoxonSignedRank.Alternative, _ continuity: Bool) -> Double {
        let n = Double(count)
        var mean = n * (n + 1) / 4
        var variance = n * (n + 1) * (2 * n + 1)
        var ties = groups
        if zeroMethod == .pratt, zeros > 0 {
            let z = Double(zeros)
            mean -= z * (z + 1) / 4
            variance -= z * (z + 1) * (2 * z + 1)
            // The zeros are the first group and no tie.
            ties.removeFirst()
        }
        for size in ties {
            let t = Double(size)
            variance -= (t * t * t - t) / 2
        }
        guard variance > 0 else { return 0 }
        let deviation = (variance / 24).squareRoot()
        let distance = positive - mean
        guard continuity else { return distance / deviation }
        let half: Double =
            switch alternative {
            case .greater: 0.5
            case .less: -0.5
            case .twoSided: distance > 0 ? 0.5 : distance < 0 ? -0.5 : 0
            }
        return (distance - half) / deviation
    }
}
