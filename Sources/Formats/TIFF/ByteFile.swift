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
        case descriptor(Int32)
        case memory
    }

    private let storage: Storage
    /// The contents, when they live in memory.
    private(set) var bytes: [UInt8]
    private(set) var size: Int
    private var position = 0
    /// Refuses to write from now on: what a failed writer leaves must not look complete.
    var isAbandoned = false

    /// Bytes in memory, to be read or grown.
    init(bytes: [UInt8]) {
        storage = .memory
        self.bytes = bytes
        size = bytes.count
    }

    private init(descriptor: Int32, size: Int) {
        storage = .descriptor(descriptor)
        bytes = []
        self.size = size
    }

    deinit {
        if case .descriptor(let descriptor) = storage { close(descriptor) }
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
        case .memory:
            bytes.withUnsafeBytes { memory in
                guard let start = memory.baseAddress else { return }
                base.copyMemory(from: start + offset, byteCount: count)
            }
            return count
        case .descriptor(let descriptor):
            var done = 0
            while done < count {
                let part = pread(descriptor, base + done, count - done, offset + done)
                if part < 0 && errno == EINTR { continue }
                guard part > 0 else { break }
                done += part
            }
            return done
        }
    }

    /// Writes bytes at the position; fewer than asked when the disk is full.
    private func write(_ buffer: UnsafeRawBufferPointer) -> Int {
        guard let base = buffer.baseAddress, buffer.count > 0, !isAbandoned else { return 0 }
        let (end, overflow) = position.addingReportingOverflow(buffer.count)
        guard !overflow else { return 0 }
        switch storage {
        case .memory:
            if end > bytes.count {
                bytes.append(contentsOf: repeatElement(0, count: end - bytes.count))
            }
            bytes.withUnsafeMutableBytes { memory in
                guard let start = memory.baseAddress else { return }
                (start + position).copyMemory(from: base, byteCount: buffer.count)
            }
            position = end
        case .descriptor(let descriptor):
            var done = 0
            while done < buffer.count {
                let part = pwrite(descriptor, base + done, buffer.count - done, position + done)
                if part < 0 && errno == EINTR { continue }
                guard part > 0 else { break }
                done += part
            }
            position += done
            size = max(size, position)
            return done
        }
        size = max(size, end)
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
                return tmsize_t(
                    file.write(UnsafeRawBufferPointer(start: buffer, count: Int(count))))
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
