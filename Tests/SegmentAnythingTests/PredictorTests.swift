import MedicalImaging
import Tensors
import Testing

@testable import SegmentAnything

/// The whole prompt side as a user sees it, on a small model with weights of the rule.
///
/// Needs no other files.
@Suite struct PredictorTests {
    /// Decoder of 16 x 16 cells with an encoder that looks at means of patches.
    struct PatchMeans: ImageEncoder {
        func encode(_ input: Tensor) -> Tensor {
            let values = input.values
            var output = [Float](repeating: 0, count: 64 * 256)
            for channel in 0..<64 {
                for cell in 0..<256 {
                    var sum: Float = 0
                    for pixel in 0..<256 {
                        let y = cell / 16 * 16 + pixel / 16
                        let x = cell % 16 * 16 + pixel % 16
                        sum += values[(channel % 3 * 256 + y) * 256 + x]
                    }
                    output[channel * 256 + cell] = sum / 256 * Float(channel % 7 - 3)
                }
            }
            return Tensor(output, shape: [1, 64, 16, 16])
        }
    }

    static let configuration = SAMConfiguration(
        name: "test", imageSize: 256, encoder: .tinyViT(TinyViTConfiguration()),
        decoder: DecoderConfiguration(
            width: 64, heads: 8, mlpWidth: 128, qualityHeadWidth: 64))

    static func shapes(_ configuration: SAMConfiguration) -> [NamedShape] {
        configuration.decoder.promptEncoderShapes.map { ("prompt_encoder." + $0.name, $0.shape) }
            + configuration.decoder.maskDecoderShapes.map { ("mask_decoder." + $0.name, $0.shape) }
    }

    static func model(_ change: (inout [NamedShape]) -> Void = { _ in }) throws -> SAM {
        var shapes = shapes(configuration)
        change(&shapes)
        return try SAM(
            configuration: configuration,
            source: DeterministicWeights(salt: "predictor", tensors: shapes),
            imageEncoder: { _ in PatchMeans() })
    }

    static let picture = InputImage(
        rows: 90, columns: 120,
        rgb: (0..<90 * 120 * 3).map { UInt8(truncatingIfNeeded: ($0 / 3 % 120) * 2 + $0 / 997) })

    static let prompts: [SAMPrompt] =
        (0..<9).map { .point(x: Float(10 * $0), y: Float(5 * $0 + 3)) }
        + [
            .box(BoxPrompt(x0: 4, y0: 8, x1: 60, y1: 70)),
            SAMPrompt(
                points: [PointPrompt(x: 1, y: 2), PointPrompt(x: 50, y: 60, isForeground: false)],
                box: BoxPrompt(x0: 0, y0: 0, x1: 119, y1: 89)),
            SAMPrompt(),
            SAMPrompt(
                mask: DeterministicWeights.uniform(
                    salt: "m", name: "m", shape: [1, 64, 64], amplitude: 6, centre: 0)),
        ]

    @Test func `masks have the size of the picture and scores that follow from them`() throws {
        let encoded = try Self.model().encode(Self.picture)
        for output in [MaskOutput.single, .multiple] {
            let masks = try encoded.predict(Self.prompts[9], output: output)
            #expect(masks.count == (output == .single ? 1 : 3))
            for mask in masks {
                #expect(mask.mask.rows == 90 && mask.mask.columns == 120)
                #expect(mask.area == mask.mask.samples.filter { $0 == 1 }.count)
                #expect(mask.mask.samples.allSatisfy { $0 <= 1 })
                #expect((0...1).contains(mask.stability))
                #expect(mask.runLengths.area == mask.area)
                #expect(
                    try RunLengthMask(
                        rows: 90, columns: 120, cocoString: mask.runLengths.cocoString
                    ).slice() == mask.mask)
                let box = mask.runLengths.box
                #expect(mask.box?.x0 == box.map { Float($0.x) })
                #expect(mask.box?.x1 == box.map { Float($0.x + $0.width - 1) })
                #expect(mask.box?.y0 == box.map { Float($0.y) })
                #expect(mask.box?.y1 == box.map { Float($0.y + $0.height - 1) })
            }
        }
    }

    @Test func `many prompts at once give the bits of one after the other`() throws {
        let encoded = try Self.model().encode(Self.picture)
        let together = try encoded.predict(Self.prompts, output: .multiple)
        #expect(together.count == Self.prompts.count)
        for (prompt, answers) in zip(Self.prompts, together) {
            for (one, other) in zip(try encoded.predict(prompt, output: .multiple), answers) {
                #expect(one.lowResolutionLogits.values == other.lowResolutionLogits.values)
                #expect(one.predictedIoU == other.predictedIoU)
                #expect(one.mask == other.mask && one.stability == other.stability)
            }
        }
    }

    @Test func `one thread gives the bits of all`() throws {
        let model = try Self.model()
        let all = try model.encode(Self.picture).predict(Self.prompts, output: .multiple)
        // The setting is global; other tests that run at the same time only become slower.
        ParallelRange.threads = 1
        defer { ParallelRange.threads = 0 }
        let one = try model.encode(Self.picture).predict(Self.prompts, output: .multiple)
        for (a, b) in zip(all.joined(), one.joined()) {
            #expect(a.lowResolutionLogits.values == b.lowResolutionLogits.values)
            #expect(a.mask == b.mask)
        }
    }

    @Test func `a stored embedding gives the bits of the picture it came from`() throws {
        let model = try Self.model()
        let encoded = try model.encode(Self.picture)
        let stored = Tensor(encoded.embedding.values, shape: [64, 16, 16])
        let again = try model.encodedImage(embedding: stored, frame: encoded.frame)
        for (one, other) in zip(
            try encoded.predict(Self.prompts), try again.predict(Self.prompts))
        {
            #expect(one.map(\.mask) == other.map(\.mask))
        }
    }

    @Test func `a higher threshold takes pixels away and the mask goes on being part of itself`()
        throws
    {
        let encoded = try Self.model().encode(Self.picture)
        let prompt = Self.prompts[9]
        let low = try #require(try encoded.predict(prompt, threshold: -0.5).first)
        let high = try #require(try encoded.predict(prompt, threshold: 0.5).first)
        #expect(high.area < low.area)
        for (a, b) in zip(high.mask.samples, low.mask.samples) where a == 1 { #expect(b == 1) }
    }

    @Test func `what is missing, of another shape and unused is said at once`() throws {
        let error = #expect(throws: SAMError.self) {
            try Self.model { shapes in
                shapes.removeAll { $0.name.hasSuffix("no_mask_embed.weight") }
                shapes.removeAll {
                    $0.name
                        == "mask_decoder.transformer.layers.0.cross_attn_token_to_image.k_proj.bias"
                }
                let index = shapes.firstIndex { $0.name == "mask_decoder.iou_token.weight" }
                shapes[index!].shape = [1, 63]
                shapes.append(("head.weight", [3]))
            }
        }
        guard case .weights(let report)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(
            report.missing == [
                "mask_decoder.transformer.layers.0.cross_attn_token_to_image.k_proj.bias",
                "prompt_encoder.no_mask_embed.weight",
            ])
        #expect(report.misshaped.map(\.name) == ["mask_decoder.iou_token.weight"])
        #expect(report.unused == ["head.weight"])
        let text = "\(SAMError.weights(report))"
        #expect(text.contains("2 missing") && text.contains("[1, 63]") && !text.contains("\n"))
    }

    @Test func `every tensor of the prompt side is used`() throws {
        #expect(try Self.model().report == WeightReader.Report())
    }

    @Test func `prompts that make no sense are refused by their number`() throws {
        let encoded = try Self.model().encode(Self.picture)
        for bad in [
            SAMPrompt.point(x: .nan, y: 0),
            .box(BoxPrompt(x0: 0, y0: 0, x1: .infinity, y1: 3)),
            SAMPrompt(mask: Tensor(zeros: [64, 63])), SAMPrompt(mask: Tensor(zeros: [2, 64, 64])),
        ] {
            let error = #expect(throws: SAMError.self) {
                _ = try encoded.predict([Self.prompts[0], bad])
            }
            guard case .prompt(1, _)? = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
        }
        #expect(try encoded.predict([]).isEmpty)
    }

    @Test func `an embedding or a frame of another model is refused`() throws {
        let model = try Self.model()
        let frame = try InputFrame(original: SliceSize(square: 8), modelSize: 256)
        #expect(throws: SAMError.self) {
            try model.encodedImage(embedding: Tensor(zeros: [64, 16, 8]), frame: frame)
        }
        let other = try InputFrame(original: SliceSize(square: 8), modelSize: 512)
        #expect(throws: SAMError.self) {
            try model.encodedImage(embedding: Tensor(zeros: [1, 64, 16, 16]), frame: other)
        }
    }

    @Test(
        arguments: [
            { $0.imageSize = 250 }, { $0.imageSize = 0 }, { $0.decoder.width = 60 },
            { $0.decoder.heads = 5 }, { $0.decoder.heads = 0 }, { $0.decoder.depth = 0 },
            { $0.decoder.maskTokens = 1 }, { $0.decoder.maskPromptChannels = 6 },
            { $0.decoder.mlpWidth = .max }, { $0.pixelMean = [] },
        ] as [@Sendable (inout SAMConfiguration) -> Void])
    func `an architecture that cannot be is refused before memory is taken`(
        change: @Sendable (inout SAMConfiguration) -> Void
    ) {
        var configuration = Self.configuration
        change(&configuration)
        #expect(throws: SAMError.self) {
            try SAM(
                configuration: configuration,
                source: DeterministicWeights(salt: "", tensors: [NamedShape]()),
                imageEncoder: { _ in PatchMeans() })
        }
    }
}
