/// What went wrong with a TIFF file, on one line.
public struct TIFFError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The group an error belongs to.
    public enum Kind: String, Hashable, Sendable {
        /// The file is not there, or cannot be opened.
        case missing
        /// The bytes are not a TIFF, are cut short, or contradict themselves.
        case damaged
        /// A sound file in a form this module does not read.
        case unsupported
        /// More memory or work is asked for than ``TIFFLimits`` allow.
        case tooLarge
        /// The caller asked for a directory, region or band that is not there, or wrote one that does not fit.
        case misuse
        /// The file could not be written.
        case writing
    }

    /// The group the error belongs to.
    public let kind: Kind
    /// The path of the file as the caller gave it, or the name given to bytes in memory.
    public let file: String
    /// The place in the file, for example `header` or `directory 0, tile 12`.
    public let place: String
    /// What was found.
    public let found: String
    /// What was expected, and the next step.
    public let expected: String
    /// The reason the C library gave; empty when it was not asked.
    public let libraryMessage: String

    /// Makes an error.
    ///
    /// - Parameters:
    ///   - kind: The group the error belongs to.
    ///   - file: The path of the file as the caller gave it.
    ///   - place: The place in the file.
    ///   - found: What was found.
    ///   - expected: What was expected, and the next step.
    ///   - libraryMessage: The reason the C library gave.
    public init(
        _ kind: Kind, file: String, place: String, found: String, expected: String,
        libraryMessage: String = ""
    ) {
        self.kind = kind
        self.file = file
        self.place = place
        self.found = found
        self.expected = expected
        self.libraryMessage = libraryMessage
    }

    /// The error on one line; control characters from the file are shown as `?`.
    public var description: String {
        var text = "\(file): \(place): found \(found), expected \(expected)"
        if !libraryMessage.isEmpty { text += " (libtiff: \(libraryMessage))" }
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
