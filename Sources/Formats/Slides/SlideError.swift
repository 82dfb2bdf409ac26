import JPEGCodec
import TIFF

/// What went wrong with a slide, on one line.
public struct SlideError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The group an error belongs to.
    public enum Kind: String, Hashable, Sendable {
        /// The file is not there, or cannot be opened.
        case missing
        /// The bytes are not a slide, are cut short, or contradict themselves.
        case damaged
        /// A sound file in a form this module does not read.
        case unsupported
        /// More memory is asked for than ``SlideLimits`` allow.
        case tooLarge
        /// The caller asked for a level, picture or resolution that is not there.
        case misuse
    }

    /// The group the error belongs to.
    public let kind: Kind
    /// The path of the file as the caller gave it.
    public let file: String
    /// The place in the file, for example `level 0, tile 12 (column 2, row 1)`.
    public let place: String
    /// What was found.
    public let found: String
    /// What was expected, and the next step.
    public let expected: String

    /// Makes an error.
    ///
    /// - Parameters:
    ///   - kind: The group the error belongs to.
    ///   - file: The path of the file as the caller gave it.
    ///   - place: The place in the file.
    ///   - found: What was found.
    ///   - expected: What was expected, and the next step.
    public init(_ kind: Kind, file: String, place: String, found: String, expected: String) {
        self.kind = kind
        self.file = file
        self.place = place
        self.found = found
        self.expected = expected
    }

    /// The error on one line; control characters from the file are shown as `?`.
    public var description: String {
        let text = "\(file): \(place): found \(found), expected \(expected)"
        return String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    switch scalar.properties.generalCategory {
                    case .control, .format, .lineSeparator, .paragraphSeparator: "?"
                    default: scalar
                    }
                }))
    }
}

extension SlideError {
    /// The error of the TIFF underneath, at a place the caller knows better.
    init(_ error: TIFFError, at place: String? = nil) {
        let kind: Kind =
            switch error.kind {
            case .missing: .missing
            case .damaged, .writing: .damaged
            case .unsupported: .unsupported
            case .tooLarge: .tooLarge
            case .misuse: .misuse
            }
        var expected = error.expected
        if !error.libraryMessage.isEmpty { expected += " (libtiff: \(error.libraryMessage))" }
        self.init(
            kind, file: error.file, place: place ?? error.place, found: error.found,
            expected: expected)
    }

    /// The error of one JPEG tile.
    init(_ error: JPEGError, file: String, place: String) {
        let again = "a sound JPEG tile; fetch or write the file again"
        switch error {
        case .notJPEG(_, let found):
            self.init(
                .damaged, file: file, place: place, found: "a tile that starts with \(found)",
                expected: again)
        case .damaged(_, let found):
            self.init(
                .damaged, file: file, place: place, found: "damage (libjpeg: \(found))",
                expected: again)
        case .wrongSize(_, let found, let expected):
            self.init(
                .damaged, file: file, place: place, found: "a JPEG of \(found)",
                expected: "\(expected); fetch or write the file again")
        case .unsupported(_, let found):
            self.init(
                .unsupported, file: file, place: place, found: found,
                expected: "8-bit grey, YCbCr or RGB; convert the slide")
        case .tooLarge(_, let width, let height, let limit):
            self.init(
                .tooLarge, file: file, place: place, found: "\(width) x \(height) pixels",
                expected: "at most \(limit)")
        case .unwritable(let found, let expected):
            self.init(.misuse, file: file, place: place, found: found, expected: expected)
        case .outOfMemory:
            self.init(
                .tooLarge, file: file, place: place, found: "too little memory",
                expected: "enough for one tile; free some")
        }
    }
}
