/// Why an array or an archive of arrays could not be read or written.
///
/// `file` is the name the caller gave the bytes; for a member of an archive it is `archive.npz/member`.
/// `offset` counts bytes from the start of that file.
public enum NumPyError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The bytes do not start as the format demands.
    case wrongFormat(file: String, found: String, expected: String)
    /// Something in the file is cut, damaged or contradicts something else in it.
    case damaged(file: String, offset: Int, found: String, expected: String)
    /// The elements are of a type that is not read; Python objects are never read.
    case unsupportedType(file: String, descr: String)
    /// A correct file that uses something this reader refuses.
    case unsupported(file: String, found: String, next: String)
    /// The file announces more than the limits allow.
    case tooLarge(file: String, found: String, limit: String)
    /// The archive has no member of that name; `members` are those it has.
    case noSuchArray(file: String, name: String, members: [String])
    /// The elements are read as another type than they have.
    case typeMismatch(found: NPYType, asked: String)
    /// An array to write does not have the bytes its shape asks for, or a name that is not allowed.
    case unwritable(name: String, found: String, expected: String)

    /// The error on one line.
    public var description: String {
        switch self {
        case .wrongFormat(let file, let found, let expected):
            "\(file): at its start: found \(found), expected \(expected); "
                + "check that the file was fetched whole and has the right name"
        case .damaged(let file, let offset, let found, let expected):
            "\(file): at byte \(offset): found \(found), expected \(expected); "
                + "the file is damaged, fetch or write it again"
        case .unsupportedType(let file, let descr):
            "\(file): header: found element type \(descr), expected whole numbers, float32, float64 or bool; "
                + "save it in NumPy as array.astype('float32') or another of these types"
        case .unsupported(let file, let found, let next):
            "\(file): found \(found), expected a plain NumPy file; \(next)"
        case .tooLarge(let file, let found, let limit):
            "\(file): header announces \(found), the limit is \(limit); raise the limit if the file is genuine"
        case .noSuchArray(let file, let name, let members):
            "\(file): found no array named \(name), only \(members.prefix(8).joined(separator: ", "))"
                + (members.count > 8 ? " and \(members.count - 8) more" : "")
                + "; ask for one of these"
        case .typeMismatch(let found, let asked):
            "NumPy array: found elements of type \(found.rawValue), asked for \(asked); "
                + "ask for the type the array has"
        case .unwritable(let name, let found, let expected):
            "\(name): found \(found), expected \(expected); check the array before writing"
        }
    }
}
