/// What one array in a file is, without its values.
public struct HDF5DatasetInfo: Sendable, Hashable {
    /// The type of the stored values.
    public enum StoredType: Sendable, Hashable {
        /// One of the ten number types; booleans of h5py count as `int8`.
        case number(HDF5ElementType, bigEndian: Bool)
        /// IEEE 754 half precision, 2 bytes; reads as any floating-point type.
        case float16(bigEndian: Bool)
        /// Strings of a fixed number of bytes.
        case fixedString(byteCount: Int)
    }

    /// One step of the filter pipeline, in the order in which it was applied when writing.
    public enum Filter: Sendable, Hashable {
        /// Bytes of equal weight stand together.
        case shuffle
        /// A zlib stream (RFC 1950) made at some level.
        case deflate(level: Int)
        /// Four bytes of checksum follow the data.
        case fletcher32
    }

    /// Extents, slowest first; `[]` for a single value, `[0]` for an array without any.
    public let shape: [Int]
    /// The type of the stored values.
    public let type: StoredType
    /// Extents of one chunk; `nil` when the array lies in one piece.
    public let chunk: [Int]?
    /// The filters of every chunk; empty when the array lies in one piece.
    public let filters: [Filter]
    /// Bytes the values take in the file, compressed; 0 when nothing was written.
    public let storedBytes: Int
    /// Bytes of one stored value.
    public let elementBytes: Int

    /// How many values there are.
    public var count: Int { shape.reduce(1, *) }

    /// Whether stored values are whole numbers.
    var storesIntegers: Bool { elementType?.isInteger ?? false }

    /// The number type, or `nil` for half precision and strings.
    public var elementType: HDF5ElementType? {
        if case .number(let type, _) = type { type } else { nil }
    }
}
