#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A regular file opened for reading, with positioned reads that either deliver every byte or throw.
///
/// Not memory-mapped on purpose: a file that shrinks while mapped kills the process, one that shrinks while it is read is an error.
public struct ReadableFile: ~Copyable {
    /// The path as the caller gave it.
    public let path: String
    /// The size in bytes when the file was opened.
    public let size: Int
    private let descriptor: Int32

    /// Opens a file.
    ///
    /// - Parameter path: The path; must name a regular file (not a folder, pipe or device).
    /// - Throws: ``FileError`` when it is missing, unreadable or not a regular file.
    public init(path: String) throws(FileError) {
        if path.utf8.contains(0) {
            throw FileError(.unsafePath, path: path, message: "path holds a NUL character")
        }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .system(errno, "open for reading", path: path) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let number = errno
            close(descriptor)
            throw .system(number, "read the size", path: path)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw FileError(
                .missing, path: path, message: "found a folder or a device, expected a regular file"
            )
        }
        self.path = path
        self.size = Int(status.st_size)
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// Fills a buffer from a position.
    ///
    /// - Parameters:
    ///   - buffer: Memory to fill completely.
    ///   - offset: Position of the first byte in the file.
    /// - Throws: ``FileError`` when the file ends before the buffer is full, or reading fails.
    public func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(FileError) {
        guard let base = buffer.baseAddress, buffer.count > 0 else { return }
        var done = 0
        while done < buffer.count {
            let count = pread(descriptor, base + done, buffer.count - done, off_t(offset + done))
            if count > 0 {
                done += count
            } else if count == 0 {
                throw FileError(
                    .contents, path: path,
                    message: "file ends at byte \(offset + done), expected at least "
                        + "\(offset + buffer.count) bytes; the file is truncated, fetch it again")
            } else if errno != EINTR {
                throw .system(errno, "read", path: path)
            }
        }
    }

    /// Reads some bytes into a new array.
    ///
    /// - Parameters:
    ///   - count: How many bytes.
    ///   - offset: Position of the first byte in the file.
    /// - Returns: Exactly `count` bytes.
    /// - Throws: ``FileError`` when the file is shorter, or reading fails.
    public func bytes(count: Int, at offset: Int = 0) throws(FileError) -> [UInt8] {
        var failure: FileError?
        let result = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialised in
            do throws(FileError) {
                try read(into: UnsafeMutableRawBufferPointer(buffer), at: offset)
                initialised = count
            } catch { failure = error }
        }
        if let failure { throw failure }
        return result
    }
}

/// Reading whole files, with a limit.
public enum FileReading {
    /// Reads a whole file.
    ///
    /// - Parameters:
    ///   - path: The path of a regular file.
    ///   - limit: The largest acceptable size in bytes.
    /// - Returns: Its bytes.
    /// - Throws: ``FileError`` when it is missing, larger than the limit, or cannot be read.
    public static func contents(of path: String, limit: Int = 1 << 32) throws(FileError) -> [UInt8]
    {
        let file = try ReadableFile(path: path)
        guard file.size <= limit else {
            throw FileError(
                .contents, path: path,
                message: "found \(file.size) bytes, expected at most \(limit)")
        }
        return try file.bytes(count: file.size)
    }

    /// The SHA-256 digest of a file, read in pieces of 1 MiB.
    ///
    /// - Parameter path: The path of a regular file.
    /// - Returns: 64 lower-case hexadecimal digits.
    /// - Throws: ``FileError`` when it is missing or cannot be read.
    public static func sha256(of path: String) throws(FileError) -> String {
        let file = try ReadableFile(path: path)
        var stream = SHA256Stream()
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
        defer { piece.deallocate() }
        var offset = 0
        while offset < file.size {
            let count = min(piece.count, file.size - offset)
            let part = UnsafeMutableRawBufferPointer(rebasing: piece[0..<count])
            try file.read(into: part, at: offset)
            stream.update(UnsafeRawBufferPointer(part))
            offset += count
        }
        return stream.finish()
    }
}
