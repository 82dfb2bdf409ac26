internal import CHDF5

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The C library under this module.
///
/// Every call into it runs under one process-wide lock, because some distributions ship a build without locks of its
/// own. It never prints, never loads a plug-in, and runs no handler when the process exits.
public enum HDF5Library {
    /// The version of the linked library, for example `1.10.8`.
    public static var version: String {
        locked {
            var major: UInt32 = 0
            var minor: UInt32 = 0
            var release: UInt32 = 0
            H5get_libversion(&major, &minor, &release)
            return "\(major).\(minor).\(release)"
        }
    }

    /// Whether the linked library was built to be called from several threads; reported, not relied on.
    public static var isThreadSafe: Bool {
        locked {
            var safe: hbool_t = false
            return H5is_library_threadsafe(&safe) >= 0 && safe
        }
    }

    /// Runs `body` with the library started and no other thread inside it; may be nested.
    static func locked<R: ~Copyable, E: Error>(_ body: () throws(E) -> R) throws(E) -> R {
        lock.acquire()
        defer { lock.release() }
        _ = started
        // Automatic printing is a setting of the thread in thread-safe builds.
        _ = samdata_h5e_silence()
        return try body()
    }

    /// Refuses a library whose structures may differ from the headers this module was compiled with.
    ///
    /// The library itself would abort the process.
    static func checkVersion(file: String) throws(HDF5Error) {
        let expected = "\(samdata_h5_header_major()).\(samdata_h5_header_minor())."
        let found = version
        guard found.hasPrefix(expected) else {
            throw HDF5Error(
                .unsupported, file: file, operation: "start libhdf5", found: "version \(found)",
                expected: "\(expected)x as at build time; rebuild, or install that version")
        }
    }

    private static let lock = ProcessLock()

    /// Evaluated under the lock.
    private static let started: Bool = {
        // Without the handler, threads still inside the library at exit do not race against it. Nothing is lost:
        // files are read only, or live in memory.
        H5dont_atexit()
        guard H5open() >= 0 else { return false }
        // A file names its filters; a plug-in search would load code from a folder named by the environment.
        H5PLset_loading_state(0)
        return true
    }()
}

/// A lock that the thread holding it may take again: a handle closed inside a locked block takes it too.
private final class ProcessLock: @unchecked Sendable {
    // Unchecked: the memory is set up once and afterwards touched by pthread functions alone.
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>

    init() {
        mutex = .allocate(capacity: 1)
        var attributes = pthread_mutexattr_t()
        pthread_mutexattr_init(&attributes)
        pthread_mutexattr_settype(&attributes, Int32(PTHREAD_MUTEX_RECURSIVE))
        let result = pthread_mutex_init(mutex, &attributes)
        precondition(result == 0, "no memory for a lock")
        pthread_mutexattr_destroy(&attributes)
    }

    func acquire() { pthread_mutex_lock(mutex) }
    func release() { pthread_mutex_unlock(mutex) }
}
