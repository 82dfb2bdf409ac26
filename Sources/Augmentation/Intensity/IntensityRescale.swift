import MedicalImaging

/// Maps intensities to a new range, from a window or from the extremes of the sample.
///
/// The range of the sample becomes ``low`` to ``high``. Every step of the formula is rounded to 32
/// bits, in the order of MONAI: `(v - from.low) / (from.high - from.low) * (high - low) + low`, so
/// the results are those of its `ScaleIntensityRange` and `ScaleIntensity` on the CPU, bit for bit.
///
/// - Shapes: any; the extremes are taken over all channels and slices together.
/// - Errors: ``AugmentationError/parameter(transform:name:found:expected:)`` for ends that do not
///   ascend, where MONAI warns and only shifts;
///   ``AugmentationError/unsuitable(transform:found:expected:)`` for extremes that are not finite.
/// - Complexity: O(*n*) in the values, one pass in place and one more for the extremes.
/// - Source: MONAI's `ScaleIntensityRange` and `ScaleIntensity`, version 1.6.1 on PyTorch.
public struct IntensityRescale: SampleTransform {
    /// What becomes ``IntensityRescale/low`` and ``IntensityRescale/high``.
    public enum Source: Hashable, Sendable {
        /// The least and the greatest value of the sample; values that are all equal are multiplied
        /// by ``IntensityRescale/low``, as MONAI does.
        case extremes
        /// Two intensities.
        case window(low: Double, high: Double)
    }

    /// The name in recipes and records.
    public static let name = "rescale"
    static let allowed = -1e12...1e12

    /// What becomes ``low`` and ``high``.
    public var from: Source
    /// Black of the result, -10¹² to 10¹².
    public var low: Double
    /// White of the result, above ``low``.
    public var high: Double
    /// Whether what lies outside a window is clipped; makes no difference for ``Source/extremes``,
    /// which nothing lies outside of; the greatest value may then be one rounding above ``high``,
    /// as in MONAI.
    public var clips: Bool

    /// Makes the transform.
    ///
    /// - Parameters:
    ///   - from: What becomes `low` and `high`.
    ///   - low: Black of the result.
    ///   - high: White of the result, above `low`.
    ///   - clips: Whether what lies outside a window is clipped.
    public init(from: Source, low: Double = 0, high: Double = 1, clips: Bool = true) {
        self.from = from
        self.low = low
        self.high = high
        self.clips = clips
    }

    /// Always: nothing is random.
    public var isDrawn: Bool { true }

    /// Draws nothing.
    ///
    /// - Parameters:
    ///   - random: The generator; left as it is.
    ///   - extent: The size of the sample; makes no difference.
    /// - Returns: The transform itself.
    public func drawn(from random: inout RandomSource, extent: SampleExtent) -> IntensityRescale {
        self
    }

    /// Maps the image and sets the range of the sample.
    ///
    /// - Parameter sample: The sample; labels, points and boxes stay.
    /// - Throws: ``AugmentationError`` for ends that do not ascend or a sample whose extremes are
    ///   not finite.
    public func apply(to sample: inout AugmentationSample) throws(AugmentationError) {
        let range = try Self.range(low, high, "low and high")
        let width = Float(high - low)
        switch from {
        case .window(let start, let end):
            let window = try Self.range(start, end, "from")
            sample.image.rescale(
                minus: window.lowerBound, over: Float(end - start), times: width,
                plus: range.lowerBound, clip: clips ? range : nil)
        case .extremes:
            let (least, greatest) = sample.image.extremes()
            guard (greatest - least).isFinite else {
                throw .unsuitable(
                    transform: Self.name, found: "extremes \(least) and \(greatest)",
                    expected: "finite numbers not further apart than 3e38")
            }
            if least == greatest {
                sample.image.applyLinear(scale: range.lowerBound, shift: -0.0, clip: nil)
            } else {
                sample.image.rescale(
                    minus: least, over: greatest - least, times: width, plus: range.lowerBound,
                    clip: nil)
            }
        }
        sample.range = range
    }

    private static func range(
        _ low: Double, _ high: Double, _ name: String
    ) throws(AugmentationError) -> ClosedRange<Float> {
        // written so that values that are not numbers fail, too
        guard allowed.contains(low), allowed.contains(high), Float(low) < Float(high) else {
            throw .parameter(
                transform: Self.name, name: name, found: "\(low) and \(high)",
                expected: "two ascending numbers in -1e12...1e12, different in 32 bits")
        }
        return Float(low)...Float(high)
    }
}

extension IntensityRescale.Source: Codable {
    private enum Key: String, CodingKey { case low, high }

    /// Reads `"extremes"` or an object with `low` and `high`.
    ///
    /// - Parameter decoder: The decoder.
    /// - Throws: A `DecodingError` when it is neither.
    public init(from decoder: any Decoder) throws {
        if let word = try? decoder.singleValueContainer().decode(String.self) {
            guard word == "extremes" else {
                throw DecodingError.dataCorrupted(
                    DecodingError.Context(
                        codingPath: decoder.codingPath,
                        debugDescription:
                            "found `\(word)`, expected \"extremes\" or an object with low and high")
                )
            }
            self = .extremes
        } else {
            let container = try decoder.container(keyedBy: Key.self)
            self = .window(
                low: try container.decode(Double.self, forKey: .low),
                high: try container.decode(Double.self, forKey: .high))
        }
    }

    /// Writes `"extremes"` or an object with `low` and `high`.
    ///
    /// - Parameter encoder: The encoder.
    /// - Throws: An `EncodingError` for a number that is not finite.
    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .extremes:
            var container = encoder.singleValueContainer()
            try container.encode("extremes")
        case .window(let low, let high):
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(low, forKey: .low)
            try container.encode(high, forKey: .high)
        }
    }
}

extension IntensityRescale {
    /// Reads the parameters; `from` must be there.
    ///
    /// - Parameter decoder: The decoder.
    /// - Throws: A `DecodingError` for a missing source or a value that does not fit.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        from = try container.decode(Source.self, forKey: .from)
        low = try container.decodeIfPresent(Double.self, forKey: .low) ?? 0
        high = try container.decodeIfPresent(Double.self, forKey: .high) ?? 1
        clips = try container.decodeIfPresent(Bool.self, forKey: .clips) ?? true
    }
}
