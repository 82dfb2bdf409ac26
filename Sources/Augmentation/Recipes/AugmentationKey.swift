import MedicalImaging

/// Which sample parameters are drawn for.
///
/// Draws are a pure function of this key and the recipe, so they depend neither on the order of the work nor on the number of
/// workers.
public struct AugmentationKey: Hashable, Sendable {
    /// The seed of the case, derived from the user's seed, the case id and the purpose `augmentation`.
    public var caseSeed: UInt64
    /// Index of the slice along the sliced axis; 0 for a recipe that is drawn once per volume.
    public var slice: Int
    /// Which copy, from 1; or which epoch.
    public var copy: Int

    /// Makes a key.
    ///
    /// - Parameters:
    ///   - caseSeed: The seed of the case.
    ///   - slice: Index of the slice; 0 for a whole volume.
    ///   - copy: Which copy or epoch.
    public init(caseSeed: UInt64, slice: Int, copy: Int) {
        self.caseSeed = caseSeed
        self.slice = slice
        self.copy = copy
    }

    /// The generator of this sample.
    public var randomSource: RandomSource {
        RandomSource(
            seed: caseSeed,
            stream: (
                UInt32(truncatingIfNeeded: slice), UInt32(truncatingIfNeeded: copy), 0x4155_474D
            ))
    }
}
