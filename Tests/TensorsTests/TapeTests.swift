import Tensors
import Testing

@Suite("Tape")
struct TapeTests {
    private func values(_ seed: UInt64, _ shape: [Int]) -> Tensor {
        var random = TestValues(seed)
        return random.tensor(shape)
    }

    /// A small network with three parameters.
    private func network(_ x: Variable, _ store: ParameterStore, on tape: Tape?) -> Variable {
        let hidden = GELU.apply(
            Linear.apply(
                x, weight: store.variable("first.weight", on: tape),
                bias: store.variable("first.bias", on: tape), on: tape), on: tape)
        return Linear.apply(hidden, weight: store.variable("second.weight", on: tape), on: tape)
    }

    private func store() -> ParameterStore {
        var store = ParameterStore()
        store["first.weight"] = values(1, [5, 4])
        store["first.bias"] = values(2, [5])
        store["second.weight"] = values(3, [2, 5])
        return store
    }

    @Test("gives the same bits with and without a tape")
    func sameValues() {
        var store = store()
        store.setTrainable(true) { _ in true }
        let x = values(4, [3, 4])
        let (tape, plain) = (Tape(), Variable(x))
        let recorded = network(plain, store, on: tape)
        let computed = network(plain, store, on: nil)
        #expect(recorded.value.values == computed.value.values)
        #expect(recorded.isRecorded && !computed.isRecorded)
        #expect(tape.count == 3)
    }

    @Test("records nothing for frozen parameters and inputs nobody asks about")
    func frozen() {
        var store = store()
        let tape = Tape()
        let y = network(Variable(values(4, [3, 4])), store, on: tape)
        #expect(tape.count == 0 && !y.isRecorded)
        tape.backward(from: y)
        #expect(tape.gradients.isEmpty)

        // Only the last layer is trained: the two operations before it are not recorded.
        store.setTrainable(true) { $0.hasPrefix("second") }
        #expect(store.trainableNames == ["second.weight"])
        tape.backward(from: network(Variable(values(4, [3, 4])), store, on: tape))
        #expect(tape.gradients.keys.sorted() == ["second.weight"])
        store.setTrainable(false) { _ in true }
        #expect(store.trainableNames.isEmpty && !store.isTrainable("second.weight"))
    }

    @Test("gradients pass through frozen layers to what is trained before them")
    func throughFrozen() throws {
        var store = store()
        store.setTrainable(true) { $0 == "first.bias" }
        let x = values(4, [3, 4])
        let some = Tape()
        some.backward(from: network(Variable(x), store, on: some))
        store.setTrainable(true) { _ in true }
        let all = Tape()
        all.backward(from: network(Variable(x), store, on: all))
        #expect(some.gradients.count == 1 && all.gradients.count == 3)
        let found = try #require(some.gradients["first.bias"])
        #expect(found.values == all.gradients["first.bias"]?.values)
    }

    @Test("adds up the gradients of a value that is used several times")
    func sharedNodes() throws {
        let tape = Tape()
        let x = tape.variable(Tensor([1, -2, 3], shape: [3]))
        // x + 3 x + x * x has the derivative 4 + 2 x.
        let sum = Addition.apply(x, Scaling.apply(x, by: 3, on: tape), on: tape)
        let y = Addition.apply(sum, Multiplication.apply(x, x, on: tape), on: tape)
        #expect(y.value.values == [5, -4, 21])
        tape.backward(from: y)
        #expect(try #require(tape.gradient(of: x)).values == [6, 0, 10])
    }

    @Test("a parameter asked for twice is one parameter")
    func parameterTwice() throws {
        let tape = Tape()
        let value = Tensor([2, 5], shape: [2])
        let y = Multiplication.apply(
            tape.parameter("w", value), tape.parameter("w", value), on: tape)
        tape.backward(from: y, seed: Tensor([1, 10], shape: [2]))
        #expect(try #require(tape.gradients["w"]).values == [4, 100])
    }

    @Test("adds up over several passes and gives nothing to what was not reached")
    func severalPasses() throws {
        let tape = Tape()
        let w = tape.parameter("w", Tensor([2], shape: [1]))
        _ = tape.parameter("idle", Tensor([2], shape: [1]))
        for _ in 0..<3 { tape.backward(from: Scaling.apply(w, by: 2, on: tape)) }
        #expect(try #require(tape.gradients["w"]).values == [6])
        #expect(tape.gradients["idle"] == nil)
        #expect(tape.gradient(of: Variable(Tensor(1))) == nil)
    }

    @Test("what is detached sends nothing back")
    func detached() throws {
        let tape = Tape()
        let x = tape.variable(Tensor([3], shape: [1]))
        let y = Multiplication.apply(x, x.detached, on: tape)
        tape.backward(from: y)
        #expect(try #require(tape.gradient(of: x)).values == [3])
    }

    @Test("frees what operations saved one by one while it unwinds, last first")
    func freesOnTheWay() {
        final class Saved {}
        final class Log { var alive: [Int] = [] }
        let (tape, log) = (Tape(), Log())
        let recorder: Tape? = tape
        weak var first: Saved?
        weak var second: Saved?
        var x = tape.variable(Tensor(1))
        for number in 0..<3 {
            let saved = Saved()
            if number == 0 { first = saved }
            if number == 1 { second = saved }
            x = recorder.record(x.value, from: [x]) {
                { dy in
                    withExtendedLifetime(saved) {}
                    log.alive.append((first == nil ? 0 : 1) + (second == nil ? 0 : 1))
                    return [dy]
                }
            }
        }
        #expect(first != nil && second != nil && tape.count == 3)
        tape.backward(from: x)
        // The third pass still sees both, the second both (its own runs), the first only itself.
        #expect(log.alive == [2, 2, 1])
        #expect(first == nil && second == nil && tape.count == 0)
    }

    @Test("a result that is not the last recorded can be the start")
    func startInTheMiddle() throws {
        let tape = Tape()
        let x = tape.variable(Tensor([2], shape: [1]))
        let y = Scaling.apply(x, by: 5, on: tape)
        _ = Multiplication.apply(y, y, on: tape)
        tape.backward(from: y)
        #expect(try #require(tape.gradient(of: x)).values == [5])
        #expect(tape.count == 0)
    }

    @Test("clearing forgets what was recorded")
    func clearing() {
        let tape = Tape()
        let x = tape.variable(Tensor([2], shape: [1]))
        let y = Scaling.apply(x, by: 5, on: tape)
        tape.clear()
        tape.backward(from: y)
        #expect(tape.gradient(of: x) == nil)
    }

    @Test("a gradient of another size than its value is a mistake of the program")
    func wrongGradient() async {
        await #expect(processExitsWith: .failure) {
            let tape: Tape? = Tape()
            let x = Tape().variable(Tensor(zeros: [3]))
            let y = tape.record(Tensor(zeros: [3]), from: [x]) { { _ in [Tensor(zeros: [2])] } }
            tape?.backward(from: y)
        }
        await #expect(processExitsWith: .failure) {
            _ = ParameterStore().variable("nowhere", on: nil)
        }
        await #expect(processExitsWith: .failure) {
            let tape = Tape()
            _ = tape.parameter("w", Tensor(zeros: [3]))
            _ = tape.parameter("w", Tensor(zeros: [2]))
        }
    }

    @Test("a store keeps names in order, and copies are values")
    func storeIsAValue() {
        var store = store()
        let before = store
        store["second.bias"] = values(9, [2])
        store.update("first.bias") { $0.add(Tensor([1, 1, 1, 1, 1], shape: [5])) }
        store.update("nowhere") { _ in Issue.record("called for a name that is not there") }
        #expect(
            store.names == ["first.weight", "first.bias", "second.weight", "second.bias"])
        #expect(store["first.bias"]?.values == before["first.bias"]?.values.map { $0 + 1 })
        #expect(before["second.bias"] == nil && !store.isTrainable("second.bias"))
        store["second.bias"] = nil
        #expect(store.names == before.names)
    }
}
