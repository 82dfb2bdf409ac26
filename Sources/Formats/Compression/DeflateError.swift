/// Why compressed bytes could not be inflated.
public enum DeflateError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The compressed stream is damaged or its checksum is wrong; `offset` is where its member starts.
    case corrupt(offset: Int, format: String)
    /// The stream ends before the announced amount of data.
    case truncated(expected: Int, found: Int)
    /// The stream holds more data than the caller allows.
    case tooLong(allowed: Int)
    /// The bytes do not start as the format demands.
    case notCompressed(format: String)

    /// The error on one line.
    public var description: String {
        switch self {
        case .corrupt(let offset, let format):
            "\(format) stream starting at byte \(offset) is damaged, or its checksum is wrong; "
                + "fetch the file again"
        case .truncated(let expected, let found):
            "compressed stream yields \(found) bytes, expected \(expected); the file is truncated, "
                + "fetch it again"
        case .tooLong(let allowed):
            "compressed stream yields more than \(allowed) bytes, which is all the header announces"
        case .notCompressed(let format):
            "bytes do not start like a \(format) stream"
        }
    }
}
