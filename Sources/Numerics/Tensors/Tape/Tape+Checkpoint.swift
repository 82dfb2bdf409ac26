extension Tape {
    /// Runs a part of a computation without keeping what it saves, and runs it again when its gradient is needed.
    ///
    /// Saves the memory of everything inside the part for the price of a second forward pass. The part must compute the same
    /// both times: no random draws of its own, no counters.
    ///
    /// - Parameters:
    ///   - inputs: What goes in.
    ///   - tape: Where to record; `nil` to compute only.
    ///   - body: The part. Called with variables for the inputs and the tape to record on, which is not this one;
    ///     parameters asked of that tape by name are those of this one.
    /// - Returns: What the part computes.
    public static func checkpoint(
        _ inputs: [Variable], on tape: Tape?,
        _ body: @escaping (_ inputs: [Variable], _ tape: Tape?) -> Variable
    ) -> Variable {
        guard let tape else { return body(inputs.map(\.detached), nil) }
        // The first run records on a tape of its own, dropped at once. That tells whether anything inside is trained.
        let first = run(inputs.map { ($0.value, $0.isRecorded) }, for: tape, body)
        guard first.result.isRecorded else { return Variable(first.result.value) }
        let saved = inputs.map { ($0.value, $0.isRecorded) }
        return tape.record(first.result.value, from: inputs) { [unowned tape] gradient in
            let again = run(saved, for: tape, body)
            again.tape.backward(from: again.result, seed: gradient)
            return again.inputs.map { again.tape.gradient(of: $0) }
        }
    }

    private static func run(
        _ inputs: [(value: Tensor, isRecorded: Bool)], for outer: Tape,
        _ body: ([Variable], Tape?) -> Variable
    ) -> (tape: Tape, inputs: [Variable], result: Variable) {
        let tape = Tape(sharing: outer)
        let variables = inputs.map { $0.isRecorded ? tape.variable($0.value) : Variable($0.value) }
        return (tape, variables, body(variables, tape))
    }
}
