import SegmentationMetrics

/// One case of the reference and what it was compared with.
public struct CaseEntry: Codable, Hashable, Sendable {
    /// A file that was read.
    public struct File: Codable, Hashable, Sendable {
        /// Its path below the folder, the list or the working directory it was found from.
        public var path: String
        /// The SHA-256 of its bytes, in hexadecimal.
        public var sha256: String

        /// Makes an entry.
        public init(path: String, sha256: String) {
            self.path = path
            self.sha256 = sha256
        }
    }

    /// How the case went.
    public enum Outcome: String, Codable, Hashable, Sendable {
        /// Both files were read and compared.
        case scored
        /// There is no prediction.
        case missing
        /// A file is broken, or the two do not fit together.
        case error
    }

    /// The case.
    public var id: String
    /// The patient or slide; cases of one cluster are drawn together by the bootstrap.
    public var cluster: String
    /// How the case went.
    public var outcome: Outcome
    /// What was wrong, on one line; nil when it was scored.
    public var message: String?
    /// The reference file.
    public var reference: File?
    /// The prediction file; nil when there is none.
    public var prediction: File?
    /// Voxels along i, j, k; empty when unknown.
    public var shape: [Int]
    /// Millimetres along i, j, k; empty when unknown.
    public var spacing: [Double]
    /// The three axis letters, for example `LPS`; empty when unknown.
    public var orientation: String
    /// What was done to the case, for example that its prediction was resampled.
    public var notes: [String]

    /// Makes an entry.
    public init(
        id: String, cluster: String, outcome: Outcome, message: String? = nil,
        reference: File? = nil, prediction: File? = nil, shape: [Int] = [], spacing: [Double] = [],
        orientation: String = "", notes: [String] = []
    ) {
        self.id = id
        self.cluster = cluster
        self.outcome = outcome
        self.message = message
        self.reference = reference
        self.prediction = prediction
        self.shape = shape
        self.spacing = spacing
        self.orientation = orientation
        self.notes = notes
    }
}

/// All values of one label in one case, or in one slice of it.
public struct ScoreRow: Codable, Hashable, Sendable {
    /// The overlap of the two masks.
    public struct Counts: Codable, Hashable, Sendable {
        /// Voxels in both masks, only in the prediction, only in the reference, in neither.
        public var tp: UInt64, fp: UInt64, fn: UInt64, tn: UInt64

        /// Makes counts.
        public init(tp: UInt64, fp: UInt64, fn: UInt64, tn: UInt64) {
            self.tp = tp
            self.fp = fp
            self.fn = fn
            self.tn = tn
        }
    }

    /// What is needed to compute distances under another rule without the images.
    public struct Surface: Codable, Hashable, Sendable {
        /// The number of surface elements of each mask.
        public var predictionElements: Int, referenceElements: Int
        /// The sums of the distances from each mask to the other.
        public var sumFromPrediction: Double, sumFromReference: Double
        /// The largest distances from each mask to the other.
        public var maximumFromPrediction: Double, maximumFromReference: Double

        /// Makes an entry.
        public init(
            predictionElements: Int, referenceElements: Int, sumFromPrediction: Double,
            sumFromReference: Double, maximumFromPrediction: Double, maximumFromReference: Double
        ) {
            self.predictionElements = predictionElements
            self.referenceElements = referenceElements
            self.sumFromPrediction = sumFromPrediction
            self.sumFromReference = sumFromReference
            self.maximumFromPrediction = maximumFromPrediction
            self.maximumFromReference = maximumFromReference
        }
    }

    /// Where the largest surface error lies.
    public struct Place: Codable, Hashable, Sendable {
        /// The voxel, as i, j, k.
        public var voxel: [Int]
        /// Its centre in world millimetres (RAS+); empty when the file has no world.
        public var world: [Double]
        /// The distance.
        public var distance: Double
        /// `prediction` or `reference`: the mask whose surface the voxel is on.
        public var side: String

        /// Makes an entry.
        public init(voxel: [Int], world: [Double], distance: Double, side: String) {
            self.voxel = voxel
            self.world = world
            self.distance = distance
            self.side = side
        }
    }

    /// The case.
    public var `case`: String
    /// The slice along k, when slices are the unit; nil for whole cases.
    public var slice: Int?
    /// The id of the label.
    public var label: Int
    /// The overlap; nil when nothing was compared, or the task has none.
    public var counts: Counts?
    /// One value per metric, in the order of the report's metrics.
    public var values: [ScoreValue]
    /// The directed distances; nil when none were computed.
    public var surface: Surface?
    /// Where the largest surface error lies; nil when no distance is finite.
    public var worst: Place?

    /// Makes a row.
    public init(
        case id: String, slice: Int? = nil, label: Int, counts: Counts? = nil,
        values: [ScoreValue], surface: Surface? = nil, worst: Place? = nil
    ) {
        self.case = id
        self.slice = slice
        self.label = label
        self.counts = counts
        self.values = values
        self.surface = surface
        self.worst = worst
    }
}

/// One value of one metric, as it stands in JSON: `{"state": "miss", "value": "inf"}`.
public struct ScoreValue: Codable, Hashable, Sendable {
    /// Whether it is a value, and if not, why not.
    public var state: MetricState
    /// The number the convention gives; nil (absent) where it gives none; may be infinite.
    public var value: Double?

    /// Makes a value.
    public init(_ value: MetricValue) {
        state = value.state
        self.value = value.number.isNaN ? nil : value.number
    }

    /// The value as the metrics room has it.
    public var metric: MetricValue { MetricValue(state, value ?? .nan) }
}
