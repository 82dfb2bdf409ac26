/// What a value is when its formula divides by zero, or its class has no samples.
public enum ZeroDivision: Hashable, Sendable {
    /// NaN, which means leave out and say so: a class without samples has no scores at all.
    case undefined
    /// A number where the formula divides by zero, and only there; 0 is scikit-learn's `zero_division`.
    case value(Double)
}

/// A value of one class against all others.
public enum ClassMetric: String, Hashable, Sendable, CaseIterable {
    /// TP / (TP + FP).
    case precision
    /// TP / (TP + FN), also called sensitivity.
    case recall
    /// 2TP / (2TP + FP + FN).
    case f1
    /// TP / (TP + FP + FN).
    case jaccard

    /// The terms of the quotient.
    func terms(_ counts: OverlapCounts) -> (numerator: Double, denominator: Double) {
        let hits = Double(counts.truePositives)
        switch self {
        case .precision: return (hits, Double(counts.prediction))
        case .recall: return (hits, Double(counts.reference))
        case .f1: return (2 * hits, Double(counts.prediction) + Double(counts.reference))
        case .jaccard:
            return (hits, Double(counts.prediction) + Double(counts.falseNegatives))
        }
    }

    /// The value from counts.
    func value(_ counts: OverlapCounts, _ rule: ZeroDivision) -> Double {
        let (numerator, denominator) = terms(counts)
        switch rule {
        case .undefined:
            return counts.reference == 0 || denominator == 0 ? .nan : numerator / denominator
        case .value(let number): return denominator == 0 ? number : numerator / denominator
        }
    }
}

/// The row of one class in a table of classes.
public struct ClassScore: Hashable, Sendable {
    /// The class.
    public let name: String
    /// The class against all others.
    public let counts: OverlapCounts
    /// TP / (TP + FP); NaN where undefined.
    public let precision: Double
    /// TP / (TP + FN); NaN where undefined.
    public let recall: Double
    /// 2TP / (2TP + FP + FN); NaN where undefined.
    public let f1: Double
    /// TP / (TP + FP + FN); NaN where undefined.
    public let jaccard: Double

    /// Samples of the class in the reference.
    public var support: UInt64 { counts.reference }
    /// `na` for a class without samples, `miss` for one that was never predicted, otherwise `value`.
    public var state: MetricState { support == 0 ? .na : counts.state }

    init(name: String, counts: OverlapCounts, rule: ZeroDivision) {
        self.name = name
        self.counts = counts
        precision = ClassMetric.precision.value(counts, rule)
        recall = ClassMetric.recall.value(counts, rule)
        f1 = ClassMetric.f1.value(counts, rule)
        jaccard = ClassMetric.jaccard.value(counts, rule)
    }
}

/// How the values of classes become one.
public enum ClassAverage: String, Hashable, Sendable, CaseIterable {
    /// The mean over classes: rare classes count as much as frequent ones.
    case macro
    /// The formula on the sums of the counts: samples count alike.
    case micro
    /// The mean over classes, weighted by their samples in the reference.
    case weighted
}

/// An average over classes, and how many of them it left out.
public struct AveragedScore: Hashable, Sendable {
    /// The average; NaN when no class is left.
    public let value: Double
    /// Classes in the average.
    public let classes: Int
    /// Classes left out because they have no value.
    public let leftOut: Int
}
