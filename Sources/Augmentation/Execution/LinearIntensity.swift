/// An intensity step that multiplies, adds, and perhaps clips: the executor applies it to rows that are still in the cache.
///
/// The step's own `apply(to:)` must give the same bits: `value * scale`, rounded, `+ shift`, rounded, then the clip.
protocol LinearIntensity {
    /// The numbers of the step.
    ///
    /// Only the extent and the range of the sample may be read: its pixels may not have been transformed yet.
    ///
    /// - Parameter sample: A sample with the extent and the range before the step.
    /// - Returns: The numbers; `nil` when the step is not linear, depends on the pixels or is not fit to be applied. The
    ///   executor then calls `apply(to:)`, which throws where it has to.
    func linear(
        for sample: AugmentationSample
    ) -> (scale: Float, shift: Float, clip: ClosedRange<Float>?)?

    /// What black and white are after the step.
    ///
    /// - Parameter range: What they were before.
    /// - Returns: The same unless the step says otherwise.
    func range(after range: ClosedRange<Float>) -> ClosedRange<Float>
}

extension LinearIntensity {
    func range(after range: ClosedRange<Float>) -> ClosedRange<Float> { range }
}
