import MedicalDatasets

/// One label of the table: a name, and the dense ids whose voxels it has.
struct ScoreLabel: Hashable, Sendable {
    /// The id of the card, or the value of the reference; groups count on from 1001.
    let id: Int
    /// The name.
    let name: String
    /// The colour as `#RRGGBB`.
    let color: String
    /// The names of the members of a group; nil for a label of its own.
    let members: [String]?
    /// The dense ids that make up its mask: one, or several for groups and regions.
    let denseIDs: [UInt8]
}

/// The labels that are scored, and how the values of both sides lead to them.
///
/// Labels are matched by name, small and capital letters and underscores and spaces being the same. Every voxel gets a
/// dense id from 1 on; two values have the same id when they belong to the same labels and groups. The id
/// ``maskedID`` marks voxels of the reference that nobody may be judged by; see ``hideMasked(prediction:reference:)``.
struct ScoreLabels: Hashable, Sendable {
    /// The id of voxels that are left out on both sides.
    static let maskedID: UInt8 = 255
    /// The most dense ids.
    static let most = 254

    /// The labels in the order of the reference's table, then the groups.
    let labels: [ScoreLabel]
    /// The number of dense ids; they are `1...denseCount`.
    let denseCount: Int
    /// The values of reference files.
    let reference: LabelValueTable
    /// The values of predicted files.
    let prediction: LabelValueTable
    /// Whether some value of the reference is masked.
    let hasMask: Bool
    /// What a reader should know: labels left out, labels the prediction's table lacks.
    let findings: [Finding]

    /// The table of a side.
    ///
    /// - Parameter isPrediction: Whether the files are predictions.
    /// - Returns: What the values of its files become.
    func table(isPrediction: Bool) -> LabelValueTable { isPrediction ? prediction : reference }

    /// Sets voxels that the reference masks to background on both sides.
    ///
    /// - Parameters:
    ///   - prediction: Dense ids of the prediction.
    ///   - reference: Dense ids of the reference, as many.
    /// - Returns: How many voxels were masked.
    /// - Complexity: O(*n*); nothing is read when the labels have no mask.
    func hideMasked(prediction: inout [UInt8], reference: inout [UInt8]) -> Int {
        precondition(prediction.count == reference.count)
        guard hasMask else { return 0 }
        var hidden = 0
        for n in reference.indices where reference[n] == Self.maskedID {
            reference[n] = 0
            prediction[n] = 0
            hidden += 1
        }
        return hidden
    }
}

extension ScoreLabels {
    /// Brings the labels of two sides together.
    ///
    /// - Parameters:
    ///   - reference: The labels of the reference; they are the rows of the table.
    ///   - prediction: The labels of the prediction; nil for the same.
    ///   - ignore: Names, or values, that become background on both sides.
    ///   - groups: Labels scored as one, `kidneys=left kidney+right kidney`.
    ///   - only: The names to score; nil for all.
    /// - Returns: The labels and a value table for each side.
    /// - Throws: ``WorkflowError`` for a name nobody knows, names that look like two spellings of one, or more than 254
    ///   different labels.
    static func resolve(
        reference: LabelScheme, prediction: LabelScheme? = nil, ignore: [String] = [],
        groups: [String] = [], only: [String]? = nil
    ) throws(WorkflowError) -> ScoreLabels {
        var resolver = LabelResolver(reference, prediction ?? reference)
        try resolver.leaveOut(ignore)
        try resolver.checkNames()
        try resolver.addGroups(groups)
        if let only { try resolver.keep(only) }
        return try resolver.labels()
    }
}

/// Works out ``ScoreLabels`` step by step.
private struct LabelResolver {
    private struct Group {
        let name: String
        let members: [String]
    }

    private let reference: LabelScheme
    private let prediction: LabelScheme
    private var ignoredKeys: Set<String> = []
    private var ignoredValues: Set<Int> = []
    private var groups: [Group] = []
    private var kept: Set<String>?
    private var findings: [Finding] = []

    init(_ reference: LabelScheme, _ prediction: LabelScheme) {
        (self.reference, self.prediction) = (reference, prediction)
    }

    private var listed: [LabelScheme.Label] {
        reference.labels.filter { !ignoredKeys.contains(LabelScheme.key($0.name)) }
    }

    /// Names of the prediction's table that the reference's lacks.
    private var unlisted: [LabelScheme.Label] {
        let known = Set(reference.labels.map { LabelScheme.key($0.name) }).union(ignoredKeys)
        return prediction.labels.filter { !known.contains(LabelScheme.key($0.name)) }
    }

    mutating func leaveOut(_ words: [String]) throws(WorkflowError) {
        for word in words {
            let sides = [reference, prediction]
            let key = LabelScheme.key(word)
            if let label = sides.lazy.flatMap(\.labels).first(where: {
                LabelScheme.key($0.name) == key
            }) {
                ignoredKeys.insert(key)
                note("label `\(label.name)` is left out", "--ignore-label \(word)")
                continue
            }
            guard let value = Int(word), value > 0 else {
                let names = sides.flatMap { $0.labels.map(\.name) }
                throw WorkflowError(
                    .usage,
                    "--ignore-label: found `\(word)`, expected a value above 0 or a label of "
                        + "\(reference.origin) (\(Self.list(reference.labels.map(\.name))))"
                        + hint(word, names))
            }
            let owners = sides.map { side in side.labels.filter { $0.values.contains(value) } }
            let keys = owners.map { Set($0.map { LabelScheme.key($0.name) }) }
            guard keys[0] == keys[1] || keys[0].isEmpty || keys[1].isEmpty else {
                throw WorkflowError(
                    .usage,
                    "--ignore-label: found \(value), which is `\(owners[0][0].name)` in the reference and "
                        + "`\(owners[1][0].name)` in the prediction, expected one meaning; give the name"
                )
            }
            ignoredKeys.formUnion(keys[0].union(keys[1]))
            ignoredValues.insert(value)
            let name = (owners[0] + owners[1]).first.map { " (`\($0.name)`)" } ?? ""
            note("value \(value)\(name) is background on both sides", "--ignore-label \(word)")
        }
    }

    private mutating func note(_ message: String, _ option: String) {
        findings.append(Finding(.note, place: option, message: message))
    }

    private func hint(_ word: String, _ names: [String]) -> String {
        "; " + (LabelScheme.suggestion(for: word, among: names) ?? "check the name")
    }

    /// Notices names that are probably two spellings of one organ, before every case counts as a miss.
    mutating func checkNames() throws(WorkflowError) {
        let known = Set(prediction.labels.map { LabelScheme.key($0.name) })
        let absent = listed.filter { !known.contains(LabelScheme.key($0.name)) }
        if absent.isEmpty { return }
        let extra = unlisted
        if let first = absent.first, !extra.isEmpty {
            let pair = absent.lazy.compactMap { label in
                LabelScheme.suggestion(for: label.name, among: extra.map(\.name)).map {
                    (label.name, $0)
                }
            }.first
            throw WorkflowError(
                .data,
                "label names: found \(Self.list(extra.map(\.name))) in \(prediction.origin), expected "
                    + "\(Self.list(absent.map(\.name))) as in \(reference.origin)"
                    + (pair.map { "; for `\($0.0)`: \($0.1)" } ?? "")
                    + "; give the labels the same names, or leave the ones without partner out with "
                    + "--ignore-label '\(extra.first?.name ?? first.name)'")
        }
        findings.append(
            Finding(
                .warning, place: prediction.origin,
                message:
                    "has no \(Self.list(absent.map(\.name))): every case that has it counts as missed",
                repair: "leave it out with --ignore-label if the model never learnt it"))
    }

    mutating func addGroups(_ texts: [String]) throws(WorkflowError) {
        for text in texts {
            guard let sign = text.firstIndex(of: "="), sign > text.startIndex else {
                throw WorkflowError(
                    .usage,
                    "--label-group: found `\(text)`, expected a name and its members as in "
                        + "'kidneys=left kidney+right kidney'; correct it")
            }
            let name = String(text[..<sign])
            var members: [String] = []
            for part in text[text.index(after: sign)...].split(
                separator: "+", omittingEmptySubsequences: false)
            {
                members.append(try member(part, of: name))
            }
            let taken = listed.map(\.name) + groups.map(\.name)
            guard !taken.contains(where: { LabelScheme.key($0) == LabelScheme.key(name) }) else {
                throw WorkflowError(
                    .usage,
                    "--label-group: found the name `\(name)`, which a label has already, expected a new "
                        + "name; choose another")
            }
            groups.append(Group(name: name, members: members))
        }
    }

    private func member(
        _ part: Substring, of group: String
    ) throws(WorkflowError) -> String {
        let key = LabelScheme.key(String(part))
        let number = Int(key)
        if let label = listed.first(where: {
            LabelScheme.key($0.name) == key || number.map($0.values.contains) ?? false
        }) {
            return label.name
        }
        throw WorkflowError(
            .usage,
            "--label-group: group `\(group)`: found the member `\(part)`, expected labels of "
                + "\(reference.origin) (\(Self.list(listed.map(\.name))))"
                + hint(String(part), listed.map(\.name)))
    }

    mutating func keep(_ names: [String]) throws(WorkflowError) {
        let known = listed.map(\.name) + groups.map(\.name)
        var keys: Set<String> = []
        for name in names {
            let key = LabelScheme.key(name)
            guard known.contains(where: { LabelScheme.key($0) == key }) else {
                throw WorkflowError(
                    .usage,
                    "--only-label: found `\(name)`, expected labels of \(reference.origin) "
                        + "(\(Self.list(known)))" + hint(name, known))
            }
            keys.insert(key)
        }
        kept = keys
    }

    private static func list(_ names: [String]) -> String {
        names.prefix(12).joined(separator: ", ")
            + (names.count > 12 ? " and \(names.count - 12) more" : "")
    }

    // MARK: - Dense ids

    /// The rows a label name stands in: its own and those of its groups.
    private func rows() -> (names: [String], byKey: [String: [Int]]) {
        let isKept = { (name: String) in kept?.contains(LabelScheme.key(name)) ?? true }
        var names: [String] = []
        var byKey: [String: [Int]] = [:]
        for label in listed where isKept(label.name) {
            byKey[LabelScheme.key(label.name), default: []].append(names.count)
            names.append(label.name)
        }
        for group in groups where isKept(group.name) {
            for key in Set(group.members.map(LabelScheme.key)) {
                byKey[key, default: []].append(names.count)
            }
            names.append(group.name)
        }
        return (names, byKey)
    }

    /// The rows of every value of a side; nil stands for the values nobody names.
    private func rows(
        of side: LabelScheme, _ byKey: [String: [Int]], _ skipped: Set<String>
    ) -> [Int?: Set<Int>] {
        var result: [Int?: Set<Int>] = [:]
        for label in side.labels {
            let key = LabelScheme.key(label.name)
            if skipped.contains(key) { continue }
            let own = ignoredKeys.contains(key) ? [] : byKey[key] ?? []
            for value in label.values { result[value, default: []].formUnion(own) }
            if label.takesOthers { result[Int?.none, default: []].formUnion(own) }
        }
        return result
    }

    func labels() throws(WorkflowError) -> ScoreLabels {
        let (names, byKey) = rows()
        guard !names.isEmpty else {
            throw WorkflowError(
                .data,
                "label table: found no label to score in \(reference.origin), expected at least one; name "
                    + "the labels with --reference-labels, or leave out fewer of them")
        }
        let left = rows(of: reference, byKey, [])
        let foreign = Set(unlisted.map { LabelScheme.key($0.name) })
        let right = rows(of: prediction, byKey, foreign)
        // Values of the same rows are one dense id; ids follow the order of the rows.
        let sets = Set(left.values).union(right.values).filter { !$0.isEmpty }
        let ordered = sets.map { $0.sorted() }.sorted { $0.lexicographicallyPrecedes($1) }
        guard ordered.count <= ScoreLabels.most else {
            throw WorkflowError(
                .data,
                "label table: found \(ordered.count) labels in \(reference.origin), expected at most "
                    + "\(ScoreLabels.most); score instance maps with --task instances, or name the labels "
                    + "to score with --only-label")
        }
        var ids: [Set<Int>: UInt8] = [:]
        for (n, rows) in ordered.enumerated() { ids[Set(rows)] = UInt8(n + 1) }
        let masks = reference.maskedValues.subtracting(ignoredValues)
        return ScoreLabels(
            labels: entries(names, ordered), denseCount: ordered.count,
            reference: table(reference, left, ids, masks: masks, option: "--reference-labels"),
            prediction: table(prediction, right, ids, masks: [], option: "--prediction-labels"),
            hasMask: !masks.isEmpty, findings: findings)
    }

    private func entries(_ names: [String], _ ordered: [[Int]]) -> [ScoreLabel] {
        var seen: Set<Int> = []
        return names.enumerated().map { row, name in
            let dense = ordered.indices.filter { ordered[$0].contains(row) }.map { UInt8($0 + 1) }
            if let index = groups.firstIndex(where: { $0.name == name }) {
                return ScoreLabel(
                    id: 1001 + index, name: name,
                    color: "\(LabelColor.distinct(reference.labels.count + index))",
                    members: groups[index].members, denseIDs: dense)
            }
            let position = reference.labels.firstIndex { $0.name == name } ?? row
            let label = reference.labels[position]
            // Regions may share their first value; every row needs an id of its own.
            let wanted = label.id ?? label.values.first ?? position + 1
            let id = seen.contains(wanted) ? 2001 + position : wanted
            seen.insert(id)
            return ScoreLabel(
                id: id, name: name, color: label.color ?? "\(LabelColor.distinct(position))",
                members: nil, denseIDs: dense)
        }
    }

    private func table(
        _ side: LabelScheme, _ rows: [Int?: Set<Int>], _ dense: [Set<Int>: UInt8],
        masks: Set<Int>, option: String
    ) -> LabelValueTable {
        var ids: [Int: UInt8] = [:]
        for value in side.backgroundValues { ids[value] = 0 }
        for value in masks { ids[value] = ScoreLabels.maskedID }
        for case (let value?, let set) in rows { ids[value] = dense[set] ?? 0 }
        for value in ignoredValues { ids[value] = 0 }
        var unlisted: [Int: String] = [:]
        if side != reference {
            for label in self.unlisted {
                for value in label.values where ids[value] == nil { unlisted[value] = label.name }
            }
        }
        return LabelValueTable(
            ids: ids, unlisted: unlisted, others: rows[Int?.none].map { dense[$0] ?? 0 },
            origin: side.origin, onlyLabel: listed.count == 1 ? listed[0].name : nil,
            option: option)
    }
}
