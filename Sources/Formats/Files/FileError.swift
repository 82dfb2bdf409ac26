#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What went wrong with a file or a folder, on one line.
public struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The group an error belongs to; a scheduler acts on it.
    public enum Kind: String, Hashable, Sendable {
        /// The file or folder is not there, or may not be read.
        case missing
        /// The contents are not what they must be.
        case contents
        /// The file cannot be created or replaced.
        case cannotCreate
        /// Reading or writing failed for a reason that may pass: full disk, stale handle, time-out.
        case transient
        /// Any other failure while reading or writing.
        case inputOutput
        /// A path that points outside its root, or is not a plain relative path.
        case unsafePath
    }

    /// The group the error belongs to.
    public let kind: Kind
    /// The path as the caller gave it.
    public let path: String
    /// The operation and what was found, expected, and can be done next; one line.
    public let message: String

    /// Makes an error.
    ///
    /// - Parameters:
    ///   - kind: The group the error belongs to.
    ///   - path: The path as the caller gave it.
    ///   - message: What was found and expected, and what can be done next.
    public init(_ kind: Kind, path: String, message: String) {
        self.kind = kind
        self.path = path
        self.message = message
    }

    /// The error on one line: path, then message.
    public var description: String { "\(path): \(message)" }

    /// An error of the C library with the kind its number stands for.
    ///
    /// - Parameters:
    ///   - number: The value of `errno`.
    ///   - operation: What was being done, for example `open for reading`.
    ///   - path: The path as the caller gave it.
    /// - Returns: The error.
    public static func system(_ number: Int32, _ operation: String, path: String) -> FileError {
        let reason = String(cString: strerror(number))
        let absent: Kind = operation.contains("read") ? .missing : .cannotCreate
        switch number {
        case ENOENT, ENOTDIR, ELOOP, ENXIO:
            return FileError(absent, path: path, message: "\(operation): \(reason); check the path")
        case EACCES, EPERM:
            return FileError(
                absent, path: path, message: "\(operation): \(reason); check the permissions")
        case ENOSPC, EDQUOT:
            return FileError(
                .transient, path: path,
                message: "\(operation): \(reason); free some space and run the same command again")
        case EIO, ESTALE, ETIMEDOUT, EAGAIN, EBUSY, EINTR:
            return FileError(
                .transient, path: path,
                message: "\(operation): \(reason); run the same command again")
        case EROFS, EISDIR, EEXIST, ENAMETOOLONG, ENOTEMPTY:
            return FileError(
                absent, path: path, message: "\(operation): \(reason); choose another path")
        case EFBIG:
            return FileError(
                .inputOutput, path: path,
                message: "\(operation): \(reason); raise the limit on file sizes (ulimit -f)")
        default:
            return FileError(
                .inputOutput, path: path, message: "\(operation): \(reason); check the file system")
        }
    }
}
