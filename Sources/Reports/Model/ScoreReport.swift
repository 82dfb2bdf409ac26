import SegmentationMetrics

/// Everything a scoring run found: what was compared, under which convention, every value, and what follows from them.
///
/// It is a value without pictures and without text layout; the writers turn it into JSON, CSV, Markdown, LaTeX, HTML and
/// tables, and never compute. It holds no time, no host and no absolute path of its own.
public struct ScoreReport: Codable, Hashable, Sendable {
    /// The version of the document, which names its fields.
    public static let schema = "samdata.score/1"

    /// ``schema``.
    public var schema: String
    /// The version of samdata that made it.
    public var version: String
    /// What was scored: `labels`, `instances`, `scores`, `lesions` or `classes`.
    public var task: String
    /// The command line, word by word, as typed.
    public var command: [String]
    /// The name of the data set card the labels came from; nil without one.
    public var dataset: String?
    /// The split whose cases were scored; nil without one.
    public var split: String?
    /// What every number means.
    public var convention: ConventionEntry
    /// Every option that can move a number, resolved, in a fixed order.
    public var options: [OptionEntry]
    /// The labels, in the order of the table; a task without labels has one entry with id 0.
    public var labels: [LabelEntry]
    /// The metrics, in the order of the table.
    public var metrics: [MetricEntry]
    /// The cases of the reference, in the order of their ids.
    public var cases: [CaseEntry]
    /// Every value: one row per case and label (and slice, when slices are the unit), cases first.
    public var rows: [ScoreRow]
    /// Per label and metric, then over all labels.
    public var summaries: [ScoreSummary]
    /// How the means move with the convention; nil when it was not asked for.
    public var spread: ConventionSpread?
    /// The rows of a paper beside ours; nil when it was not asked for.
    public var published: PublishedComparison?
    /// Curves and matrices that belong to a task: ROC, precision and recall, reliability, FROC, confusion.
    public var panels: [ReportPanel]
    /// What a reader should know: missing predictions, resampled grids, left-out labels, warnings of the statistics.
    public var findings: [ReportFinding]

    /// Makes a report.
    public init(
        version: String, task: String, command: [String], dataset: String?, split: String?,
        convention: ConventionEntry, options: [OptionEntry], labels: [LabelEntry],
        metrics: [MetricEntry], cases: [CaseEntry], rows: [ScoreRow], summaries: [ScoreSummary],
        spread: ConventionSpread? = nil, published: PublishedComparison? = nil,
        panels: [ReportPanel] = [], findings: [ReportFinding] = []
    ) {
        schema = Self.schema
        self.version = version
        self.task = task
        self.command = command
        self.dataset = dataset
        self.split = split
        self.convention = convention
        self.options = options
        self.labels = labels
        self.metrics = metrics
        self.cases = cases
        self.rows = rows
        self.summaries = summaries
        self.spread = spread
        self.published = published
        self.panels = panels
        self.findings = findings
    }
}

/// The convention of a report and what it fixed.
public struct ConventionEntry: Codable, Hashable, Sendable {
    /// What a metric is worth when a mask is empty.
    public struct StateRow: Codable, Hashable, Sendable {
        /// The metrics the row is about, for example `Dice, IoU`.
        public var metrics: String
        /// The value when both masks are empty, as text.
        public var bothEmpty: String
        /// The value when only the reference has voxels (a miss), as text.
        public var miss: String
        /// The value when only the prediction has voxels (a ghost), as text.
        public var ghost: String

        /// Makes a row.
        public init(metrics: String, bothEmpty: String, miss: String, ghost: String) {
            self.metrics = metrics
            self.bothEmpty = bothEmpty
            self.miss = miss
            self.ghost = ghost
        }
    }

    /// The name, for example `standard`.
    public var name: String
    /// The name for people.
    public var title: String
    /// The library and version it reproduces; nil for our own.
    public var library: String?
    /// One paragraph.
    public var about: String
    /// What the surface of a mask is.
    public var surface: String
    /// The rule of percentile distances.
    public var percentileRule: String
    /// How means are taken.
    public var meanRule: String
    /// The values of empty masks.
    public var states: [StateRow]

    /// Makes an entry.
    public init(
        name: String, title: String, library: String?, about: String, surface: String,
        percentileRule: String, meanRule: String, states: [StateRow]
    ) {
        self.name = name
        self.title = title
        self.library = library
        self.about = about
        self.surface = surface
        self.percentileRule = percentileRule
        self.meanRule = meanRule
        self.states = states
    }
}

/// One resolved option.
public struct OptionEntry: Codable, Hashable, Sendable {
    /// The name, as typed after `--`.
    public var name: String
    /// The value as text.
    public var value: String

    /// Makes an entry.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// One label, or one group of labels.
public struct LabelEntry: Codable, Hashable, Sendable {
    /// The id of the card; groups count on from 1001.
    public var id: Int
    /// The name.
    public var name: String
    /// The colour as `#rrggbb`.
    public var color: String
    /// The names of the members of a group; nil for a label of its own.
    public var members: [String]?

    /// Makes an entry.
    public init(id: Int, name: String, color: String, members: [String]? = nil) {
        self.id = id
        self.name = name
        self.color = color
        self.members = members
    }
}

/// One metric.
public struct MetricEntry: Codable, Hashable, Sendable {
    /// Which direction is better.
    public enum Direction: String, Codable, Hashable, Sendable {
        /// Larger, smaller, or neither is better.
        case higher, lower, none
    }

    /// The name as typed, for example `nsd@2mm`.
    public var id: String
    /// The name for people, for example `NSD at 2 mm`.
    public var title: String
    /// The unit: `mm`, `ml`, `voxels`, or empty for fractions and counts.
    public var unit: String
    /// Which direction is better.
    public var direction: Direction
    /// The formula under the convention, in plain text.
    public var formula: String

    /// Makes an entry.
    public init(id: String, title: String, unit: String, direction: Direction, formula: String) {
        self.id = id
        self.title = title
        self.unit = unit
        self.direction = direction
        self.formula = formula
    }
}
