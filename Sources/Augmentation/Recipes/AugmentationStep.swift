import MedicalImaging

/// One step of a recipe: with some probability, one of several lists of transforms.
public struct AugmentationStep: Codable, Hashable, Sendable {
    /// How likely the step is carried out, 0 to 1.
    public var probability: Double
    /// What may be done: one list is chosen, all with equal weight; its transforms are applied in order.
    public var alternatives: [[Transform]]

    /// A step with one transform.
    ///
    /// - Parameters:
    ///   - transform: What is done.
    ///   - probability: How likely, 0 to 1.
    public init(_ transform: Transform, probability: Double = 1) {
        self.init(oneOf: [[transform]], probability: probability)
    }

    /// A step that chooses among lists of transforms.
    ///
    /// - Parameters:
    ///   - alternatives: One list is chosen, all with equal weight.
    ///   - probability: How likely the step is, 0 to 1.
    public init(oneOf alternatives: [[Transform]], probability: Double = 1) {
        precondition(probability >= 0 && probability <= 1)
        self.alternatives = alternatives
        self.probability = probability
    }

    /// Decides whether the step happens, which list, and its parameters.
    ///
    /// A probability of 0 or 1 and a single list take nothing from the generator.
    ///
    /// - Parameters:
    ///   - random: The generator.
    ///   - extent: The size of the sample before the step.
    /// - Returns: Drawn transforms in order; none when the step does not happen.
    public func drawn(
        from random: inout RandomSource, extent: SampleExtent
    ) -> [Transform] {
        guard probability > 0, !alternatives.isEmpty else { return [] }
        if probability < 1, random.unit() >= probability { return [] }
        let choice = alternatives.count == 1 ? 0 : random.index(below: alternatives.count)
        var size = extent
        return alternatives[choice].map { transform in
            let fixed = transform.drawn(from: &random, extent: size)
            size = fixed.transform.extent(after: size)
            return fixed
        }
    }
}
