#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif
import Synchronization

/// The temporary files this process has open, so that a signal can remove them before the process ends.
public enum TemporaryFiles {
    private static let names = Mutex<Set<String>>([])

    /// Creates a file that ``removeAll(then:)`` knows of from its first moment.
    ///
    /// - Returns: The descriptor, or the error number.
    static func create(_ path: String) -> Result<Int32, SystemFailure> {
        names.withLock { paths in
            let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
            guard descriptor >= 0 else { return .failure(SystemFailure(number: errno)) }
            paths.insert(path)
            return .success(descriptor)
        }
    }

    /// Takes in a file that a library is about to create under a name, as if it had been created here.
    package static func adopt(_ path: String) { names.withLock { _ = $0.insert(path) } }

    /// Gives a file its final name.
    ///
    /// - Returns: The error number, or `nil` when it is done.
    static func rename(_ path: String, to final: String) -> SystemFailure? {
        names.withLock { paths in
            guard Self.move(path, final) == 0 else { return SystemFailure(number: errno) }
            paths.remove(path)
            return nil
        }
    }

    /// Gives an adopted file its final name.
    ///
    /// - Throws: `FileError` when it cannot be renamed.
    package static func publish(_ path: String, to final: String) throws(FileError) {
        if let failure = rename(path, to: final) {
            throw .system(failure.number, "create by renaming", path: final)
        }
    }

    /// Removes a file that will not be published.
    package static func discard(_ path: String) {
        names.withLock { paths in
            unlink(path)
            paths.remove(path)
        }
    }

    /// Removes every temporary file this process is writing, then does one last thing.
    ///
    /// No file is created or renamed while the last thing runs, so that a process that ends in it leaves nothing behind.
    /// Call it from an ordinary thread (not from inside a signal handler) just before the process ends.
    ///
    /// - Parameter last: For example `_exit`.
    public static func removeAll(then last: () -> Void = {}) {
        names.withLock { paths in
            for path in paths { unlink(path) }
            paths = []
            last()
        }
    }

    private static func move(_ old: String, _ new: String) -> Int32 {
        #if canImport(Glibc)
            Glibc.rename(old, new)
        #elseif canImport(Musl)
            Musl.rename(old, new)
        #else
            Darwin.rename(old, new)
        #endif
    }
}

/// The number the C library left in `errno`.
struct SystemFailure: Error {
    let number: Int32
}
