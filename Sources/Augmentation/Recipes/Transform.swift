import MedicalImaging

/// Any transform; in JSON an object with the name under `transform` and its parameters beside it.
public enum Transform: Hashable, Sendable {
    /// Mirrors one axis.
    case flip(Flip)
    /// Turns by multiples of 90 degrees.
    case quarterTurn(QuarterTurn)
    /// Turns about the centre by any angle.
    case rotation(Rotation)
    /// Rotation, scale, shear and shift in one.
    case affine(AffineTransform)
    /// A smooth random displacement.
    case elastic(ElasticDeformation)
    /// Crops or pads to a size.
    case cropOrPad(CropOrPad)
    /// Maps intensities to a range.
    case rescale(IntensityRescale)
    /// Multiplies intensities.
    case intensityScale(IntensityScale)
    /// Adds to intensities.
    case intensityShift(IntensityShift)
    /// Raises intensities to a power.
    case gamma(GammaCorrection)
    /// Moves and widens the intensity window.
    case windowJitter(WindowJitter)
    /// Adds Gaussian noise.
    case noise(GaussianNoise)
    /// Blurs with a Gaussian.
    case blur(GaussianBlur)
    /// Brightness, contrast, saturation and hue.
    case colorJitter(ColorJitter)
    /// Colour becomes grey.
    case greyscale(Greyscale)
    /// Scales and shifts haematoxylin and eosin.
    case stainJitter(StainJitter)
    /// Paints rectangles over the image.
    case dropout(CoarseDropout)

    /// The transform itself.
    public var transform: any SampleTransform {
        switch self {
        case .flip(let transform): transform
        case .quarterTurn(let transform): transform
        case .rotation(let transform): transform
        case .affine(let transform): transform
        case .elastic(let transform): transform
        case .cropOrPad(let transform): transform
        case .rescale(let transform): transform
        case .intensityScale(let transform): transform
        case .intensityShift(let transform): transform
        case .gamma(let transform): transform
        case .windowJitter(let transform): transform
        case .noise(let transform): transform
        case .blur(let transform): transform
        case .colorJitter(let transform): transform
        case .greyscale(let transform): transform
        case .stainJitter(let transform): transform
        case .dropout(let transform): transform
        }
    }

    /// The name in recipes and records.
    public var name: String { type(of: transform).name }

    /// Fixes every parameter.
    ///
    /// - Parameters:
    ///   - random: The generator.
    ///   - extent: The size of the sample.
    /// - Returns: The transform with fixed parameters.
    public func drawn(from random: inout RandomSource, extent: SampleExtent) -> Transform {
        switch self {
        case .flip(let t): .flip(t.drawn(from: &random, extent: extent))
        case .quarterTurn(let t): .quarterTurn(t.drawn(from: &random, extent: extent))
        case .rotation(let t): .rotation(t.drawn(from: &random, extent: extent))
        case .affine(let t): .affine(t.drawn(from: &random, extent: extent))
        case .elastic(let t): .elastic(t.drawn(from: &random, extent: extent))
        case .cropOrPad(let t): .cropOrPad(t.drawn(from: &random, extent: extent))
        case .rescale(let t): .rescale(t.drawn(from: &random, extent: extent))
        case .intensityScale(let t): .intensityScale(t.drawn(from: &random, extent: extent))
        case .intensityShift(let t): .intensityShift(t.drawn(from: &random, extent: extent))
        case .gamma(let t): .gamma(t.drawn(from: &random, extent: extent))
        case .windowJitter(let t): .windowJitter(t.drawn(from: &random, extent: extent))
        case .noise(let t): .noise(t.drawn(from: &random, extent: extent))
        case .blur(let t): .blur(t.drawn(from: &random, extent: extent))
        case .colorJitter(let t): .colorJitter(t.drawn(from: &random, extent: extent))
        case .greyscale(let t): .greyscale(t.drawn(from: &random, extent: extent))
        case .stainJitter(let t): .stainJitter(t.drawn(from: &random, extent: extent))
        case .dropout(let t): .dropout(t.drawn(from: &random, extent: extent))
        }
    }
}

extension Transform: Codable {
    /// The names that recipes may hold.
    public static let names = [
        Flip.name, QuarterTurn.name, Rotation.name, AffineTransform.name, ElasticDeformation.name,
        CropOrPad.name, IntensityRescale.name, IntensityScale.name, IntensityShift.name,
        GammaCorrection.name, WindowJitter.name, GaussianNoise.name, GaussianBlur.name,
        ColorJitter.name, Greyscale.name, StainJitter.name, CoarseDropout.name,
    ]

    private enum Key: String, CodingKey { case transform }

    /// Reads a transform by its name.
    ///
    /// - Parameter decoder: The decoder.
    /// - Throws: A `DecodingError` for an unknown name or parameters that do not fit.
    public init(from decoder: any Decoder) throws {
        let name = try decoder.container(keyedBy: Key.self).decode(String.self, forKey: .transform)
        switch name {
        case Flip.name: self = .flip(try Flip(from: decoder))
        case QuarterTurn.name: self = .quarterTurn(try QuarterTurn(from: decoder))
        case Rotation.name: self = .rotation(try Rotation(from: decoder))
        case AffineTransform.name: self = .affine(try AffineTransform(from: decoder))
        case ElasticDeformation.name: self = .elastic(try ElasticDeformation(from: decoder))
        case CropOrPad.name: self = .cropOrPad(try CropOrPad(from: decoder))
        case IntensityRescale.name: self = .rescale(try IntensityRescale(from: decoder))
        case IntensityScale.name: self = .intensityScale(try IntensityScale(from: decoder))
        case IntensityShift.name: self = .intensityShift(try IntensityShift(from: decoder))
        case GammaCorrection.name: self = .gamma(try GammaCorrection(from: decoder))
        case WindowJitter.name: self = .windowJitter(try WindowJitter(from: decoder))
        case GaussianNoise.name: self = .noise(try GaussianNoise(from: decoder))
        case GaussianBlur.name: self = .blur(try GaussianBlur(from: decoder))
        case ColorJitter.name: self = .colorJitter(try ColorJitter(from: decoder))
        case Greyscale.name: self = .greyscale(try Greyscale(from: decoder))
        case StainJitter.name: self = .stainJitter(try StainJitter(from: decoder))
        case CoarseDropout.name: self = .dropout(try CoarseDropout(from: decoder))
        default:
            throw DecodingError.dataCorrupted(
                DecodingError.Context(
                    codingPath: decoder.codingPath,
                    debugDescription: "unknown transform `\(name)`, expected one of "
                        + Self.names.joined(separator: ", ")))
        }
    }

    /// Writes the name and the parameters.
    ///
    /// - Parameter encoder: The encoder.
    /// - Throws: An `EncodingError` for a number that is not finite.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(name, forKey: .transform)
        try transform.encode(to: encoder)
    }
}
