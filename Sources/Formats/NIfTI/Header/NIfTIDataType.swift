/// The type of a stored voxel, by the code of the NIfTI header.
///
/// - Source: NIfTI-1 and NIfTI-2 standard headers, field `datatype`.
public enum NIfTIDataType: Int, Hashable, Sendable, CaseIterable {
    /// One bit per voxel; recognised, not read.
    case bit = 1
    /// Unsigned 8-bit integers.
    case uint8 = 2
    /// Signed 16-bit integers.
    case int16 = 4
    /// Signed 32-bit integers.
    case int32 = 8
    /// 32-bit floats.
    case float32 = 16
    /// Pairs of 32-bit floats; recognised, not read.
    case complex64 = 32
    /// 64-bit floats.
    case float64 = 64
    /// Red, green and blue bytes.
    case rgb24 = 128
    /// Signed 8-bit integers.
    case int8 = 256
    /// Unsigned 16-bit integers.
    case uint16 = 512
    /// Unsigned 32-bit integers.
    case uint32 = 768
    /// Signed 64-bit integers.
    case int64 = 1024
    /// Unsigned 64-bit integers.
    case uint64 = 1280
    /// 128-bit floats; recognised, not read.
    case float128 = 1536
    /// Pairs of 64-bit floats; recognised, not read.
    case complex128 = 1792
    /// Pairs of 128-bit floats; recognised, not read.
    case complex256 = 2048
    /// Red, green, blue and alpha bytes; recognised, not read.
    case rgba32 = 2304

    /// The number the header stores.
    public var code: Int { rawValue }

    /// The name as numpy spells it, for example `int16`.
    public var name: String { "\(self)" }

    /// Bits of one voxel, the value that belongs into the field `bitpix`.
    public var bitsPerVoxel: Int {
        switch self {
        case .bit: 1
        case .uint8, .int8: 8
        case .int16, .uint16: 16
        case .rgb24: 24
        case .int32, .uint32, .float32, .rgba32: 32
        case .float64, .int64, .uint64, .complex64: 64
        case .float128, .complex128: 128
        case .complex256: 256
        }
    }

    /// Bytes of one voxel; 0 for single bits.
    public var bytesPerVoxel: Int { bitsPerVoxel / 8 }

    /// Whether voxels of this type can be read; single bits, complex numbers, 128-bit floats and RGBA are refused.
    public var isReadable: Bool {
        switch self {
        case .bit, .complex64, .complex128, .complex256, .float128, .rgba32: false
        default: true
        }
    }

    /// The names of the types that can be read, for messages.
    static var readableNames: String {
        allCases.filter(\.isReadable).map(\.name).joined(separator: ", ")
    }
}
