/// Why a picture could not be read from JPEG bytes, or written as such.
///
/// `file` is the name the caller gave the bytes.
public enum JPEGError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The bytes do not start with the mark of a JPEG; `found` are the first ones in hexadecimal.
    case notJPEG(file: String, found: String)
    /// The stream is cut, contradicts itself, or holds codes that can only be guessed.
    case damaged(file: String, found: String)
    /// The header announces more than the limits allow.
    case tooLarge(file: String, width: Int, height: Int, limit: String)
    /// A sound JPEG of a kind that is not read here; `found` names it.
    case unsupported(file: String, found: String)
    /// A tile of another size than the place it is meant for.
    case wrongSize(file: String, found: String, expected: String)
    /// The picture to write has no JPEG form, or its samples do not fill it.
    case unwritable(found: String, expected: String)
    /// There was not enough memory.
    case outOfMemory(file: String)

    /// The error on one line.
    public var description: String {
        switch self {
        case .notJPEG(let file, let found):
            "\(file): starts with \(found), a JPEG starts with ffd8ff; "
                + "check that the file is a JPEG and was fetched whole"
        case .damaged(let file, let found):
            "\(file): found damage (libjpeg: \(found)), expected a sound JPEG to its end mark; "
                + "fetch or write the file again"
        case .tooLarge(let file, let width, let height, let limit):
            "\(file): header announces \(width) x \(height) pixels, the limit is \(limit); "
                + "raise the limit if the picture is genuine"
        case .unsupported(let file, let found):
            "\(file): found \(found), expected 8-bit grey, YCbCr or RGB; "
                + "convert the picture, for example to PNG"
        case .wrongSize(let file, let found, let expected):
            "\(file): found a picture of \(found), expected \(expected); fetch or write the file again"
        case .unwritable(let found, let expected):
            "JPEG picture: found \(found), expected \(expected); "
                + "check the picture's size and components"
        case .outOfMemory(let file):
            "\(file): found too little memory, expected enough for one picture; free some"
        }
    }
}
