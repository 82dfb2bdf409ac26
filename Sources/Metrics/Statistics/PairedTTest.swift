/// Student's t-test for paired differences.
public struct PairedTTest: Hashable, Sendable {
    /// The mean difference over its standard error; infinite when all differences are equal, NaN when all are zero.
    public let t: Double
    /// n - 1.
    public let degreesOfFreedom: Int
    /// The two-sided p-value; NaN when ``t`` is.
    public let p: Double

    /// Tests differences.
    ///
    /// - Parameter differences: One per case, at least two.
    /// - Throws: ``MetricError/invalidScore(what:index:found:)`` for a difference that is not finite,
    ///   ``MetricError/invalidArgument(name:found:expected:)`` for fewer than two.
    public init(differences: [Double]) throws(MetricError) {
        try FiniteCheck.check(differences, "differences")
        guard differences.count > 1 else {
            throw .invalidArgument(
                name: "differences", found: "\(differences.count)", expected: "at least 2")
        }
        let summary = SampleSummary(differences)
        let error = summary.standardDeviation / Double(summary.n).squareRoot()
        t = summary.mean / error
        degreesOfFreedom = summary.n - 1
        p = Distributions.studentTwoSided(t, degrees: Double(summary.n - 1))
    }
}
