import Tensors
import Testing

@testable import SegmentAnything

/// What fine-tuning adds to the trainable model, and what it refuses.
@Suite struct GradientAdditionTests {
    private static let configuration = TrainingTwinTests.configuration
    private static let images = TrainingTwinTests.pictures(2)

    /// Every 97th value of numpy in double precision.
    ///
    /// That implementation was written for these tests from the description of the modules, attention as loops over tokens, weights and
    /// pictures by the rule.
    private enum Reference {
        static let embedding: [Float] = [
            -1.28134498, -1.58269746, 0.827353612, 0.196072581, -0.0263347656, -0.00918185302,
            -0.55471009, -0.290799974, -0.278371895, -2.24825173, 0.869908058, 1.73801118,
            -0.208283257, 1.16182026, -0.414674442, -1.05270231, 1.04714229,
        ]
        static let side: [Float] = [
            29.7928692, 46.1628076, 11.9346337, 0, 30.7515308, 19.7672482, 0, 6.32252963, 0,
            38.7798634, 8.96643603, 0, 0, 27.7271038, 0, 0, 0,
        ]
        static let sideInTraining: [Float] = [
            0.259805024, 3.21526965, 0, 0, 3.26311262, 0, 0, 0, 1.00091111, 1.43557545, 0,
            0.441446626, 0, 0.359492155, 0, 1.24609132, 1.94619003,
        ]
        static let gated: [Float] = [
            -0.677715316, 0.296545492, 0.503300027, 0.119275886, 1.26205898, -0.00558555229,
            -0.33744411, -0.176900944, 0.222691058, -0.805389342, 0.529186967, 1.23017948,
            -0.126703948, 0.847568537, -0.252256901, -0.152322705, 1.39927666,
        ]
        /// Of all channels of the norm behind the shortcut of the second stage, after one batch.
        static let runningMean: [Float] = [
            -0.117026211, 0.042644917, -0.14815503, 0.0139865765, -0.0907170836, -0.258864616,
            0.371800144, -0.267682302, -0.203288761, 0.121299497, 0.115769308, 0.0700239256,
        ]
        static let runningVariance: [Float] = [
            1.33200831, 1.21339325, 1.59609674, 1.43338199, 1.26240051, 1.12399621, 1.11281637,
            1.31641098, 1.32088874, 1.20455985, 1.6057642, 1.41465424,
        ]
    }

    @Test func `values with all additions are those of an independent implementation`() throws {
        let added = AddedModules(
            adapterWidth: 4, lowRank: 2, sideNetwork: TrainingTwinTests.side)
        let model = try TrainableSAM(
            configuration: Self.configuration, source: TrainingTwinTests.source(added: added),
            added: added)
        let images = Variable(Self.images)
        func difference(_ found: Tensor?, _ expected: [Float], step: Int = 97) -> Float {
            let values = found?.values ?? []
            let some = stride(from: 0, to: values.count, by: step).map { values[$0] }
            guard some.count == expected.count else { return .infinity }
            return zip(some, expected).map { abs($0 - $1) / max(1, abs($1)) }.max() ?? .infinity
        }
        let embedding = model.embedding(of: images, on: nil)
        #expect(difference(embedding.value, Reference.embedding) < 1e-5)
        let still = model.sideFeatures(of: images, isTraining: false, on: nil)
        #expect(difference(still.features.value, Reference.side) < 1e-5)
        let training = model.sideFeatures(of: images, isTraining: true, on: nil)
        #expect(difference(training.features.value, Reference.sideInTraining) < 1e-5)
        let gated = model.gated(embedding, side: training.features, on: nil)
        #expect(difference(gated.value, Reference.gated) < 1e-5)
        let running = training.statistics["side.layer2.0.downsample.1"]
        #expect(difference(running?.mean, Reference.runningMean, step: 1) < 1e-5)
        #expect(difference(running?.variance, Reference.runningVariance, step: 1) < 1e-5)
    }

    @Test func `with MobileSAM what comes after the image encoder is trained`() throws {
        var configuration = SAMConfiguration.mobileSAM
        configuration.imageSize = 64
        configuration.decoder = Self.configuration.decoder
        var model = try TrainableSAM(
            configuration: configuration, source: TrainingTwinTests.source(configuration))
        #expect(!model.hasTrainableImageEncoder)
        model.parameters.setTrainable(true) { $0.hasPrefix("mask_decoder.") }
        let fast = try SAM(configuration: configuration, source: model.weights())
        let embedding = fast.imageEncoder.encode(TrainingTwinTests.pictures(1, size: 64))
        let tape = Tape()
        let answer = model.decode(
            Variable(embedding),
            prompts: model.promptFeatures(of: [TrainingTwinTests.prompts[1].prompt], on: tape),
            on: tape)
        #expect(answer.logits.shape == [1, 4, 16, 16])
        tape.backward(from: answer.logits)
        #expect(tape.gradients["mask_decoder.output_upscaling.0.weight"] != nil)
    }

    @Test func `adapters and low-rank updates start as the published model and can be trained`()
        throws
    {
        let published = try TrainableSAM(
            configuration: Self.configuration, source: TrainingTwinTests.source())
        var model = try TrainableSAM(
            configuration: Self.configuration, source: TrainingTwinTests.source(),
            added: AddedModules(adapterWidth: 4, lowRank: 2))
        #expect(
            model.embedding(of: Variable(Self.images), on: nil).value.values
                == published.embedding(of: Variable(Self.images), on: nil).value.values)
        model.parameters.setTrainable(true) {
            $0.hasPrefix("adapters.") || $0.hasPrefix("lora.")
        }
        let tape = Tape()
        let result = model.embedding(of: Variable(Self.images), on: tape)
        tape.backward(from: result, seed: result.value)
        for name in model.parameters.trainableNames {
            let isMoved = tape.gradients[name]?.values.contains { $0 != 0 } ?? false
            // The factor before a zero matrix moves only after it.
            let isFirst = name.contains(".down.") || name.contains(".a_")
            #expect(isMoved != isFirst, "\(name)")
        }
        #expect(model.parameters.trainableNames.count == 3 * (8 + 4))
    }

    @Test func `the seed decides what new modules start from, and nothing else does`() throws {
        func values(seed: UInt64, _ added: AddedModules) throws -> [String: [Float]] {
            let model = try TrainableSAM(
                configuration: Self.configuration, source: TrainingTwinTests.source(),
                added: added, seed: seed)
            return Dictionary(
                uniqueKeysWithValues: added.tensorShapes(for: Self.configuration).map {
                    ($0.name, model.parameters[$0.name]?.values ?? [])
                })
        }
        let side = AddedModules(sideNetwork: TrainingTwinTests.side)
        let both = AddedModules(adapterWidth: 4, sideNetwork: TrainingTwinTests.side)
        let first = try values(seed: 7, side)
        #expect(
            try values(seed: 7, both).filter { $0.key.hasPrefix("side.") || $0.key == "alpha" }
                == first)
        #expect(try values(seed: 8, side) != first)
        #expect(first["alpha"] == [0])
        #expect(first["side.bn1.weight"] == [Float](repeating: 1, count: 8))
        #expect(first["side.layer2.0.downsample.1.bias"] == [Float](repeating: 0, count: 12))
        // Variance 2 / (outputs x area): 64 x 3 x 7 x 7 values tell it to a few per cent.
        let weight = try #require(first["side.layer3.1.conv2.weight"])
        let variance = weight.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(weight.count)
        #expect(abs(variance * 32 * 9 / 2 - 1) < 0.05)
    }

    @Test func `the side network moves its statistics in training and uses them afterwards`()
        throws
    {
        let added = AddedModules(sideNetwork: TrainingTwinTests.side)
        var model = try TrainableSAM(
            configuration: Self.configuration, source: TrainingTwinTests.source(), added: added)
        let fresh = try #require(model.statistics["side.bn1"])
        #expect(fresh.mean.values.allSatisfy { $0 == 0 })
        #expect(fresh.variance.values.allSatisfy { $0 == 1 })
        let images = Variable(Self.images)
        let still = model.sideFeatures(of: images, isTraining: false, on: nil)
        #expect(still.features.shape == [2, 32, 5, 5])
        #expect(still.statistics["side.bn1"]?.mean.values == fresh.mean.values)
        // Statistics of one batch, met again and again, become those that are used.
        let trained = model.sideFeatures(of: images, isTraining: true, on: nil).features.value
        for _ in 0..<200 {
            model.statistics =
                model.sideFeatures(of: images, isTraining: true, on: nil).statistics
        }
        let used = model.sideFeatures(of: images, isTraining: false, on: nil).features.value
        // They differ by biased and unbiased variance: 50 values a channel in the last stage.
        #expect(TrainingTwinTests.error(used, trained) < 0.05)
        #expect(TrainingTwinTests.error(still.features.value, trained) > 0.1)
    }

    @Test func `the gate mixes by the logistic function of alpha`() throws {
        let added = AddedModules(sideNetwork: TrainingTwinTests.side)
        var model = try TrainableSAM(
            configuration: Self.configuration, source: TrainingTwinTests.source(), added: added)
        let shape = [1, 32, 5, 5]
        let a = Variable(Tensor([Float](repeating: 3, count: 800), shape: shape))
        let b = Variable(Tensor([Float](repeating: -1, count: 800), shape: shape))
        for (alpha, expected) in [(Float(0), Float(1)), (30, 3), (-30, -1), (1, 1.924_234_3)] {
            model.parameters["alpha"] = Tensor([alpha], shape: [1])
            let found = model.gated(a, side: b, on: nil).value.values
            #expect(found.allSatisfy { abs($0 - expected) < 1e-6 })
        }
    }

    @Test func `a class head of another size is new, one of the same size is kept`() throws {
        let classes = 9
        let model = try TrainableSAM(
            configuration: Self.configuration, source: TrainingTwinTests.source(),
            added: AddedModules(classes: classes))
        #expect(model.report == WeightReader.Report())
        #expect(model.configuration.decoder.maskTokens == classes)
        let answer = model.decode(
            Variable(TrainingTwinTests.embeddings),
            prompts: model.promptFeatures(
                of: [EncoderPrompt](repeating: .init(), count: 3), on: nil),
            on: nil)
        #expect(answer.logits.shape == [3, classes, 20, 20])
        #expect(answer.logits.value.values.allSatisfy { $0.isFinite })
        let kept = "mask_decoder.transformer.norm_final_attn.weight"
        let source = TrainingTwinTests.source()
        #expect(model.parameters[kept]?.values == (try source.tensor(named: kept).values))
        // A network whose shape would fit is new all the same: it belongs to another token.
        let network = "mask_decoder.output_hypernetworks_mlps.0.layers.0.weight"
        #expect(model.parameters[network]?.values != (try source.tensor(named: network).values))
        let same = try TrainableSAM(
            configuration: Self.configuration, source: source, added: AddedModules(classes: 4))
        #expect(same.parameters[network]?.values == (try source.tensor(named: network).values))
    }

    @Test func `a model trained with additions is read again from its weights`() throws {
        let added = AddedModules(
            adapterWidth: 4, lowRank: 2, sideNetwork: TrainingTwinTests.side, classes: 5)
        var model = try TrainableSAM(
            configuration: Self.configuration, source: TrainingTwinTests.source(), added: added)
        model.statistics =
            model.sideFeatures(of: Variable(Self.images), isTraining: true, on: nil).statistics
        let again = try TrainableSAM(
            configuration: model.configuration, source: model.weights(), added: added, seed: 99)
        #expect(again.report == WeightReader.Report())
        #expect(again.parameters.names == model.parameters.names)
        for name in model.parameters.names {
            #expect(again.parameters[name]?.values == model.parameters[name]?.values, "\(name)")
        }
        #expect(
            again.statistics.mapValues(\.variance.values)
                == model.statistics.mapValues(\.variance.values))
    }

    @Test func `modules that do not fit are refused with what would`() {
        func message(_ configuration: SAMConfiguration, _ added: AddedModules) -> String {
            do {
                _ = try TrainableSAM(
                    configuration: configuration, source: TrainingTwinTests.source(), added: added)
                return "accepted"
            } catch {
                return "\(error)"
            }
        }
        var mobile = Self.configuration
        mobile.encoder = .tinyViT(TinyViTConfiguration())
        #expect(
            message(mobile, AddedModules(adapterWidth: 4))
                == "model architecture: adapter width: found an image encoder without blocks to add "
                + "to, expected a plain vision transformer; choose another module or model")
        #expect(
            message(Self.configuration, AddedModules(lowRank: 0))
                == "model architecture: rank: found 0, expected 1 to 16384")
        #expect(
            message(Self.configuration, AddedModules(sideNetwork: .resNet18))
                == "model architecture: side network: found stages of [64, 128, 256] channels, "
                + "expected three that end with 32, the features of the embedding")
        #expect(
            message(Self.configuration, AddedModules(classes: 1))
                == "model architecture: mask tokens: found 1, expected 2 to 64")
        var wider = Self.configuration
        wider.decoder.mlpWidth = 48
        #expect(message(wider, AddedModules()).hasPrefix("weights: 6 of another shape ("))
    }
}
