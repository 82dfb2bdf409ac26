/// The tensors of the model in a checkpoint that may hold an optimiser and other things too.
public struct StateDictionary: Hashable, Sendable {
    /// A tensor under the name its model gives it.
    public struct Tensor: Hashable, Sendable {
        /// The name without group and wrapper prefixes, for example `image_encoder.pos_embed`.
        public let name: String
        /// The tensor in the file; its name is the one to read it by.
        public let entry: TensorEntry
    }

    /// The tensors in the order of the file.
    public let tensors: [Tensor]
    /// The keys that led to them, joined by `|`; empty when they stand at the top.
    public let group: String
    /// What a wrapper put before every name and was taken away, for example `module.`; empty without one.
    public let strippedPrefix: String
    /// What was chosen and what was left out, in one line for the user.
    public let summary: String

    /// Keys under which training code keeps the model.
    static let usualKeys: Set<String> = [
        "model", "state_dict", "model_state_dict", "model_state", "net", "network",
        "network_weights", "module", "weights", "params", "sam", "sam_model",
    ]
    /// Keys of things that are not the model, by how they start.
    static let otherKeys = ["optim", "scheduler", "lr_sched", "scaler", "amp", "grad", "rng"]
    /// What wrappers of a model put before its names.
    static let wrappers = ["module.", "_orig_mod."]

    /// Finds the model in a file.
    ///
    /// In this order: the group that is asked for; names at the top with a dot, as models give them; the one group under
    /// a usual key (`model`, `state_dict`, `net` ...); the only group that is no optimiser. `module.` and `_orig_mod.`
    /// are taken away where all names start so.
    ///
    /// - Parameters:
    ///   - file: An open checkpoint.
    ///   - group: The keys that lead to the model, joined by `|`, when they are known; empty for the top.
    /// - Throws: ``TensorFileError/ambiguous(file:candidates:)`` when several groups may be the model,
    ///   ``TensorFileError/noSuchTensor(file:name:present:)`` when there is none.
    public init(of file: TensorFile, at group: String? = nil) throws(TensorFileError) {
        var order: [String] = []
        var members: [String: [TensorEntry]] = [:]
        for (entry, group) in zip(file.entries, file.contents.groups) {
            if members[group] == nil { order.append(group) }
            members[group, default: []].append(entry)
        }
        let chosen = try Self.choose(order, members, file, asked: group)
        let entries = members[chosen] ?? []
        // Counted in bytes: what follows the separator may combine with it to one character.
        let skip = chosen.isEmpty ? 0 : chosen.utf8.count + 1
        var names = entries.map { Self.drop(skip, from: $0.name) }
        var stripped = ""
        while let wrapper = Self.wrappers.first(where: { wrapper in
            names.allSatisfy {
                $0.utf8.starts(with: wrapper.utf8) && $0.utf8.count > wrapper.utf8.count
            }
        }) {
            names = names.map { Self.drop(wrapper.utf8.count, from: $0) }
            stripped += wrapper
        }
        tensors = zip(names, entries).map { Tensor(name: $0, entry: $1) }
        self.group = chosen
        strippedPrefix = stripped
        let left = order.filter { $0 != chosen }
        summary =
            "took \(entries.count) tensors "
            + (chosen.isEmpty ? "at the top" : "under \(Printable.text(chosen))")
            + (stripped.isEmpty ? "" : ", without the prefix \(stripped)")
            + (left.isEmpty
                ? ""
                : "; left out \(file.entries.count - entries.count) tensors of "
                    + Printable.list(left.map { $0.isEmpty ? "the top" : $0 }))
    }

    /// The tensor of a model's name.
    ///
    /// - Parameter name: The name in ``tensors``.
    /// - Returns: `nil` when there is none.
    /// - Complexity: O(*n*) in the number of tensors.
    public func tensor(named name: String) -> Tensor? { tensors.first { $0.name == name } }

    private static func choose(
        _ order: [String], _ members: [String: [TensorEntry]], _ file: TensorFile, asked: String?
    ) throws(TensorFileError) -> String {
        if let asked {
            guard members[asked] != nil else {
                throw .noSuchTensor(
                    file: file.path, name: "group of tensors \(asked)", present: order.map(label))
            }
            return asked
        }
        let models = order.filter { group in
            !group.split(separator: "|").contains { key in
                otherKeys.contains { key.lowercased().hasPrefix($0) }
            }
        }
        var candidates = models.filter { group in
            group.isEmpty
                ? members[group]?.contains { $0.name.contains(".") } ?? false
                : usualKeys.contains(String(group.split(separator: "|").last ?? ""))
        }
        if candidates.isEmpty { candidates = models }
        guard let only = candidates.first else {
            throw .noSuchTensor(
                file: file.path, name: "model's tensors", present: order.map(label))
        }
        guard candidates.count == 1 else {
            throw .ambiguous(
                file: file.path,
                candidates: candidates.map {
                    "\(label($0)) with \(members[$0]?.count ?? 0) tensors"
                })
        }
        return only
    }

    private static func drop(_ count: Int, from name: String) -> String {
        String(decoding: name.utf8.dropFirst(count), as: UTF8.self)
    }

    private static func label(_ group: String) -> String { group.isEmpty ? "the top" : group }
}
