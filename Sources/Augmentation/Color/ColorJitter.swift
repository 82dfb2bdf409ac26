import MedicalImaging

/// Changes brightness, contrast, saturation and hue, one after the other.
///
/// Every part clips to the range of the sample; a part with its neutral value (factor 1, hue 0) leaves every bit as it is.
/// The mean that contrast turns about is taken over each slice of a volume, as if it were a picture of its own.
///
/// - Shapes: three channels; with one channel saturation must be 1 and hue 0.
/// - Units: factors, and turns of the colour circle for the hue.
/// - Errors: ``AugmentationError/unsuitable(transform:found:expected:)`` for other channel counts or a range without width.
/// - Complexity: O(*n*) in the pixels, at most four passes.
/// - Source: torchvision's `ColorJitter` on floating-point pictures, weights 0.2989, 0.587 and 0.114 for the grey.
public struct ColorJitter: SampleTransform {
    /// One of the four changes.
    public enum Part: String, Codable, Hashable, Sendable, CaseIterable {
        /// Multiplies the distance from black.
        case brightness
        /// Blends with the mean of the grey picture.
        case contrast
        /// Blends with the grey picture.
        case saturation
        /// Turns the colour circle, through hue, saturation and value.
        case hue
    }

    /// The name in recipes and records.
    public static let name = "color-jitter"
    /// The factor of the brightness, 0 to 1000; 0 is black, 1 changes nothing.
    public var brightness: Amount
    /// The factor of the contrast, 0 to 1000; 0 is an even grey, 1 changes nothing.
    public var contrast: Amount
    /// The factor of the saturation, 0 to 1000; 0 is grey, 1 changes nothing.
    public var saturation: Amount
    /// By how many turns the hue moves, -0.5 to 0.5; a third makes green of red.
    public var hue: Amount
    /// The order of the four parts, each named once; `nil` draws one of the 24 orders.
    public var order: [Part]?

    /// Makes the transform.
    ///
    /// - Parameters:
    ///   - brightness: The factor of the brightness.
    ///   - contrast: The factor of the contrast.
    ///   - saturation: The factor of the saturation.
    ///   - hue: By how many turns the hue moves.
    ///   - order: The order of the four parts, each named once; `nil` draws it.
    public init(
        brightness: Amount = 1, contrast: Amount = 1, saturation: Amount = 1, hue: Amount = 0,
        order: [Part]? = nil
    ) {
        self.brightness = brightness
        self.contrast = contrast
        self.saturation = saturation
        self.hue = hue
        self.order = order
    }

    /// Whether the four numbers and their order are fixed.
    public var isDrawn: Bool {
        brightness.value != nil && contrast.value != nil && saturation.value != nil
            && hue.value != nil && order != nil
    }

    /// Fixes brightness, contrast, saturation, hue and order, drawn in this sequence.
    ///
    /// - Parameters:
    ///   - random: The generator.
    ///   - extent: The size of the sample; makes no difference.
    /// - Returns: The drawn transform; unchanged when a parameter is out of bounds, which applying it reports.
    public func drawn(from random: inout RandomSource, extent: SampleExtent) -> ColorJitter {
        guard (try? check()) != nil else { return self }
        var drawn = self
        drawn.brightness = brightness.drawn(from: &random)
        drawn.contrast = contrast.drawn(from: &random)
        drawn.saturation = saturation.drawn(from: &random)
        drawn.hue = hue.drawn(from: &random)
        if order == nil {
            var parts = Part.allCases
            for last in stride(from: parts.count - 1, to: 0, by: -1) {
                parts.swapAt(last, random.index(below: last + 1))
            }
            drawn.order = parts
        }
        return drawn
    }

    /// Changes the colours of every slice.
    ///
    /// - Parameter sample: The sample; labels, points and boxes stay.
    /// - Throws: ``AugmentationError`` for a range, a number out of bounds or a sample that has no colours.
    public func apply(to sample: inout AugmentationSample) throws(AugmentationError) {
        try check()
        guard let brightness = brightness.value, let contrast = contrast.value,
            let saturation = saturation.value, let hue = hue.value, let order
        else { throw .notDrawn(transform: Self.name) }
        try sample.checkRange(for: Self.name)
        let channels = sample.extent.channels
        guard channels == 3 || channels == 1 && saturation == 1 && hue == 0 else {
            throw .unsuitable(
                transform: Self.name, found: "\(channels) channel(s)",
                expected: "three, or one with saturation 1 and hue 0")
        }
        let slices = sample.extent.slices
        let count = sample.extent.planeCount
        let range = sample.range
        sample.image.withUnsafeMutableBufferPointer { pixels in
            guard let start = pixels.baseAddress else { return }
            for slice in 0..<slices {
                let picture = ColorPlanes(
                    first: start + slice * count, stride: slices * count, channels: channels,
                    count: count, range: range)
                for part in order {
                    switch part {
                    case .brightness where brightness != 1:
                        picture.blend(with: range.lowerBound, factor: Float(brightness))
                    case .contrast where contrast != 1:
                        picture.blend(with: picture.greyMean(), factor: Float(contrast))
                    case .saturation where saturation != 1:
                        picture.blendWithGrey(factor: Float(saturation))
                    case .hue where hue != 0:
                        picture.turnHue(by: Float(hue))
                    default: break
                    }
                }
            }
        }
    }

    private func check() throws(AugmentationError) {
        try brightness.check("brightness", in: 0...1000, of: Self.name)
        try contrast.check("contrast", in: 0...1000, of: Self.name)
        try saturation.check("saturation", in: 0...1000, of: Self.name)
        try hue.check("hue", in: -0.5...0.5, of: Self.name)
        if let order {
            guard order.count == Part.allCases.count, Set(order).count == order.count else {
                throw .parameter(
                    transform: Self.name, name: "order",
                    found: order.prefix(8).map(\.rawValue).joined(separator: ", "),
                    expected: "brightness, contrast, saturation and hue, each once")
            }
        }
    }
}

extension ColorJitter {
    /// Reads the parameters; a missing one takes its default.
    ///
    /// - Parameter decoder: The decoder.
    /// - Throws: A `DecodingError` for a value that is no amount or no part.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        brightness = try container.decodeIfPresent(Amount.self, forKey: .brightness) ?? 1
        contrast = try container.decodeIfPresent(Amount.self, forKey: .contrast) ?? 1
        saturation = try container.decodeIfPresent(Amount.self, forKey: .saturation) ?? 1
        hue = try container.decodeIfPresent(Amount.self, forKey: .hue) ?? 0
        order = try container.decodeIfPresent([Part].self, forKey: .order)
    }
}
