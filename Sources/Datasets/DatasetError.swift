import SafeFiles

/// What is wrong with a card, a split or a data set folder, on one line.
///
/// The line names the file, the place in it, what was found, what was expected and the next step.
public struct DatasetError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The group an error belongs to; the command turns it into an exit code.
    public enum Kind: String, Hashable, Sendable {
        /// A card or split that says something it may not say.
        case configuration
        /// A data set folder whose contents are not usable.
        case contents
        /// A file or folder that is not there or may not be read.
        case missing
        /// Reading failed for a reason that may pass.
        case inputOutput
        /// A name that no built-in card or split has.
        case usage
    }

    /// The group the error belongs to.
    public let kind: Kind
    /// The file or folder, or an empty text when there is none.
    public var file: String
    /// The place in the file, for example `line 7, labels[2].color`; may be empty.
    public let place: String
    /// What was found there.
    public let found: String
    /// What was expected instead; may be empty.
    public let expected: String
    /// What to do about it; may be empty.
    public let nextStep: String

    /// Makes an error.
    ///
    /// - Parameters:
    ///   - kind: The group the error belongs to.
    ///   - file: The file or folder.
    ///   - place: The place in the file.
    ///   - found: What was found there, without the word "found".
    ///   - expected: What was expected, without the word "expected".
    ///   - nextStep: What to do about it.
    public init(
        _ kind: Kind, file: String = "", place: String = "", found: String, expected: String = "",
        nextStep: String = ""
    ) {
        self.kind = kind
        self.file = file
        self.place = place
        self.found = found
        self.expected = expected
        self.nextStep = nextStep
    }

    /// Wraps a failure of the file system.
    ///
    /// - Parameter error: The failure.
    public init(_ error: FileError) {
        let kind: Kind =
            switch error.kind {
            case .missing: .missing
            case .contents, .unsafePath: .contents
            case .cannotCreate, .transient, .inputOutput: .inputOutput
            }
        self.init(kind, file: error.path, found: error.message)
    }

    /// The error on one line; control characters from outside are shown escaped.
    public var description: String {
        var head = [file, place].filter { !$0.isEmpty }.joined(separator: ": ")
        if !head.isEmpty { head += ": " }
        var text = expected.isEmpty ? found : "found \(found), expected \(expected)"
        if !nextStep.isEmpty { text += "; \(nextStep)" }
        return OneLine.escaped(head + text)
    }
}

/// Texts from outside, made fit to be printed on one line.
enum OneLine {
    /// Replaces control characters by visible escapes.
    static func escaped(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            if isControl(scalar) {
                result += "\\u{" + String(scalar.value, radix: 16) + "}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// A text in quotation marks, shortened to about 80 characters.
    static func quoted(_ text: String) -> String {
        let short = text.count > 80 ? text.prefix(77) + "..." : text[...]
        return "\"" + escaped(String(short)) + "\""
    }

    /// Names joined by commas, at most a few of them.
    static func list(_ names: [String], atMost limit: Int = 12) -> String {
        guard names.count > limit else { return names.joined(separator: ", ") }
        return names.prefix(limit).joined(separator: ", ") + " and \(names.count - limit) more"
    }

    /// Whether a scalar would break or disguise a line: C0, DEL, C1, line separators, bidirectional controls.
    static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0x200E, 0x200F, 0x202A...0x202E,
            0x2066...0x2069:
            true
        default: false
        }
    }
}
