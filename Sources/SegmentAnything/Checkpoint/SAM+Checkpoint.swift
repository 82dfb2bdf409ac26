import TensorFiles
import Tensors

extension SAM {
    /// Makes a model from a checkpoint.
    ///
    /// - Complexity: reads all tensors the model needs, one after the other. Without the image encoder that is the smaller part:
    ///   16 MB of ViT-B's 375 MB.
    /// - Parameters:
    ///   - checkpoint: An open checkpoint.
    ///   - imageSize: Side of the model input in pixels; `nil` for the checkpoint's. Tables of positions are resampled for
    ///     another one.
    ///   - encodesImages: `false` leaves the image encoder out, for a program that has embeddings already. Such a model answers
    ///     through ``encodedImage(embedding:frame:)``; asking it to encode a picture is a mistake of the program and traps.
    /// - Throws: ``SAMError/configuration(_:)`` for an image size that is not possible, ``SAMError/source(_:)`` with a
    ///   ``CheckpointError`` when a tensor is damaged.
    public init(
        checkpoint: Checkpoint, imageSize: Int? = nil, encodesImages: Bool = true
    ) throws(SAMError) {
        var configuration = checkpoint.configuration
        if let imageSize { configuration.imageSize = imageSize }
        guard !encodesImages else {
            try self.init(configuration: configuration, source: checkpoint)
            return
        }
        try self.init(configuration: configuration, source: checkpoint) { weights in
            weights.ignore(checkpoint.tensorNames.filter { $0.hasPrefix("image_encoder.") })
            return AbsentImageEncoder()
        }
    }

    /// Opens a checkpoint and makes its model.
    ///
    /// - Parameters:
    ///   - path: The path of a checkpoint in HDF5; `.pth` and `.safetensors` are imported first, see ``CheckpointImport``.
    ///   - imageSize: Side of the model input in pixels; `nil` for the checkpoint's.
    /// - Returns: The model.
    /// - Throws: ``CheckpointError`` when the file is refused, ``SAMError`` as ``SAM/init(checkpoint:imageSize:encodesImages:)``.
    public static func load(checkpoint path: String, imageSize: Int? = nil) throws -> SAM {
        try SAM(checkpoint: try Checkpoint.open(path), imageSize: imageSize)
    }

    /// A model with weights by a rule instead of training: it runs, its masks mean nothing.
    ///
    /// Its name ends in `-random`, so that whatever shows the name shows that.
    ///
    /// - Parameters:
    ///   - configuration: The architecture.
    ///   - salt: Distinguishes one set of weights from another.
    /// - Returns: The model; equal calls give equal bits.
    /// - Throws: ``SAMError/configuration(_:)`` for an architecture that is not possible.
    public static func random(
        _ configuration: SAMConfiguration, salt: String = "random"
    ) throws(SAMError) -> SAM {
        let configuration = configuration.labelledRandom
        try configuration.validate()
        return try SAM(
            configuration: configuration,
            source: DeterministicWeights(salt: salt, tensors: configuration.tensorShapes))
    }
}

/// The image encoder of a model that was made without one.
private struct AbsentImageEncoder: ImageEncoder {
    func encode(_ input: Tensor) -> Tensor {
        preconditionFailure("a model made with encodesImages: false was asked to encode a picture")
    }
}

extension SAMConfiguration {
    /// The same architecture with a name that says that the weights are random.
    var labelledRandom: SAMConfiguration {
        var result = self
        if !name.hasSuffix("-random") { result.name += "-random" }
        return result
    }

    /// The published architectures by name: `vit_b`, `vit_l`, `vit_h`, `vit_t`.
    public static let published: [SAMConfiguration] = [.vitB, .vitL, .vitH, .mobileSAM]
}

extension Checkpoint {
    /// Writes a checkpoint with weights by a rule instead of training, for tests and demonstrations; it says so of itself.
    ///
    /// - Parameters:
    ///   - configuration: The architecture.
    ///   - salt: Distinguishes one set of weights from another.
    ///   - path: Where the file will be.
    ///   - precision: The type of the tensors.
    /// - Throws: ``CheckpointError`` for an architecture that is not possible, and when the file cannot be written.
    public static func writeRandom(
        _ configuration: SAMConfiguration, salt: String = "random", to path: String,
        precision: CheckpointPrecision = .float32
    ) throws {
        let configuration = configuration.labelledRandom
        do {
            try configuration.validate()
        } catch {
            throw CheckpointError.unwritable(
                file: path, place: "architecture", found: "\(error)",
                expected: "one that can be made")
        }
        let weights = DeterministicWeights(salt: salt, tensors: configuration.tensorShapes)
        let header = CheckpointHeader(
            configuration: configuration, weights: .random, licence: "none needed: random weights",
            method: "random weights by rule det-v1 with salt \(OneLine.text(salt)); "
                + "the model runs, its masks mean nothing")
        var account = RoundingAccount()
        var entries: [TensorEntry] = []
        for (name, shape) in configuration.tensorShapes {
            let isCounter = name.hasSuffix(".num_batches_tracked")
            entries.append(
                try TensorEntry(
                    name: name, elementType: isCounter ? .int64 : precision.elementType,
                    shape: shape))
        }
        try write(
            header, tensors: entries, to: path,
            bytes: { entry in
                if entry.elementType == .int64 {
                    return [UInt8](repeating: 0, count: entry.byteCount)
                }
                let tensor = try weights.tensor(named: entry.name)
                guard
                    let bytes = tensor.withValues({
                        ElementConversion.narrow($0, to: precision, account: &account)
                    })
                else { preconditionFailure("weights by the rule are below 4") }
                return bytes
            },
            rounding: { account.rounding })
    }
}
