public import SegmentAnything
import SafeFiles
import SampleStore
import Synchronization
import TensorFiles
import Tensors

/// A model with the name and the digest under which its masks and embeddings are kept.
///
/// The weights of a checkpoint are read when they are needed: with stored embeddings those of the image encoder, which are
/// nearly all, never are.
public struct SegmentationModel: Sendable {
    /// The architecture.
    public let configuration: SAMConfiguration
    /// Identifies architecture and weights, whatever the file is called: 64 hexadecimal digits.
    public let digest: String
    /// Whether the weights come from a rule, so that its masks mean nothing.
    public let isRandom: Bool
    /// How exactly the image encoder keeps the factors of its products.
    public let precision: EncoderPrecision
    private let weights: Weights

    /// The name of the architecture, for example `vit_b`; that of random weights ends in `-random`.
    public var name: String { configuration.name }

    /// Names a model.
    ///
    /// - Parameters:
    ///   - model: The model.
    ///   - digest: Identifies architecture and weights.
    ///   - isRandom: Whether the weights come from a rule.
    public init(model: SAM, digest: String, isRandom: Bool) {
        configuration = model.configuration
        self.digest = digest
        self.isRandom = isRandom
        precision = .float32
        weights = Weights(checkpoint: nil, whole: model, precision: .float32)
    }

    private init(_ checkpoint: Checkpoint, digest: String, precision: EncoderPrecision) {
        configuration = checkpoint.configuration
        self.digest = digest
        isRandom = checkpoint.header.weights == .random
        self.precision = precision
        weights = Weights(checkpoint: checkpoint, whole: nil, precision: precision)
    }

    /// What tells embeddings of this model from those of others.
    var embeddingIdentity: String {
        precision == .float32 ? digest : "\(digest) \(precision.rawValue)"
    }

    /// The model.
    ///
    /// - Complexity: the first call reads all tensors.
    /// - Returns: The model.
    /// - Throws: ``WorkflowError`` when a tensor is damaged.
    public func sam() throws(WorkflowError) -> SAM { try weights.whole() }

    /// Takes a stored embedding, without need of the image encoder.
    ///
    /// - Parameters:
    ///   - embedding: What the image encoder of this model made.
    ///   - frame: The frame of the picture it was made from.
    /// - Returns: The embedded picture.
    /// - Throws: `SAMError` when it does not fit the model, ``WorkflowError`` when a tensor is damaged.
    func encodedImage(embedding: Tensor, frame: InputFrame) throws -> EncodedImage {
        try weights.answering().encodedImage(embedding: embedding, frame: frame)
    }

    /// Where checkpoints come from and how they are imported, for messages.
    public static let whereToGetOne =
        "download one from the Segment Anything project (facebookresearch/segment-anything, Model Checkpoints: "
        + "sam_vit_b_01ec64.pth, 358 MiB) or MobileSAM (ChaoningZhang/MobileSAM: mobile_sam.pt, 39 MiB), then "
        + "`samdata checkpoint import sam_vit_b_01ec64.pth --to sam_vit_b.h5`"

    /// Opens a checkpoint.
    ///
    /// - Complexity: O(tensors); none is read yet.
    /// - Parameters:
    ///   - path: A checkpoint in HDF5; `nil` explains where to get one.
    ///   - precision: How exactly the image encoder keeps the factors of its products.
    /// - Returns: The model.
    /// - Throws: ``WorkflowError`` that says what to do when there is none, or another file; what the file's faults are otherwise.
    public static func load(
        _ path: String?, precision: EncoderPrecision = .float32
    ) throws(WorkflowError) -> SegmentationModel {
        guard let path else {
            throw WorkflowError(
                .missingInput,
                "no checkpoint: found no --checkpoint, expected a model in HDF5; \(whereToGetOne)")
        }
        let lower = path.lowercased()
        if [".pth", ".pt", ".ckpt", ".bin", ".safetensors"].contains(where: lower.hasSuffix) {
            let stem = path.prefix(upTo: path.lastIndex(of: ".") ?? path.endIndex)
            throw WorkflowError(
                .usage,
                "\(path): found a checkpoint in another format, expected HDF5; import it once with "
                    + "`samdata checkpoint import \(path) --to \(stem).h5`")
        }
        guard Folders.isFile(path) else {
            throw WorkflowError(
                .missingInput,
                "\(path): found no file there, expected a checkpoint in HDF5; check the path, or "
                    + whereToGetOne)
        }
        do {
            let checkpoint = try Checkpoint.open(path)
            return SegmentationModel(
                checkpoint, digest: try digest(of: checkpoint), precision: precision)
        } catch {
            throw WorkflowError(segmenting: error, path)
        }
    }

    /// Follows from the architecture, the preprocessing and the checksums of all tensors; no tensor is read.
    private static func digest(of checkpoint: Checkpoint) throws -> String {
        struct Identity: Encodable {
            struct Tensor: Encodable {
                let name: String
                let type: String
                let shape: [Int]
                let sha256: String
            }
            let schema = "samdata.model/1"
            let configuration: SAMConfiguration
            let tensors: [Tensor]
        }
        return try CanonicalJSON.sha256(
            Identity(
                configuration: checkpoint.configuration,
                tensors: checkpoint.tensors.map {
                    Identity.Tensor(
                        name: $0.name, type: $0.elementType.rawValue, shape: $0.shape,
                        sha256: $0.sha256)
                }))
    }
}

extension WorkflowError {
    /// An error of the model, with its kind.
    init(segmenting error: any Error, _ place: String) {
        if let error = error as? WorkflowError {
            self = error
            return
        }
        let text = "\(error)"
        let message = text.contains(place) ? text : "\(place): \(text)"
        switch error {
        case SAMError.source(let cause as CheckpointError): self.init(segmenting: cause, place)
        default: self.init(FailureKind(of: error), message)
        }
    }
}

/// The weights of a model, read once.
private final class Weights: Sendable {
    private struct Loaded {
        var whole: SAM?
        /// Without the image encoder.
        var part: SAM?
    }

    /// Stands where the image encoder was not read.
    private struct NoEncoder: ImageEncoder {
        func encode(_ input: Tensor) -> Tensor {
            preconditionFailure("a model that only answers prompts was asked to embed a picture")
        }
    }

    private let checkpoint: Checkpoint?
    private let loaded: Mutex<Loaded>

    private let precision: EncoderPrecision

    init(checkpoint: Checkpoint?, whole: SAM?, precision: EncoderPrecision) {
        precondition(checkpoint != nil || whole != nil, "a model without weights")
        self.checkpoint = checkpoint
        self.precision = precision
        loaded = Mutex(Loaded(whole: whole))
    }

    func whole() throws(WorkflowError) -> SAM {
        try loaded.withLock { (loaded) throws(WorkflowError) in
            if let whole = loaded.whole { return whole }
            let whole = try read { (checkpoint) throws(SAMError) in
                try SAM(
                    configuration: checkpoint.configuration, source: checkpoint,
                    precision: precision)
            }
            loaded = Loaded(whole: whole)
            return whole
        }
    }

    func answering() throws(WorkflowError) -> SAM {
        try loaded.withLock { (loaded) throws(WorkflowError) in
            if let model = loaded.whole ?? loaded.part { return model }
            let part = try read { (checkpoint) throws(SAMError) in
                try SAM(configuration: checkpoint.configuration, source: checkpoint) { _ in
                    NoEncoder()
                }
            }
            loaded.part = part
            return part
        }
    }

    private func read(
        _ body: (Checkpoint) throws(SAMError) -> SAM
    ) throws(WorkflowError) -> SAM {
        guard let checkpoint else {
            throw WorkflowError(.internalError, "a model without weights")
        }
        do throws(SAMError) { return try body(checkpoint) } catch {
            throw WorkflowError(segmenting: error, checkpoint.path)
        }
    }
}
