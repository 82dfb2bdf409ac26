internal import SafeFiles

/// Writes a `.safetensors` file tensor by tensor, without holding it in memory.
///
/// The header comes first, so all tensors are announced at the start; their elements follow in ``order``: larger
/// element types first and then by name, so that every tensor lies at a multiple of its element size. The file appears
/// under its name when it is whole. Equal tensors and metadata give equal bytes.
///
///     var writer = try SafetensorsWriter(path: path, tensors: entries, metadata: ["format": "pt"])
///     for entry in writer.order { try writer.write(elements(of: entry), of: entry.name) }
///     try writer.finish()
///
/// - Source: the safetensors format; order and padding as in its reference implementation.
public struct SafetensorsWriter: ~Copyable {
    /// The tensors in the order in which their elements must be written.
    public let order: [TensorEntry]

    private var file: AtomicFile
    private let path: String
    /// The tensor being written, and how many of its bytes are.
    private var current = 0
    private var written = 0

    /// Starts a file with its header.
    ///
    /// - Parameters:
    ///   - path: Where the file will be; an existing file is replaced at the end.
    ///   - tensors: All tensors, in any order; may be empty.
    ///   - metadata: Texts by name; an empty dictionary is not written.
    /// - Throws: ``TensorFileError`` for a name that is empty, reserved, longer than 1 024 bytes or given twice, for a
    ///   header beyond 100 MB, and when the file cannot be created.
    public init(
        path: String, tensors: [TensorEntry], metadata: [String: String] = [:]
    ) throws(TensorFileError) {
        let order = Self.sorted(tensors)
        let header = try Self.header(order, metadata: metadata, path: path)
        file = try Self.start(path, header)
        self.order = order
        self.path = path
    }

    private static func start(
        _ path: String, _ header: [UInt8]
    ) throws(TensorFileError) -> AtomicFile {
        do throws(FileError) {
            var file = try AtomicFile(path: path)
            let span = header.span.bytes
            try span.withUnsafeBytes { (raw) throws(FileError) in try file.write(raw) }
            return file
        } catch {
            throw .file(error)
        }
    }

    /// Writes the elements of the next tensor, or the next piece of them.
    ///
    /// - Parameters:
    ///   - bytes: Elements, little-endian and row-major; may be empty.
    ///   - name: The tensor they belong to.
    /// - Throws: ``TensorFileError`` when it is not that tensor's turn, there are more bytes than it has room for, or
    ///   writing fails.
    public mutating func write(
        _ bytes: UnsafeRawBufferPointer, of name: String
    ) throws(TensorFileError) {
        skipFull(except: name)
        guard current < order.count, order[current].name == name else {
            throw .unwritable(
                file: path, name: name, found: "its elements now",
                expected: current < order.count
                    ? "those of \(order[current].name) first, from byte \(written)"
                    : "no more tensors")
        }
        guard bytes.count <= order[current].byteCount - written else {
            throw .unwritable(
                file: path, name: name, found: "\(written + bytes.count) bytes",
                expected: "the \(order[current].byteCount) of shape \(order[current].shape)")
        }
        do throws(FileError) {
            try file.write(bytes)
        } catch {
            throw .file(error)
        }
        written += bytes.count
    }

    /// Writes the elements of the next tensor, or the next piece of them, from an array.
    ///
    /// - Parameters:
    ///   - bytes: Elements, little-endian and row-major; may be empty.
    ///   - name: The tensor they belong to.
    /// - Throws: ``TensorFileError`` as the other form.
    public mutating func write(_ bytes: [UInt8], of name: String) throws(TensorFileError) {
        let span = bytes.span.bytes
        try span.withUnsafeBytes { (raw) throws(TensorFileError) in try write(raw, of: name) }
    }

    /// Publishes the file under its name.
    ///
    /// - Throws: ``TensorFileError`` when elements are missing, or the file cannot be published; nothing is left behind then.
    public consuming func finish() throws(TensorFileError) {
        skipFull(except: nil)
        if current < order.count {
            throw .unwritable(
                file: path, name: order[current].name, found: "\(written) bytes",
                expected: "\(order[current].byteCount)")
        }
        do throws(FileError) {
            try file.publish()
        } catch {
            throw .file(error)
        }
    }

    /// Moves on to the next tensor with room; empty tensors need no call of their own.
    private mutating func skipFull(except name: String?) {
        while current < order.count, order[current].name != name,
            written == order[current].byteCount
        {
            current += 1
            written = 0
        }
    }
}
