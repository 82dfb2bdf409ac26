/// Voxels as the file stores them, in the byte order of this machine, unscaled, the first axis fastest.
public enum StoredVoxels: Hashable, Sendable {
    /// Unsigned 8-bit integers.
    case uint8([UInt8])
    /// Signed 8-bit integers.
    case int8([Int8])
    /// Unsigned 16-bit integers.
    case uint16([UInt16])
    /// Signed 16-bit integers.
    case int16([Int16])
    /// Unsigned 32-bit integers.
    case uint32([UInt32])
    /// Signed 32-bit integers.
    case int32([Int32])
    /// Unsigned 64-bit integers.
    case uint64([UInt64])
    /// Signed 64-bit integers.
    case int64([Int64])
    /// 32-bit floats.
    case float32([Float])
    /// 64-bit floats.
    case float64([Double])
    /// Red, green and blue bytes, three for each voxel.
    case rgb24([UInt8])

    /// The type of the voxels.
    public var dataType: NIfTIDataType {
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
        case .rgb24: .rgb24
        }
    }

    /// The number of voxels; three bytes of RGB24 are one voxel.
    public var count: Int { withBytes { $0.count } / dataType.bytesPerVoxel }

    /// Calls a body with the bytes of the voxels.
    ///
    /// - Parameter body: Gets the bytes in the byte order of this machine.
    /// - Returns: What the body returns.
    public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        switch self {
        case .uint8(let values), .rgb24(let values): values.withUnsafeBytes(body)
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
