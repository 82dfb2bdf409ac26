import SampleStore

/// What a store holds, for people and for `--json`.
public struct StoreSummary: Codable, Hashable, Sendable {
    /// One row per case.
    public struct Case: Codable, Hashable, Sendable {
        /// The case id.
        public var id: String
        /// The part of the split; empty when none is used.
        public var part: String
        /// Stored slices and records.
        public var slices: Int
        /// Regions with prompts.
        public var records: Int
        /// Rows and columns of a slice.
        public var size: [Int]
        /// The pixel type.
        public var pixels: String
        /// Distance of pixel centres in millimetres: columns, rows, slices of the volume.
        public var spacing: [Double]
        /// Size of the case file in bytes.
        public var bytes: Int
        /// Names of labels without a pixel.
        public var absentLabels: [String]
        /// What a reader should know.
        public var warnings: [String]
    }

    /// One row per label.
    public struct Label: Codable, Hashable, Sendable {
        /// The label id.
        public var id: Int
        /// The name.
        public var name: String
        /// Cases with at least one pixel of it.
        public var cases: Int
        /// Slices with at least one pixel of it.
        public var slices: Int
        /// Pixels in all slices.
        public var pixels: Int
    }

    /// The schema of the JSON form.
    public var schema = "samdata.inspect/1"
    /// The data set's name.
    public var dataset: String
    /// The split's name; empty when none is used.
    public var split: String
    /// The named recipe; empty when none was named.
    public var preset: String
    /// The kinds of prompts.
    public var prompts: [String]
    /// How volumes were cut.
    public var recipe: PrepareConfiguration.Slices
    /// How pictures were cut; absent for volumes.
    public var patches: PatchConfiguration?
    /// Cases of the store; the parts of a slide count once.
    public var caseCount: Int
    /// Totals of the store.
    public var slices: Int
    /// Regions with prompts.
    public var records: Int
    /// Size of all case files in bytes.
    public var bytes: Int
    /// One row per case, sorted by id.
    public var cases: [Case]
    /// One row per label, ids ascending.
    public var labels: [Label]
    /// Units a merge listed as missing.
    public var missing: [String]

    /// Reads plan and manifest; no case file is opened.
    ///
    /// - Parameter layout: The store.
    /// - Throws: `StoreError` when the folder is no finished store.
    public init(of layout: StoreLayout) throws {
        let manifest = try Manifest.read(layout)
        let plan = try PreparePlan.require(layout)
        dataset = manifest.dataset
        split = manifest.split
        preset = plan.configuration.preset
        prompts = plan.configuration.prompts.kinds
        recipe = plan.configuration.slices
        patches = plan.configuration.patches
        caseCount = manifest.caseIDs.count
        slices = manifest.cases.reduce(0) { $0 + $1.slices }
        records = manifest.cases.reduce(0) { $0 + $1.records }
        bytes = manifest.cases.reduce(0) { $0 + $1.bytes }
        missing = manifest.missing
        cases = manifest.cases.map { unit in
            Case(
                id: unit.id, part: unit.part, slices: unit.slices, records: unit.records,
                size: Array(unit.shape.suffix(2)), pixels: unit.pixels, spacing: unit.spacing,
                bytes: unit.bytes,
                absentLabels: unit.labels.filter { $0.pixels == 0 }.map(\.name),
                warnings: unit.warnings)
        }
        labels = (manifest.cases.first?.labels ?? []).map { label in
            let counts = manifest.cases.compactMap { unit in
                unit.labels.first { $0.id == label.id }
            }
            return Label(
                id: label.id, name: label.name,
                cases: Set(
                    manifest.cases.filter { unit in
                        unit.labels.contains { $0.id == label.id && $0.pixels > 0 }
                    }.map(\.caseID)
                ).count,
                slices: counts.reduce(0) { $0 + $1.slices },
                pixels: counts.reduce(0) { $0 + $1.pixels })
        }
    }
}
