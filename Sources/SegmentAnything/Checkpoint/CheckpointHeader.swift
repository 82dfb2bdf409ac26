/// What a checkpoint says of itself, besides its tensors.
public struct CheckpointHeader: Hashable, Sendable {
    /// Where the values came from.
    public enum Weights: String, Codable, Hashable, Sendable {
        /// From another file, trained by someone.
        case imported
        /// From a rule: the model runs, its masks mean nothing.
        case random
    }

    /// How far stored values are from those of the source.
    public struct Rounding: Codable, Hashable, Sendable {
        /// Euclidean norm of all differences over that of all values.
        public var relativeL2: Double
        /// The largest difference.
        public var largest: Double

        /// Makes a statement of rounding.
        ///
        /// - Parameters:
        ///   - relativeL2: Euclidean norm of all differences over that of all values.
        ///   - largest: The largest difference.
        public init(relativeL2: Double, largest: Double) {
            self.relativeL2 = relativeL2
            self.largest = largest
        }
    }

    /// The architecture, with the preprocessing that belongs to it.
    public var configuration: SAMConfiguration
    /// Under which terms the weights may be used; empty when nobody said.
    public var licence: String
    /// Where the values came from.
    public var weights: Weights
    /// The name of the file they came from, without folders; empty when there was none.
    public var sourceFile: String
    /// SHA-256 of that file, 64 lower-case hexadecimal digits; empty when there was none.
    public var sourceSHA256: String
    /// How the file was made, in one sentence.
    public var method: String
    /// What rounding did; `nil` when no value was rounded.
    public var rounding: Rounding?

    /// Makes a header.
    ///
    /// - Parameters:
    ///   - configuration: The architecture, with the preprocessing that belongs to it.
    ///   - weights: Where the values came from.
    ///   - licence: Under which terms the weights may be used.
    ///   - sourceFile: The name of the file they came from, without folders.
    ///   - sourceSHA256: SHA-256 of that file.
    ///   - method: How the file was made, in one sentence.
    public init(
        configuration: SAMConfiguration, weights: Weights, licence: String = "",
        sourceFile: String = "", sourceSHA256: String = "", method: String = ""
    ) {
        self.configuration = configuration
        self.weights = weights
        self.licence = licence
        self.sourceFile = sourceFile
        self.sourceSHA256 = sourceSHA256
        self.method = method
    }
}
