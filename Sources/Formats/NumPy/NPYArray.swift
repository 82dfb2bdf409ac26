/// An array as NumPy knows it: a shape, an element type, and the elements.
///
/// - Shapes: any rank from 0 (one element) to ``maximumRank``; C order, so the last axis varies fastest.
/// - Empty case: an axis of length 0 gives an array without bytes.
public struct NPYArray: Hashable, Sendable {
    /// The highest rank that every NumPy reads.
    public static let maximumRank = 32

    /// The length of each axis, slowest first.
    public let shape: [Int]
    /// The type of the elements.
    public let type: NPYType
    /// The elements in C order, little-endian.
    public let bytes: [UInt8]

    /// Makes an array from little-endian bytes in C order.
    ///
    /// - Parameters:
    ///   - shape: The length of each axis; empty for a single element.
    ///   - type: The type of the elements.
    ///   - bytes: Exactly as many bytes as shape and type ask for.
    /// - Throws: ``NumPyError/unwritable(name:found:expected:)`` when they do not fit together.
    public init(shape: [Int], type: NPYType, bytes: [UInt8]) throws(NumPyError) {
        try Self.check(shape: shape, type: type, bytes: bytes.count, name: "NumPy array")
        self.init(checkedShape: shape, type: type, bytes: bytes)
    }

    init(checkedShape shape: [Int], type: NPYType, bytes: [UInt8]) {
        self.shape = shape
        self.type = type
        self.bytes = bytes
    }

    /// Makes an array from Swift values in C order.
    ///
    /// - Parameters:
    ///   - shape: The length of each axis; empty for a single element.
    ///   - values: Exactly as many values as the shape asks for.
    /// - Throws: ``NumPyError/unwritable(name:found:expected:)`` when they do not fit together.
    public init<Element: NPYElement>(shape: [Int], values: [Element]) throws(NumPyError) {
        var bytes = values.withUnsafeBytes { [UInt8]($0) }
        if Self.hostIsBigEndian { NPYByteOrder.swap(&bytes, size: Element.npyType.size) }
        try self.init(shape: shape, type: Element.npyType, bytes: bytes)
    }

    /// The number of elements.
    public var count: Int { bytes.count / type.size }

    /// The elements as Swift values, in C order.
    ///
    /// - Parameter element: The type of the elements; nothing is converted. Bool arrays are read as `UInt8`.
    /// - Returns: The elements.
    /// - Throws: ``NumPyError/typeMismatch(found:asked:)`` when the array has another type.
    public func values<Element: NPYElement>(
        as element: Element.Type = Element.self
    ) throws(NumPyError) -> [Element] {
        guard Element.npyType == type || (type == .bool && Element.npyType == .uint8) else {
            throw .typeMismatch(found: type, asked: Element.npyType.rawValue)
        }
        var ordered = bytes
        if Self.hostIsBigEndian { NPYByteOrder.swap(&ordered, size: type.size) }
        return [Element](unsafeUninitializedCapacity: count) { buffer, initialised in
            UnsafeMutableRawBufferPointer(buffer).copyBytes(from: ordered)
            initialised = count
        }
    }

    static var hostIsBigEndian: Bool { 1.bigEndian == 1 }

    /// The bytes a shape asks for; `nil` when the product overflows, also when another axis is empty.
    static func byteCount(shape: [Int], type: NPYType) -> Int? {
        var product = type.size
        for length in shape where length != 0 {
            let (next, overflow) = product.multipliedReportingOverflow(by: length)
            if overflow || length < 0 { return nil }
            product = next
        }
        return shape.contains(0) ? 0 : product
    }

    static func check(
        shape: [Int], type: NPYType, bytes: Int, name: String
    ) throws(NumPyError) {
        guard shape.count <= maximumRank, shape.allSatisfy({ $0 >= 0 }) else {
            throw .unwritable(
                name: name, found: "shape \(shape)",
                expected: "at most \(maximumRank) axes, none negative")
        }
        guard let expected = byteCount(shape: shape, type: type), bytes == expected else {
            throw .unwritable(
                name: name, found: "\(bytes) bytes", expected: "shape \(shape) of \(type.rawValue)")
        }
    }
}
