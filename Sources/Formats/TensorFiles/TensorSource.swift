internal import SafeFiles

/// Where the bytes of a file of tensors are: on disk, read in pieces, or in memory.
///
/// Unchecked because `ReadableFile` does not say that it may be shared; it holds a descriptor that never changes and reads
/// at given positions, which threads may do at once.
final class TensorSource: @unchecked Sendable {
    /// What error messages call the file.
    let name: String
    let byteCount: Int
    private let file: ReadableFile?
    private let memory: [UInt8]

    init(path: String) throws(TensorFileError) {
        do throws(FileError) {
            let file = try ReadableFile(path: path)
            byteCount = file.size
            self.file = consume file
        } catch {
            throw .file(error)
        }
        name = path
        memory = []
    }

    init(_ bytes: [UInt8], named name: String) {
        self.name = name
        byteCount = bytes.count
        memory = bytes
        file = nil
    }

    /// Fills memory from a position; the range has been checked against ``byteCount``.
    func read(
        into buffer: UnsafeMutableRawBufferPointer, at offset: Int
    ) throws(TensorFileError) {
        precondition(
            offset >= 0 && offset <= byteCount && buffer.count <= byteCount - offset,
            "a range outside the file was not refused earlier")
        guard buffer.count > 0 else { return }
        if file == nil {
            memory.withUnsafeBytes { bytes in
                buffer.copyMemory(
                    from: UnsafeRawBufferPointer(rebasing: bytes[offset..<(offset + buffer.count)]))
            }
            return
        }
        do throws(FileError) {
            try file?.read(into: buffer, at: offset)
        } catch {
            throw .file(error)
        }
    }

    /// The bytes of a range that has been checked against ``byteCount``.
    func bytes(_ range: Range<Int>) throws(TensorFileError) -> [UInt8] {
        var failure: TensorFileError?
        let result = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
            do throws(TensorFileError) {
                let room = UnsafeMutableRawBufferPointer(
                    rebasing: UnsafeMutableRawBufferPointer(buffer)[..<range.count])
                try read(into: room, at: range.lowerBound)
                count = range.count
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return result
    }
}
