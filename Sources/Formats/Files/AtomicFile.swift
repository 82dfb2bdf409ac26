#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file being written beside its final name and published by a rename, so that a reader sees the old contents or the
/// new, never a part.
///
/// The bytes go to a temporary name in the same folder (`NAME.tmp.NODE.PID.RANDOM`), are flushed to the device, and the
/// temporary file is renamed. A value that goes away unpublished removes its temporary file; a process killed at any
/// moment leaves at most a temporary file.
public struct AtomicFile: ~Copyable {
    /// The marker in the name of every temporary file; a reader never opens such a name.
    public static let temporaryMarker = ".tmp."

    /// Where the file will be.
    public let path: String
    private let temporary: String
    private var descriptor: Int32

    /// Creates the temporary file.
    ///
    /// - Parameter path: Where the file will be; an existing file is replaced at the end.
    /// - Throws: ``FileError`` when it cannot be created.
    public init(path: String) throws(FileError) {
        if Folders.isFolder(path) {
            throw FileError(
                .cannotCreate, path: path,
                message: "is a folder, expected the name of a file; choose another path")
        }
        let temporary = Self.temporaryPath(for: path)
        switch TemporaryFiles.create(temporary) {
        case .failure(let failure): throw .system(failure.number, "create", path: path)
        case .success(let descriptor): self.descriptor = descriptor
        }
        self.path = path
        self.temporary = temporary
    }

    deinit {
        guard descriptor >= 0 else { return }
        close(descriptor)
        TemporaryFiles.discard(temporary)
    }

    /// Appends bytes.
    ///
    /// - Parameter bytes: The next piece; may be empty.
    /// - Throws: ``FileError``, for a full disk of kind `transient`.
    public mutating func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
        guard let base = bytes.baseAddress else { return }
        var done = 0
        while done < bytes.count {
            // Linux transfers at most 2 GiB per call; smaller pieces also let a signal through.
            let count = Self.write(descriptor, base + done, min(bytes.count - done, 1 << 26))
            if count > 0 {
                done += count
            } else if count < 0, errno != EINTR {
                throw .system(errno, "write", path: path)
            }
        }
    }

    /// Flushes the bytes to the device and gives the file its final name.
    ///
    /// - Throws: ``FileError``; the temporary file is then removed.
    public consuming func publish() throws(FileError) {
        guard fsync(descriptor) == 0 else { throw .system(errno, "flush", path: path) }
        if let failure = TemporaryFiles.rename(temporary, to: path) {
            throw .system(failure.number, "create by renaming", path: path)
        }
        close(descriptor)
        descriptor = -1
        Self.flushFolder(of: path)
    }

    /// Writes bytes and publishes them under a name.
    ///
    /// - Parameters:
    ///   - bytes: The contents.
    ///   - path: Where the file will be; an existing file is replaced.
    /// - Throws: ``FileError``; the temporary file is removed first.
    public static func write(_ bytes: UnsafeRawBufferPointer, to path: String) throws(FileError) {
        var file = try AtomicFile(path: path)
        try file.write(bytes)
        try file.publish()
    }

    /// Writes an array of bytes and publishes them under a name.
    ///
    /// - Parameters:
    ///   - bytes: The contents.
    ///   - path: Where the file will be; an existing file is replaced.
    /// - Throws: ``FileError``; the temporary file is removed first.
    public static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
        try write(bytes.span.bytes, to: path)
    }

    private static func write(_ bytes: RawSpan, to path: String) throws(FileError) {
        var file = try AtomicFile(path: path)
        try bytes.withUnsafeBytes { (raw) throws(FileError) in try file.write(raw) }
        try file.publish()
    }

    private static func write(_ descriptor: Int32, _ base: UnsafeRawPointer, _ count: Int) -> Int {
        #if canImport(Glibc)
            Glibc.write(descriptor, base, count)
        #elseif canImport(Musl)
            Musl.write(descriptor, base, count)
        #else
            Darwin.write(descriptor, base, count)
        #endif
    }

    private static func temporaryPath(for path: String) -> String {
        var name = utsname()
        uname(&name)
        let node = withUnsafeBytes(of: &name.nodename) { raw in
            String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
        }
        let safe = node.map { $0.isLetter || $0.isNumber || $0 == "-" ? $0 : "_" }
        let random = UInt32.random(in: .min ... .max)
        return "\(path)\(temporaryMarker)\(String(safe.prefix(32))).\(getpid())."
            + String(random, radix: 16)
    }

    private static func flushFolder(of path: String) {
        let folder = FilePath.folder(of: path)
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        // Some network file systems refuse to flush a folder; the rename itself has happened.
        _ = fsync(descriptor)
        close(descriptor)
    }
}
