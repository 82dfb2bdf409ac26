import HDF5

/// The type of a stored instance map: the smaller one that holds every number.
public enum InstanceType: String, Hashable, Sendable, CaseIterable {
    /// Numbers up to 65,535, two bytes each.
    case uint16
    /// Numbers up to 4,294,967,295, four bytes each.
    case uint32

    /// The smallest type that holds a number.
    ///
    /// - Parameter number: The largest instance number of the case; 0 without instances.
    public init(holding number: UInt32) { self = number <= 0xFFFF ? .uint16 : .uint32 }

    /// Bytes of one pixel; the `width` of ``PlaneCodec``.
    public var byteCount: Int { self == .uint16 ? 2 : 4 }

    /// The HDF5 type of the pixels.
    var hdf5Type: HDF5ElementType { self == .uint16 ? .uint16 : .uint32 }

    /// The chunk of one instance map, to be handed to ``CaseFileWriter/writeSlice(_:image:label:instances:)``.
    ///
    /// - Parameters:
    ///   - numbers: The instance of every pixel, row by row; 0 belongs to none. Each MUST fit into the type.
    ///   - codec: The codec of the calling thread.
    /// - Returns: The bytes of the chunk.
    /// - Complexity: One copy of the plane, then compression.
    public func encode(_ numbers: [UInt32], _ codec: borrowing PlaneCodec) -> [UInt8] {
        switch self {
        case .uint16:
            let narrow = numbers.map { UInt16($0) }
            return narrow.withUnsafeBytes { codec.encode($0, width: 2) }
        case .uint32:
            return numbers.withUnsafeBytes { codec.encode($0, width: 4) }
        }
    }

    /// Numbers from the bytes of a restored plane.
    func decode(_ bytes: [UInt8]) -> [UInt32] {
        bytes.withUnsafeBytes { raw in
            switch self {
            case .uint16:
                stride(from: 0, to: raw.count, by: 2).map {
                    UInt32(raw.load(fromByteOffset: $0, as: UInt16.self))
                }
            case .uint32:
                stride(from: 0, to: raw.count, by: 4).map {
                    raw.load(fromByteOffset: $0, as: UInt32.self)
                }
            }
        }
    }
}
