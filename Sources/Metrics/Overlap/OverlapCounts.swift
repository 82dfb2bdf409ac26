/// How many voxels one label has in both maps, in one of them, and in none: all overlap metrics follow from it.
public struct OverlapCounts: Hashable, Sendable {
    /// Voxels in both masks.
    public var truePositives: UInt64
    /// Voxels only in the prediction.
    public var falsePositives: UInt64
    /// Voxels only in the reference.
    public var falseNegatives: UInt64
    /// Voxels in neither mask.
    public var trueNegatives: UInt64

    /// Makes counts.
    ///
    /// - Parameters:
    ///   - truePositives: Voxels in both masks.
    ///   - falsePositives: Voxels only in the prediction.
    ///   - falseNegatives: Voxels only in the reference.
    ///   - trueNegatives: Voxels in neither mask.
    public init(
        truePositives: UInt64, falsePositives: UInt64, falseNegatives: UInt64,
        trueNegatives: UInt64
    ) {
        self.truePositives = truePositives
        self.falsePositives = falsePositives
        self.falseNegatives = falseNegatives
        self.trueNegatives = trueNegatives
    }

    /// Voxels of the prediction.
    public var prediction: UInt64 { truePositives + falsePositives }
    /// Voxels of the reference.
    public var reference: UInt64 { truePositives + falseNegatives }
    /// Voxels of the field of view.
    public var total: UInt64 { truePositives + falsePositives + falseNegatives + trueNegatives }

    /// The state that the emptiness of the two masks gives to every metric.
    public var state: MetricState {
        switch (reference > 0, prediction > 0) {
        case (true, true): .value
        case (false, false): .na
        case (true, false): .miss
        case (false, true): .ghost
        }
    }

    /// The counts of two disjoint sets of voxels together, as for a value pooled over cases.
    public static func + (a: OverlapCounts, b: OverlapCounts) -> OverlapCounts {
        OverlapCounts(
            truePositives: a.truePositives + b.truePositives,
            falsePositives: a.falsePositives + b.falsePositives,
            falseNegatives: a.falseNegatives + b.falseNegatives,
            trueNegatives: a.trueNegatives + b.trueNegatives)
    }
}
