/// Why an XML document was refused, on one line.
public struct XMLError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What errors call the document, normally its path.
    public let document: String
    /// The line in the document, from 1.
    public let line: Int
    /// What was found, expected, and can be done next.
    public let message: String

    /// The error on one line.
    public var description: String { "\(document): line \(line): \(message)" }
}
