import SampleStore

/// Which of a prompt's masks is kept.
public enum MaskChoice: String, Codable, Hashable, Sendable, CaseIterable {
    /// The mask of the single-mask output.
    case single
    /// Of the multimask output the one with the best predicted IoU, the first of equal ones.
    case best
}

/// What decides the masks of a store, stored as `segmentation-plan.json`, and again in `segmentation.json`.
public struct SegmentationPlan: Codable, Hashable, Sendable {
    /// The schema this version writes and reads.
    public static let currentSchema = "samdata.segmentation-plan/1"
    /// Raised by hand when the same inputs begin to give other bytes.
    static let currentRevision = 1

    /// The schema, `samdata.segmentation-plan/1`.
    public var schema: String
    /// The version of the computation.
    public var revision: Int
    /// The data set's name.
    public var dataset: String
    /// The split's name; empty when none is used.
    public var split: String
    /// The digest of the store's manifest.
    public var manifestSHA256: String
    /// The name of the model's architecture.
    public var model: String
    /// Identifies architecture and weights.
    public var modelSHA256: String
    /// `imported`, or `random`: then the masks mean nothing.
    public var weights: String
    /// How exactly the image encoder keeps the factors of its products; absent for float32.
    public var precision: String?
    /// The kinds of stored prompts that are given together for each record.
    public var prompts: [String]
    /// Which of a prompt's masks is kept.
    public var masks: MaskChoice
    /// The cases, sorted.
    public var cases: [String]

    init(
        store: Manifest, manifestSHA256: String, model: SegmentationModel, prompts: [String],
        masks: MaskChoice, cases: [String]
    ) {
        schema = Self.currentSchema
        revision = Self.currentRevision
        dataset = store.dataset
        split = store.split
        self.manifestSHA256 = manifestSHA256
        self.model = model.name
        modelSHA256 = model.digest
        weights = model.isRandom ? "random" : "imported"
        precision = model.precision == .float32 ? nil : model.precision.rawValue
        self.prompts = prompts
        self.masks = masks
        self.cases = cases.sorted()
    }

    /// The digest of everything that decides the bytes of a case.
    func key(of unit: UnitRecord) throws -> String {
        struct Key: Encodable {
            var plan: SegmentationPlan
            let id: String
            let source: String
        }
        var plan = self
        // The other cases do not matter to this one, nor does the rest of the store.
        plan.cases = []
        plan.manifestSHA256 = ""
        return try CanonicalJSON.sha256(Key(plan: plan, id: unit.id, source: unit.sha256))
    }

    /// What differs between the plan that is there and this one, one line each.
    func differences(from other: SegmentationPlan) -> [String] {
        let (mine, theirs) = (PlainValue.fields(of: self), PlainValue.fields(of: other))
        return Set(mine.keys).union(theirs.keys).sorted().filter { mine[$0] != theirs[$0] }
            .map { key in
                switch key {
                case "manifestSHA256": "the store was prepared again"
                case "modelSHA256": "another checkpoint"
                case "cases": "other cases"
                default: "\(key): there \(theirs[key] ?? "none"), asked \(mine[key] ?? "none")"
                }
            }
    }
}

/// The record of one case, stored as `units/<case>.json`.
public struct SegmentationUnit: Codable, Hashable, Sendable {
    /// The schema this version writes and reads.
    public static let currentSchema = "samdata.segmentation-unit/1"

    /// A file of a case.
    public struct File: Codable, Hashable, Sendable {
        /// Its path below the folder.
        public var path: String
        /// Size in bytes.
        public var bytes: Int
        /// SHA-256.
        public var sha256: String
    }

    /// What was found of a label.
    public struct LabelCount: Codable, Hashable, Sendable {
        /// The label id.
        public var id: Int
        /// The name.
        public var name: String
        /// Records of it, each of which has a mask.
        public var records: Int
        /// Pixels on the slice grid, after overlaps were resolved.
        public var pixels: Int
        /// Voxels on the grid of the source.
        public var voxels: Int
    }

    /// The schema, `samdata.segmentation-unit/1`.
    public var schema = Self.currentSchema
    /// The case.
    public var id: String
    /// The part of the split; empty when none is used.
    public var part: String
    /// The digest of everything that decides the bytes.
    public var key: String
    /// The label map, then the masks of the records.
    public var files: [File] = []
    /// Number of slices.
    public var slices = 0
    /// Number of records, each of which was a prompt.
    public var records = 0
    /// Masks without a pixel.
    public var emptyMasks = 0
    /// Pixels that more than one label claimed.
    public var contestedPixels = 0
    /// Mean of the model's own estimates; `nil` without records.
    public var meanPredictedIoU: Double?
    /// Mean stability of the masks; `nil` without records.
    public var meanStability: Double?
    /// What was found of each label, ids ascending.
    public var labels: [LabelCount] = []
    /// Why the case failed; `nil` for a finished one.
    public var failure: String?

    init(id: String, part: String, key: String) {
        self.id = id
        self.part = part
        self.key = key
    }

    /// Bytes of all files.
    public var bytes: Int { files.reduce(0) { $0 + $1.bytes } }

    static func read(_ path: String) throws -> SegmentationUnit {
        let unit = try CanonicalJSON.read(
            SegmentationUnit.self, schema: currentSchema, from: path)
        for file in unit.files where file.bytes < 0 || file.bytes > 1 << 44 {
            throw StoreError.malformed(
                path: path, key: "files.bytes", found: "\(file.bytes)",
                expected: "a size from 0 to \(1 << 44)")
        }
        return unit
    }
}

/// The table of contents of a finished segmentation, stored as `segmentation.json` and written last.
public struct SegmentationManifest: Codable, Hashable, Sendable {
    /// The schema this version writes and reads.
    public static let currentSchema = "samdata.segmentation/1"

    /// The schema, `samdata.segmentation/1`.
    public var schema = Self.currentSchema
    /// What decided the masks.
    public var plan: SegmentationPlan
    /// The cases, sorted by id.
    public var cases: [SegmentationUnit]
    /// What a user should know, one line each.
    public var notes: [String]
}
