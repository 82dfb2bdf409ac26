/// The transforms drawn for one sample, in order: what is stored with it, replayed, and undone where possible.
public struct DrawnAugmentation: Hashable, Sendable {
    /// The transforms, every parameter fixed.
    public var transforms: [Transform]

    /// Makes a list of drawn transforms.
    ///
    /// - Parameter transforms: The transforms, every parameter fixed.
    public init(transforms: [Transform]) {
        self.transforms = transforms
    }

    /// The transforms that undo these, in the order to apply them.
    ///
    /// - Parameter extent: The size of the sample before these transforms.
    /// - Returns: The inverse; `nil` when one of the transforms loses something.
    public func inverse(extent: SampleExtent) -> DrawnAugmentation? {
        var size = extent
        var inverses: [Transform] = []
        for transform in transforms {
            guard let inverse = transform.transform.inverse(extent: size) else { return nil }
            inverses.append(inverse)
            size = transform.transform.extent(after: size)
        }
        return DrawnAugmentation(transforms: inverses.reversed())
    }

    /// The size after the transforms.
    ///
    /// - Parameter extent: The size before.
    /// - Returns: The size after.
    public func extent(after extent: SampleExtent) -> SampleExtent {
        transforms.reduce(extent) { $1.transform.extent(after: $0) }
    }
}

extension DrawnAugmentation: Codable {
    /// Reads a list of transforms.
    ///
    /// - Parameter decoder: The decoder.
    /// - Throws: A `DecodingError` naming the transform that is not understood.
    public init(from decoder: any Decoder) throws {
        transforms = try [Transform](from: decoder)
    }

    /// Writes the list of transforms.
    ///
    /// - Parameter encoder: The encoder.
    /// - Throws: An `EncodingError` for a number that is not finite.
    public func encode(to encoder: any Encoder) throws {
        try transforms.encode(to: encoder)
    }
}
