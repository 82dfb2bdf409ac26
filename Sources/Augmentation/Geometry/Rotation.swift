import MedicalImaging

/// Turns about the centre by any angle, counter-clockwise as displayed.
///
/// The centre is ((columns - 1) / 2, (rows - 1) / 2). Label and instance maps are read from the nearest pixel, boxes with a
/// known object are measured again.
///
/// With nearest interpolation and a constant fill the result is that of `scipy.ndimage.rotate(..., order=0, reshape=False)`,
/// pixel by pixel: coordinates are computed in the same sequence, halves go up, and what lies before the first or behind the
/// last pixel centre is outside. With linear interpolation and ``Fill/edge`` it is that of MONAI's `RandRotate` (bilinear,
/// border) for the negative angle, up to the precision of 32-bit coordinates.
///
/// - Shapes: any; the size stays.
/// - Units: degrees.
/// - Errors: ``AugmentationError/parameter(transform:name:found:expected:)`` for angles beyond a million degrees and fills
///   that are not finite; ``AugmentationError/unsuitable(transform:found:expected:)`` for planes of 2³¹ pixels or more or sides beyond 2¹⁸.
/// - Complexity: O(*n*) in the pixels.
public struct Rotation: SampleTransform {
    /// The name in recipes and records.
    public static let name = "rotation"

    /// The angle in degrees; positive turns counter-clockwise as displayed.
    public var degrees: Amount
    /// How the image is read between its pixels.
    public var interpolation: Interpolation
    /// What lies outside the picture.
    public var fill: Fill

    /// Makes the transform.
    ///
    /// - Parameters:
    ///   - degrees: The angle; positive turns counter-clockwise as displayed.
    ///   - interpolation: How the image is read between its pixels.
    ///   - fill: What lies outside the picture.
    public init(degrees: Amount, interpolation: Interpolation = .linear, fill: Fill = .black) {
        self.degrees = degrees
        self.interpolation = interpolation
        self.fill = fill
    }

    /// Whether the angle is fixed.
    public var isDrawn: Bool { degrees.value != nil }

    /// Fixes the angle.
    ///
    /// - Parameters:
    ///   - random: The generator.
    ///   - extent: The size of the sample; makes no difference.
    /// - Returns: The drawn transform; unchanged when the angle is out of bounds, which applying it reports.
    public func drawn(from random: inout RandomSource, extent: SampleExtent) -> Rotation {
        guard (try? affine.check()) != nil else { return self }
        return Rotation(
            degrees: degrees.drawn(from: &random), interpolation: interpolation, fill: fill)
    }

    /// Turns image, maps, points and boxes.
    ///
    /// - Parameter sample: The sample.
    /// - Throws: ``AugmentationError`` for a range, a parameter out of bounds, and planes that are too large.
    public func apply(to sample: inout AugmentationSample) throws(AugmentationError) {
        try applyAlone(to: &sample)
    }

    /// The same as an affine transform that only turns.
    private var affine: AffineTransform {
        AffineTransform(
            named: Self.name, degrees: degrees, interpolation: interpolation, fill: fill)
    }
}

extension Rotation {
    /// Reads the parameters; `degrees` must be there, the others have defaults.
    ///
    /// - Parameter decoder: The decoder.
    /// - Throws: A `DecodingError` for a missing angle or a value that does not fit.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        degrees = try container.decode(Amount.self, forKey: .degrees)
        interpolation =
            try container.decodeIfPresent(Interpolation.self, forKey: .interpolation) ?? .linear
        fill = try container.decodeIfPresent(Fill.self, forKey: .fill) ?? .black
    }
}

extension Rotation: FusedGeometry {
    func add(
        to pass: inout PlanePass, of sample: inout AugmentationSample
    ) throws(AugmentationError) {
        try affine.add(to: &pass, of: &sample)
    }

    func sourceMap(extent: SampleExtent) -> PlaneAffine? { affine.sourceMap(extent: extent) }
}
