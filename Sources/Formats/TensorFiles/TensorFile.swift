import Synchronization

/// A checkpoint on disk: `.pth` of PyTorch (zip and the older container) or `.safetensors`, told apart by content.
///
/// Opening reads names, types and shapes; elements are read when they are asked for, so that a file of several gigabytes
/// is never in memory whole. Nothing in a file is executed: pickles are followed instruction by instruction with
/// allow-lists, and everything else is refused by name. Views, with any offset and strides, come out in row-major order.
///
///     let file = try TensorFile.open("sam_vit_b_01ec64.pth")
///     let weights = try file.floats(of: "mask_decoder.iou_token.weight")
public final class TensorFile: Sendable {
    /// The container a file uses.
    public enum Container: String, Hashable, Sendable {
        /// Zip archive of `torch.save` since PyTorch 1.6.
        case torchArchive
        /// Pickles and storages one behind the other, as `torch.save` wrote before.
        case torchStream
        /// Header and elements of `.safetensors`.
        case safetensors
    }

    /// The path, or the name given to bytes in memory.
    public let path: String
    /// The container the file uses.
    public let container: Container
    /// The bytes of the file.
    public let byteCount: Int

    let source: TensorSource
    let contents: TensorContents
    let limits: TensorFileLimits
    private let places: [String: Int]
    /// Storages whose checksum has been compared.
    private let verified = Mutex<Set<Int>>([])

    /// Opens a file and reads what it holds, without the elements.
    ///
    /// - Parameters:
    ///   - path: The path of a regular file.
    ///   - limits: The largest file to accept.
    /// - Returns: The open file.
    /// - Throws: ``TensorFileError`` when it is missing, of another format, damaged, too large, or asks for something
    ///   that is never done.
    public static func open(
        _ path: String, limits: TensorFileLimits = .standard
    ) throws(TensorFileError) -> TensorFile {
        try TensorFile(try TensorSource(path: path), limits: limits)
    }

    /// Opens a file that lies in memory.
    ///
    /// - Parameters:
    ///   - bytes: The whole file.
    ///   - name: What error messages call it.
    ///   - limits: The largest file to accept.
    /// - Throws: ``TensorFileError`` as ``open(_:limits:)``.
    public convenience init(
        _ bytes: [UInt8], named name: String = "tensor file", limits: TensorFileLimits = .standard
    ) throws(TensorFileError) {
        try self.init(TensorSource(bytes, named: name), limits: limits)
    }

    private init(_ source: TensorSource, limits: TensorFileLimits) throws(TensorFileError) {
        self.source = source
        self.limits = limits
        path = source.name
        byteCount = source.byteCount
        container = try FileStart.container(of: source)
        let contents =
            switch container {
            case .torchArchive: try TorchArchive.read(source, limits: limits)
            case .torchStream: try TorchStream.read(source, limits: limits)
            case .safetensors: try SafetensorsHeader.read(source, limits: limits)
            }
        self.contents = contents
        places = Dictionary(
            uniqueKeysWithValues: contents.entries.indices.map { (contents.entries[$0].name, $0) })
    }

    /// The tensors in the order of the file; names of nested dictionaries are joined by `|`.
    public var entries: [TensorEntry] { contents.entries }

    /// Texts and numbers beside the tensors: `__metadata__` of a `.safetensors` file, or what a training checkpoint keeps,
    /// for example `epoch`, under names joined as those of tensors.
    public var metadata: [String: String] { contents.metadata }

    /// A tensor's description.
    ///
    /// - Parameter name: Its name in ``entries``.
    /// - Returns: `nil` when there is none.
    public func entry(named name: String) -> TensorEntry? { places[name].map { entries[$0] } }

    /// The place of a tensor in the file's lists.
    func place(of name: String) throws(TensorFileError) -> Int {
        guard let place = places[name] else {
            throw .noSuchTensor(file: path, name: "tensor \(name)", present: entries.map(\.name))
        }
        return place
    }

    /// Whether the checksum of a storage has been compared, or need not be.
    func isVerified(_ storage: Int) -> Bool {
        !limits.verifiesChecksums || contents.storages[storage].checksum == nil
            || verified.withLock { $0.contains(storage) }
    }

    /// Compares the checksum of a storage with that of its bytes.
    func compare(_ checksum: UInt32, of storage: Int) throws(TensorFileError) {
        try contents.storages[storage].compare(checksum)
        verified.withLock { _ = $0.insert(storage) }
    }
}
