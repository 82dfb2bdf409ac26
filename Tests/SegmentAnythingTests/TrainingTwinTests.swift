import HDF5
import MedicalImaging
import Tensors
import Testing

@testable import SegmentAnything

/// The trainable model computes what the fast one computes, and starts from what it should.
@Suite struct TrainingTwinTests {
    /// No dimension is that of another, and no window divides the grid.
    static let configuration = SAMConfiguration(
        name: "twin", imageSize: 80,
        encoder: .vit(
            ViTConfiguration(width: 24, depth: 3, heads: 2, globalBlocks: [1], windowSize: 3)),
        decoder: DecoderConfiguration(
            width: 32, heads: 4, mlpWidth: 40, qualityHeadWidth: 24, maskPromptChannels: 16))
    static let side = SideNetworkConfiguration(widths: [8, 12, 32])

    static func source(
        _ configuration: SAMConfiguration = configuration, added: AddedModules = AddedModules()
    ) -> DeterministicWeights {
        DeterministicWeights(
            salt: "twin",
            tensors: configuration.tensorShapes + added.tensorShapes(for: configuration)
                + added.statisticsShapes)
    }

    static func pictures(_ count: Int, size: Int = 80) -> Tensor {
        DeterministicWeights.uniform(
            salt: "twin", name: "pictures", shape: [count, 3, size, size], amplitude: 2, centre: 0)
    }

    static let embeddings = DeterministicWeights.uniform(
        salt: "twin", name: "embedding", shape: [3, 32, 5, 5], amplitude: 1.75, centre: 0)

    static let mask = DeterministicWeights.uniform(
        salt: "twin", name: "mask", shape: [20, 20], amplitude: 6, centre: 0)

    static let prompts: [(name: String, prompt: EncoderPrompt)] = [
        ("nothing", EncoderPrompt()),
        ("a point", EncoderPrompt(points: [.init(x: 10, y: 70.5, label: .foreground)])),
        ("a box", EncoderPrompt(box: BoxPrompt(x0: 3, y0: 8, x1: 60, y1: 79))),
        ("a mask", EncoderPrompt(mask: mask)),
        (
            "all of them",
            EncoderPrompt(
                points: [
                    .init(x: 44, y: 5, label: .background), .init(x: 0, y: 0, label: .padding),
                    .init(x: 31.25, y: 40, label: .foreground),
                ], box: BoxPrompt(x0: 20, y0: 20, x1: 50.5, y1: 44), mask: mask)
        ),
    ]

    static func error(_ found: Tensor, _ expected: Tensor) -> Double {
        OracleComparison(name: "", found: found.values, expected: expected.values).relativeL2
    }

    static func picture(_ index: Int, of batch: Tensor) -> Tensor {
        Slicing.forward(batch, axis: 0, index..<index + 1)
    }

    // MARK: - The same numbers

    @Test func `embeddings of a batch are those of the fast encoder`() throws {
        let model = try TrainableSAM(configuration: Self.configuration, source: Self.source())
        let fast = try SAM(configuration: Self.configuration, source: Self.source())
        let found = model.embedding(of: Variable(Self.pictures(2)), on: nil).value
        #expect(found.shape == [2, 32, 5, 5])
        for index in 0..<2 {
            let expected = fast.imageEncoder.encode(Self.picture(index, of: Self.pictures(2)))
            #expect(Self.error(Self.picture(index, of: found), expected) < 3e-6)
        }
    }

    @Test func `position tables stored for another size are resampled as in the fast encoder`()
        throws
    {
        var larger = Self.configuration
        larger.imageSize = 112
        let model = try TrainableSAM(configuration: larger, source: Self.source())
        let fast = try SAM(configuration: larger, source: Self.source())
        let input = Self.pictures(1, size: 112)
        let found = model.embedding(of: Variable(input), on: nil).value
        #expect(model.parameters["image_encoder.pos_embed"]?.shape == [1, 7, 7, 24])
        #expect(Self.error(found, fast.imageEncoder.encode(input)) < 3e-6)
    }

    @Test(arguments: prompts.indices)
    func `answers are those of the fast decoder`(index: Int) throws {
        let (name, prompt) = Self.prompts[index]
        let model = try TrainableSAM(configuration: Self.configuration, source: Self.source())
        let fast = try SAM(configuration: Self.configuration, source: Self.source())
        let found = model.decode(
            Variable(Self.embeddings),
            prompts: model.promptFeatures(of: [prompt, prompt, prompt], on: nil), on: nil)
        #expect(found.logits.shape == [3, 4, 20, 20])
        #expect(found.predictedIoU.shape == [3, 4])
        for picture in 0..<3 {
            let image = fast.maskDecoder.image(
                Self.picture(picture, of: Self.embeddings), promptEncoder: fast.promptEncoder)
            let expected = try #require(
                fast.maskDecoder.predict(
                    image, prompts: [fast.promptEncoder.encode(prompt)], output: .all
                ).first)
            let logits = Self.picture(picture, of: found.logits.value)
            #expect(Self.error(logits, expected.logits) < 3e-6, "\(name)")
            let quality = Self.picture(picture, of: found.predictedIoU.value)
            #expect(
                Self.error(quality, Tensor(expected.predictedIoU, shape: [4])) < 3e-6, "\(name)")
        }
    }

    @Test func `several prompts about one picture are answered as if alone`() throws {
        let model = try TrainableSAM(configuration: Self.configuration, source: Self.source())
        let image = Variable(Self.picture(1, of: Self.embeddings))
        let boxes: [EncoderPrompt] = (0..<3).map { index in
            let x = Float(7 * index)
            return EncoderPrompt(box: BoxPrompt(x0: x, y0: 4, x1: x + 30, y1: 50))
        }
        let together = model.decode(
            image, prompts: model.promptFeatures(of: boxes, on: nil), on: nil)
        for (index, box) in boxes.enumerated() {
            let alone = model.decode(
                image, prompts: model.promptFeatures(of: [box], on: nil), on: nil)
            let found = Self.picture(index, of: together.logits.value)
            #expect(Self.error(found, alone.logits.value) < 1e-6)
        }
    }

    @Test(.enabled(if: SAMOracle.isPresent))
    func `a picture and all its prompts give the values of the reference files`() throws {
        let file = try SAMOracle.open("tiny64.h5")
        let configuration = try GradientOracle.configuration(file)
        let model = try TrainableSAM(
            configuration: configuration,
            source: DeterministicWeights(
                salt: try file.text("det_salt"), tensors: configuration.tensorShapes))
        let input = Variable(try file.tensor("square/encoder/input"))
        let embedding = model.embedding(of: input, on: nil)
        try SAMOracle.expect(embedding.value, matches: "square/encoder/embedding", of: file)
        let stored = Variable(try file.tensor("square/encoder/embedding"))
        let cases = try file.children(of: "square/prompts")
        for name in cases {
            let path = "square/prompts/" + name
            let prompts = try DecoderOracle.modelPrompts(file, path)
            let answer = model.decode(
                stored, prompts: model.promptFeatures(of: prompts, on: nil), on: nil)
            try SAMOracle.expect(
                answer.logits.value, matches: path + "/low_res_logits", of: file)
            try SAMOracle.expect(
                answer.predictedIoU.value, matches: path + "/iou_predictions", of: file)
        }
        #expect(cases.count == 8)
    }

    // MARK: - Training and going back

    @Test func `the fast model takes the weights of a trained one`() throws {
        var model = try TrainableSAM(configuration: Self.configuration, source: Self.source())
        model.parameters.setTrainable(true) { !$0.contains("gaussian_matrix") }
        let before = model.parameters["image_encoder.neck.2.weight"]?.values
        let images = Variable(Self.pictures(1))
        let prompt = Self.prompts[4].prompt
        func answer(_ tape: Tape?) -> Variable {
            let features = model.promptFeatures(of: [prompt], on: tape)
            return model.decode(
                model.embedding(of: images, on: tape), prompts: features, on: tape
            ).logits
        }
        var rule = SGD(learningRate: 0.05)
        for _ in 0..<2 {
            let tape = Tape()
            let logits = answer(tape)
            tape.backward(
                from: MeanSquaredErrorLoss.apply(
                    logits, target: Tensor(zeros: logits.shape), on: tape))
            rule.step(&model.parameters, gradients: tape.gradients)
        }
        #expect(model.parameters["image_encoder.neck.2.weight"]?.values != before)
        let fast = try SAM(configuration: model.configuration, source: model.weights())
        #expect(fast.report == WeightReader.Report())
        let image = fast.maskDecoder.image(
            fast.imageEncoder.encode(images.value), promptEncoder: fast.promptEncoder)
        let expected = try #require(
            fast.maskDecoder.predict(
                image, prompts: [fast.promptEncoder.encode(prompt)], output: .all
            ).first)
        #expect(Self.error(answer(nil).value, expected.logits) < 3e-6)
    }

    @Test func `merged low-rank updates compute the same in the published architecture`() throws {
        let added = AddedModules(lowRank: 3)
        let model = try TrainableSAM(
            configuration: Self.configuration, source: Self.source(added: added), added: added)
        let fast = try SAM(
            configuration: Self.configuration, source: model.weights(mergesLowRank: true))
        #expect(fast.report == WeightReader.Report())
        let images = Self.pictures(1)
        let found = model.embedding(of: Variable(images), on: nil).value
        #expect(Self.error(found, fast.imageEncoder.encode(images)) < 3e-6)
        let published = try SAM(configuration: Self.configuration, source: Self.source())
        #expect(Self.error(found, published.imageEncoder.encode(images)) > 1e-3)
        // Unmerged they stay beside the published tensors, which they do not change.
        let report = try SAM(configuration: Self.configuration, source: model.weights()).report
        #expect(report.unused.count == 3 * 4)
    }

    @Test func `blocks computed again give the same gradients to the bit`() throws {
        let added = AddedModules(adapterWidth: 4, lowRank: 2)
        var model = try TrainableSAM(
            configuration: Self.configuration, source: Self.source(added: added), added: added)
        model.parameters.setTrainable(true) { _ in true }
        func gradients() -> [String: [Float]] {
            let tape = Tape()
            let result = model.embedding(of: Variable(Self.pictures(2)), on: tape)
            tape.backward(from: result, seed: result.value)
            return tape.gradients.mapValues(\.values)
        }
        let kept = gradients()
        model.recomputesBlocks = true
        #expect(gradients() == kept)
        #expect(kept.count == 1 + 2 + 3 * (14 + 8 + 4) + 6)
        let threads = ParallelRange.threads
        defer { ParallelRange.threads = threads }
        ParallelRange.threads = threads == 1 ? 3 : 1
        #expect(gradients() == kept)
    }

    @Test func `what is frozen is not recorded and gets no gradient`() throws {
        var model = try TrainableSAM(configuration: Self.configuration, source: Self.source())
        let images = Variable(Self.pictures(1))
        func run(_ tape: Tape) -> Variable {
            model.decode(
                model.embedding(of: images, on: tape),
                prompts: model.promptFeatures(of: [Self.prompts[2].prompt], on: tape), on: tape
            ).logits
        }
        var tape = Tape()
        #expect(!run(tape).isRecorded && tape.count == 0)
        model.parameters.setTrainable(true) { $0.contains("output_upscaling") }
        tape = Tape()
        tape.backward(from: run(tape))
        #expect(Set(tape.gradients.keys) == Set(model.parameters.trainableNames))
        #expect(tape.gradients.count == 6)
    }
}
