/// The type of the elements of a tensor in a file; always little-endian there.
public enum TensorElementType: String, CaseIterable, Hashable, Sendable {
    /// IEEE 754 double precision, 8 bytes.
    case float64
    /// IEEE 754 single precision, 4 bytes.
    case float32
    /// IEEE 754 half precision, 2 bytes.
    case float16
    /// The upper half of a float32, 2 bytes.
    case bfloat16
    /// Signed, 8 bytes.
    case int64
    /// Signed, 4 bytes.
    case int32
    /// Signed, 2 bytes.
    case int16
    /// Signed, 1 byte.
    case int8
    /// Unsigned, 1 byte.
    case uint8
    /// One byte: 0 for false.
    case bool

    /// The bytes of one element.
    public var byteCount: Int {
        switch self {
        case .float64, .int64: 8
        case .float32, .int32: 4
        case .float16, .bfloat16, .int16: 2
        case .int8, .uint8, .bool: 1
        }
    }

    /// The name in a `.safetensors` header.
    var safetensorsName: String {
        switch self {
        case .float64: "F64"
        case .float32: "F32"
        case .float16: "F16"
        case .bfloat16: "BF16"
        case .int64: "I64"
        case .int32: "I32"
        case .int16: "I16"
        case .int8: "I8"
        case .uint8: "U8"
        case .bool: "BOOL"
        }
    }

    /// The name of the storage class in a `.pth` file, without `torch.`.
    var storageName: String {
        switch self {
        case .float64: "DoubleStorage"
        case .float32: "FloatStorage"
        case .float16: "HalfStorage"
        case .bfloat16: "BFloat16Storage"
        case .int64: "LongStorage"
        case .int32: "IntStorage"
        case .int16: "ShortStorage"
        case .int8: "CharStorage"
        case .uint8: "ByteStorage"
        case .bool: "BoolStorage"
        }
    }
}
