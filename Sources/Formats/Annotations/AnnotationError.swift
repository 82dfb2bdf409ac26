/// Why an annotation file was refused, on one line.
public struct AnnotationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The group an error belongs to.
    public enum Kind: String, Hashable, Sendable {
        /// The file is not there, or cannot be read.
        case missing
        /// The bytes are cut short, contradict themselves, or hold coordinates that cannot be meant.
        case damaged
        /// A sound file that holds no annotations in a form this module reads.
        case unsupported
        /// More memory is asked for than ``AnnotationLimits`` allow.
        case tooLarge
    }

    /// The group the error belongs to.
    public let kind: Kind
    /// The path of the file as the caller gave it, or the name given to bytes in memory.
    public let file: String
    /// The place in the file, for example `line 12, region 3`; empty when the file as a whole is meant.
    public let place: String
    /// What was found, what was expected, and what can be done next.
    public let message: String

    /// Makes an error.
    ///
    /// - Parameters:
    ///   - kind: The group the error belongs to.
    ///   - file: The path of the file as the caller gave it.
    ///   - place: The place in the file.
    ///   - message: What was found and expected, and what can be done next.
    public init(_ kind: Kind, file: String, place: String = "", message: String) {
        self.kind = kind
        self.file = file
        self.place = place
        self.message = message
    }

    /// The error on one line; control characters from the file are shown as `?`.
    public var description: String {
        let text = place.isEmpty ? "\(file): \(message)" : "\(file): \(place): \(message)"
        return String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    scalar.properties.generalCategory == .control ? "?" : scalar
                }))
    }
}

/// A reason without its place, which the reader of the format adds.
struct Complaint: Error {
    var kind: AnnotationError.Kind = .damaged
    var place = ""
    var message: String

    /// A text from the file as it may stand in a message: short, in quotes.
    static func quoted(_ text: String) -> String {
        text.unicodeScalars.count <= 40 ? "\"\(text)\"" : "\"\(text.prefix(37))...\""
    }
}
