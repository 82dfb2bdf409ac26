/// Holm's correction: the chance of one false finding among many tests stays below the level (Holm 1979).
public enum Holm {
    /// Corrects p-values.
    ///
    /// - Parameter p: The p-values, in any order; NaN stays NaN and counts as no test.
    /// - Returns: The corrected p-values in the same order, at most 1.
    /// - Complexity: O(*m* log *m*).
    public static func adjusted(_ p: [Double]) -> [Double] {
        let order = MultipleTesting.ascending(p)
        var result = p
        var largest = 0.0
        for (place, index) in order.enumerated() {
            largest = max(largest, min(1, Double(order.count - place) * p[index]))
            result[index] = largest
        }
        return result
    }
}
