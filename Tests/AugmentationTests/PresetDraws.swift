import SampleAugmentation
import Testing

/// Counts over many draws.
enum PresetDraws {
    static let volume = SampleExtent(channels: 3, slices: 4, rows: 64, columns: 64)

    /// How often each transform was drawn; a flip counts under its axis.
    static func names(_ draws: [DrawnAugmentation]) -> [String: Int] {
        var counts: [String: Int] = [:]
        for transform in draws.flatMap(\.transforms) { counts[name(transform), default: 0] += 1 }
        return counts
    }

    static func name(_ transform: Transform) -> String {
        if case .flip(let flip) = transform { return "flip \(flip.axis.rawValue)" }
        return transform.name
    }
}

extension DrawnAugmentation {
    /// Applies the transforms, and one after the other to a copy, which must give the same.
    func applyBothWays(to sample: inout AugmentationSample) throws {
        var copy = sample
        try apply(to: &sample)
        for transform in transforms { try transform.transform.apply(to: &copy) }
        #expect(sample == copy, "\(transforms.map(\.name))")
    }
}
