/// What is wrong with a lattice, a selection or a label budget; one line.
public struct PatchError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Place, found, expected and the next step.
    public let description: String

    init(_ description: String) { self.description = description }
}
