/// What the values in the files of one side become: dense ids, background, or an error.
struct LabelValueTable: Hashable, Sendable {
    /// Dense ids by value; 0 is background.
    let ids: [Int: UInt8]
    /// Names of this side's table that the other side's lacks, by value: they must not occur.
    let unlisted: [Int: String]
    /// The id of every value above 0 that has none; nil when there must be no such value.
    let others: UInt8?
    /// Where the names come from, for messages.
    let origin: String
    /// The only label, when there is one: then a mask with another value has a simple remedy.
    let onlyLabel: String?
    /// The option that names the labels of this side.
    let option: String

    /// Ids of the values below 65,536; 256 marks an unknown one.
    private let near: [UInt16]

    init(
        ids: [Int: UInt8], unlisted: [Int: String], others: UInt8?, origin: String,
        onlyLabel: String?, option: String
    ) {
        var known = ids
        known[0] = known[0] ?? 0
        self.ids = known
        self.unlisted = unlisted
        self.others = others
        self.origin = origin
        self.onlyLabel = onlyLabel
        self.option = option
        let end = min(max(known.keys.max() ?? 0, 255), 65_535)
        near = (0...end).map { value in
            if let id = known[value] { return UInt16(id) }
            return unlisted[value] == nil ? others.map(UInt16.init) ?? 256 : 256
        }
    }

    /// The dense id of a value; nil when it must not occur.
    subscript(value: Int) -> UInt8? {
        if value >= 0, value < near.count {
            let id = near[value]
            return id < 256 ? UInt8(truncatingIfNeeded: id) : nil
        }
        if let id = ids[value] { return id }
        return value > 0 && unlisted[value] == nil ? others : nil
    }

    /// The error for values that must not occur.
    ///
    /// - Parameters:
    ///   - counts: The number of voxels of each value of the file.
    ///   - name: The file.
    /// - Returns: An error that names the values, their numbers of voxels and the way out.
    func unknownValues(_ counts: [Int: Int], in name: String) -> WorkflowError {
        let unknown = counts.filter { self[$0.key] == nil }.sorted { $0.key < $1.key }
        let shown = unknown.prefix(10).map { value, count in
            let voxels = "\(count) voxel\(count == 1 ? "" : "s")"
            return unlisted[value].map { "\(value) (`\($0)`) in \(voxels)" }
                ?? "\(value) in \(voxels)"
        }.joined(separator: ", ")
        let more = unknown.count > 10 ? " and \(unknown.count - 10) more" : ""
        let ignored = unknown.prefix(3).map { value, _ in
            let word = unlisted[value] ?? "\(value)"
            return "--ignore-label " + (word.contains(" ") ? "'\(word)'" : word)
        }.joined(separator: " ")
        var next = "leave \(unknown.count == 1 ? "it" : "them") out with \(ignored)"
        if let onlyLabel, unknown.count == 1, counts.keys.allSatisfy({ $0 == 0 || self[$0] == nil })
        {
            next =
                "if it means \(onlyLabel), say so: \(option) '\(unknown[0].key)=\(onlyLabel)'; else "
                + next
        }
        return WorkflowError(
            .data,
            "\(name): label values: found \(shown)\(more), expected the values of \(origin); \(next)"
        )
    }
}
