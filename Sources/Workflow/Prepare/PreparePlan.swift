import SafeFiles
import SampleStore

/// What will be prepared, stored as `plan.json`: the configuration and the units.
public struct PreparePlan: Codable, Hashable, Sendable {
    /// The schema this version writes and reads.
    public static let currentSchema = "samdata.plan/1"

    /// A share of the lattice of patches of one picture.
    public struct Piece: Codable, Hashable, Sendable {
        /// Which piece of the picture, from 1.
        public var index: Int
        /// The pieces of the picture.
        public var of: Int
        /// The first place of the lattice.
        public var first: Int
        /// The number of places.
        public var count: Int
        /// Level-0 columns and rows of the picture the lattice was laid over.
        public var pictureSize: [Int]
        /// The places to keep, ascending; absent when all with enough tissue are kept.
        public var selected: [Int]?
        /// The rectangles whose image and labels are kept (x, y, width, height in stored pixels of the picture); absent without
        /// a label budget, and empty when the budget leaves nothing of the case.
        public var kept: [[Int]]?
    }

    /// One unit of work: one case, or a piece of a slide.
    public struct Unit: Codable, Hashable, Sendable {
        /// The unit id, equal to the case id; an augmented copy is a case of its own, such as `0001.copy0002`.
        public var id: String
        /// The case an augmented copy is made from; absent for the case itself.
        public var copyOf: String?
        /// Which copy it is, from 1; absent for the case itself.
        public var copy: Int?
        /// The patient.
        public var patient: String
        /// The part of the split; empty when none is used.
        public var part: String
        /// The image below the input folder.
        public var image: String
        /// The label map below the input folder.
        public var label: String
        /// Size of both files in bytes; also the cost by which shards are balanced.
        public var bytes: Int
        /// Slices the split expects the volume to have; `nil` when it says nothing.
        public var expectedSlices: Int?
        /// Where each Python stream starts, in 32-bit words, by kind of prompt; only under `python` randomness.
        public var streamWords: [String: Int]?
        /// The outlines below the input folder; absent where there are none.
        public var annotation: String?
        /// The case a piece of a slide belongs to; absent for whole cases.
        public var pieceOf: String?
        /// Which patches of a picture the unit makes; absent for volumes.
        public var piece: Piece?
        /// What a table of diagnoses says about the slide and about the patient.
        public var diagnosis: Diagnosis?

        /// The case as the data set names it.
        public var sourceID: String { copyOf ?? pieceOf ?? id }

        /// The copies of this unit.
        ///
        /// - Parameter count: How many.
        /// - Returns: The copies, the first has number 1.
        func copies(_ count: Int) -> [Unit] {
            guard count > 0 else { return [] }
            return (1...count).map { number in
                var copy = self
                copy.id = Self.copyID(of: id, number)
                copy.copyOf = id
                copy.copy = number
                return copy
            }
        }

        /// The id of a copy: `0001.copy0002` is the second of `0001`.
        static func copyID(of id: String, _ number: Int) -> String {
            let digits = String(number)
            return "\(id).copy" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        }

        /// Makes sure that an axial volume has the slices its split expects.
        ///
        /// - Parameters:
        ///   - found: Axial slices of the volume.
        ///   - split: The split's name, for the message.
        /// - Throws: ``WorkflowError`` of kind `data` when the split expects another number.
        func checkSlices(_ found: Int, split: String) throws {
            guard let expectedSlices, found != expectedSlices else { return }
            throw WorkflowError(
                .data,
                "\(image): found \(found) slices, the split \(split) expects \(expectedSlices); the volume is "
                    + "not the published one, fetch it again, or use a split file without caseSliceCounts"
            )
        }
    }

    /// The schema, `samdata.plan/1`.
    public var schema: String
    /// What decides the bytes.
    public var configuration: PrepareConfiguration
    /// The units, sorted by id.
    public var units: [Unit]

    /// Makes a plan.
    ///
    /// - Parameters:
    ///   - configuration: What decides the bytes.
    ///   - units: The units, in any order.
    public init(configuration: PrepareConfiguration, units: [Unit]) {
        schema = Self.currentSchema
        self.configuration = configuration
        self.units = units.sorted { $0.id < $1.id }
    }

    /// The digest of everything that decides a unit's bytes, apart from the contents of its input files.
    ///
    /// - Parameter unit: A unit of this plan.
    /// - Returns: 64 lower-case hexadecimal digits.
    /// - Throws: An `EncodingError` when the plan cannot be written as JSON.
    public func key(of unit: Unit) throws -> String {
        struct Key: Encodable {
            let schema: String
            let configuration: PrepareConfiguration
            let id: String
            let part: String
            let streamWords: [String: Int]?
            let piece: Piece?
            let diagnosis: Diagnosis?
        }
        return try CanonicalJSON.sha256(
            Key(
                schema: schema, configuration: configuration, id: unit.id, part: unit.part,
                streamWords: unit.streamWords, piece: unit.piece, diagnosis: unit.diagnosis))
    }

    /// The units of one shard.
    ///
    /// Units are dealt out by size, the largest first, each to the shard with the least so far (ties to the lowest number);
    /// the result depends on the plan only.
    ///
    /// - Parameters:
    ///   - index: The shard, from 0.
    ///   - count: The number of shards.
    /// - Returns: Its units, sorted by id; none when there are more shards than units.
    public func shard(_ index: Int, of count: Int) -> [Unit] {
        precondition(count > 0 && index >= 0 && index < count)
        let ordered = units.map { (unit: $0, digest: ContentDigest.sha256(ofText: $0.id)) }
            .sorted {
                $0.unit.bytes != $1.unit.bytes
                    ? $0.unit.bytes > $1.unit.bytes : $0.digest < $1.digest
            }
        var load = [Int](repeating: 0, count: count)
        var mine: [Unit] = []
        for (unit, _) in ordered {
            var lightest = 0
            for n in 1..<max(count, 1) where load[n] < load[lightest] { lightest = n }
            // A unit without bytes still counts, or one shard would get them all.
            load[lightest] += max(unit.bytes, 1)
            if lightest == index { mine.append(unit) }
        }
        return mine.sorted { $0.id < $1.id }
    }

    /// Reads the plan of a store.
    ///
    /// - Parameter layout: The store.
    /// - Returns: The plan, or `nil` when there is none yet.
    /// - Throws: `StoreError` when it is damaged or of another version.
    public static func read(_ layout: StoreLayout) throws -> PreparePlan? {
        guard Folders.isFile(layout.plan) else { return nil }
        let plan = try CanonicalJSON.read(
            PreparePlan.self, schema: currentSchema, from: layout.plan)
        // Unit ids become file names.
        for unit in plan.units where !FilePath.isCaseID(unit.id) {
            throw StoreError.malformed(
                path: layout.plan, key: "units.id", found: "`\(unit.id)`",
                expected: "a plain unit id")
        }
        return plan
    }

    /// Reads the plan of a store that must have one.
    ///
    /// - Parameter layout: The store.
    /// - Returns: The plan.
    /// - Throws: `FileError` when there is no such folder, `StoreError` when it holds no plan, or a damaged one.
    public static func require(_ layout: StoreLayout) throws -> PreparePlan {
        try layout.requireFolder()
        guard let plan = try read(layout) else {
            throw StoreError.notAStore(
                path: layout.root,
                reason: "has no plan.json: not a store; `samdata prepare` makes one")
        }
        return plan
    }

    /// Whether a unit of the store is finished, so that another plan would waste work.
    private static func hasFinishedUnits(_ layout: StoreLayout) -> Bool {
        guard let names = try? Folders.names(in: layout.units) else { return false }
        return names.contains { name in
            guard name.hasSuffix(".json") else { return false }
            // A record that cannot be read may belong to a finished unit.
            guard let record = try? UnitRecord.read("\(layout.units)/\(name)") else { return true }
            return record.failure == nil
        }
    }

    /// Writes the plan, or makes sure that the plan already there is the same; a plan under which nothing was finished yet is
    /// replaced.
    ///
    /// - Parameter layout: The store; its folders are made.
    /// - Throws: ``WorkflowError`` of kind `configuration` with what differs, or a `FileError`.
    public func establish(in layout: StoreLayout) throws {
        if let existing = try Self.read(layout) {
            let differences = Self.differences(existing, self)
            guard differences.isEmpty || !Self.hasFinishedUnits(layout) else {
                throw WorkflowError(
                    .configuration,
                    "\(layout.plan): another plan is there: "
                        + differences.prefix(5).joined(separator: "; ")
                        + (differences.count > 5 ? "; and \(differences.count - 5) more" : "")
                        + "; choose another --to, or repeat the command as it was")
            }
            try Folders.make(layout.cases)
            try Folders.make(layout.units)
            if differences.isEmpty { return }
        }
        try Folders.make(layout.cases)
        try Folders.make(layout.units)
        try AtomicFile.write(try CanonicalJSON.pretty(self), to: layout.plan)
    }

    /// What differs between two plans, one line each.
    ///
    /// - Parameters:
    ///   - old: The plan that is there.
    ///   - new: The plan asked for.
    /// - Returns: Lines such as `slices.pixels: there uint8, asked original`; none for equal plans.
    public static func differences(_ old: PreparePlan, _ new: PreparePlan) -> [String] {
        guard old != new else { return [] }
        var lines: [String] = []
        let (a, b) = (
            PlainValue.fields(of: old.configuration), PlainValue.fields(of: new.configuration)
        )
        for key in Set(a.keys).union(b.keys).sorted() where a[key] != b[key] {
            if key == "cardSHA256" || key == "splitSHA256" {
                let noun = key == "cardSHA256" ? "card" : "split"
                lines.append("the \(noun) file has changed since the store was begun")
                continue
            }
            lines.append("\(key): there \(a[key] ?? "nothing"), asked \(b[key] ?? "nothing")")
        }
        let oldUnits = Dictionary(old.units.map { ($0.id, $0) }) { first, _ in first }
        let newUnits = Dictionary(new.units.map { ($0.id, $0) }) { first, _ in first }
        let gone = oldUnits.keys.filter { newUnits[$0] == nil }.sorted()
        let added = newUnits.keys.filter { oldUnits[$0] == nil }.sorted()
        let changed = newUnits.keys.filter { oldUnits[$0] != nil && oldUnits[$0] != newUnits[$0] }
        if !gone.isEmpty { lines.append("cases no longer found: \(gone.joined(separator: " "))") }
        if !added.isEmpty { lines.append("new cases: \(added.joined(separator: " "))") }
        if !changed.isEmpty {
            lines.append(
                "files of these cases changed size or name: "
                    + changed.sorted().joined(separator: " "))
        }
        return lines
    }
}

/// The members of a configuration as dotted keys and texts, for telling two apart.
enum PlainValue {
    static func fields(of value: Any, prefix: String = "") -> [String: String] {
        let mirror = Mirror(reflecting: value)
        if mirror.displayStyle == .optional {
            guard let wrapped = mirror.children.first else { return [:] }
            return fields(of: wrapped.value, prefix: prefix)
        }
        guard mirror.displayStyle == .struct, !mirror.children.isEmpty else {
            return [prefix: "\(value)"]
        }
        var result: [String: String] = [:]
        for child in mirror.children {
            guard let label = child.label else { continue }
            let key = prefix.isEmpty ? label : "\(prefix).\(label)"
            result.merge(fields(of: child.value, prefix: key)) { first, _ in first }
        }
        return result
    }
}
