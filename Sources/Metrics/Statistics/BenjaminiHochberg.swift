/// Benjamini and Hochberg's correction: the share of false findings among the findings stays below the level (1995).
public enum BenjaminiHochberg {
    /// Corrects p-values.
    ///
    /// - Parameter p: The p-values, in any order; NaN stays NaN and counts as no test.
    /// - Returns: The corrected p-values in the same order, at most 1.
    /// - Complexity: O(*m* log *m*).
    public static func adjusted(_ p: [Double]) -> [Double] {
        let order = MultipleTesting.ascending(p)
        var result = p
        var least = 1.0
        for (place, index) in order.enumerated().reversed() {
            least = min(least, p[index] * Double(order.count) / Double(place + 1))
            result[index] = least
        }
        return result
    }
}
