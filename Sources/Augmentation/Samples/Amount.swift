import MedicalImaging

/// A number of a transform: fixed, or drawn uniformly from a range.
///
/// The same transform takes either; there is no second type for the random one. In JSON a fixed number is a number, a range
/// is an array of its two ends.
public enum Amount: Hashable, Sendable {
    /// Always this number.
    case fixed(Double)
    /// Uniform between two numbers; the upper one is not reached.
    case uniform(Double, Double)
    /// A uniform whole number between two whole numbers, both included.
    case whole(Int, Int)

    /// The number, when it is fixed.
    public var value: Double? {
        if case .fixed(let value) = self { value } else { nil }
    }

    /// Fixes the number.
    ///
    /// A fixed number takes nothing from the generator; the others take one draw.
    ///
    /// - Parameter random: The generator.
    /// - Returns: A fixed number.
    public func drawn(from random: inout RandomSource) -> Amount {
        switch self {
        case .fixed: self
        case .uniform(let low, let high): .fixed(low + (high - low) * random.unit())
        case .whole(let low, let high): .fixed(Double(low + random.index(below: high - low + 1)))
        }
    }
}

extension Amount: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
    /// A fixed number.
    ///
    /// - Parameter value: The number.
    public init(floatLiteral value: Double) { self = .fixed(value) }

    /// A fixed number.
    ///
    /// - Parameter value: The number.
    public init(integerLiteral value: Int) { self = .fixed(Double(value)) }
}

extension Amount: Codable {
    private struct Whole: Codable {
        var from: Int
        var through: Int
    }

    /// Reads a number, an array of two numbers, or an object with `from` and `through`.
    ///
    /// - Parameter decoder: The decoder.
    /// - Throws: A `DecodingError` when it is none of these, not finite or not ascending.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let value = try? container.decode(Double.self), value.isFinite {
            self = .fixed(value)
        } else if let ends = try? container.decode([Double].self), ends.count == 2,
            ends.allSatisfy({ $0.isFinite && $0.magnitude <= 1e12 }), ends[0] <= ends[1]
        {
            self = .uniform(ends[0], ends[1])
        } else if let whole = try? container.decode(Whole.self), whole.from <= whole.through,
            whole.from.magnitude <= 1 << 30, whole.through.magnitude <= 1 << 30
        {
            self = .whole(whole.from, whole.through)
        } else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription:
                    "expected a number, [low, high] or {\"from\": low, \"through\": high}, ascending and finite"
            )
        }
    }

    /// Writes the number or its range.
    ///
    /// - Parameter encoder: The encoder.
    /// - Throws: An `EncodingError` for a number that is not finite.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .fixed(let value): try container.encode(value)
        case .uniform(let low, let high): try container.encode([low, high])
        case .whole(let low, let high): try container.encode(Whole(from: low, through: high))
        }
    }
}
