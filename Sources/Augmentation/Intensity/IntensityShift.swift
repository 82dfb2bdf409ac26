import MedicalImaging

/// Adds a number to all intensities.
///
/// Both numbers are 32-bit, their sum is rounded once: the bits of MONAI's `ShiftIntensity` on a
/// 32-bit tensor.
///
/// - Shapes: any.
/// - Units: those of the image, not fractions of its range.
/// - Errors: ``AugmentationError/parameter(transform:name:found:expected:)`` for an offset beyond
///   10¹².
/// - Complexity: O(*n*) in the values, one pass in place.
/// - Source: MONAI's `RandShiftIntensity`, which does not clip.
public struct IntensityShift: SampleTransform {
    /// The name in recipes and records.
    public static let name = "intensity-shift"
    static let allowed = -1e12...1e12

    /// What is added, in the units of the image, -10¹² to 10¹².
    public var offset: Amount
    /// Whether the result is limited to the range of the sample.
    public var clips: Bool

    /// Makes the transform.
    ///
    /// - Parameters:
    ///   - offset: What is added, in the units of the image.
    ///   - clips: Whether the result is limited to the range of the sample.
    public init(offset: Amount, clips: Bool = false) {
        self.offset = offset
        self.clips = clips
    }

    /// Whether the offset is fixed.
    public var isDrawn: Bool { offset.value != nil }

    /// Fixes the offset.
    ///
    /// - Parameters:
    ///   - random: The generator.
    ///   - extent: The size of the sample; makes no difference.
    /// - Returns: The drawn transform; unchanged when the offset is out of bounds, which applying
    ///   it reports.
    public func drawn(from random: inout RandomSource, extent: SampleExtent) -> IntensityShift {
        guard (try? offset.check("offset", in: Self.allowed, of: Self.name)) != nil else {
            return self
        }
        return IntensityShift(offset: offset.drawn(from: &random), clips: clips)
    }

    /// Adds to the image.
    ///
    /// - Parameter sample: The sample; labels, points and boxes stay.
    /// - Throws: ``AugmentationError`` for a range or an offset out of bounds.
    public func apply(to sample: inout AugmentationSample) throws(AugmentationError) {
        let offset = try Float(offset.number("offset", in: Self.allowed, of: Self.name))
        sample.image.applyLinear(scale: 1, shift: offset, clip: clips ? sample.range : nil)
    }

    /// The subtraction of the offset.
    ///
    /// It undoes the transform up to rounding: values much smaller than the offset lose their last
    /// digits.
    ///
    /// - Parameter extent: The size of the sample before; makes no difference.
    /// - Returns: The inverse; `nil` for a range or with clipping.
    public func inverse(extent: SampleExtent) -> Transform? {
        guard !clips, let offset = offset.value, Self.allowed.contains(offset) else { return nil }
        return .intensityShift(IntensityShift(offset: .fixed(-offset)))
    }
}

extension IntensityShift: LinearIntensity {
    func linear(
        for sample: AugmentationSample
    ) -> (scale: Float, shift: Float, clip: ClosedRange<Float>?)? {
        guard let offset = try? offset.number("offset", in: Self.allowed, of: Self.name) else {
            return nil
        }
        return (1, Float(offset), clips ? sample.range : nil)
    }
}

extension IntensityShift {
    /// Reads the parameters; `offset` must be there.
    ///
    /// - Parameter decoder: The decoder.
    /// - Throws: A `DecodingError` for a missing offset or a value that does not fit.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        offset = try container.decode(Amount.self, forKey: .offset)
        clips = try container.decodeIfPresent(Bool.self, forKey: .clips) ?? false
    }
}
