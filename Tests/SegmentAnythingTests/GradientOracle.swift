import Foundation
import HDF5
import MedicalImaging
import Tensors
import Testing

@testable import SegmentAnything

/// A case of the gradient files: a model with the weights of the rule, its inputs, and its loss.
struct GradientOracle {
    /// What is trained and by which loss.
    struct Case: CustomTestStringConvertible, Sendable {
        var name: String
        /// Prefixes of the names of trained parameters.
        var trained: [String]
        var added = AddedModules()
        /// Whether the four mask tokens are class logits; otherwise the first is a mask.
        var hasClasses = false
        /// Whether the loss is taken at the size of the model input.
        var isFullSize = false
        /// Datasets that must be compared: terms, gradients, and those of trajectories.
        var comparisons: Int

        var testDescription: String { name }
        var file: String { "grad_tiny64_\(name).h5" }
    }

    let example: Case
    let file: HDF5Reader
    var model: TrainableSAM
    /// Parameters whose gradient is zero in exact arithmetic.
    let zeroGradient: Set<String>
    private let images: Tensor?
    private let embeddings: Tensor?
    private let labels: [Int32]
    private let target: Tensor?
    private let prompts: [EncoderPrompt]

    init(_ example: Case) throws {
        self.example = example
        let file = try SAMOracle.open(example.file)
        self.file = file
        zeroGradient = try JSONDecoder().decode(
            Set<String>.self, from: Data(file.text("zero_gradient_parameters").utf8))
        let configuration = try Self.configuration(file)
        let new =
            example.added.tensorShapes(for: configuration) + example.added.statisticsShapes
        let source = DeterministicWeights(
            salt: try file.text("det_salt"), tensors: configuration.tensorShapes + new)
        model = try TrainableSAM(
            configuration: configuration, source: source, added: example.added)
        #expect(model.report == WeightReader.Report())
        model.parameters.setTrainable(true) { name in
            example.trained.contains { name.hasPrefix($0) }
        }
        func optional(_ name: String) throws -> Tensor? {
            try file.exists("data/" + name) ? file.tensor("data/" + name) : nil
        }
        images = try optional("images")
        embeddings = try optional("image_embeddings")
        labels =
            try file.exists("data/labels")
            ? file.readArray("data/labels", as: UInt8.self).map { Int32($0) } : []
        // The files that start from an embedding repeat neither boxes nor masks; they are those of the adapters' file.
        let masks = try SAMOracle.open("grad_tiny64_adapters.h5")
        let boxes = try masks.tensor("data/boxes").values
        prompts = (0..<boxes.count / 4).map { index in
            guard !example.hasClasses else { return EncoderPrompt() }
            let box = boxes[4 * index..<4 * index + 4].map { $0 }
            return EncoderPrompt(box: BoxPrompt(x0: box[0], y0: box[1], x1: box[2], y1: box[3]))
        }
        let truth = try masks.readArray("data/targets", as: UInt8.self).map { Float($0) }
        let small = Tensor(truth, shape: [boxes.count / 4, 1, 64, 64])
        target =
            example.isFullSize
            ? NearestInterpolation.forward(small, height: 256, width: 256) : small
    }

    static func configuration(_ file: HDF5Reader) throws -> SAMConfiguration {
        func number(_ name: String) throws -> Int { Int(try file.number("config_" + name)) }
        var encoder = ViTConfiguration(
            width: try number("embed"), depth: try number("depth"), heads: try number("heads"),
            globalBlocks: try file.integers("config_global"), windowSize: try number("window"))
        encoder.patchSize = try number("patch")
        encoder.mlpRatio = try number("mlp_ratio")
        return SAMConfiguration(
            name: "tiny", imageSize: try number("image"), encoder: .vit(encoder),
            decoder: DecoderConfiguration(
                width: try number("dim"), heads: try number("dec_heads"),
                mlpWidth: try number("dec_mlp"), maskTokens: try number("multimask") + 1,
                qualityHeadWidth: try number("iou_hidden"),
                maskPromptChannels: try number("mask_in_chans")))
    }

    /// One forward pass: the terms of the loss by name and their weighted sum, and the statistics that batch norms keep.
    func loss(
        on tape: Tape?
    ) throws -> (
        terms: [String: Variable], total: Variable, statistics: [String: BatchNorm2D.Statistics]
    ) {
        var embedding: Variable
        var statistics = model.statistics
        if let embeddings {
            embedding = Variable(embeddings)
        } else {
            embedding = model.embedding(of: Variable(try #require(images)), on: tape)
        }
        if let images, example.added.sideNetwork != nil {
            let side = model.sideFeatures(of: Variable(images), isTraining: true, on: tape)
            statistics = side.statistics
            embedding = model.gated(embedding, side: side.features, on: tape)
        }
        let answer = model.decode(
            embedding, prompts: model.promptFeatures(of: prompts, on: tape), on: tape)
        func weighted(_ terms: [(Float, Variable)]) -> Variable {
            terms.map { Scaling.apply($1, by: $0, on: tape) }
                .reduce(Variable(Tensor(0))) { Addition.apply($1, $0, on: tape) }
        }
        if example.hasClasses {
            let ce = CrossEntropyLoss.apply(answer.logits, labels: labels, on: tape)
            let dice = SoftmaxDiceLoss.apply(answer.logits, labels: labels, on: tape)
            return (["ce": ce, "dice": dice], weighted([(0.2, ce), (0.8, dice)]), statistics)
        }
        let target = try #require(target)
        var logits = Slicing.apply(answer.logits, axis: 1, 0..<1, on: tape)
        if example.isFullSize {
            logits = BilinearInterpolation.apply(
                logits, height: 256, width: 256, mode: .pixelCentres, on: tape)
        }
        let bce = BinaryCrossEntropyLoss.apply(logits, target: target, on: tape)
        let dice = SigmoidDiceLoss.apply(logits, target: target, on: tape)
        let quality = Slicing.apply(answer.predictedIoU, axis: 1, 0..<1, on: tape)
        let mse = MeanSquaredErrorLoss.apply(
            quality,
            target: Tensor(
                [Float](repeating: 0.8, count: quality.value.count), shape: quality.shape),
            on: tape)
        return (
            ["bce": bce, "dice": dice, "iou_mse": mse],
            weighted([(1, bce), (1, dice), (0.1, mse)]), statistics
        )
    }
}
