/// The same values under another shape.
public enum Reshaping {
    /// Reshapes a variable; recorded when there is a tape and the variable is recorded.
    ///
    /// Copies nothing.
    ///
    /// - Parameters:
    ///   - x: The input.
    ///   - shape: The new dimensions; as many values as the input's.
    ///   - tape: Where to record; `nil` to compute only.
    /// - Returns: The input with that shape.
    public static func apply(_ x: Variable, to shape: [Int], on tape: Tape?) -> Variable {
        tape.record(x.value.reshaped(shape), from: [x]) {
            let before = x.shape
            return { [$0.reshaped(before)] }
        }
    }
}
