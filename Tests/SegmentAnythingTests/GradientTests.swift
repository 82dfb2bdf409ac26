import HDF5
import Tensors
import Testing

@testable import SegmentAnything

/// Losses, gradients and steps of the trainable model against the gradient files.
@Suite(.enabled(if: SAMOracle.isPresent)) struct GradientTests {
    /// The counts are those of the datasets in the files, less the parameters that the README says not to compare.
    static let cases: [GradientOracle.Case] = [
        .init(name: "decoder_bce_dice", trained: ["mask_decoder."], comparisons: 1057),
        .init(
            name: "decoder_bce_dice_full", trained: ["mask_decoder."], isFullSize: true,
            comparisons: 124),
        .init(
            name: "decoder_ce_dice", trained: ["mask_decoder."], hasClasses: true, comparisons: 1128
        ),
        .init(
            name: "upscaling_ce_dice", trained: ["mask_decoder.output_upscaling."],
            hasClasses: true, comparisons: 66),
        .init(
            name: "adapters", trained: ["adapters."], added: AddedModules(adapterWidth: 8),
            comparisons: 359),
        .init(name: "lora", trained: ["lora."], added: AddedModules(lowRank: 4), comparisons: 183),
        .init(
            name: "side_network", trained: ["side.", "alpha", "mask_decoder.output_upscaling."],
            added: AddedModules(sideNetwork: SideNetworkConfiguration(widths: [16, 32, 64])),
            hasClasses: true, comparisons: 662),
    ]

    @Test(arguments: cases)
    func `losses, gradients and ten steps of every optimiser are those of the reference`(
        example: GradientOracle.Case
    ) throws {
        var count = 0
        let oracle = try GradientOracle(example)
        count += try expectInitialValues(oracle)
        count += try expectGradients(oracle)
        guard try oracle.file.exists("sgd") else {
            #expect(count == example.comparisons)
            return
        }
        count += try expectTrajectory(
            "sgd", SGD(learningRate: 0.05, momentum: 0.9, weightDecay: 1e-4), oracle)
        count += try expectTrajectory("adam", Adam(learningRate: 1e-3), oracle)
        count += try expectTrajectory(
            "adamw", Adam(learningRate: 1e-3, decay: .decoupled(0.1)), oracle)
        #expect(count == example.comparisons)
    }

    private func expectInitialValues(_ oracle: GradientOracle) throws -> Int {
        guard try oracle.file.exists("initial") else { return 0 }
        let names = try oracle.file.children(of: "initial")
        for name in names {
            let expected = try oracle.file.tensor("initial/" + name)
            #expect(oracle.model.parameters[name]?.values == expected.values, "\(name)")
        }
        return names.count
    }

    private func expectGradients(_ oracle: GradientOracle) throws -> Int {
        let tape = Tape()
        let (terms, total, _) = try oracle.loss(on: tape)
        var count = 0
        for (name, term) in terms.merging(["total": total], uniquingKeysWith: { a, _ in a }) {
            try SAMOracle.expect(term.value, matches: "loss/" + name, of: oracle.file)
            count += 1
        }
        tape.backward(from: total)
        let gradients = tape.gradients
        for name in oracle.model.parameters.trainableNames {
            let path = "grad/" + name
            // What a loss does not depend on is not reached by the tape.
            let shape = try oracle.file.info(path).shape
            let isReached = gradients[name] != nil
            #expect(isReached || oracle.zeroGradient.contains(name), "\(name) has no gradient")
            let gradient = gradients[name] ?? Tensor(zeros: shape)
            if oracle.zeroGradient.contains(name) {
                // Only rounding remains.
                let limit = max(10 * (try oracle.file.number("f32_max_abs_err", at: path)), 1e-7)
                let largest = gradient.values.map { Double(abs($0)) }.max() ?? .infinity
                #expect(gradient.shape == shape && largest < limit, "\(path): largest \(largest)")
            } else {
                try SAMOracle.expect(gradient, matches: path, of: oracle.file)
            }
            count += 1
        }
        return count
    }

    private func expectTrajectory(
        _ name: String, _ rule: some Optimiser, _ start: GradientOracle
    ) throws -> Int {
        var (oracle, rule, count) = (start, rule, 0)
        var losses: [Float] = []
        for step in 1...10 {
            let tape = Tape()
            let (_, total, statistics) = try oracle.loss(on: tape)
            losses += total.value.values
            tape.backward(from: total)
            rule.step(&oracle.model.parameters, gradients: tape.gradients)
            oracle.model.statistics = statistics
            if step == 1 { count += try expectParameters(oracle, name, after: 1) }
        }
        count += try expectParameters(oracle, name, after: 10)
        try SAMOracle.expect(
            Tensor(losses, shape: [10]), matches: name + "/losses", of: oracle.file)
        count += 1
        for (layer, found) in oracle.model.statistics {
            for (part, value) in [("mean", found.mean), ("var", found.variance)] {
                try SAMOracle.expect(
                    value, matches: "\(name)/buffers_after_10/\(layer).running_\(part)",
                    of: oracle.file)
                count += 1
            }
        }
        return count
    }

    private func expectParameters(
        _ oracle: GradientOracle, _ optimiser: String, after steps: Int
    ) throws -> Int {
        var (count, noisy) = (0, 0)
        for name in oracle.model.parameters.trainableNames {
            // Adam turns the rounding of a zero gradient into steps of full size.
            if optimiser != "sgd", oracle.zeroGradient.contains(name) { continue }
            let value = try #require(oracle.model.parameters[name])
            let isNoise = try optimiser == "sgd" ? [] : oracle.gradientsWithinNoise(name)
            noisy += isNoise.count
            let path = "\(optimiser)/params_after_\(steps)/\(name)"
            let values = value.values
            let stride =
                steps == 10 ? 1 : Int(try oracle.file.number("stride", at: path + "/strided64"))
            let parts: [(String, [Int])] =
                steps == 10
                ? [("", Array(values.indices))]
                : [
                    ("/first16", Array(values.indices.prefix(16))),
                    ("/strided64", (0..<64).map { $0 * stride }.filter { $0 < values.count }),
                ]
            for (suffix, places) in parts {
                let expected = try oracle.file.tensor(path + suffix)
                try #require(expected.count == places.count)
                let found = zip(places, expected.values).map {
                    isNoise.contains($0) ? $1 : values[$0]
                }
                var result = try SAMOracle.compare(
                    Tensor(found, shape: expected.shape), oracle.file, path + suffix)
                if name == "alpha", steps == 10 {
                    result.allowedL2 = try Self.allowedErrorOfGate(oracle.file)
                    result.allowedLargest = result.allowedL2
                }
                if SAMOracle.printsErrors { print("oracle \(oracle.example.file)\t\(result)") }
                #expect(result.isAccepted, "\(result)")
                count += 1
            }
        }
        #expect(noisy <= 28, "\(noisy) values are not compared")
        return count
    }

    /// The error allowed for the gate after ten steps: that of the worst of the three trajectories.
    ///
    /// The gate is one number, and ten steps over the kinks of ReLU and maximum scatter it: the reference itself is off by 5e-3,
    /// 2e-3 and by chance 2e-4 in the three files. One draw does not tell how wide the others lie.
    private static func allowedErrorOfGate(_ file: HDF5Reader) throws -> Double {
        try ["sgd", "adam", "adamw"]
            .map { 5 * (try file.number("f32_rel_l2_err", at: $0 + "/params_after_10/alpha")) }
            .max() ?? 0
    }
}

extension GradientOracle {
    /// Values of a parameter whose gradient is not zero but smaller than the error allowed for it, ten times that of the reference in
    /// 32 bits.
    ///
    /// What holds for parameters without a gradient holds for them: the direction of Adam's first steps is that of rounding. There are
    /// 17 of 131,460 in one file, 28 of 149,400 in another. Behind kinks, where the reference is far off, the limits are wide enough.
    fileprivate func gradientsWithinNoise(_ name: String) throws -> Set<Int> {
        guard example.added.sideNetwork == nil else { return [] }
        let path = "grad/" + name
        let noise = 10 * (try file.number("f32_max_abs_err", at: path))
        let gradient = try file.tensor(path).values
        return Set(
            gradient.indices.filter { gradient[$0] != 0 && Double(abs(gradient[$0])) < noise })
    }
}
