import MedicalImaging

/// Adds Gaussian noise, independent from value to value.
///
/// What is drawn is the standard deviation and a seed; the noise itself is a pure function of the
/// seed, the plane and the position, so it is the same in any order of work. Every channel and
/// slice has noise of its own. The numbers come from the Philox generator and Wichura's inverse of
/// the normal distribution, without functions of the C library: the same bits on every machine.
///
/// - Shapes: any.
/// - Units: the standard deviation is a fraction of the width of the sample's range.
/// - Errors: ``AugmentationError/unsuitable(transform:found:expected:)`` for a range without width.
/// - Complexity: O(*n*) in the values, about 10 ns each.
/// - Source: Salmon and others, "Parallel random numbers: as easy as 1, 2, 3", 2011; Wichura,
///   algorithm AS 241, 1988.
public struct GaussianNoise: SampleTransform {
    /// The name in recipes and records.
    public static let name = "noise"
    static let allowed = 0.0...1000

    /// The standard deviation as a fraction of the range's width, 0 to 1000.
    public var standardDeviation: Amount
    /// The seed of the noise, once drawn.
    public var seed: UInt64?
    /// Whether the result is limited to the range of the sample.
    public var clips: Bool

    /// Makes the transform.
    ///
    /// - Parameters:
    ///   - standardDeviation: The standard deviation as a fraction of the range's width, 0 to 1000.
    ///   - seed: The seed, to have this noise and no other.
    ///   - clips: Whether the result is limited to the range of the sample.
    public init(standardDeviation: Amount, seed: UInt64? = nil, clips: Bool = false) {
        self.standardDeviation = standardDeviation
        self.seed = seed
        self.clips = clips
    }

    /// Whether the standard deviation and the seed are fixed.
    public var isDrawn: Bool { standardDeviation.value != nil && seed != nil }

    /// Fixes the standard deviation, then the seed with two draws, the upper half first.
    ///
    /// - Parameters:
    ///   - random: The generator; takes no seed from it when there is one.
    ///   - extent: The size of the sample; makes no difference.
    /// - Returns: The drawn transform; unchanged when the deviation is out of bounds, which
    ///   applying it reports.
    public func drawn(from random: inout RandomSource, extent: SampleExtent) -> GaussianNoise {
        guard (try? check()) != nil else { return self }
        var drawn = self
        drawn.standardDeviation = standardDeviation.drawn(from: &random)
        if seed == nil {
            let upper = UInt64(random.next())
            drawn.seed = upper << 32 | UInt64(random.next())
        }
        return drawn
    }

    /// Adds the noise to the image.
    ///
    /// - Parameter sample: The sample; labels, points and boxes stay.
    /// - Throws: ``AugmentationError`` for a deviation that is a range or out of bounds, a missing
    ///   seed, or a sample whose range has no width.
    public func apply(to sample: inout AugmentationSample) throws(AugmentationError) {
        try check()
        guard let seed, let deviation = standardDeviation.value else {
            throw .notDrawn(transform: Self.name)
        }
        try sample.checkRange(for: Self.name)
        let range = sample.range
        let amount = deviation * (Double(range.upperBound) - Double(range.lowerBound))
        let count = sample.extent.planeCount
        var field = NoiseField(seed: seed)
        sample.image.withUnsafeMutableBufferPointer { pixels in
            for plane in 0..<(pixels.count / count) {
                field.add(
                    to: UnsafeMutableBufferPointer(
                        rebasing: pixels[(plane * count)..<((plane + 1) * count)]),
                    number: plane, amount: amount, clip: clips ? range : nil)
            }
        }
    }

    private func check() throws(AugmentationError) {
        try standardDeviation.check("standardDeviation", in: Self.allowed, of: Self.name)
    }
}

extension GaussianNoise {
    /// Reads the parameters; `standardDeviation` must be there.
    ///
    /// - Parameter decoder: The decoder.
    /// - Throws: A `DecodingError` for a missing deviation or a value that does not fit.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        standardDeviation = try container.decode(Amount.self, forKey: .standardDeviation)
        seed = try container.decodeIfPresent(UInt64.self, forKey: .seed)
        clips = try container.decodeIfPresent(Bool.self, forKey: .clips) ?? false
    }
}
