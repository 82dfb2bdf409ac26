/// What paired scores say about two or more models.
public struct CompareReport: Codable, Hashable, Sendable {
    /// The version of the document, which names its fields.
    public static let schema = "samdata.compare/1"

    /// One model: one score report.
    public struct Model: Codable, Hashable, Sendable {
        /// A name unique among the models: the file name without extension, or what the user gave.
        public var name: String
        /// The SHA-256 of the score report.
        public var sha256: String
        /// The convention of the report.
        public var convention: String
        /// How many cases it scored.
        public var cases: Int

        /// Makes an entry.
        public init(name: String, sha256: String, convention: String, cases: Int) {
            self.name = name
            self.sha256 = sha256
            self.convention = convention
            self.cases = cases
        }
    }

    /// Two models, one metric, one label (or the mean over labels).
    public struct Pair: Codable, Hashable, Sendable {
        /// The names of the models; a difference is `a` minus `b`.
        public var a: String, b: String
        /// The id and the name of the label; nil for the mean over labels of each case.
        public var label: Int?, labelName: String?
        /// The id of the metric.
        public var metric: String
        /// The cases both have a finite value for.
        public var n: Int
        /// The means over those cases.
        public var meanA: Double?, meanB: Double?
        /// The mean difference and its interval; the interval is nil for fewer than ten clusters.
        public var meanDifference: Double?
        /// The paired bootstrap interval of the mean difference.
        public var interval: ScoreSummary.Interval?
        /// The median difference, and the Hodges-Lehmann shift.
        public var medianDifference: Double?, hodgesLehmann: Double?
        /// The two-sided Wilcoxon signed-rank p, and after Holm's correction over all labels, metrics and pairs.
        public var p: Double?, holm: Double?
        /// `exact` or `normal approximation`; nil without a test.
        public var test: String?
        /// Matched-pairs rank-biserial correlation, -1...1.
        public var effect: Double?
        /// Cases in which `a` is better, both are equal, `b` is better.
        public var wins: Int, ties: Int, losses: Int
        /// The conventions under which the sign of the difference turns, when the reports hold them.
        public var turnsUnder: [String]

        /// Makes an entry.
        public init(
            a: String, b: String, label: Int?, labelName: String?, metric: String, n: Int,
            meanA: Double?, meanB: Double?, meanDifference: Double?,
            interval: ScoreSummary.Interval?, medianDifference: Double?, hodgesLehmann: Double?,
            p: Double?, holm: Double?, test: String?, effect: Double?, wins: Int, ties: Int,
            losses: Int, turnsUnder: [String] = []
        ) {
            self.a = a
            self.b = b
            self.label = label
            self.labelName = labelName
            self.metric = metric
            self.n = n
            self.meanA = meanA
            self.meanB = meanB
            self.meanDifference = meanDifference
            self.interval = interval
            self.medianDifference = medianDifference
            self.hodgesLehmann = hodgesLehmann
            self.p = p
            self.holm = holm
            self.test = test
            self.effect = effect
            self.wins = wins
            self.ties = ties
            self.losses = losses
            self.turnsUnder = turnsUnder
        }
    }

    /// The order of the models by one metric.
    public struct Ranking: Codable, Hashable, Sendable {
        /// The id of the metric, ranked by the mean over labels of each case.
        public var metric: String
        /// The cases all models have a value for.
        public var n: Int
        /// The mean of each model, in the order of the models.
        public var means: [Double]
        /// The rank of the mean: aggregate, then rank; 1 is best.
        public var rankOfMean: [Double]
        /// The mean of the ranks: rank, then aggregate.
        public var meanRank: [Double]
        /// Friedman's statistic and p; nil for two models or fewer than two cases.
        public var friedman: Double?, friedmanP: Double?
        /// How often each model is first in bootstrap samples of the cases; empty when there are too few.
        public var firstShare: [Double]
        /// Whether the two orders agree.
        public var ordersAgree: Bool

        /// Makes an entry.
        public init(
            metric: String, n: Int, means: [Double], rankOfMean: [Double], meanRank: [Double],
            friedman: Double?, friedmanP: Double?, firstShare: [Double], ordersAgree: Bool
        ) {
            self.metric = metric
            self.n = n
            self.means = means
            self.rankOfMean = rankOfMean
            self.meanRank = meanRank
            self.friedman = friedman
            self.friedmanP = friedmanP
            self.firstShare = firstShare
            self.ordersAgree = ordersAgree
        }
    }

    /// ``schema``.
    public var schema: String
    /// The version of samdata that made it.
    public var version: String
    /// The models, in the order given.
    public var models: [Model]
    /// The metrics compared.
    public var metrics: [MetricEntry]
    /// The labels compared.
    public var labels: [LabelEntry]
    /// The seed and the number of resamples.
    public var seed: UInt64, resamples: Int
    /// The comparisons: by pair of models, then metric, then label, the mean over labels first.
    public var pairs: [Pair]
    /// The orders by metric.
    public var rankings: [Ranking]
    /// What a reader should know, first of all which cases are missing where.
    public var findings: [ReportFinding]

    /// Makes a report.
    public init(
        version: String, models: [Model], metrics: [MetricEntry], labels: [LabelEntry],
        seed: UInt64, resamples: Int, pairs: [Pair], rankings: [Ranking],
        findings: [ReportFinding]
    ) {
        schema = Self.schema
        self.version = version
        self.models = models
        self.metrics = metrics
        self.labels = labels
        self.seed = seed
        self.resamples = resamples
        self.pairs = pairs
        self.rankings = rankings
        self.findings = findings
    }
}
