/// Finds the tensors in the tree a pickle describes, and the plain values beside them.
struct PickleTree {
    let file: String
    let limits: TensorFileLimits
    let tensors: [TensorLayout]
    var contents = TensorContents()
    /// The keys from the root to the value that is looked at.
    private var path: [String] = []

    /// The most plain values that are kept, and the most bytes of one.
    private static let values = 1024
    private static let valueBytes = 1024

    init(file: String, limits: TensorFileLimits, tensors: [TensorLayout]) {
        self.file = file
        self.limits = limits
        self.tensors = tensors
    }

    /// Collects everything below a value; a value used in several places is collected in each.
    mutating func collect(_ root: PickleValue) throws(TensorFileError) {
        switch root {
        case .tensor, .dictionary, .list, .tuple: try visit(root)
        default:
            throw .damaged(
                file: file, place: "its root", found: root.kind,
                expected: "a tensor or a dictionary of tensors")
        }
    }

    /// Recurses as deep, and visits as many values, as the reader allowed.
    private mutating func visit(_ value: PickleValue) throws(TensorFileError) {
        switch value {
        case .dictionary(let dictionary):
            for (key, value) in dictionary.items { try visit(value, key) }
        case .list(let list):
            for (index, value) in list.values.enumerated() {
                try visit(value, "\(index)")
            }
        case .tuple(let tuple):
            for (index, value) in tuple.values.enumerated() {
                try visit(value, "\(index)")
            }
        case .tensor(let index):
            try contents.add(
                tensors[index], name: path.isEmpty ? "tensor" : path.joined(separator: "|"),
                group: path.dropLast().joined(separator: "|"), file: file, limits: limits)
        case .integer(let number): keep("\(number)")
        case .real(let number): keep("\(number)")
        case .bool(let value): keep("\(value)")
        case .text(let text): keep(text)
        default: break
        }
    }

    private mutating func visit(_ value: PickleValue, _ key: String) throws(TensorFileError) {
        path.append(key)
        try visit(value)
        path.removeLast()
    }

    private mutating func keep(_ value: @autoclosure () -> String) {
        guard contents.metadata.count < Self.values else { return }
        let text = value()
        guard text.utf8.count <= Self.valueBytes,
            path.reduce(0, { $0 + $1.utf8.count }) <= Self.valueBytes
        else { return }
        contents.metadata[path.joined(separator: "|")] = text
    }
}
