internal import CTIFF

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Bytes libtiff reads or writes: a file or memory.
///
/// Files are never mapped: a mapped file that another process cuts short ends this process with a bus error.
final class ByteFile {
    private enum Storage {
        case descriptor(OpenFile)
        case memory
        /// Another file, except for a header of its own.
        case window(ByteFile)
    }

    private let storage: Storage
    /// The contents, when they live in memory; of a window, its header.
    private(set) var bytes: [UInt8]
    private var ownSize: Int
    private var position = 0
    /// How many bytes there are.
    var size: Int { if case .window(let file) = storage { file.size } else { ownSize } }
    /// Refuses to write from now on: what a failed writer leaves must not look complete.
    var isAbandoned = false

    /// Bytes in memory, to be read or grown.
    init(bytes: [UInt8]) {
        storage = .memory
        self.bytes = bytes
        ownSize = bytes.count
    }

    private init(descriptor: Int32, size: Int) {
        storage = .descriptor(OpenFile(descriptor))
        bytes = []
        ownSize = size
    }

    private init(sharing file: OpenFile, size: Int) {
        storage = .descriptor(file)
        bytes = []
        ownSize = size
    }

    /// The same bytes for another handle, which may live on another thread; both may only read.
    func again() -> sending ByteFile {
        switch storage {
        case .memory, .window: ByteFile(bytes: bytes)
        case .descriptor(let file): ByteFile(sharing: file, size: size)
        }
    }

    /// Opens a regular file for reading; anything else (a pipe would block for ever) is refused.
    static func reading(_ path: String) throws(TIFFError) -> ByteFile {
        func missing(_ found: String, _ expected: String) -> TIFFError {
            TIFFError(.missing, file: path, place: "file", found: found, expected: expected)
        }
        guard !path.utf8.contains(0) else {
            throw missing("a zero character in the path", "a plain path")
        }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw missing(
                String(cString: strerror(errno)),
                "a readable file; check the path and the permissions")
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw missing("a folder or a device", "a regular file; check the path")
        }
        return ByteFile(descriptor: descriptor, size: Int(status.st_size))
    }

    /// A view of a file for one more handle that appends to it.
    ///
    /// libtiff writes one directory at a time, so that each image of a pyramid has a handle. Tiles and directories all go to
    /// the end of the one file; the header, where each handle notes its first directory, is kept apart.
    init(windowOn file: ByteFile, headerBytes: Int) {
        storage = .window(file)
        bytes = [UInt8](repeating: 0, count: headerBytes)
        ownSize = 0
    }

    /// Makes an empty file, or empties one.
    static func writing(_ path: String) throws(TIFFError) -> ByteFile {
        let descriptor =
            path.utf8.contains(0) ? -1 : open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else {
            throw TIFFError(
                .writing, file: path, place: "file", found: String(cString: strerror(errno)),
                expected: "a place to write to; check that the folder exists and may be written")
        }
        return ByteFile(descriptor: descriptor, size: 0)
    }

    /// The bytes at an offset; fewer at the end of the file, none beyond it.
    func read(at offset: UInt64, count: Int) -> [UInt8] {
        guard let offset = Int(exactly: offset), offset < size, count > 0 else { return [] }
        return [UInt8](unsafeUninitializedCapacity: min(count, size - offset)) { buffer, done in
            done = read(into: UnsafeMutableRawBufferPointer(buffer), at: offset)
        }
    }

    /// Copies bytes; the number of them, less than asked at the end or after an error.
    private func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) -> Int {
        guard let base = buffer.baseAddress, offset >= 0, offset < size else { return 0 }
        let count = min(buffer.count, size - offset)
        switch storage {
        case .window(let file) where offset >= bytes.count:
            return file.read(into: buffer, at: offset)
        case .memory, .window:
            let own = min(count, bytes.count - offset)
            bytes.withUnsafeBytes { memory in
                guard let start = memory.baseAddress else { return }
                base.copyMemory(from: start + offset, byteCount: own)
            }
            return own
        case .descriptor(let file):
            var done = 0
            while done < count {
                let part = pread(file.number, base + done, count - done, offset + done)
                if part < 0 && errno == EINTR { continue }
                guard part > 0 else { break }
                done += part
            }
            return done
        }
    }

    /// Writes bytes at an offset; fewer than asked when the disk is full.
    func write(_ buffer: UnsafeRawBufferPointer, at offset: Int) -> Int {
        guard let base = buffer.baseAddress, buffer.count > 0, !isAbandoned else { return 0 }
        let (end, overflow) = offset.addingReportingOverflow(buffer.count)
        guard !overflow else { return 0 }
        switch storage {
        case .window(let file) where offset >= bytes.count:
            return file.write(buffer, at: offset)
        case .memory, .window:
            if end > bytes.count {
                // A window's header does not grow.
                if case .window = storage { return 0 }
                bytes.append(contentsOf: repeatElement(0, count: end - bytes.count))
            }
            bytes.withUnsafeMutableBytes { memory in
                guard let start = memory.baseAddress else { return }
                (start + offset).copyMemory(from: base, byteCount: buffer.count)
            }
        case .descriptor(let file):
            var done = 0
            while done < buffer.count {
                let part = pwrite(
                    file.number, base + done, buffer.count - done, offset + done)
                if part < 0 && errno == EINTR { continue }
                guard part > 0 else { break }
                done += part
            }
            ownSize = max(ownSize, offset + done)
            return done
        }
        ownSize = max(ownSize, end)
        return buffer.count
    }

    private func seek(_ offset: UInt64, from origin: Int32) -> UInt64 {
        // libtiff hands a signed distance over in an unsigned number.
        let distance = Int(Int64(bitPattern: offset))
        let start = origin == SEEK_CUR ? position : origin == SEEK_END ? size : 0
        let (target, overflow) = start.addingReportingOverflow(distance)
        guard !overflow, target >= 0 else { return UInt64.max }
        position = target
        return UInt64(target)
    }

    /// Opens the bytes with libtiff, which may refuse.
    ///
    /// The handle must not outlive this object.
    func openTIFF(
        name: String, mode: String, largestAllocation: Int,
        messages: UnsafeMutablePointer<samdata_tiff_messages>
    ) -> OpaquePointer? {
        samdata_tiff_open(
            name, mode, Unmanaged.passUnretained(self).toOpaque(),
            { client, buffer, count in
                guard let file = ByteFile.of(client), let buffer, count > 0 else { return 0 }
                let done = file.read(
                    into: UnsafeMutableRawBufferPointer(start: buffer, count: Int(count)),
                    at: file.position)
                file.position += done
                return tmsize_t(done)
            },
            { client, buffer, count in
                guard let file = ByteFile.of(client), let buffer, count > 0 else { return 0 }
                let done = file.write(
                    UnsafeRawBufferPointer(start: buffer, count: Int(count)), at: file.position)
                file.position += done
                return tmsize_t(done)
            },
            { client, offset, origin in
                ByteFile.of(client)?.seek(offset, from: origin) ?? UInt64.max
            },
            { _ in 0 },
            { client in UInt64(ByteFile.of(client)?.size ?? 0) },
            { _, _, _ in 0 },
            { _, _, _ in },
            Int64(largestAllocation), messages)
    }

    private static func of(_ client: UnsafeMutableRawPointer?) -> ByteFile? {
        client.map { Unmanaged<ByteFile>.fromOpaque($0).takeUnretainedValue() }
    }
}

/// An open file without a position, closed when nobody reads it any more.
private final class OpenFile: Sendable {
    let number: Int32

    init(_ number: Int32) { self.number = number }
    deinit { close(number) }
}
