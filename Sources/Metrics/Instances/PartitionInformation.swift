#if canImport(FoundationEssentials)
    import FoundationEssentials
#endif
#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// How much two partitions tell about each other: variation of information and mutual information.
public struct PartitionInformation: Hashable, Sendable {
    /// The entropy of the prediction when the reference is known, in bits: too many pieces (scikit-image's first value).
    public let split: Double
    /// The entropy of the reference when the prediction is known, in bits: pieces joined (scikit-image's second value).
    public let merge: Double
    /// The mutual information over the mean of both entropies (scikit-learn's default): 1 for equal partitions.
    public let normalizedMutualInformation: Double

    init(_ table: ContingencyTable) {
        let n = Double(table.count)
        guard n > 0 else {
            (split, merge, normalizedMutualInformation) = (0, 0, 1)
            return
        }
        var (split, merge, mutual) = (0.0, 0.0, 0.0)
        for cell in table.cells {
            let share = Double(cell.count) / n
            let row = Double(table.references[cell.reference])
            let column = Double(table.predictions[cell.prediction])
            split -= share * log2(Double(cell.count) / row)
            merge -= share * log2(Double(cell.count) / column)
            // Two quotients near 1 keep their digits better than one product of large counts.
            mutual += share * log2(Double(cell.count) / row / (column / n))
        }
        func entropy(_ sizes: [UInt64]) -> Double {
            sizes.reduce(0) { $1 == 0 ? $0 : $0 - Double($1) / n * log2(Double($1) / n) }
        }
        func clusters(_ sizes: [UInt64]) -> Int { sizes.lazy.filter { $0 > 0 }.count }
        self.split = max(0, split)
        self.merge = max(0, merge)
        if clusters(table.references) == 1, clusters(table.predictions) == 1 {
            normalizedMutualInformation = 1
        } else if mutual <= Double.ulpOfOne {
            normalizedMutualInformation = 0
        } else {
            normalizedMutualInformation =
                mutual / ((entropy(table.references) + entropy(table.predictions)) / 2)
        }
    }
}

extension InstanceOverlap {
    /// Variation of information and normalised mutual information of instance ids over all pixels, the background a
    /// cluster as any other.
    ///
    /// - Complexity: O(*c*) for *c* contacts and instances.
    public var information: PartitionInformation {
        PartitionInformation(ContingencyTable(self, .instances))
    }
}
