import MedicalImaging

/// One transform of a sample, with fixed or random parameters.
///
/// Drawing and applying are two steps: ``drawn(from:extent:)`` gives the same type with every parameter fixed, which is what
/// is stored with a sample, replayed and, where possible, undone.
public protocol SampleTransform: Codable, Hashable, Sendable {
    /// The name in recipes and records, for example `quarter-turn`.
    static var name: String { get }

    /// Whether every parameter is fixed.
    var isDrawn: Bool { get }

    /// Fixes every parameter.
    ///
    /// - Parameters:
    ///   - random: The generator; takes nothing from it when everything is fixed.
    ///   - extent: The size of the sample the transform will be applied to.
    /// - Returns: The transform with fixed parameters.
    func drawn(from random: inout RandomSource, extent: SampleExtent) -> Self

    /// Transforms image, maps, points and boxes together.
    ///
    /// - Parameter sample: The sample; unchanged when an error is thrown.
    /// - Throws: ``AugmentationError`` when a parameter is a range, out of bounds, or does not fit the sample.
    func apply(to sample: inout AugmentationSample) throws(AugmentationError)

    /// The transform that undoes this one.
    ///
    /// - Parameter extent: The size of the sample before this transform.
    /// - Returns: A drawn transform, or `nil` when something is lost (noise, crops, clipped values).
    func inverse(extent: SampleExtent) -> Transform?

    /// The size after the transform.
    ///
    /// - Parameter extent: The size before.
    /// - Returns: The size after; equal unless the transform turns, crops or pads.
    func extent(after extent: SampleExtent) -> SampleExtent
}

extension SampleTransform {
    /// Nothing undoes a transform unless it says so.
    ///
    /// - Parameter extent: The size of the sample before this transform.
    /// - Returns: `nil`.
    public func inverse(extent: SampleExtent) -> Transform? { nil }

    /// Most transforms keep the size.
    ///
    /// - Parameter extent: The size before.
    /// - Returns: The same size.
    public func extent(after extent: SampleExtent) -> SampleExtent { extent }
}
