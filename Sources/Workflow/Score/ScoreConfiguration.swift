import MedicalDatasets
import SegmentationMetrics

/// What a scoring run is asked to do: the parsed command, before any file is opened.
public struct ScoreConfiguration: Sendable {
    /// What a row of the table is.
    public enum Unit: String, CaseIterable, Sendable {
        /// A whole case.
        case `case`
        /// A slice along k in which the reference has the label: the records of the term project.
        case slice
    }

    /// What the headline mean does with cases that have no finite value.
    public enum MissingPolicy: Hashable, Sendable, CustomStringConvertible {
        /// Left out of the mean, and counted beside it.
        case count
        /// Counted as the diagonal of the image (distances) or 0 (overlaps).
        case diagonal
        /// Counted as a number of the user's.
        case value(Double)
        /// Left out of the mean, with a warning when that removes anything.
        case skip

        /// The policy as it is typed.
        public var description: String {
            switch self {
            case .count: "count"
            case .diagonal: "diagonal"
            case .value(let number): "value:\(number)"
            case .skip: "skip"
            }
        }

        /// Reads a policy as it is typed.
        ///
        /// - Parameter text: `count`, `diagonal`, `skip` or `value:` and a number.
        public init?(_ text: String) {
            switch text {
            case "count": self = .count
            case "diagonal": self = .diagonal
            case "skip": self = .skip
            default:
                guard text.hasPrefix("value:"), let number = Double(text.dropFirst(6)),
                    number.isFinite
                else { return nil }
                self = .value(number)
            }
        }
    }

    /// What is scored; nil decides by the prediction: floating point is a score map, everything else labels.
    public var task: MetricTask?
    /// The reference: a file, a folder, a list or a store.
    public var reference: String
    /// The prediction: a file, a folder, a list or a store.
    public var prediction: String
    /// The split and the part of it that is scored, for the report; the cases are in ``inputs``.
    public var split: String?, part: SplitPart?
    /// How the files of the two sides are found and read.
    public var inputs = ScoreInputOptions()
    /// The metrics; empty for the task's own list.
    public var metrics: [Metric] = []
    /// What every number means.
    public var convention = Convention.standard
    /// Whether the means are computed under the other conventions too.
    public var withSpread = false
    /// What a row is.
    public var unit = Unit.case
    /// What the headline mean does with cases that have no finite value.
    public var missing = MissingPolicy.count
    /// Where a probability becomes a mask: `score >= threshold`.
    public var threshold: Float = 0.5
    /// The report the threshold was taken from; nil when it was given or is the default.
    public var thresholdSource: String?
    /// By how much the pixels of detections are finer than those of the lesion maps.
    public var detectionDownsampling = 1
    /// How intervals of means are found; without resamples there are none.
    public var bootstrap = Bootstrap()
    /// Threads.
    public var jobs = 1
    /// The name of the published table to set beside ours, without `published:`.
    public var published: String?
    /// How many of the worst rows get a picture.
    public var pictures = 0
    /// A folder of images behind the pictures; nil for masks alone.
    public var images: String?
    /// The most bytes one image may take in memory before it is read in bands.
    public var memoryLimit = 4 << 30
    /// The command line, word by word.
    public var command: [String] = []
    /// The version of samdata.
    public var version = ""

    /// Makes a configuration.
    ///
    /// - Parameters:
    ///   - reference: A file, a folder, a list or a store.
    ///   - prediction: A file, a folder, a list or a store.
    public init(reference: String, prediction: String) {
        self.reference = reference
        self.prediction = prediction
    }
}
