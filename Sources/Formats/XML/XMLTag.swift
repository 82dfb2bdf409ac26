#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A piece of an XML document as UTF-8, borrowed from the reader.
///
/// Valid only until the handler that received it returns; keep ``string``, never the piece.
public struct XMLText {
    /// The UTF-8 bytes, references resolved.
    public let bytes: UnsafeBufferPointer<UInt8>

    init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    init(start: UnsafePointer<UInt8>, count: Int) {
        bytes = UnsafeBufferPointer(start: start, count: count)
    }

    /// The bytes as a text of its own.
    public var string: String { String(decoding: bytes, as: UTF8.self) }

    /// Whether a piece has the bytes of a literal; nothing is allocated.
    ///
    /// - Parameters:
    ///   - text: A piece.
    ///   - literal: A text known while compiling.
    /// - Returns: `true` when they are the same.
    @inlinable
    public static func == (text: XMLText, literal: StaticString) -> Bool {
        guard text.bytes.count == literal.utf8CodeUnitCount else { return false }
        let expected = literal.utf8Start
        for index in 0..<text.bytes.count where text.bytes[index] != expected[index] {
            return false
        }
        return true
    }

    /// Whether a piece has other bytes than a literal.
    ///
    /// - Parameters:
    ///   - text: A piece.
    ///   - literal: A text known while compiling.
    /// - Returns: `true` when they differ.
    @inlinable
    public static func != (text: XMLText, literal: StaticString) -> Bool { !(text == literal) }

    func isEqual(to other: XMLText) -> Bool {
        guard bytes.count == other.bytes.count else { return false }
        guard let own = bytes.baseAddress, let others = other.bytes.baseAddress else { return true }
        return memcmp(own, others, bytes.count) == 0
    }
}

/// The start of an element, borrowed from the reader.
///
/// Valid only until the handler that received it returns.
public struct XMLTag {
    /// An attribute of a tag.
    public struct Attribute {
        /// What it is called.
        public let name: XMLText
        /// What it says, references resolved and white space normalised.
        public let value: XMLText

        init(name: XMLText, value: XMLText) {
            self.name = name
            self.value = value
        }
    }

    /// What the element is called.
    public let name: XMLText
    /// The attributes in the order of the document; each name occurs once.
    public let attributes: UnsafeBufferPointer<Attribute>

    init(name: XMLText, attributes: UnsafeBufferPointer<Attribute>) {
        self.name = name
        self.attributes = attributes
    }

    /// The value of an attribute, or `nil` when the tag does not have it.
    ///
    /// - Parameter name: What the attribute is called.
    /// - Complexity: O(*n*) in the attributes of the tag; nothing is allocated.
    @inlinable
    public subscript(_ name: StaticString) -> XMLText? {
        for attribute in attributes where attribute.name == name { return attribute.value }
        return nil
    }
}
