/// How an image is read between its pixels.
///
/// Label and instance maps are always read from the nearest pixel.
public enum Interpolation: String, Codable, Hashable, Sendable, CaseIterable {
    /// The nearest pixel; halves go up, `floor(p + 0.5)`.
    case nearest
    /// Linear in both directions.
    case linear
}

/// What lies outside a picture.
///
/// Label and instance maps are 0 there, except under ``edge`` and ``reflect``.
public enum Fill: Hashable, Sendable {
    /// One value; for intensities in the units of the image.
    case constant(Double)
    /// The black of the sample's range.
    case black
    /// The nearest pixel of the border (OpenCV's replicate, PyTorch's border).
    case edge
    /// The picture mirrored at the centres of its border pixels (OpenCV's reflect-101, NumPy's reflect).
    case reflect
}

extension Fill: Codable {
    /// Reads `black`, `edge`, `reflect` or a number.
    ///
    /// - Parameter decoder: The decoder.
    /// - Throws: A `DecodingError` when it is none of these.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let value = try? container.decode(Double.self), value.isFinite {
            self = .constant(value)
            return
        }
        switch try? container.decode(String.self) {
        case "black": self = .black
        case "edge": self = .edge
        case "reflect": self = .reflect
        default:
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "expected black, edge, reflect or a number")
        }
    }

    /// Writes the word or the number.
    ///
    /// - Parameter encoder: The encoder.
    /// - Throws: An `EncodingError` for a number that is not finite.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .constant(let value): try container.encode(value)
        case .black: try container.encode("black")
        case .edge: try container.encode("edge")
        case .reflect: try container.encode("reflect")
        }
    }
}
