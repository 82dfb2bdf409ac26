/// What went wrong with an HDF5 file, on one line.
public struct HDF5Error: Error, Hashable, Sendable, CustomStringConvertible {
    /// The group an error belongs to.
    public enum Kind: String, Hashable, Sendable {
        /// The file, the object or the attribute is not there.
        case missing
        /// The bytes are not an HDF5 file, are cut short, or contradict themselves.
        case damaged
        /// The file asks for something this module never does, such as reading another file.
        case refused
        /// A sound file in a form this module or the linked library cannot read.
        case unsupported
        /// More memory is asked for than ``HDF5Limits`` allow.
        case tooLarge
        /// The object has another kind, type or shape than the caller asked for, or a value does not fit.
        case mismatch
        /// The caller of ``HDF5Writer`` named a thing twice, left out a chunk, or wrote after the end.
        case misuse
        /// The library failed while a file was built in memory.
        case writing
    }

    /// The group the error belongs to.
    public let kind: Kind
    /// The path of the file as the caller gave it; the name given to the writer for a file being built.
    public let file: String
    /// The path of the object inside the file; `/` for the root or the file as a whole.
    public let key: String
    /// What was being done.
    public let operation: String
    /// What was found.
    public let found: String
    /// What was expected, and the next step.
    public let expected: String
    /// The reason the C library gave, innermost first; empty when it was not asked.
    public let libraryMessage: String

    /// Makes an error.
    ///
    /// - Parameters:
    ///   - kind: The group the error belongs to.
    ///   - file: The path of the file as the caller gave it.
    ///   - key: The path of the object inside the file.
    ///   - operation: What was being done.
    ///   - found: What was found.
    ///   - expected: What was expected, and the next step.
    ///   - libraryMessage: The reason the C library gave.
    public init(
        _ kind: Kind, file: String, key: String = "/", operation: String, found: String,
        expected: String, libraryMessage: String = ""
    ) {
        self.kind = kind
        self.file = file
        self.key = key
        self.operation = operation
        self.found = found
        self.expected = expected
        self.libraryMessage = libraryMessage
    }

    /// The error on one line; control characters from the file are shown as `?`.
    public var description: String {
        var text = "\(file): \(key): \(operation): found \(found), expected \(expected)"
        if !libraryMessage.isEmpty { text += " (libhdf5: \(libraryMessage))" }
        return String(String.UnicodeScalarView(text.unicodeScalars.map(Self.printable)))
    }

    /// A name taken from a file must not reach a terminal as a control sequence.
    private static func printable(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: "?"
        default: scalar
        }
    }
}
