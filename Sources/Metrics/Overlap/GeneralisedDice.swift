/// One Dice coefficient over several labels, in which small labels may count as much as large ones:
/// 2 Σ w TP / Σ w (P + R).
///
/// - Source: Crum et al. 2006; Sudre et al. 2017.
public struct GeneralisedDice: Hashable, Sendable {
    /// How the weight of a label follows from the voxels it has in the reference.
    public enum Weight: String, Hashable, Sendable, CaseIterable {
        /// 1 / R²: labels of every size count alike (Sudre et al.).
        case square
        /// 1 / R.
        case simple
        /// 1: pooled counts, the Dice of SimpleITK's totals.
        case uniform
    }

    /// What is done with a label that the reference does not have, whose weight would be infinite.
    public enum AbsentLabel: String, Hashable, Sendable, CaseIterable {
        /// It takes the largest finite weight, so that a hallucinated label costs (MONAI).
        case largestWeight
        /// It does not take part.
        case leftOut
    }

    /// How the weight of a label follows from its size.
    public let weight: Weight
    /// What is done with a label that the reference does not have.
    public let absentLabel: AbsentLabel

    /// Makes a definition.
    ///
    /// - Parameters:
    ///   - weight: How the weight of a label follows from its size.
    ///   - absentLabel: What is done with a label that the reference does not have.
    public init(weight: Weight = .square, absentLabel: AbsentLabel = .largestWeight) {
        self.weight = weight
        self.absentLabel = absentLabel
    }

    /// MONAI's `compute_generalized_dice` with `sum_over_classes`: a denominator of 0 gives 1 when nothing was
    /// predicted, else 0.
    ///
    /// - Parameters:
    ///   - labels: The counts of each label.
    ///   - weight: How the weight of a label follows from its size.
    /// - Returns: The value, never NaN.
    public static func monai(_ labels: [OverlapCounts], weight: Weight = .square) -> Double {
        let value = GeneralisedDice(weight: weight).value(labels)
        guard value.isNaN else { return value }
        return labels.allSatisfy { $0.prediction == 0 } ? 1 : 0
    }

    /// The value over some labels.
    ///
    /// - Parameter labels: The counts of each label.
    /// - Returns: A value in [0, 1]; NaN when no label has a weight or a voxel.
    /// - Complexity: O(*labels*).
    public func value(_ labels: [OverlapCounts]) -> Double {
        let finite = labels.filter { $0.reference > 0 }.map { factor(Double($0.reference)) }
        // Without any finite weight the largest is 0, and the value is undefined.
        let absent =
            switch (weight, absentLabel) {
            case (_, .leftOut): 0.0
            case (.uniform, .largestWeight): 1.0
            case (_, .largestWeight): finite.max() ?? 0
            }
        var (numerator, denominator) = (0.0, 0.0)
        for one in labels {
            let weight = one.reference > 0 ? factor(Double(one.reference)) : absent
            numerator += 2 * weight * Double(one.truePositives)
            denominator += weight * (Double(one.prediction) + Double(one.reference))
        }
        return denominator == 0 ? .nan : numerator / denominator
    }

    private func factor(_ voxels: Double) -> Double {
        switch weight {
        case .square: 1 / (voxels * voxels)
        case .simple: 1 / voxels
        case .uniform: 1
        }
    }
}
