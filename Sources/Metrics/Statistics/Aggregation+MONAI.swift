extension Aggregation {
    /// The reductions of MONAI's `do_metric_reduction`; a batch is the cases, a channel a label.
    public enum MONAIReduction: String, Hashable, Sendable, CaseIterable {
        /// Over the labels of each case, then over the cases that have any.
        case mean
        /// The sum of all.
        case sum
        /// Over the cases, per label.
        case meanBatch = "mean_batch"
        /// The sum over the cases, per label.
        case sumBatch = "sum_batch"
        /// Over the labels, per case.
        case meanChannel = "mean_channel"
        /// The sum over the labels, per case.
        case sumChannel = "sum_channel"
    }

    /// What a reduction leaves.
    public struct MONAIResult: Hashable, Sendable {
        /// One number, or one per label (batch) or per case (channel); 0 where there is nothing to average.
        public let values: [Double]
        /// How many entries are in each: MONAI's `not_nans`.
        ///
        /// For ``MONAIReduction/mean`` it counts cases.
        public let counts: [Int]
    }

    /// Reduces the table as MONAI does, in single precision.
    ///
    /// - Parameter reduction: Over what.
    /// - Returns: The numbers, and how many entries are in each. NaN is left out; infinities are not.
    public func monai(_ reduction: MONAIReduction) -> MONAIResult {
        let rows = table.map { $0.map(Float.init) }
        let columns = (0..<labels).map { label in rows.map { $0[label] } }
        switch reduction {
        case .mean:
            let means = rows.map(Self.mean).filter { $0.count > 0 }
            let (value, count) = Self.mean(means.map(\.value))
            return MONAIResult(values: [Double(value)], counts: [count])
        case .sum:
            return Self.result([Self.sum(Array(rows.joined()))])
        case .meanBatch: return Self.result(columns.map(Self.mean))
        case .sumBatch: return Self.result(columns.map(Self.sum))
        case .meanChannel: return Self.result(rows.map(Self.mean))
        case .sumChannel: return Self.result(rows.map(Self.sum))
        }
    }

    private static func result(_ reduced: [(value: Float, count: Int)]) -> MONAIResult {
        MONAIResult(values: reduced.map { Double($0.value) }, counts: reduced.map(\.count))
    }

    private static func sum(_ values: [Float]) -> (value: Float, count: Int) {
        var (sum, count): (Float, Int) = (0, 0)
        for value in values where !value.isNaN {
            sum += value
            count += 1
        }
        return (sum, count)
    }

    private static func mean(_ values: [Float]) -> (value: Float, count: Int) {
        let (sum, count) = sum(values)
        return (count == 0 ? 0 : sum / Float(count), count)
    }
}
