/// What is wrong with a prepared store, on one line.
public enum StoreError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A JSON file of the store cannot be read.
    case unreadableJSON(path: String, reason: String)
    /// A file carries a schema or an encoding this version does not know.
    case unknownVersion(path: String, key: String, found: String, readable: String)
    /// A case file lacks something, or something has the wrong shape.
    case malformed(path: String, key: String, found: String, expected: String)
    /// The folder is not a prepared store, or is not finished.
    case notAStore(path: String, reason: String)
    /// A slice or case that is not in the store was asked for.
    case notFound(path: String, what: String, available: String)

    /// The error on one line.
    public var description: String {
        switch self {
        case .unreadableJSON(let path, let reason):
            "\(path): \(reason); the file is damaged or from another tool, prepare again into a new folder"
        case .unknownVersion(let path, let key, let found, let readable):
            "\(path): \(key) is \(found), this version reads \(readable); use the version that wrote it, "
                + "or prepare again"
        case .malformed(let path, let key, let found, let expected):
            "\(path): \(key): found \(found), expected \(expected); the file is damaged, remove it and "
                + "prepare again"
        case .notAStore(let path, let reason):
            "\(path): \(reason)"
        case .notFound(let path, let what, let available):
            "\(path): there is no \(what); available: \(available)"
        }
    }
}
