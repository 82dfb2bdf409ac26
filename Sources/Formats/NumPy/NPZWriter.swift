internal import DeflateCompression
internal import ZipContainers

/// Writes an archive of arrays piece by piece, without holding it in memory.
///
/// Members are stored, not deflated, in the order they are added, all dated 1980-01-01 00:00:
/// equal arrays give equal bytes. Archives and members beyond 4 GiB get zip64 records.
///
///     var writer = NPZWriter { piece in try file.write(piece) }
///     try writer.add("image", shape: [512, 512], type: .float32, bytes: pixels)
///     try writer.finish()
public struct NPZWriter: ~Copyable {
    /// Takes the next bytes of the file; they are only valid during the call.
    public typealias Sink = (UnsafeRawBufferPointer) throws -> Void

    private let sink: Sink
    /// Sizes and offsets from here on are written in zip64 form; lower in tests only.
    private let wideFrom: Int
    private var offset = 0
    private var members: [ZipMember] = []
    private var names: Set<String> = []

    /// Starts an archive.
    ///
    /// - Parameter sink: Takes the bytes of the file in order. What it throws comes out of ``add(_:_:)`` and
    ///   ``finish()`` unchanged; the file is then incomplete and the writer must not be used again.
    public init(sink: @escaping Sink) {
        self.init(wideFrom: 0xffff_ffff, sink: sink)
    }

    init(wideFrom: Int, sink: @escaping Sink) {
        self.sink = sink
        self.wideFrom = wideFrom
    }

    /// Adds an array.
    ///
    /// - Parameters:
    ///   - name: The key under which NumPy finds it, without `.npy`.
    ///   - array: The array.
    /// - Throws: ``NumPyError/unwritable(name:found:expected:)`` for a name that is not allowed or given twice;
    ///   whatever the sink throws.
    public mutating func add(_ name: String, _ array: NPYArray) throws {
        try array.bytes.withUnsafeBytes { bytes in
            try add(name, shape: array.shape, type: array.type, bytes: bytes)
        }
    }

    /// Adds an array whose elements lie in memory; they are read twice and not copied.
    ///
    /// - Parameters:
    ///   - name: The key under which NumPy finds it, without `.npy`.
    ///   - shape: The length of each axis; empty for a single element.
    ///   - type: The type of the elements.
    ///   - bytes: The elements, little-endian in C order.
    /// - Throws: ``NumPyError/unwritable(name:found:expected:)`` when the bytes do not fit the shape, or for a name
    ///   that is not allowed or given twice; whatever the sink throws.
    public mutating func add(
        _ name: String, shape: [Int], type: NPYType, bytes: UnsafeRawBufferPointer
    ) throws {
        try NPYArray.check(shape: shape, type: type, bytes: bytes.count, name: name)
        guard ZipMember.isPlain(name), name.utf8.count <= 1024 else {
            throw NumPyError.unwritable(
                name: "NumPy archive", found: "a member named \(name.debugDescription)",
                expected: "a relative name without \\, .. or control characters")
        }
        guard names.insert(name).inserted else {
            throw NumPyError.unwritable(
                name: "NumPy archive", found: "two members named \(name)",
                expected: "each name once")
        }
        let header = NPY.header(checkedShape: shape, type: type)
        // The checksum stands before the data in the file, hence the first of the two readings.
        let checksum = CRC32.checksum(
            of: bytes, continuing: header.withUnsafeBytes { CRC32.checksum(of: $0) })
        let member = ZipMember(
            name: name + ".npy", method: 0, checksum: checksum,
            compressedSize: header.count + bytes.count, size: header.count + bytes.count,
            offset: offset)
        try write(member.localHeader(wideFrom: wideFrom))
        try write(header)
        try sink(bytes)
        offset += bytes.count
        members.append(member)
    }

    /// Writes the directory that ends the archive.
    ///
    /// - Throws: Whatever the sink throws.
    public consuming func finish() throws {
        let start = offset
        for member in members { try write(member.directoryEntry(wideFrom: wideFrom)) }
        let end = ZipEnd(members: members.count, offset: start, size: offset - start)
        try write(end.records(wideFrom: wideFrom))
    }

    private mutating func write(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes(sink)
        offset += bytes.count
    }
}
