/// How much a file of tensors may announce before it is refused.
public struct TensorFileLimits: Hashable, Sendable {
    /// The most bytes of one tensor, in the file and as float32.
    public var tensorBytes = 1 << 32
    /// The most tensors of one file.
    public var tensors = 1 << 17
    /// The most elements of a view that repeats elements of its storage; what is stored is not limited by it.
    public var repeatedElements = 1 << 24
    /// The most bytes of the pickle that describes the tensors.
    public var pickleBytes = 1 << 26
    /// The most values a pickle may make.
    public var pickleValues = 1 << 22
    /// How deep lists, tuples and dictionaries of a pickle may be nested.
    public var pickleDepth = 64
    /// The most bytes of a `.safetensors` header; the format itself allows 100 MB.
    public var headerBytes = 100_000_000
    /// Whether the checksum of every stored tensor of a zip container is compared when it is first read.
    ///
    /// Turn it off for files saved with `torch.serialization.set_crc32_options(False)`.
    public var verifiesChecksums = true

    /// Makes the standard limits: 4 GiB a tensor, 131 072 tensors.
    public init() {}

    /// 4 GiB a tensor, 131 072 tensors.
    public static let standard = TensorFileLimits()
}
