/// Scores per class and their averages.
extension ConfusionMatrix {
    /// The table of classes.
    ///
    /// - Parameter rule: What a class without samples, and a division by zero, gives.
    /// - Returns: A row per class, in the order of ``classNames``.
    /// - Complexity: O(*k*²) for *k* classes.
    public func classScores(zeroDivision rule: ZeroDivision = .undefined) -> [ClassScore] {
        zip(classNames, allCounts).map { ClassScore(name: $0, counts: $1, rule: rule) }
    }

    /// One value over classes.
    ///
    /// - Parameters:
    ///   - metric: What is averaged.
    ///   - average: How.
    ///   - classes: The classes that take part, all unless given; samples of others still count against these.
    ///   - rule: What a class without samples, and a division by zero, gives; what is undefined is left out.
    /// - Returns: The value, and how many classes it is made of. A micro average has all of them.
    /// - Complexity: O(*k*²) for *k* classes.
    public func average(
        _ metric: ClassMetric, _ average: ClassAverage, classes: [Int]? = nil,
        zeroDivision rule: ZeroDivision = .undefined
    ) -> AveragedScore {
        let all = allCounts
        let chosen = (classes ?? Array(all.indices)).map { all[$0] }
        if average == .micro {
            let terms = chosen.map(metric.terms)
            let below = terms.reduce(0) { $0 + $1.denominator }
            let above = terms.reduce(0) { $0 + $1.numerator }
            var value = above / below
            if below == 0, case .value(let number) = rule { value = number }
            return AveragedScore(value: value, classes: chosen.count, leftOut: 0)
        }
        let values = chosen.map { (metric.value($0, rule), Double($0.reference)) }
            .filter { !$0.0.isNaN }
        var (sum, weights) = (0.0, 0.0)
        for (value, support) in values {
            let weight = average == .weighted ? support : 1
            sum += weight * value
            weights += weight
        }
        var value = sum / weights
        if weights == 0, case .value(let number) = rule { value = number }
        return AveragedScore(
            value: value, classes: values.count, leftOut: chosen.count - values.count)
    }

    /// The share of samples whose class was found.
    public var accuracy: Double { Double(correct) / Double(total) }

    /// The mean recall of the classes that have samples, with the number of those that have none.
    public var balancedAccuracy: AveragedScore { average(.recall, .macro) }

    private var allCounts: [OverlapCounts] {
        let (supports, predicted, total) = (supports, predicted, total)
        return (0..<classCount).map {
            counts(of: $0, supports: supports, predicted: predicted, total: total)
        }
    }
}
