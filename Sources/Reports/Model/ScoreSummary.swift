import SegmentationMetrics

/// What the values of one metric come to, for one label or over all.
public struct ScoreSummary: Codable, Hashable, Sendable {
    /// What the summary is over.
    public enum Scope: String, Codable, Hashable, Sendable {
        /// The cases of one label.
        case label
        /// All labels, the mean the convention names (usually of the label means).
        case overall
        /// All cases as one, from pooled counts.
        case pooled
    }

    /// An interval for the mean or the median.
    public struct Interval: Codable, Hashable, Sendable {
        /// The ends.
        public var low: Double, high: Double
        /// The share of confidence, for example 0.95.
        public var level: Double
        /// How it was found, for example `percentile bootstrap, 10000 resamples of 12 patients, seed 1`.
        public var method: String

        /// Makes an interval.
        public init(low: Double, high: Double, level: Double, method: String) {
            self.low = low
            self.high = high
            self.level = level
            self.method = method
        }
    }

    /// How many values are in each state.
    public struct States: Codable, Hashable, Sendable {
        /// How many values are in each state of the metrics room.
        public var value: Int, na: Int, miss: Int, ghost: Int, error: Int

        /// Makes counts.
        public init(value: Int = 0, na: Int = 0, miss: Int = 0, ghost: Int = 0, error: Int = 0) {
            self.value = value
            self.na = na
            self.miss = miss
            self.ghost = ghost
            self.error = error
        }
    }

    /// One of the worst values.
    public struct Worst: Codable, Hashable, Sendable {
        /// The case.
        public var `case`: String
        /// The slice, when slices are the unit.
        public var slice: Int?
        /// The value.
        public var value: ScoreValue

        /// Makes an entry.
        public init(case id: String, slice: Int? = nil, value: ScoreValue) {
            self.case = id
            self.slice = slice
            self.value = value
        }
    }

    /// What the summary is over.
    public var scope: Scope
    /// The id of the label; nil over all labels.
    public var label: Int?
    /// The id of the metric.
    public var metric: String
    /// How many values are in the plain mean.
    public var n: Int
    /// The plain mean under the rule of the convention; nil without values.
    public var mean: Double?
    /// The standard deviation (n - 1); nil for fewer than two values.
    public var sd: Double?
    /// The median; nil without values.
    public var median: Double?
    /// The quartiles, type 7; nil without values.
    public var lowerQuartile: Double?, upperQuartile: Double?
    /// The extremes; nil without values.
    public var minimum: Double?, maximum: Double?
    /// The interval of the mean; nil for fewer than ten clusters.
    public var interval: Interval?
    /// The interval of the median; nil for fewer than ten cases.
    public var medianInterval: Interval?
    /// The mean in which every missing distance counts as the diagonal of its image (and every missing overlap as 0);
    /// nil where nothing is missing or it has no meaning.
    public var penalisedMean: Double?
    /// How many values the penalised mean holds.
    public var penalisedCount: Int?
    /// How many values are in each state.
    public var states: States
    /// The worst values, the worst first; at most five.
    public var worst: [Worst]

    /// Makes a summary.
    public init(
        scope: Scope, label: Int? = nil, metric: String, n: Int, mean: Double? = nil,
        sd: Double? = nil, median: Double? = nil, lowerQuartile: Double? = nil,
        upperQuartile: Double? = nil, minimum: Double? = nil, maximum: Double? = nil,
        interval: Interval? = nil, medianInterval: Interval? = nil, penalisedMean: Double? = nil,
        penalisedCount: Int? = nil, states: States = States(), worst: [Worst] = []
    ) {
        self.scope = scope
        self.label = label
        self.metric = metric
        self.n = n
        self.mean = mean
        self.sd = sd
        self.median = median
        self.lowerQuartile = lowerQuartile
        self.upperQuartile = upperQuartile
        self.minimum = minimum
        self.maximum = maximum
        self.interval = interval
        self.medianInterval = medianInterval
        self.penalisedMean = penalisedMean
        self.penalisedCount = penalisedCount
        self.states = states
        self.worst = worst
    }
}
