import Tensors
import Testing

/// The trajectories themselves are compared with the oracles (OperationOracleTests).
@Suite("Optimisers")
struct OptimiserTests {
    private func store() -> ParameterStore {
        var store = ParameterStore()
        store["a"] = Tensor([1, 2], shape: [2])
        store["b"] = Tensor([3], shape: [1])
        store.setTrainable(true) { $0 == "a" }
        return store
    }

    @Test("change what is trained and has a gradient, and nothing else")
    func onlyTrained() {
        var (store, rule) = (store(), SGD(learningRate: 0.5))
        let gradients = ["a": Tensor([2, -2], shape: [2]), "b": Tensor([1], shape: [1])]
        rule.step(&store, gradients: gradients)
        #expect(store["a"]?.values == [0, 3] && store["b"]?.values == [3])
        rule.step(&store, gradients: [:])
        #expect(store["a"]?.values == [0, 3])
        #expect(rule.velocities.isEmpty)
    }

    @Test("remember per parameter, so that one trained later starts afresh")
    func perParameter() {
        var (store, rule) = (store(), Adam(learningRate: 0.25))
        let gradients = ["a": Tensor([2, -2], shape: [2]), "b": Tensor([1], shape: [1])]
        for _ in 0..<3 { rule.step(&store, gradients: gradients) }
        store.setTrainable(true) { _ in true }
        rule.step(&store, gradients: gradients)
        #expect(rule.moments["a"]?.steps == 4 && rule.moments["b"]?.steps == 1)
        // The first step of Adam is the rate in the direction of the gradient.
        #expect(abs((store["b"]?.values[0] ?? 0) - 2.75) < 1e-6)
        #expect(rule.moments["a"]?.largest == nil)
    }

    @Test("momentum by hand")
    func momentum() {
        var (store, rule) = (store(), SGD(learningRate: 1, momentum: 0.5))
        for _ in 0..<2 { rule.step(&store, gradients: ["a": Tensor([1, 0], shape: [2])]) }
        // Velocities 1 and 1.5.
        #expect(store["a"]?.values == [-1.5, 2])
        #expect(rule.velocities["a"]?.values == [1.5, 0])
        rule.learningRate = 0
        rule.step(&store, gradients: ["a": Tensor([1, 0], shape: [2])])
        #expect(store["a"]?.values == [-1.5, 2])
    }

    @Test("decoupled decay shrinks a parameter whose gradient is zero")
    func decay() {
        var (store, rule) = (store(), Adam(learningRate: 0.5, decay: .decoupled(0.5)))
        rule.step(&store, gradients: ["a": Tensor([0, 0], shape: [2])])
        #expect(store["a"]?.values == [0.75, 1.5])
    }

    @Test("training a line finds it")
    func training() throws {
        var random = TestValues(8)
        let x = random.tensor([64, 3])
        let truth = Tensor([1, -2, 0.5], shape: [1, 3])
        let y = Linear.forward(x, weight: truth)
        let rules: [any Optimiser] = [
            SGD(learningRate: 0.3, momentum: 0.5), Adam(learningRate: 0.05),
        ]
        for (index, start) in rules.enumerated() {
            var rule = start
            var store = ParameterStore()
            store["w"] = Tensor(zeros: [1, 3])
            store.setTrainable(true) { _ in true }
            for _ in 0..<400 {
                let tape = Tape()
                let guess = Linear.apply(
                    Variable(x), weight: store.variable("w", on: tape), on: tape)
                tape.backward(from: MeanSquaredErrorLoss.apply(guess, target: y, on: tape))
                rule.step(&store, gradients: tape.gradients)
            }
            let found = try #require(store["w"])
            #expect(relativeL2(found.values, truth.values) < 1e-3, "rule \(index)")
        }
    }
}
