/// How two partitions of the same pixels agree on pairs of pixels: the Rand index and its adjusted form.
///
/// Ordered pairs are counted exactly in 128 bits: slides have more than 2^64 of them.
public struct PairCounts: Hashable, Sendable {
    /// What is partitioned, and by what; the three forms give different numbers and are named apart.
    public enum Partition: String, Hashable, Sendable, CaseIterable {
        /// Foreground against background, over all pixels.
        case binary = "ari"
        /// Instance ids over all pixels; the background is one cluster.
        case instances = "ari-instances"
        /// Instance ids over the pixels of the reference foreground.
        case referenceForeground = "ari-fg"
    }

    /// Pixels that were partitioned.
    public let count: UInt64
    /// The sum of squares over the cells of the contingency table.
    let cells: UInt128
    /// The sum of squares over the clusters of the reference.
    let references: UInt128
    /// The sum of squares over the clusters of the prediction.
    let predictions: UInt128

    init(_ table: ContingencyTable) {
        func squares(_ counts: [UInt64]) -> UInt128 {
            counts.reduce(0) { $0 + UInt128($1) * UInt128($1) }
        }
        count = table.count
        cells = squares(table.cells.map(\.count))
        references = squares(table.references)
        predictions = squares(table.predictions)
    }

    /// Ordered pairs together in both partitions.
    private var together: UInt128 { cells - UInt128(count) }
    /// Ordered pairs together in the reference only.
    private var split: UInt128 { references - cells }
    /// Ordered pairs together in the prediction only.
    private var merged: UInt128 { predictions - cells }
    /// Ordered pairs apart in both.
    private var apart: UInt128 {
        UInt128(count) * UInt128(count) + cells - references - predictions
    }

    /// The share of pairs on which the partitions agree; 1 for fewer than two pixels.
    public var rand: Double {
        let total = together + split + merged + apart
        return total == 0 ? 1 : Double(together + apart) / Double(total)
    }

    /// The adjusted Rand index (Hubert and Arabie 1985): 1 for equal partitions, 0 expected by chance.
    ///
    /// 1 when no pair disagrees, one cluster on both sides included, as in scikit-learn.
    public var adjustedRand: Double {
        if split == 0, merged == 0 { return 1 }
        let agreement = Self.difference(
            together.multipliedFullWidth(by: apart), split.multipliedFullWidth(by: merged))
        let scale =
            Double(together + split) * Double(split + apart)
            + Double(together + merged) * Double(merged + apart)
        return 2 * agreement / scale
    }

    /// scikit-image's adapted Rand error, with its precision and recall: 1 - F of pair counts.
    ///
    /// Defined over the reference foreground, see ``InstanceOverlap/adaptedRand``. NaN where it divides by zero.
    public var adapted: (error: Double, precision: Double, recall: Double) {
        let n = UInt128(count)
        let (sum, a, b) = (Double(cells - n), Double(references - n), Double(predictions - n))
        return (1 - sum / (0.5 * a + 0.5 * b), sum / a, sum / b)
    }

    private static func difference(
        _ a: (high: UInt128, low: UInt128), _ b: (high: UInt128, low: UInt128)
    ) -> Double {
        let isNegative = (a.high, a.low) < (b.high, b.low)
        let (x, y) = isNegative ? (b, a) : (a, b)
        let (low, borrow) = x.low.subtractingReportingOverflow(y.low)
        let high = x.high - y.high - (borrow ? 1 : 0)
        let size = Double(high) * 0x1p128 + Double(low)
        return isNegative ? -size : size
    }
}

extension InstanceOverlap {
    /// The pair counts of one of the three forms of the Rand index.
    ///
    /// - Parameter partition: What is partitioned.
    /// - Returns: Exact counts.
    /// - Complexity: O(*c*) for *c* contacts and instances.
    public func pairCounts(_ partition: PairCounts.Partition) -> PairCounts {
        PairCounts(ContingencyTable(self, partition))
    }

    /// The adjusted Rand index in one of its three forms.
    ///
    /// - Parameter partition: What is partitioned; ``PairCounts/Partition/referenceForeground`` of an empty reference
    ///   is 1, as in scikit-learn.
    /// - Returns: The index, at most 1; it may be negative.
    public func adjustedRand(_ partition: PairCounts.Partition) -> MetricValue {
        MetricValue(.value, pairCounts(partition).adjustedRand)
    }

    /// scikit-image's `adapted_rand_error` with precision and recall: pairs of pixels of the reference foreground.
    ///
    /// Another index than the adjusted Rand index in spite of its name (Arganda-Carreras et al. 2015). NaN where it
    /// divides by zero, as for an empty reference.
    public var adaptedRand: (error: Double, precision: Double, recall: Double) {
        pairCounts(.referenceForeground).adapted
    }
}
