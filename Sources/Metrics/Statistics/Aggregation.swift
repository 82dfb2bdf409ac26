/// One metric of many cases and labels, and the means libraries make of it.
///
/// An entry is NaN where the metric is undefined; what a miss costs is decided before: give it its penalty, infinity,
/// or NaN. Infinities go through every mean. Means are those of the named libraries, number for number; show ``counts``
/// beside them.
public struct Aggregation: Hashable, Sendable {
    /// The entries, `[case][label]`.
    public let table: [[Double]]
    /// The number of labels.
    public let labels: Int

    /// Takes a table.
    ///
    /// - Parameter table: The entries, `[case][label]`, NaN where undefined.
    /// - Throws: ``MetricError/sizeMismatch(what:found:expected:)`` for cases with different numbers of labels.
    public init(_ table: [[Double]]) throws(MetricError) {
        labels = table.first?.count ?? 0
        for (index, row) in table.enumerated() {
            try FiniteCheck.check(row.count, is: labels, "labels of case \(index)")
        }
        self.table = table
    }

    /// How many entries of each label are not NaN.
    public var counts: [Int] { columns.map { column in column.count { !$0.isNaN } } }

    /// The mean of each label over the cases in which it is not NaN; NaN for a label without any (nnU-Net).
    public var labelMeans: [Double] { columns.map(Self.meanOfNumbers) }

    /// The mean of each case over the labels that are not NaN; NaN for a case without any.
    public var caseMeans: [Double] { table.map(Self.meanOfNumbers) }

    /// The plain mean of the means of the labels: NaN as soon as one label has none (nnU-Net's foreground mean).
    public var foregroundMean: Double { Self.mean(labelMeans) }

    /// The mean of the means of the cases that have one; NaN when none has.
    public var meanOfCaseMeans: Double { Self.meanOfNumbers(caseMeans) }

    /// The mean of all entries that are not NaN; NaN when there is none.
    public var meanOfEntries: Double { Self.meanOfNumbers(Array(table.joined())) }

    /// The mean over all labels by a rule.
    ///
    /// - Parameter rule: How values of cases and labels become one number.
    /// - Returns: The mean; NaN when the rule finds nothing to average, but 0 by ``MeanRule/monai``. Under
    ///   ``MeanRule/synapse``, whose scripts know no undefined value, NaN goes through; ``MeanRule/none`` is taken as
    ///   ``MeanRule/labelsOfCases``.
    public func mean(by rule: MeanRule) -> Double {
        switch rule {
        case .labelsOfCases, .none: Self.meanOfNumbers(labelMeans)
        case .nnunet: foregroundMean
        case .synapse: Self.mean(columns.map(Self.mean))
        case .records: meanOfEntries
        case .monai: monai(.mean).values[0]
        }
    }

    /// The entries of each label.
    private var columns: [[Double]] {
        (0..<labels).map { label in table.map { $0[label] } }
    }

    private static func meanOfNumbers(_ values: [Double]) -> Double {
        mean(values.filter { !$0.isNaN })
    }

    /// In NumPy's order of summation, unclamped: infinities and NaN must go through.
    private static func mean(_ values: [Double]) -> Double {
        values.isEmpty ? .nan : PairwiseSum.sum(values) / Double(values.count)
    }
}
