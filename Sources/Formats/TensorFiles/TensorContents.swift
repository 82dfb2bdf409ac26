/// What a container holds: filled by the readers of the formats, used by ``TensorFile``.
struct TensorContents: Sendable {
    var entries: [TensorEntry] = []
    /// The views of the entries, in the same order.
    var layouts: [TensorLayout] = []
    /// The keys above each tensor from the outside in, joined by `|`; empty for a tensor at the top.
    var groups: [String] = []
    var storages: [TensorStorage] = []
    var metadata: [String: String] = [:]

    private var nameBytes = 0
    private var names: Set<String> = []

    /// The most bytes of one name, and of all names together.
    private static let longestName = 1024
    private static let allNames = 1 << 26

    /// Adds a tensor; refuses a name that is not fit to be one or occurs twice, and a tensor beyond the limits.
    mutating func add(
        _ layout: TensorLayout, name: String, group: String = "", file: String,
        limits: TensorFileLimits
    ) throws(TensorFileError) {
        let place = "tensor \(Printable.text(name))"
        guard !name.isEmpty, name.utf8.count <= Self.longestName,
            !name.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f })
        else {
            throw .damaged(
                file: file, place: place, found: "a name of \(name.utf8.count) bytes",
                expected: "1 to \(Self.longestName) bytes without control characters")
        }
        nameBytes += name.utf8.count
        guard entries.count < limits.tensors, nameBytes <= Self.allNames else {
            throw .tooLarge(
                file: file, place: place, found: "more tensors or names",
                limit: "\(limits.tensors) tensors")
        }
        guard names.insert(name).inserted else {
            throw .damaged(
                file: file, place: place, found: "the name twice", expected: "each name once")
        }
        let entry = TensorEntry(
            name: name, elementType: layout.elementType, shape: layout.shape,
            checkedCount: layout.elementCount)
        guard entry.byteCount <= limits.tensorBytes,
            entry.elementCount <= limits.tensorBytes / MemoryLayout<Float>.size
        else {
            throw .tooLarge(
                file: file, place: place, found: "\(entry.elementCount) elements",
                limit: "\(limits.tensorBytes) bytes as stored and as float32")
        }
        entries.append(entry)
        layouts.append(layout)
        groups.append(group)
    }
}
