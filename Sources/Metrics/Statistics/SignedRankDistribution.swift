/// How the sum of the ranks of the positive differences is distributed when every sign is a fair coin.
struct SignedRankDistribution {
    /// The probability of each sum.
    private let probabilities: [Double]

    /// The most ranks for which it is tabulated: the work grows with the cube.
    static let largest = 1000

    /// The distribution for given ranks; they may be doubled, the sums are then doubled too.
    ///
    /// - Complexity: O(*n* S) for ranks that add up to S.
    init(ranks: [Int]) {
        var probabilities = [Double](repeating: 0, count: ranks.reduce(1, +))
        probabilities[0] = 1
        var top = 0
        for rank in ranks {
            top += rank
            // Descending, so that every sum on the right is still one of the ranks before.
            for sum in stride(from: top, through: 0, by: -1) {
                let without = sum >= rank ? probabilities[sum - rank] : 0
                probabilities[sum] = (probabilities[sum] + without) / 2
            }
        }
        self.probabilities = probabilities
    }

    /// The probability of a sum of at most k.
    func atMost(_ k: Int) -> Double {
        guard k >= 0 else { return 0 }
        if k >= probabilities.count - 1 { return 1 }
        return min(1, probabilities[...k].reduce(0, +))
    }

    /// The probability of a sum of at least k: the distribution is symmetric.
    func atLeast(_ k: Int) -> Double { atMost(probabilities.count - 1 - k) }
}
