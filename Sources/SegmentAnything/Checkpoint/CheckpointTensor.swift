public import TensorFiles

/// A tensor of a checkpoint, without its elements.
public struct CheckpointTensor: Hashable, Sendable {
    /// The published name.
    public let name: String
    /// The type of the stored elements.
    public let elementType: TensorElementType
    /// The length of each axis; empty for a single element.
    public let shape: [Int]
    /// SHA-256 of the stored bytes, 64 lower-case hexadecimal digits.
    public let sha256: String
    /// Where the bytes lie in the file.
    let place: Range<Int>

    /// The stored bytes.
    public var byteCount: Int { place.count }
    /// How many elements there are; 1 for an empty shape.
    public var elementCount: Int { place.count / elementType.byteCount }
}
