/// A tensor of a file: its name, the type of its elements and its shape, without the elements.
public struct TensorEntry: Hashable, Sendable {
    /// The published name; in a nested checkpoint the keys from the outside in, joined by `|`.
    public let name: String
    /// The type of the elements in the file.
    public let elementType: TensorElementType
    /// The length of each axis; empty for a single element.
    public let shape: [Int]
    /// How many elements there are; 1 for an empty shape, 0 when an axis has length 0.
    public let elementCount: Int
    /// The bytes of all elements, one behind the other.
    public var byteCount: Int { elementCount * elementType.byteCount }

    /// The most axes a tensor may have.
    public static let maximumRank = 64

    /// Describes a tensor.
    ///
    /// - Parameters:
    ///   - name: Its name.
    ///   - elementType: The type of the elements.
    ///   - shape: The length of each axis; empty for a single element.
    /// - Throws: ``TensorFileError/unwritable(file:name:found:expected:)`` for a negative axis, more than
    ///   ``maximumRank`` of them, or more than 2^62 bytes.
    public init(
        name: String, elementType: TensorElementType, shape: [Int]
    ) throws(TensorFileError) {
        guard let count = Self.elementCount(of: shape, elementType) else {
            throw .unwritable(
                file: "tensor", name: name, found: "shape \(shape.prefix(8))",
                expected: "at most \(Self.maximumRank) axes, none negative, and 2^62 bytes")
        }
        self.init(name: name, elementType: elementType, shape: shape, checkedCount: count)
    }

    init(name: String, elementType: TensorElementType, shape: [Int], checkedCount: Int) {
        self.name = name
        self.elementType = elementType
        self.shape = shape
        elementCount = checkedCount
    }

    /// The number of elements, or `nil` when the shape is impossible.
    static func elementCount(of shape: [Int], _ type: TensorElementType) -> Int? {
        guard shape.count <= maximumRank, shape.allSatisfy({ $0 >= 0 }) else { return nil }
        // The product without the zeros must be possible too, so that strides of empty tensors cannot overflow.
        var product = 1
        for length in shape where length > 0 {
            let (next, overflow) = product.multipliedReportingOverflow(by: length)
            guard !overflow, next <= 1 << 59 else { return nil }
            product = next
        }
        return shape.contains(0) ? 0 : product
    }
}
