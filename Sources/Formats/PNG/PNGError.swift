/// Why a picture could not be read from PNG bytes, or written as such.
///
/// `file` is the name the caller gave the bytes, `offset` counts bytes from their start.
public enum PNGError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The bytes do not start with the eight bytes of a PNG; `found` are the first ones in hexadecimal.
    case notPNG(file: String, found: String)
    /// The file is cut or damaged at `offset`.
    case damaged(file: String, offset: Int, found: String, expected: String)
    /// The header announces more than the limits allow.
    case tooLarge(file: String, width: Int, height: Int, limit: String)
    /// A correct PNG of a kind that cannot be given back without changing its samples.
    case unsupported(file: String, found: String, next: String)
    /// The picture to write has no PNG form, or its samples do not fill it.
    case unwritable(found: String, expected: String)
    /// libpng stopped with a message of its own while doing `operation`.
    case library(operation: String, file: String, message: String)

    /// The error on one line.
    public var description: String {
        switch self {
        case .notPNG(let file, let found):
            "\(file): starts with \(found), a PNG starts with 89504e470d0a1a0a; "
                + "check that the file is a PNG and was fetched whole"
        case .damaged(let file, let offset, let found, let expected):
            "\(file): at byte \(offset): found \(found), expected \(expected); "
                + "the file is damaged, fetch or write it again"
        case .tooLarge(let file, let width, let height, let limit):
            "\(file): header announces \(width) x \(height) pixels, the limit is \(limit); "
                + "raise the limit if the picture is genuine"
        case .unsupported(let file, let found, let next):
            "\(file): header: found \(found), expected 8-bit grey, RGB, RGBA, a palette, "
                + "or 16-bit grey or RGB; \(next)"
        case .unwritable(let found, let expected):
            "PNG picture: found \(found), expected \(expected); check the picture's size and channels"
        case .library(let operation, let file, let message):
            "\(file): \(operation): libpng found \"\(message)\", expected a sound picture; "
                + "fetch or write the file again"
        }
    }
}
