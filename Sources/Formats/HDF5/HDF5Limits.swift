/// How much memory a file may ask for, compared before anything is allocated, and how far it is trusted.
public struct HDF5Limits: Sendable, Hashable {
    /// The most bytes one read may return; 4 GiB by default.
    public var arrayBytes: Int
    /// The most bytes one chunk may hold uncompressed; 64 MiB by default.
    public var chunkBytes: Int
    /// The most bytes one attribute may hold; 16 MiB by default.
    public var attributeBytes: Int
    /// The most names one group, or one object's attributes, may list; one million by default.
    public var names: Int
    /// Whether attributes that are strings of variable length are read; not by default.
    ///
    /// The library follows the heap such strings live in without checking it: a few changed bytes make 1.10.8 crash or loop
    /// for ever. Set this for files whose origin or checksum is known.
    public var allowsVariableStrings: Bool

    /// Makes limits.
    ///
    /// - Parameters:
    ///   - arrayBytes: The most bytes one read may return.
    ///   - chunkBytes: The most bytes one chunk may hold uncompressed.
    ///   - attributeBytes: The most bytes one attribute may hold.
    ///   - names: The most names one group or one object's attributes may list.
    ///   - allowsVariableStrings: Whether attributes that are strings of variable length are read.
    public init(
        arrayBytes: Int = 4 << 30, chunkBytes: Int = 64 << 20, attributeBytes: Int = 16 << 20,
        names: Int = 1_000_000, allowsVariableStrings: Bool = false
    ) {
        self.arrayBytes = arrayBytes
        self.chunkBytes = chunkBytes
        self.attributeBytes = attributeBytes
        self.names = names
        self.allowsVariableStrings = allowsVariableStrings
    }

    /// The defaults: enough for a CT volume of 512 x 512 x 4000 voxels in 32 bits.
    public static let `default` = HDF5Limits()

    /// The most a deflate stream can expand: 258 bytes from two bits, RFC 1951.
    static let deflateExpansion = 1032

    /// Arrays up to this size need not be backed by stored bytes; larger claims must be plausible.
    static let unbackedBytes = 64 << 20

    /// Bytes of an array, or `nil` when the product overflows.
    static func byteCount(of shape: [Int], elementBytes: Int) -> Int? {
        var total = elementBytes
        for extent in shape {
            guard extent >= 0 else { return nil }
            let (product, overflow) = total.multipliedReportingOverflow(by: extent)
            guard !overflow else { return nil }
            total = product
        }
        return total
    }
}
