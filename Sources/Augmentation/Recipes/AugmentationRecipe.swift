import MedicalImaging

/// A named list of steps, and how often it is drawn.
public struct AugmentationRecipe: Codable, Hashable, Sendable {
    /// For what one set of parameters is drawn.
    public enum Scope: String, Codable, Hashable, Sendable, CaseIterable {
        /// For every slice or patch.
        case slice
        /// Once for a whole case: all its slices are transformed alike.
        case volume
    }

    /// The name, for records and messages.
    public var name: String
    /// For what one set of parameters is drawn.
    public var scope: Scope
    /// The steps, in order.
    public var steps: [AugmentationStep]

    /// Makes a recipe.
    ///
    /// - Parameters:
    ///   - name: The name.
    ///   - scope: For what one set of parameters is drawn.
    ///   - steps: The steps, in order.
    public init(name: String, scope: Scope = .slice, steps: [AugmentationStep]) {
        self.name = name
        self.scope = scope
        self.steps = steps
    }

    /// Draws all parameters for one sample.
    ///
    /// - Parameters:
    ///   - random: A generator made for this sample alone; see ``AugmentationKey``.
    ///   - extent: The size of the sample.
    /// - Returns: What to apply.
    public func drawn(
        from random: inout RandomSource, extent: SampleExtent
    ) -> DrawnAugmentation {
        var transforms: [Transform] = []
        var size = extent
        for step in steps {
            for transform in step.drawn(from: &random, extent: size) {
                transforms.append(transform)
                size = transform.transform.extent(after: size)
            }
        }
        return DrawnAugmentation(transforms: transforms)
    }

    /// Draws all parameters for one sample under a key.
    ///
    /// - Parameters:
    ///   - key: Which sample this is.
    ///   - extent: The size of the sample.
    /// - Returns: What to apply; the same for the same key, whatever was drawn before.
    public func drawn(for key: AugmentationKey, extent: SampleExtent) -> DrawnAugmentation {
        var random = key.randomSource
        return drawn(from: &random, extent: extent)
    }
}
