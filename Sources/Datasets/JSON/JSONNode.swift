/// A value of a JSON text together with the line it starts on.
///
/// Objects keep the order of their keys, so that a rewritten file reads like the original.
struct JSONNode: Hashable, Sendable {
    /// What the value is.
    enum Content: Hashable, Sendable {
        case null
        case bool(Bool)
        case integer(Int)
        case real(Double)
        case string(String)
        case array([JSONNode])
        case object([Member])
    }

    /// One key of an object and its value.
    struct Member: Hashable, Sendable {
        let key: String
        let value: JSONNode
    }

    /// The value.
    let content: Content
    /// The line of the text it starts on, from 1; 0 when it does not come from a text.
    var line: Int = 0

    init(_ content: Content, line: Int = 0) {
        self.content = content
        self.line = line
    }

    /// What a reader of an error message calls the value.
    var kindName: String {
        switch content {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .integer(let value): "the number \(value)"
        case .real(let value): "the number \(value)"
        case .string(let value): "the text \(OneLine.quoted(value))"
        case .array(let items): "a list of \(items.count)"
        case .object: "an object"
        }
    }
}

// Short forms for building a tree.
extension JSONNode {
    static func string(_ value: String) -> JSONNode { JSONNode(.string(value)) }
    static func integer(_ value: Int) -> JSONNode { JSONNode(.integer(value)) }
    static func bool(_ value: Bool) -> JSONNode { JSONNode(.bool(value)) }
    static func strings(_ values: [String]) -> JSONNode {
        JSONNode(.array(values.map { .string($0) }))
    }
    static func integers(_ values: [Int]) -> JSONNode {
        JSONNode(.array(values.map { .integer($0) }))
    }
    static func array(_ values: [JSONNode]) -> JSONNode { JSONNode(.array(values)) }

    /// An object; members whose value is `nil` are left out.
    static func object(_ members: [(String, JSONNode?)]) -> JSONNode {
        JSONNode(
            .object(
                members.compactMap { key, value in value.map { Member(key: key, value: $0) } }))
    }
}
