import SampleAugmentation

/// What is drawn for the slices of one augmented copy.
///
/// Draws are keyed by the case, the slice and the copy, so that neither the order of the work nor its division changes them;
/// under a reference program's stream they come in the order of the plan.
struct CopyDraws: Sendable {
    /// What is drawn and applied.
    let recipe: AugmentationRecipe
    /// Which copy.
    let copy: Int
    /// The seed of the case for augmentation.
    let caseSeed: UInt64
    /// What a reference stream gave for each sample of the copy; `nil` for keyed draws.
    var streamed: [DrawnAugmentation]?

    /// The places of a copy.
    ///
    /// - Parameters:
    ///   - indices: The slices of the case that are kept, ascending.
    ///   - count: Slices of the volume.
    ///   - extent: The size of one slice.
    /// - Returns: One place per kept slice, indices ascending.
    func places(of indices: [Int], count: Int, extent: SampleExtent) -> [SlicePlace] {
        switch recipe.scope {
        case .slice:
            return indices.enumerated().map { n, index in
                let drawn =
                    streamed.map { $0[n] }
                    ?? recipe.drawn(
                        for: AugmentationKey(caseSeed: caseSeed, slice: index, copy: copy),
                        extent: extent)
                return SlicePlace(index, source: index, drawn: drawn)
            }
        case .volume:
            var whole = extent
            whole.slices = count
            let drawn =
                streamed?.first
                ?? recipe.drawn(
                    for: AugmentationKey(caseSeed: caseSeed, slice: 0, copy: copy), extent: whole)
            // A flip along the slices is its own inverse, so the same map leads there and back.
            return indices.map { source in
                let index = drawn.sourceSlice(of: source, count: count)
                return SlicePlace(
                    index, source: source, drawn: drawn.transforms(ofSlice: index))
            }.sorted { $0.index < $1.index }
        }
    }
}
