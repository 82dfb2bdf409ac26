/// The type of an array's elements, by the name NumPy gives it.
public enum NPYType: String, Hashable, Sendable, CaseIterable {
    /// True and false, one byte each.
    case bool
    /// Whole numbers, −128...127.
    case int8
    /// Whole numbers, 0...255.
    case uint8
    /// Whole numbers of 16 bits with sign.
    case int16
    /// Whole numbers of 16 bits without sign.
    case uint16
    /// Whole numbers of 32 bits with sign.
    case int32
    /// Whole numbers of 32 bits without sign.
    case uint32
    /// Whole numbers of 64 bits with sign.
    case int64
    /// Whole numbers of 64 bits without sign.
    case uint64
    /// IEEE 754 single precision.
    case float32
    /// IEEE 754 double precision.
    case float64

    /// The bytes of one element.
    public var size: Int {
        switch self {
        case .bool, .int8, .uint8: 1
        case .int16, .uint16: 2
        case .int32, .uint32, .float32: 4
        case .int64, .uint64, .float64: 8
        }
    }

    /// The type in the notation of a file header, little-endian: `|u1`, `<i2`, `<f4` and so on.
    public var descr: String { (size == 1 ? "|" : "<") + code }

    /// The letter and the size, without the byte order.
    private var code: String {
        switch self {
        case .bool: "b1"
        case .int8: "i1"
        case .uint8: "u1"
        case .int16: "i2"
        case .uint16: "u2"
        case .int32: "i4"
        case .uint32: "u4"
        case .int64: "i8"
        case .uint64: "u8"
        case .float32: "f4"
        case .float64: "f8"
        }
    }

    /// Reads the notation of a file header, such as `>i2`; `nil` for any type or byte order not listed here.
    static func parse(descr: String) -> (type: NPYType, isBigEndian: Bool)? {
        guard let order = descr.utf8.first,
            let type = allCases.first(where: { $0.code == descr.dropFirst() })
        else { return nil }
        switch order {
        case UInt8(ascii: "<"): return (type, false)
        case UInt8(ascii: ">"): return (type, true)
        // One byte has no order; for wider elements "|" would leave it open.
        case UInt8(ascii: "|") where type.size == 1: return (type, false)
        default: return nil
        }
    }
}

/// A Swift type that is stored as one of ``NPYType``.
public protocol NPYElement: BitwiseCopyable, Sendable {
    /// The type in the file.
    static var npyType: NPYType { get }
}

extension Int8: NPYElement {
    /// The type in the file.
    public static var npyType: NPYType { .int8 }
}

extension UInt8: NPYElement {
    /// The type in the file.
    public static var npyType: NPYType { .uint8 }
}

extension Int16: NPYElement {
    /// The type in the file.
    public static var npyType: NPYType { .int16 }
}

extension UInt16: NPYElement {
    /// The type in the file.
    public static var npyType: NPYType { .uint16 }
}

extension Int32: NPYElement {
    /// The type in the file.
    public static var npyType: NPYType { .int32 }
}

extension UInt32: NPYElement {
    /// The type in the file.
    public static var npyType: NPYType { .uint32 }
}

extension Int64: NPYElement {
    /// The type in the file.
    public static var npyType: NPYType { .int64 }
}

extension UInt64: NPYElement {
    /// The type in the file.
    public static var npyType: NPYType { .uint64 }
}

extension Float: NPYElement {
    /// The type in the file.
    public static var npyType: NPYType { .float32 }
}

extension Double: NPYElement {
    /// The type in the file.
    public static var npyType: NPYType { .float64 }
}
