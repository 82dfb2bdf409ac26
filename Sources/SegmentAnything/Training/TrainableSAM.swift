import Tensors

/// A Segment Anything model that can be trained: the same computation as ``SAM`` in operations that know their gradients.
///
/// Parameters lie in a store under their published names, and what is trained is a property of the moment. ``SAM`` computes
/// the same numbers faster; this one is for training and for the modules that recipes of fine-tuning add.
///
/// ```swift
/// var model = try TrainableSAM(
///     configuration: .vitB, source: checkpoint, added: AddedModules(adapterWidth: 32, classes: 4))
/// model.parameters.setTrainable(true) { $0.hasPrefix("adapters.") || $0.hasPrefix("mask_decoder.") }
/// var optimiser = Adam(learningRate: 1e-4)
/// let tape = Tape()
/// let embedding = model.embedding(of: Variable(images), on: tape)
/// let prompts = model.promptFeatures(of: [EncoderPrompt()], on: tape)
/// let answer = model.decode(embedding, prompts: prompts, on: tape)
/// tape.backward(from: CrossEntropyLoss.apply(answer.logits, labels: labels, on: tape))
/// optimiser.step(&model.parameters, gradients: tape.gradients)
/// let trained = try SAM(configuration: model.configuration, source: model.weights())
/// ```
///
/// - Shapes: B pictures or prompts, C features of a token, g cells along a side (image size / 16), M mask tokens.
/// - Source: Kirillov et al., "Segment Anything", ICCV 2023.
public struct TrainableSAM: Sendable {
    /// The architecture; with a new class head, its mask tokens are the classes.
    public let configuration: SAMConfiguration
    /// What was added to the published architecture.
    public let added: AddedModules
    /// All parameters under their published names, frozen at first.
    public var parameters: ParameterStore
    /// The running statistics of batch norms by the name of the layer, such as `side.bn1`.
    public var statistics: [String: BatchNorm2D.Statistics] = [:]
    /// Whether blocks of the image encoder are computed again for their gradients instead of kept: for a third more time, memory for
    /// one block in place of all.
    public var recomputesBlocks = false
    /// What did not fit when the weights were read; nothing fatal, at most unused tensors.
    public let report: WeightReader.Report
    let positions: PositionEmbeddingRandom
    /// The position codes of the cells, g² x C.
    let gridCodes: Tensor

    /// Makes a model from weights.
    ///
    /// Tensors of added modules are taken from the source where it has them; otherwise they follow from the seed by
    /// `InitialWeights`. With a new class head of another number of classes than the source has, the mask tokens, their networks
    /// and the quality head follow from the seed too. Position tables are resampled as ``ViTImageEncoder`` does.
    ///
    /// - Complexity: reads all tensors; 4 bytes a parameter.
    /// - Parameters:
    ///   - configuration: The architecture.
    ///   - source: Where the tensors come from.
    ///   - added: What to add.
    ///   - seed: Distinguishes one initialisation of what is new from another.
    /// - Throws: ``SAMError/configuration(_:)`` for an architecture that is not possible, ``SAMError/weights(_:)`` with everything
    ///   that is missing or of another shape, ``SAMError/source(_:)`` when a tensor cannot be read.
    public init(
        configuration: SAMConfiguration, source: any TensorSource,
        added: AddedModules = AddedModules(), seed: UInt64 = 0
    ) throws(SAMError) {
        var configuration = configuration
        if let classes = added.classes { configuration.decoder.maskTokens = classes }
        try configuration.validateDecoder()
        try configuration.validateEncoder()
        try added.validate(for: configuration)
        let tensors = added.tensorShapes(for: configuration)
        let buffers = added.statisticsShapes
        let reader = WeightReader(
            InitialisedSource(
                stored: source, new: tensors + buffers, configuration: configuration,
                replacesClassHead: added.classes != nil, seed: seed))
        var parameters = ParameterStore()
        for (name, shape) in configuration.tensorShapes + tensors {
            parameters[name] = configuration.take(name, shape, reader)
        }
        for layer in added.batchNorms {
            statistics[layer.name] = BatchNorm2D.Statistics(
                mean: reader.take(layer.name + ".running_mean", [layer.width]),
                variance: reader.take(layer.name + ".running_var", [layer.width]))
        }
        positions = PositionEmbeddingRandom(
            reader, "prompt_encoder.pe_layer", width: configuration.decoder.width)
        gridCodes = positions.grid(side: configuration.gridSize)
        do {
            report = try reader.finish()
        } catch {
            throw .source(error)
        }
        guard !report.isFatal else { throw .weights(report) }
        self.parameters = parameters
        self.configuration = configuration
        self.added = added
    }

    /// A run of the model on a tape.
    func pass(on tape: Tape?) -> ForwardPass { ForwardPass(parameters: parameters, tape: tape) }
}

extension SAMConfiguration {
    /// Takes a tensor, position tables resampled.
    fileprivate func take(_ name: String, _ shape: [Int], _ weights: WeightReader) -> Tensor {
        guard case .vit(let encoder) = encoder, name.hasPrefix("image_encoder.") else {
            return weights.take(name, shape)
        }
        if name.hasSuffix(".pos_embed") {
            return ViTPositions.grid(name, side: shape[1], width: shape[3], weights: weights)
        }
        guard name.contains(".rel_pos_") else { return weights.take(name, shape) }
        let block = name.split(separator: ".").dropFirst(2).first.flatMap { Int($0) }
        return ViTPositions.axis(
            name, side: (shape[0] + 1) / 2, width: shape[1],
            resamples: encoder.globalBlocks.contains(block ?? -1), weights: weights)
    }
}
