/// Friedman's test: whether models are ranked alike by all cases (Friedman 1937).
public struct FriedmanTest: Hashable, Sendable {
    /// The chi-square statistic, corrected for ties.
    public let statistic: Double
    /// Its p-value with one degree of freedom less than models, an approximation for few cases.
    public let p: Double

    /// Tests the ranks of cases; nil for fewer than two models or cases, or when all models tie in every case.
    ///
    /// - Parameters:
    ///   - ranks: Twice the rank of every model in every case.
    ///   - ties: The sizes of the groups of equal scores in every case.
    init?(doubledRanks ranks: [[Int]], ties: [[Int]]) {
        let (n, k) = (ranks.count, ranks.first?.count ?? 0)
        guard n > 1, k > 1 else { return nil }
        var squares = 0.0
        for model in 0..<k {
            let sum = Double(ranks.reduce(0) { $0 + $1[model] }) / 2
            squares += sum * sum
        }
        let tied = ties.joined().reduce(0.0) {
            let t = Double($1)
            return $0 + t * (t * t - 1)
        }
        let (cases, models) = (Double(n), Double(k))
        let correction = 1 - tied / (models * (models * models - 1) * cases)
        guard correction > 0 else { return nil }
        let scale = models * cases * (models + 1)
        statistic = max(0, (12 / scale * squares - 3 * cases * (models + 1)) / correction)
        p = Distributions.chiSquareAbove(statistic, degrees: models - 1)
    }
}
