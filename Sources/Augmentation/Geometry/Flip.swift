import MedicalImaging

/// Mirrors one axis of image, maps, points and boxes.
///
/// - Shapes: any; the size stays.
/// - Errors: ``AugmentationError/unsuitable(transform:found:expected:)`` for planes of 2³¹ pixels or more or sides beyond 2¹⁸.
/// - Complexity: O(*n*) in the pixels; nothing of its own when a rotation or an affine transform follows, see
///   ``DrawnAugmentation/apply(to:)``.
public struct Flip: SampleTransform {
    /// What is mirrored.
    public enum Axis: String, Codable, Hashable, Sendable, CaseIterable {
        /// The first column becomes the last: left and right are exchanged.
        case horizontal
        /// The first row becomes the last: above and below are exchanged.
        case vertical
        /// The first slice becomes the last.
        case slices
    }

    /// The name in recipes and records.
    public static let name = "flip"

    /// What is mirrored.
    public var axis: Axis

    /// Makes the transform.
    ///
    /// - Parameter axis: What is mirrored.
    public init(axis: Axis) { self.axis = axis }

    /// Always; a flip has no random parameter.
    public var isDrawn: Bool { true }

    /// The flip itself.
    ///
    /// - Parameters:
    ///   - random: The generator; nothing is taken from it.
    ///   - extent: The size of the sample; makes no difference.
    /// - Returns: The same flip.
    public func drawn(from random: inout RandomSource, extent: SampleExtent) -> Flip { self }

    /// Mirrors image, maps, points and boxes.
    ///
    /// - Parameter sample: The sample.
    /// - Throws: ``AugmentationError`` for planes that are too large.
    public func apply(to sample: inout AugmentationSample) throws(AugmentationError) {
        try applyAlone(to: &sample)
    }

    /// The same flip.
    ///
    /// - Parameter extent: The size of the sample; makes no difference.
    /// - Returns: The flip, which undoes itself.
    public func inverse(extent: SampleExtent) -> Transform? { .flip(self) }
}

extension Flip: FusedGeometry {
    func add(
        to pass: inout PlanePass, of sample: inout AugmentationSample
    ) throws(AugmentationError) {
        switch axis {
        case .horizontal: pass.view.flipColumns()
        case .vertical: pass.view.flipRows()
        case .slices:
            pass.reversesSlices.toggle()
            sample.reversePromptSlices()
            return
        }
        let map = sourceMap(of: sample.extent)
        sample.movePoints { map($0, $1) }
    }

    func sourceMap(extent: SampleExtent) -> PlaneAffine? { sourceMap(of: extent) }

    /// The map back is the map itself.
    private func sourceMap(of extent: SampleExtent) -> PlaneAffine {
        switch axis {
        case .horizontal: PlaneAffine(xx: -1, x0: Double(extent.columns - 1))
        case .vertical: PlaneAffine(yy: -1, y0: Double(extent.rows - 1))
        case .slices: PlaneAffine()
        }
    }
}
