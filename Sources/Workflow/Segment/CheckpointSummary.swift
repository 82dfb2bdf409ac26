import SegmentAnything

/// What a checkpoint is, for people and for `--json`.
public struct CheckpointSummary: Codable, Hashable, Sendable {
    /// One row per part of the model.
    public struct Part: Codable, Hashable, Sendable {
        /// The first component of the names, for example `image_encoder`.
        public var name: String
        /// How many tensors.
        public var tensors: Int
        /// How many values in them.
        public var values: Int
        /// The bytes they take.
        public var bytes: Int
    }

    /// One row per tensor.
    public struct Tensor: Codable, Hashable, Sendable {
        /// The published name.
        public var name: String
        /// The type of the stored elements.
        public var elementType: String
        /// The length of each axis.
        public var shape: [Int]
        /// The stored bytes.
        public var bytes: Int
        /// SHA-256 of the stored bytes.
        public var sha256: String
    }

    /// The schema of the JSON form.
    public var schema = "samdata.checkpoint-show/1"
    /// The version of the file format.
    public var version: String
    /// The name of the architecture.
    public var name: String
    /// The architecture.
    public var architecture: SAMConfiguration
    /// The architecture in words, a line for each part.
    public var description: [String]
    /// Whether the weights follow a rule instead of training: the model runs, its masks mean nothing.
    public var isRandom: Bool
    /// `float32`, `float16`, `bfloat16` or `mixed`.
    public var precision: String
    /// Values that training moves.
    public var parameters: Int
    /// The bytes of the file.
    public var bytes: Int
    /// Under which terms the weights may be used; empty when nobody said.
    public var licence: String
    /// The name of the file the values came from; empty when there was none.
    public var sourceFile: String
    /// SHA-256 of that file.
    public var sourceSHA256: String
    /// How the file was made.
    public var method: String
    /// What rounding did; absent when nothing was rounded.
    public var rounding: CheckpointHeader.Rounding?
    /// Tensors that the architecture does not know.
    public var unused: [String]
    /// One row per part of the model, in the order of the names.
    public var parts: [Part]
    /// One row per tensor, names ascending.
    public var tensors: [Tensor]

    /// Describes an open checkpoint; no elements are read.
    ///
    /// - Parameter checkpoint: The checkpoint.
    public init(of checkpoint: Checkpoint) {
        let header = checkpoint.header
        version = checkpoint.version
        name = checkpoint.configuration.name
        architecture = checkpoint.configuration
        description = Self.words(for: checkpoint.configuration)
        isRandom = header.weights == .random
        precision = checkpoint.precision?.rawValue ?? "mixed"
        parameters = checkpoint.configuration.parameterCount
        bytes = checkpoint.byteCount
        licence = header.licence
        sourceFile = header.sourceFile
        sourceSHA256 = header.sourceSHA256
        method = header.method
        rounding = header.rounding
        unused = checkpoint.report.unused
        tensors = checkpoint.tensors.map {
            Tensor(
                name: $0.name, elementType: $0.elementType.rawValue, shape: $0.shape,
                bytes: $0.byteCount, sha256: $0.sha256)
        }
        var parts: [Part] = []
        for tensor in checkpoint.tensors {
            let part = String(tensor.name.prefix { $0 != "." })
            if parts.last?.name != part {
                parts.append(Part(name: part, tensors: 0, values: 0, bytes: 0))
            }
            parts[parts.count - 1].tensors += 1
            parts[parts.count - 1].values += tensor.elementCount
            parts[parts.count - 1].bytes += tensor.byteCount
        }
        self.parts = parts
    }

    /// The architecture in words.
    private static func words(for configuration: SAMConfiguration) -> [String] {
        func list(_ values: [Int]) -> String { values.map(String.init).joined(separator: " ") }
        let encoder: String
        switch configuration.encoder {
        case .vit(let vit):
            encoder =
                "ViT, \(vit.depth) blocks of \(vit.width) features, \(vit.heads) heads, windows of "
                + "\(vit.windowSize)"
                + (vit.globalBlocks.isEmpty ? "" : ", global in \(list(vit.globalBlocks))")
        case .tinyViT(let vit):
            encoder =
                "TinyViT, widths \(list(vit.widths)), blocks \(list(vit.depths)), heads "
                + "\(list(vit.heads)), windows \(list(vit.windowSizes))"
        }
        let decoder = configuration.decoder
        func numbers(_ values: [Float]) -> String {
            values.map(\.description).joined(separator: " ")
        }
        return [
            "image encoder: \(encoder)",
            "decoder: \(decoder.depth) blocks of \(decoder.width) features, \(decoder.heads) heads, "
                + "\(decoder.maskTokens) mask tokens",
            "preprocessing: longer side \(configuration.imageSize), mean "
                + "\(numbers(configuration.pixelMean)), deviation "
                + numbers(configuration.pixelDeviation),
        ]
    }
}
