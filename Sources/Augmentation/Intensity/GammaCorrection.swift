import MedicalImaging

/// Raises intensities to a power, with black at 0 and white at 1.
///
/// Values are clipped to the range of the sample first. An exponent below 1 brightens, above 1
/// darkens, black and white stay. The power is computed in 64 bits from additions, multiplications
/// and one division, and rounded once at the end, so its bits do not depend on the machine. Against
/// the true power the relative error before the rounding stays below 1.5 · 10⁻¹⁰ + 2 · 10⁻¹² ·
/// exponent. An exponent of 1 clips and leaves everything else as it is.
///
/// - Shapes: any.
/// - Errors: ``AugmentationError/parameter(transform:name:found:expected:)`` for an exponent
///   outside 0.001 to 1000, ``AugmentationError/unsuitable(transform:found:expected:)`` for a range
///   without width.
/// - Complexity: O(*n*) in the values, one pass in place.
public struct GammaCorrection: SampleTransform {
    /// The name in recipes and records.
    public static let name = "gamma"
    static let allowed = 0.001...1000

    /// The exponent, 0.001 to 1000.
    public var exponent: Amount

    /// Makes the transform.
    ///
    /// - Parameter exponent: The exponent, 0.001 to 1000.
    public init(exponent: Amount) {
        self.exponent = exponent
    }

    /// Whether the exponent is fixed.
    public var isDrawn: Bool { exponent.value != nil }

    /// Fixes the exponent.
    ///
    /// - Parameters:
    ///   - random: The generator.
    ///   - extent: The size of the sample; makes no difference.
    /// - Returns: The drawn transform; unchanged when the exponent is out of bounds, which applying
    ///   it reports.
    public func drawn(from random: inout RandomSource, extent: SampleExtent) -> GammaCorrection {
        guard (try? exponent.check("exponent", in: Self.allowed, of: Self.name)) != nil else {
            return self
        }
        return GammaCorrection(exponent: exponent.drawn(from: &random))
    }

    /// Clips the image and raises it to the power.
    ///
    /// - Parameter sample: The sample; labels, points and boxes stay. Pixels that are not numbers
    ///   stay so.
    /// - Throws: ``AugmentationError`` for a range, an exponent out of bounds, or a sample whose
    ///   range has no width.
    public func apply(to sample: inout AugmentationSample) throws(AugmentationError) {
        let exponent = try exponent.number("exponent", in: Self.allowed, of: Self.name)
        try sample.checkRange(for: Self.name)
        let range = sample.range
        guard exponent != 1 else {
            sample.image.applyLinear(scale: 1, shift: -0.0, clip: range)
            return
        }
        let white = range.upperBound
        let black = Double(range.lowerBound)
        let width = Double(white) - black
        let inverse = 1 / width
        sample.image.withUnsafeMutableBufferPointer { values in
            guard let first = values.baseAddress else { return }
            let count = values.count
            for index in 0..<count {
                let value = first[index]
                let part = (Double(value) - black) * inverse
                let power = ExactMath.power(ExactMath.pick(part > 0, part, 0), exponent)
                // white is set, not computed: the product with the inverse may come out below 1
                first[index] = ExactMath.pick(
                    value < white, Float(black + width * power),
                    ExactMath.pick(value >= white, white, value))
            }
        }
    }
}
