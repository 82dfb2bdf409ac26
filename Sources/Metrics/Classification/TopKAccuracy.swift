/// How often the true class is among the best scores.
public enum TopKAccuracy {
    /// The share of samples for which at most `k` classes, the true one included, score as high as the true one.
    ///
    /// A tie across the border is a miss, so that the order of the classes does not matter and equal scores for all
    /// classes find nothing; other libraries break such ties by the order.
    ///
    /// - Parameters:
    ///   - scores: The scores of the classes, sample by sample.
    ///   - reference: The true class of each sample.
    ///   - classCount: Scores per sample, at least 1.
    ///   - k: Classes that may be named, at least 1.
    /// - Returns: NaN without samples.
    /// - Throws: ``MetricError/sizeMismatch(what:found:expected:)``, ``MetricError/invalidScore(what:index:found:)`` for
    ///   NaN (infinity has its place), ``MetricError/invalidArgument(name:found:expected:)`` for a class outside of the
    ///   list.
    /// - Complexity: O(*n k*) for *n* samples of *k* classes.
    public static func value(
        scores: [Float], reference: [Int], classCount: Int, k: Int
    ) throws(MetricError) -> Double {
        guard classCount >= 1, k >= 1 else {
            throw .invalidArgument(
                name: "classes and k", found: "\(classCount) and \(k)", expected: "at least 1")
        }
        let (expected, overflow) = reference.count.multipliedReportingOverflow(by: classCount)
        guard !overflow, scores.count == expected else {
            throw .sizeMismatch(what: "class scores", found: scores.count, expected: expected)
        }
        if let index = scores.firstIndex(where: \.isNaN) {
            throw .invalidScore(what: "class scores", index: index, found: "nan")
        }
        var hits = 0
        for (sample, label) in reference.enumerated() {
            guard (0..<classCount).contains(label) else {
                throw .invalidArgument(
                    name: "reference class of sample \(sample)", found: "\(label)",
                    expected: "0 to \(classCount - 1)")
            }
            let own = scores[sample * classCount..<(sample + 1) * classCount]
            let score = own[own.startIndex + label]
            hits += own.count { $0 >= score } <= k ? 1 : 0
        }
        return Double(hits) / Double(reference.count)
    }
}
