/// What is wrong with a tissue recipe or with the pixels a tissue mask is made of; one line.
public struct TissueError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Place, found, expected and the next step.
    public let description: String

    init(_ description: String) { self.description = description }
}
