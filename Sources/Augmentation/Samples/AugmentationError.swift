/// Why a transform cannot be applied.
public enum AugmentationError: Error, Hashable, Sendable {
    /// A parameter lies outside what the transform takes.
    case parameter(transform: String, name: String, found: String, expected: String)
    /// The transform cannot work on this sample, such as stain jitter on one channel.
    case unsuitable(transform: String, found: String, expected: String)
    /// A parameter is a range: draw first, then apply.
    case notDrawn(transform: String)
}

extension AugmentationError: CustomStringConvertible {
    /// One line: what, found, expected, next step.
    public var description: String {
        switch self {
        case .parameter(let transform, let name, let found, let expected):
            "augmentation \(transform): \(name): found \(found), expected \(expected); change the recipe"
        case .unsuitable(let transform, let found, let expected):
            "augmentation \(transform): found \(found), expected \(expected); leave the transform out or choose another preset"
        case .notDrawn(let transform):
            "augmentation \(transform): found a range, expected a drawn number; draw the recipe before applying it"
        }
    }
}
