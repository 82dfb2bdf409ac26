import MedicalImaging

/// Changes how strongly haematoxylin and eosin stain a picture.
///
/// The optical densities of a pixel, `-ln((x - black) / (white - black))`, are taken apart into the two stains and a rest
/// at right angles to both. Each stain is multiplied by its scale and gets its shift added; the rest stays.
/// Without shifts white stays exactly white. Densities lie between 0 (white, or brighter) and 6 ln 10 (a millionth of
/// white, or darker); the result is clipped to the range of the sample.
///
/// - Shapes: three channels: red, green and blue.
/// - Units: scales are factors; shifts are optical densities (natural logarithm) along a stain vector of unit length.
/// - Errors: ``AugmentationError/unsuitable(transform:found:expected:)`` for other channel counts or a range without width.
/// - Complexity: O(*n*) in the pixels; three logarithms and three powers for each.
/// - Source: Tellez et al., "Whole-slide mitosis detection in H&E breast histology using PHH3 as a reference to train
///   distilled stain-invariant convolutional networks", 2018; the stain vectors of Ruifrok and Johnston, 2001.
public struct StainJitter: SampleTransform {
    /// The name in recipes and records.
    public static let name = "stain-jitter"

    /// The factor of haematoxylin, 0 to 10.
    public var haematoxylinScale: Amount
    /// What is added to haematoxylin, -5 to 5.
    public var haematoxylinShift: Amount
    /// The factor of eosin, 0 to 10.
    public var eosinScale: Amount
    /// What is added to eosin, -5 to 5.
    public var eosinShift: Amount

    /// Makes the transform.
    ///
    /// - Parameters:
    ///   - haematoxylinScale: The factor of haematoxylin.
    ///   - haematoxylinShift: What is added to haematoxylin.
    ///   - eosinScale: The factor of eosin.
    ///   - eosinShift: What is added to eosin.
    public init(
        haematoxylinScale: Amount = 1, haematoxylinShift: Amount = 0,
        eosinScale: Amount = 1, eosinShift: Amount = 0
    ) {
        self.haematoxylinScale = haematoxylinScale
        self.haematoxylinShift = haematoxylinShift
        self.eosinScale = eosinScale
        self.eosinShift = eosinShift
    }

    /// Makes a transform that treats both stains alike; each has draws of its own.
    ///
    /// - Parameters:
    ///   - scale: The factor of each stain.
    ///   - shift: What is added to each stain.
    public init(scale: Amount, shift: Amount) {
        self.init(
            haematoxylinScale: scale, haematoxylinShift: shift, eosinScale: scale,
            eosinShift: shift)
    }

    /// Whether all four numbers are fixed.
    public var isDrawn: Bool {
        haematoxylinScale.value != nil && haematoxylinShift.value != nil
            && eosinScale.value != nil && eosinShift.value != nil
    }

    /// Fixes scale and shift of haematoxylin, then those of eosin.
    ///
    /// - Parameters:
    ///   - random: The generator.
    ///   - extent: The size of the sample; makes no difference.
    /// - Returns: The drawn transform; unchanged when a parameter is out of bounds, which applying it reports.
    public func drawn(from random: inout RandomSource, extent: SampleExtent) -> StainJitter {
        guard (try? check()) != nil else { return self }
        return StainJitter(
            haematoxylinScale: haematoxylinScale.drawn(from: &random),
            haematoxylinShift: haematoxylinShift.drawn(from: &random),
            eosinScale: eosinScale.drawn(from: &random),
            eosinShift: eosinShift.drawn(from: &random))
    }

    /// Stains the picture anew.
    ///
    /// - Parameter sample: The sample; labels, points and boxes stay.
    /// - Throws: ``AugmentationError`` for a range, a number out of bounds or a sample without three channels.
    public func apply(to sample: inout AugmentationSample) throws(AugmentationError) {
        try check()
        guard let scaleH = haematoxylinScale.value, let shiftH = haematoxylinShift.value,
            let scaleE = eosinScale.value, let shiftE = eosinShift.value
        else { throw .notDrawn(transform: Self.name) }
        try sample.checkColor(for: Self.name)
        if scaleH == 1 && scaleE == 1 && shiftH == 0 && shiftE == 0 { return }
        let change = StainChange(scale: (scaleH, scaleE), shift: (shiftH, shiftE))
        let count = sample.extent.labelCount
        let range = sample.range
        sample.image.withUnsafeMutableBufferPointer { pixels in
            guard let start = pixels.baseAddress else { return }
            change.apply(
                to: ColorPlanes(
                    first: start, stride: count, channels: 3, count: count, range: range))
        }
    }

    private func check() throws(AugmentationError) {
        try haematoxylinScale.check("haematoxylinScale", in: 0...10, of: Self.name)
        try haematoxylinShift.check("haematoxylinShift", in: -5...5, of: Self.name)
        try eosinScale.check("eosinScale", in: 0...10, of: Self.name)
        try eosinShift.check("eosinShift", in: -5...5, of: Self.name)
    }
}

extension StainJitter {
    /// Reads the parameters; a missing one takes its default.
    ///
    /// - Parameter decoder: The decoder.
    /// - Throws: A `DecodingError` for a value that is no amount.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func amount(_ key: CodingKeys, or absent: Amount) throws -> Amount {
            try container.decodeIfPresent(Amount.self, forKey: key) ?? absent
        }
        haematoxylinScale = try amount(.haematoxylinScale, or: 1)
        haematoxylinShift = try amount(.haematoxylinShift, or: 0)
        eosinScale = try amount(.eosinScale, or: 1)
        eosinShift = try amount(.eosinShift, or: 0)
    }
}
