import SafeFiles
import TensorFiles
public import Tensors

/// A checkpoint of Segment Anything in one HDF5 file that describes itself.
///
/// Opening reads names, shapes and checksums; elements are read when they are asked for, each tensor straight from its place
/// in the file, and compared with their checksum on the way. The format is specified in <doc:CheckpointFile>.
///
/// ```swift
/// let checkpoint = try Checkpoint.open("sam_vit_b.h5")
/// let model = try SAM(checkpoint: checkpoint)
/// ```
///
/// Unchecked because `ReadableFile` does not say that it may be shared: it holds a descriptor that never changes and reads at
/// given positions, which threads may do at once.
public final class Checkpoint: TensorSource, @unchecked Sendable {
    /// The path as the caller gave it.
    public let path: String
    /// The bytes of the file.
    public let byteCount: Int
    /// What the file says of itself.
    public let header: CheckpointHeader
    /// The version of the format the file was written in, for example `1.0`.
    public let version: String
    /// The tensors, names ascending.
    public let tensors: [CheckpointTensor]
    /// How the tensors fit the architecture; nothing fatal, at most unused ones.
    public let report: WeightReader.Report
    /// Whether tensors are compared with their checksums when they are read.
    public let verifiesChecksums: Bool

    private let file: ReadableFile
    private let places: [String: Int]

    /// Opens a file.
    ///
    /// - Complexity: O(*n*) in the number of tensors; no elements are read.
    /// - Parameters:
    ///   - path: The path of a regular file.
    ///   - verifiesChecksums: Whether tensors are compared with their checksums when they are read, about 0.5 s for 1 GB.
    /// - Returns: The open checkpoint.
    /// - Throws: ``CheckpointError`` when it is missing, of another format or version, damaged, or its tensors do not fit its
    ///   architecture.
    public static func open(
        _ path: String, verifiesChecksums: Bool = true
    ) throws(CheckpointError) -> Checkpoint {
        let contents = try CheckpointContents.read(path)
        do throws(FileError) {
            return Checkpoint(
                path, contents, file: try ReadableFile(path: path),
                verifiesChecksums: verifiesChecksums)
        } catch {
            throw .file(error)
        }
    }

    private init(
        _ path: String, _ contents: CheckpointContents, file: consuming ReadableFile,
        verifiesChecksums: Bool
    ) {
        self.path = path
        self.verifiesChecksums = verifiesChecksums
        byteCount = file.size
        self.file = file
        header = contents.header
        version = contents.version
        tensors = contents.tensors
        report = contents.report
        places = Dictionary(
            uniqueKeysWithValues: contents.tensors.indices.map { (contents.tensors[$0].name, $0) })
    }

    /// The architecture, with the preprocessing that belongs to it.
    public var configuration: SAMConfiguration { header.configuration }

    /// The type all floating-point tensors have; `nil` when they differ.
    public var precision: CheckpointPrecision? { CheckpointContents.precision(of: tensors) }

    /// The names of the tensors, ascending.
    public var tensorNames: [String] { tensors.map(\.name) }

    /// A tensor's description.
    ///
    /// - Parameter name: The published name.
    /// - Returns: `nil` when there is none.
    public func entry(named name: String) -> CheckpointTensor? { places[name].map { tensors[$0] } }

    /// The shape of a tensor.
    ///
    /// - Parameter name: The published name.
    /// - Returns: The dimensions; `nil` when there is none of this name.
    public func shape(of name: String) -> [Int]? { entry(named: name)?.shape }

    /// Reads a tensor as float32.
    ///
    /// - Complexity: O(*n*), straight into the result; besides it at most 1 MiB.
    /// - Parameter name: The published name.
    /// - Returns: Its values; half and bfloat16 widened exactly.
    /// - Throws: ``CheckpointError`` when there is none of this name, or its bytes are not those of its checksum.
    public func tensor(named name: String) throws -> Tensor {
        let entry = try require(name)
        var tensor = Tensor(uninitialized: entry.shape)
        try tensor.withMutableValues { values throws(CheckpointError) in
            if entry.elementType == .float32, Self.isLittleEndian {
                try read(entry, into: UnsafeMutableRawBufferPointer(values))
                return
            }
            let size = entry.elementType.byteCount
            try pieces(of: entry) { piece, offset in
                let first = offset / size
                let part = values[first..<(first + piece.count / size)]
                FloatConversion.convert(
                    piece, of: entry.elementType, into: UnsafeMutableBufferPointer(rebasing: part))
            }
        }
        return tensor
    }

    /// Reads the elements of a tensor as they are stored.
    ///
    /// - Parameter name: The published name.
    /// - Returns: The bytes, little-endian and row-major.
    /// - Throws: ``CheckpointError`` as ``tensor(named:)``.
    public func bytes(of name: String) throws(CheckpointError) -> [UInt8] {
        let entry = try require(name)
        var failure: CheckpointError?
        let result = [UInt8](unsafeUninitializedCapacity: entry.byteCount) { buffer, made in
            do throws(CheckpointError) {
                try read(
                    entry,
                    into: UnsafeMutableRawBufferPointer(
                        rebasing: UnsafeMutableRawBufferPointer(buffer)[..<entry.byteCount]))
                made = entry.byteCount
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return result
    }

    /// Reads every tensor and compares it with its checksum.
    ///
    /// - Complexity: One read of the file, about 0.5 s for 1 GB besides the disk; 1 MiB of memory.
    /// - Returns: The names of the tensors whose bytes are others; empty when the file is sound.
    /// - Throws: ``CheckpointError`` when the file cannot be read.
    public func verify() throws(CheckpointError) -> [String] {
        var damaged: [String] = []
        for entry in tensors {
            var stream = SHA256Stream()
            try rawPieces(of: entry) { piece, _ in stream.update(piece) }
            if stream.finish() != entry.sha256 { damaged.append(entry.name) }
        }
        return damaged
    }

    private func require(_ name: String) throws(CheckpointError) -> CheckpointTensor {
        guard let entry = entry(named: name) else {
            throw .unsupported(
                file: path, place: "tensor \(OneLine.text(name))", found: "none of this name",
                expected: "one of its \(tensors.count) tensors; list them with"
                    + " `samdata checkpoint show`")
        }
        return entry
    }

    private static var isLittleEndian: Bool { 1.littleEndian == 1 }

    /// Fills memory with the stored bytes of a tensor.
    private func read(
        _ entry: CheckpointTensor, into memory: UnsafeMutableRawBufferPointer
    ) throws(CheckpointError) {
        precondition(memory.count == entry.byteCount)
        do throws(FileError) {
            try file.read(into: memory, at: entry.place.lowerBound)
        } catch {
            throw .file(error)
        }
        guard verifiesChecksums else { return }
        try compare(ContentDigest.sha256(of: UnsafeRawBufferPointer(memory)), entry)
    }

    /// Reads a tensor in pieces of 1 MiB, a multiple of every element's size, and compares the checksum at the end.
    private func pieces(
        of entry: CheckpointTensor, _ use: (UnsafeRawBufferPointer, Int) -> Void
    ) throws(CheckpointError) {
        guard verifiesChecksums else { return try rawPieces(of: entry, use) }
        var stream = SHA256Stream()
        try rawPieces(of: entry) { piece, offset in
            stream.update(piece)
            use(piece, offset)
        }
        try compare(stream.finish(), entry)
    }

    private func rawPieces(
        of entry: CheckpointTensor, _ use: (UnsafeRawBufferPointer, Int) -> Void
    ) throws(CheckpointError) {
        guard entry.byteCount > 0 else { return }
        let memory = UnsafeMutableRawBufferPointer.allocate(
            byteCount: min(1 << 20, entry.byteCount), alignment: 64)
        defer { memory.deallocate() }
        var offset = 0
        while offset < entry.byteCount {
            let part = UnsafeMutableRawBufferPointer(
                rebasing: memory[..<min(memory.count, entry.byteCount - offset)])
            do throws(FileError) {
                try file.read(into: part, at: entry.place.lowerBound + offset)
            } catch {
                throw .file(error)
            }
            use(UnsafeRawBufferPointer(part), offset)
            offset += part.count
        }
    }

    private func compare(_ found: String, _ entry: CheckpointTensor) throws(CheckpointError) {
        guard found == entry.sha256 else {
            throw .damaged(
                file: path, place: "tensor \(entry.name)", found: "SHA-256 \(found.prefix(12))...",
                expected: "\(entry.sha256.prefix(12))...; the file was changed, import it again")
        }
    }
}
