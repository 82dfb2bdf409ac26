import MedicalImaging
import Tensors
import Testing

@testable import SegmentAnything

/// Gradients of the whole trainable model against differences of its own values; needs no other files.
@Suite struct GradientDifferenceTests {
    /// A model with everything that can be added, every value other than where it would start.
    private static func model() throws -> TrainableSAM {
        let added = AddedModules(
            adapterWidth: 4, lowRank: 2, sideNetwork: TrainingTwinTests.side, classes: 3)
        var configuration = TrainingTwinTests.configuration
        configuration.decoder.maskTokens = 3
        var model = try TrainableSAM(
            configuration: configuration,
            source: TrainingTwinTests.source(configuration, added: added), added: added)
        model.parameters.setTrainable(true) { !$0.contains("gaussian_matrix") }
        return model
    }

    /// Encoder, side network, gate, prompts of every kind and decoder, then all logits and estimates weighted by fixed numbers.
    ///
    /// The sum is taken in Double, or it would hide small differences.
    private static func value(
        _ model: TrainableSAM, on tape: Tape? = nil
    ) -> (sum: Double, outputs: [Variable], weights: [Tensor]) {
        let images = Variable(TrainingTwinTests.pictures(2))
        let side = model.sideFeatures(of: images, isTraining: true, on: tape).features
        let embedding = model.gated(model.embedding(of: images, on: tape), side: side, on: tape)
        var outputs: [Variable] = []
        for index in [0, 4] {
            let prompt = TrainingTwinTests.prompts[index].prompt
            let answer = model.decode(
                embedding, prompts: model.promptFeatures(of: [prompt, prompt], on: tape), on: tape)
            outputs += [answer.logits, answer.predictedIoU]
        }
        var sum = 0.0
        let weights = outputs.enumerated().map { index, output in
            let weight = DeterministicWeights.uniform(
                salt: "difference", name: "\(index)", shape: output.shape, amplitude: 1, centre: 0)
            for (a, b) in zip(output.value.values, weight.values) { sum += Double(a) * Double(b) }
            return weight
        }
        return (sum, outputs, weights)
    }

    @Test func `every gradient is the slope of the value along a line`() throws {
        let model = try Self.model()
        let tape = Tape()
        let (_, outputs, weights) = Self.value(model, on: tape)
        // One number whose gradient is that of the sum.
        let total = zip(outputs, weights).map { output, weight in
            Linear.apply(
                Reshaping.apply(output, to: [1, output.value.count], on: tape),
                weight: Variable(weight.reshaped([1, weight.count])), on: tape)
        }.reduce(Variable(Tensor(zeros: [1, 1]))) { Addition.apply($1, $0, on: tape) }
        tape.backward(from: total)
        let gradients = tape.gradients
        #expect(Set(gradients.keys) == Set(model.parameters.trainableNames))
        let scale = gradients.values.map(Self.norm).max() ?? 0
        for name in model.parameters.trainableNames {
            let gradient = try #require(gradients[name])
            let start = try #require(model.parameters[name])
            // Half along the gradient, half across: what is missing or too much shows either way.
            let across = DeterministicWeights.uniform(
                salt: "direction", name: name, shape: gradient.shape, amplitude: 1, centre: 0)
            let (length, other) = (Self.norm(gradient), Self.norm(across))
            let line = zip(gradient.values, across.values).map {
                Double($0) / max(length, 1e-12) + Double($1) / other
            }
            let expected = zip(gradient.values, line).reduce(0) { $0 + Double($1.0) * $1.1 }
            // As small as rounding allows (1e-5 of the sum), because between its ends no kink of ReLU or maximum should lie.
            let step = min(0.005 * max(Self.norm(start), 0.3), 0.005 / abs(expected))
            func value(_ distance: Double) -> Double {
                var moved = model
                moved.parameters[name] = Tensor(
                    zip(start.values, line).map { Float(Double($0) + distance * $1) },
                    shape: start.shape)
                return Self.value(moved).sum
            }
            let limit = 0.02 * abs(expected) + 1e-4 * scale
            var slopes: [Double] = []
            func isFound() -> Bool { slopes.contains { abs($0 - expected) < limit } }
            // A second length where needed: a kink that lies in one seldom lies in the quarter of it too.
            for distance in [step, step / 4] where !isFound() {
                slopes.append((value(distance) - value(-distance)) / (2 * distance))
            }
            #expect(isFound(), "\(name): \(expected), by differences \(slopes)")
        }
    }

    private static func norm(_ tensor: Tensor) -> Double {
        tensor.values.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    }
}
