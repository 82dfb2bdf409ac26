internal import CHDF5

/// The number types an array in a file may have; stored little endian by ``HDF5Writer``.
public enum HDF5ElementType: String, Sendable, Hashable, CaseIterable {
    /// Signed, 1 byte.
    case int8
    /// Unsigned, 1 byte.
    case uint8
    /// Signed, 2 bytes.
    case int16
    /// Unsigned, 2 bytes.
    case uint16
    /// Signed, 4 bytes.
    case int32
    /// Unsigned, 4 bytes.
    case uint32
    /// Signed, 8 bytes.
    case int64
    /// Unsigned, 8 bytes.
    case uint64
    /// IEEE 754 single precision, 4 bytes.
    case float32
    /// IEEE 754 double precision, 8 bytes.
    case float64

    /// Bytes of one number.
    public var byteCount: Int {
        switch self {
        case .int8, .uint8: 1
        case .int16, .uint16: 2
        case .int32, .uint32, .float32: 4
        case .int64, .uint64, .float64: 8
        }
    }

    /// Whether values are whole numbers.
    public var isInteger: Bool { self != .float32 && self != .float64 }

    /// The library's type for values in this process's memory; owned by the library.
    var memoryType: hid_t {
        switch self {
        case .int8: samdata_h5t_native_int8()
        case .uint8: samdata_h5t_native_uint8()
        case .int16: samdata_h5t_native_int16()
        case .uint16: samdata_h5t_native_uint16()
        case .int32: samdata_h5t_native_int32()
        case .uint32: samdata_h5t_native_uint32()
        case .int64: samdata_h5t_native_int64()
        case .uint64: samdata_h5t_native_uint64()
        case .float32: samdata_h5t_native_float32()
        case .float64: samdata_h5t_native_float64()
        }
    }

    /// The library's type for values in a file; owned by the library.
    func fileType(bigEndian: Bool = false) -> hid_t {
        let big: Int32 = bigEndian ? 1 : 0
        return switch self {
        case .int8: samdata_h5t_int8(big)
        case .uint8: samdata_h5t_uint8(big)
        case .int16: samdata_h5t_int16(big)
        case .uint16: samdata_h5t_uint16(big)
        case .int32: samdata_h5t_int32(big)
        case .uint32: samdata_h5t_uint32(big)
        case .int64: samdata_h5t_int64(big)
        case .uint64: samdata_h5t_uint64(big)
        case .float32: samdata_h5t_float32(big)
        case .float64: samdata_h5t_float64(big)
        }
    }
}

/// A Swift number that an array in a file can hold: the ten types of ``HDF5ElementType``.
///
/// Only this module may add conformances: memory is handed to the C library by the type named here.
public protocol HDF5Element: BitwiseCopyable, Sendable {
    /// The type in the file.
    static var hdf5Type: HDF5ElementType { get }
}

extension Int8: HDF5Element {
    /// Stored as ``HDF5ElementType/int8``.
    public static var hdf5Type: HDF5ElementType { .int8 }
}
extension UInt8: HDF5Element {
    /// Stored as ``HDF5ElementType/uint8``.
    public static var hdf5Type: HDF5ElementType { .uint8 }
}
extension Int16: HDF5Element {
    /// Stored as ``HDF5ElementType/int16``.
    public static var hdf5Type: HDF5ElementType { .int16 }
}
extension UInt16: HDF5Element {
    /// Stored as ``HDF5ElementType/uint16``.
    public static var hdf5Type: HDF5ElementType { .uint16 }
}
extension Int32: HDF5Element {
    /// Stored as ``HDF5ElementType/int32``.
    public static var hdf5Type: HDF5ElementType { .int32 }
}
extension UInt32: HDF5Element {
    /// Stored as ``HDF5ElementType/uint32``.
    public static var hdf5Type: HDF5ElementType { .uint32 }
}
extension Int64: HDF5Element {
    /// Stored as ``HDF5ElementType/int64``.
    public static var hdf5Type: HDF5ElementType { .int64 }
}
extension UInt64: HDF5Element {
    /// Stored as ``HDF5ElementType/uint64``.
    public static var hdf5Type: HDF5ElementType { .uint64 }
}
extension Float: HDF5Element {
    /// Stored as ``HDF5ElementType/float32``.
    public static var hdf5Type: HDF5ElementType { .float32 }
}
extension Double: HDF5Element {
    /// Stored as ``HDF5ElementType/float64``.
    public static var hdf5Type: HDF5ElementType { .float64 }
}
