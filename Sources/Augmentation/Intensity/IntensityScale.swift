import MedicalImaging

/// Multiplies intensities by a factor.
///
/// Zero stays zero, whatever black is. Both numbers are 32-bit, their product is rounded once.
///
/// - Shapes: any.
/// - Errors: ``AugmentationError/parameter(transform:name:found:expected:)`` for a factor beyond a
///   million.
/// - Complexity: O(*n*) in the values, one pass in place.
/// - Source: MONAI's `RandScaleIntensity`, whose own factor is this one less 1.
public struct IntensityScale: SampleTransform {
    /// The name in recipes and records.
    public static let name = "intensity-scale"
    static let allowed = -1e6...1e6

    /// The factor, -1,000,000 to 1,000,000.
    public var factor: Amount
    /// Whether the result is limited to the range of the sample.
    public var clips: Bool

    /// Makes the transform.
    ///
    /// - Parameters:
    ///   - factor: The factor, -1,000,000 to 1,000,000.
    ///   - clips: Whether the result is limited to the range of the sample.
    public init(factor: Amount, clips: Bool = false) {
        self.factor = factor
        self.clips = clips
    }

    /// Whether the factor is fixed.
    public var isDrawn: Bool { factor.value != nil }

    /// Fixes the factor.
    ///
    /// - Parameters:
    ///   - random: The generator.
    ///   - extent: The size of the sample; makes no difference.
    /// - Returns: The drawn transform; unchanged when the factor is out of bounds, which applying
    ///   it reports.
    public func drawn(from random: inout RandomSource, extent: SampleExtent) -> IntensityScale {
        guard (try? factor.check("factor", in: Self.allowed, of: Self.name)) != nil else {
            return self
        }
        return IntensityScale(factor: factor.drawn(from: &random), clips: clips)
    }

    /// Multiplies the image.
    ///
    /// - Parameter sample: The sample; labels, points and boxes stay.
    /// - Throws: ``AugmentationError`` for a range or a factor out of bounds.
    public func apply(to sample: inout AugmentationSample) throws(AugmentationError) {
        let factor = try Float(factor.number("factor", in: Self.allowed, of: Self.name))
        sample.image.applyLinear(
            scale: factor, shift: -0.0, clip: clips ? sample.range : nil)
    }

    /// The division by the factor.
    ///
    /// It undoes the transform up to rounding, and where no value has left the range of 32-bit
    /// numbers.
    ///
    /// - Parameter extent: The size of the sample before; makes no difference.
    /// - Returns: The inverse; `nil` for factor 0, one so small that its inverse is out of bounds,
    ///   a range, or with clipping.
    public func inverse(extent: SampleExtent) -> Transform? {
        guard !clips, let factor = factor.value, Self.allowed.contains(factor),
            Self.allowed.contains(1 / factor)
        else { return nil }
        return .intensityScale(IntensityScale(factor: .fixed(1 / factor)))
    }
}

extension IntensityScale: LinearIntensity {
    // minus zero is the number that changes nothing when added: zero would make 0 of -0
    func linear(
        for sample: AugmentationSample
    ) -> (scale: Float, shift: Float, clip: ClosedRange<Float>?)? {
        guard let factor = try? factor.number("factor", in: Self.allowed, of: Self.name) else {
            return nil
        }
        return (Float(factor), -0.0, clips ? sample.range : nil)
    }
}

extension IntensityScale {
    /// Reads the parameters; `factor` must be there.
    ///
    /// - Parameter decoder: The decoder.
    /// - Throws: A `DecodingError` for a missing factor or a value that does not fit.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        factor = try container.decode(Amount.self, forKey: .factor)
        clips = try container.decodeIfPresent(Bool.self, forKey: .clips) ?? false
    }
}
