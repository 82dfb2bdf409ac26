/// Why a zip archive could not be read.
///
/// `file` is the name the caller gave the archive; for a member it is `archive/member`.
/// `offset` counts bytes from the start of the archive.
public enum ZipError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The bytes do not end as a zip archive does.
    case wrongFormat(file: String, found: String, expected: String)
    /// Something in the archive is cut, damaged or contradicts something else in it.
    case damaged(file: String, offset: Int, found: String, expected: String)
    /// A correct archive that uses something this reader refuses.
    case unsupported(file: String, found: String, next: String)
    /// The archive announces more than the limits allow.
    case tooLarge(file: String, found: String, limit: String)
    /// The bytes could not be fetched from where they lie.
    case unreadable(file: String, reason: String)

    /// The error on one line.
    public var description: String {
        switch self {
        case .wrongFormat(let file, let found, let expected):
            "\(file): at its end: found \(found), expected \(expected); "
                + "check that the file was fetched whole and has the right name"
        case .damaged(let file, let offset, let found, let expected):
            "\(file): at byte \(offset): found \(found), expected \(expected); "
                + "the file is damaged, fetch or write it again"
        case .unsupported(let file, let found, let next):
            "\(file): found \(found), expected stored or deflated members in one file; \(next)"
        case .tooLarge(let file, let found, let limit):
            "\(file): announces \(found), the limit is \(limit); raise the limit if the file is genuine"
        case .unreadable(let file, let reason): "\(file): \(reason)"
        }
    }
}
