/// The type samples come out as.
public enum TIFFSampleType: String, Hashable, Sendable, CaseIterable {
    /// Unsigned integers of 1 to 8 bits.
    case uint8
    /// Signed integers of 8 bits.
    case int8
    /// Unsigned integers of 9 to 16 bits.
    case uint16
    /// Signed integers of 16 bits.
    case int16
    /// Unsigned integers of 32 bits.
    case uint32
    /// Signed integers of 32 bits.
    case int32
    /// Unsigned integers of 64 bits.
    case uint64
    /// Signed integers of 64 bits.
    case int64
    /// Floating point numbers of 16 or 32 bits.
    case float32
    /// Floating point numbers of 64 bits.
    case float64

    /// The bytes of one sample in memory.
    public var bytes: Int {
        switch self {
        case .uint8, .int8: 1
        case .uint16, .int16: 2
        case .uint32, .int32, .float32: 4
        case .uint64, .int64, .float64: 8
        }
    }
}

/// Decoded samples in their own type.
public enum TIFFSamples: Hashable, Sendable {
    /// Unsigned integers of 1 to 8 bits in the file; fewer bits are not scaled.
    case uint8([UInt8])
    /// Signed integers of 8 bits in the file.
    case int8([Int8])
    /// Unsigned integers of 12 or 16 bits in the file; 12 bits are not scaled.
    case uint16([UInt16])
    /// Signed integers of 16 bits in the file.
    case int16([Int16])
    /// Unsigned integers of 32 bits in the file.
    case uint32([UInt32])
    /// Signed integers of 32 bits in the file.
    case int32([Int32])
    /// Unsigned integers of 64 bits in the file.
    case uint64([UInt64])
    /// Signed integers of 64 bits in the file.
    case int64([Int64])
    /// Floating point numbers of 16 or 32 bits in the file.
    case float32([Float])
    /// Floating point numbers of 64 bits in the file.
    case float64([Double])

    /// How many samples there are.
    public var count: Int {
        switch self {
        case .uint8(let values): values.count
        case .int8(let values): values.count
        case .uint16(let values): values.count
        case .int16(let values): values.count
        case .uint32(let values): values.count
        case .int32(let values): values.count
        case .uint64(let values): values.count
        case .int64(let values): values.count
        case .float32(let values): values.count
        case .float64(let values): values.count
        }
    }

    /// The type of the samples.
    public var type: TIFFSampleType {
        switch self {
        case .uint8: .uint8
        case .int8: .int8
        case .uint16: .uint16
        case .int16: .int16
        case .uint32: .uint32
        case .int32: .int32
        case .uint64: .uint64
        case .int64: .int64
        case .float32: .float32
        case .float64: .float64
        }
    }

    /// Lets a closure see the samples as bytes in the byte order of the machine.
    ///
    /// - Parameter body: What to do with the bytes, which are gone after it.
    /// - Returns: What the closure returns.
    public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        switch self {
        case .uint8(let values): values.withUnsafeBytes(body)
        case .int8(let values): values.withUnsafeBytes(body)
        case .uint16(let values): values.withUnsafeBytes(body)
        case .int16(let values): values.withUnsafeBytes(body)
        case .uint32(let values): values.withUnsafeBytes(body)
        case .int32(let values): values.withUnsafeBytes(body)
        case .uint64(let values): values.withUnsafeBytes(body)
        case .int64(let values): values.withUnsafeBytes(body)
        case .float32(let values): values.withUnsafeBytes(body)
        case .float64(let values): values.withUnsafeBytes(body)
        }
    }
}
