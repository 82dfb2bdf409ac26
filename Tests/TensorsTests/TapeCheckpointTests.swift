import Tensors
import Testing

@Suite("Checkpoints on a tape")
struct TapeCheckpointTests {
    private func setting() -> (ParameterStore, Tensor) {
        var random = TestValues(11)
        var store = ParameterStore()
        for layer in 0..<3 { store["layers.\(layer).weight"] = random.tensor([6, 6]) }
        return (store, random.tensor([4, 6]))
    }

    private func layer(_ x: Variable, _ weight: Variable, on tape: Tape?) -> Variable {
        Addition.apply(x, GELU.apply(Linear.apply(x, weight: weight, on: tape), on: tape), on: tape)
    }

    /// Three layers; the middle one under a checkpoint or not.
    private func run(
        _ x: Variable, _ store: ParameterStore, checkpoint: Bool, on tape: Tape?,
        calls: (() -> Void)? = nil
    ) -> Variable {
        let first = layer(x, store.variable("layers.0.weight", on: tape), on: tape)
        let middle: ([Variable], Tape?) -> Variable = { inputs, tape in
            calls?()
            return self.layer(inputs[0], store.variable("layers.1.weight", on: tape), on: tape)
        }
        let second =
            checkpoint ? Tape.checkpoint([first], on: tape, middle) : middle([first], tape)
        return layer(second, store.variable("layers.2.weight", on: tape), on: tape)
    }

    @Test("give the same bits as without, run twice and keep one entry")
    func sameGradients() throws {
        var (store, values) = setting()
        store.setTrainable(true) { _ in true }
        var calls = 0
        let (with, without) = (Tape(), Tape())
        let (x, twin) = (with.variable(values), without.variable(values))
        let y = run(x, store, checkpoint: true, on: with) { calls += 1 }
        let expected = run(twin, store, checkpoint: false, on: without)
        #expect(calls == 1)
        #expect(y.value.values == expected.value.values)
        #expect(with.count == 3 + 1 + 3 && without.count == 9)
        with.backward(from: y)
        without.backward(from: expected)
        #expect(calls == 2)
        #expect(with.gradients.count == 3)
        for name in store.names {
            #expect(with.gradients[name]?.values == without.gradients[name]?.values, "\(name)")
        }
        let gradient = try #require(with.gradient(of: x))
        #expect(gradient.values == without.gradient(of: twin)?.values)
    }

    @Test("are recorded only when something inside or before them is trained")
    func frozenInside() {
        var (store, values) = setting()
        let frozen = Tape()
        #expect(!run(Variable(values), store, checkpoint: true, on: frozen).isRecorded)
        #expect(frozen.count == 0)
        // Only a parameter inside: the input is not recorded, the checkpoint is.
        store.setTrainable(true) { $0 == "layers.1.weight" }
        let tape = Tape()
        let y = run(Variable(values), store, checkpoint: true, on: tape)
        #expect(tape.count == 1 + 3)
        tape.backward(from: y)
        #expect(tape.gradients.keys.sorted() == ["layers.1.weight"])
    }

    @Test("run once without a tape")
    func withoutTape() {
        let (store, values) = setting()
        var calls = 0
        let y = run(Variable(values), store, checkpoint: true, on: nil) { calls += 1 }
        #expect(calls == 1 && !y.isRecorded)
    }

    @Test("may use variables of the outer tape that are not among their inputs")
    func capturedVariables() throws {
        let tape = Tape()
        let (a, b) = (
            tape.variable(Tensor([2, 3], shape: [2])), tape.variable(Tensor([5, 7], shape: [2]))
        )
        let doubled = Scaling.apply(b, by: 2, on: tape)
        let y = Tape.checkpoint([a], on: tape) { Multiplication.apply($0[0], doubled, on: $1) }
        tape.backward(from: y)
        #expect(try #require(tape.gradient(of: a)).values == [10, 14])
        #expect(try #require(tape.gradient(of: b)).values == [4, 6])
    }

    @Test("inside each other still give the same gradient")
    func nested() throws {
        let tape = Tape()
        let x = tape.variable(Tensor([2, -1], shape: [2]))
        let y = Tape.checkpoint([x], on: tape) { inputs, inner in
            let square = Tape.checkpoint(inputs, on: inner) {
                Multiplication.apply($0[0], $0[0], on: $1)
            }
            return Multiplication.apply(square, inputs[0], on: inner)
        }
        tape.backward(from: y)
        #expect(try #require(tape.gradient(of: x)).values == [12, 3])
    }
}
