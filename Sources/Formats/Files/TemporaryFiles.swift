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

    static func add(_ path: String) { names.withLock { _ = $0.insert(path) } }

    static func remove(_ path: String) { names.withLock { _ = $0.remove(path) } }

    /// Removes every temporary file this process is writing.
    ///
    /// Call it from an ordinary thread (not from inside a signal handler) just before the process ends.
    public static func removeAll() {
        names.withLock { paths in
            for path in paths { unlink(path) }
            paths = []
        }
    }
}
