/// How a library matches instances and what it returns for empty maps.
///
/// The numbers of empty maps were taken from runs of the libraries named; ``standard`` is this library's own choice:
/// pairs above the threshold, no value when both maps are empty, 0 when one is.
public struct InstanceConvention: Hashable, Sendable {
    /// Which overlapping instances make a pair.
    ///
    /// From IoU above ½ on all rules agree: no instance has two candidates.
    public enum Matching: String, Hashable, Sendable {
        /// Among the pairs past the threshold: as many as possible, then the greatest sum of IoU.
        case mostPairs
        /// As many pairs past the threshold as possible, then the greatest sum of IoU over all overlaps, those below
        /// the threshold included (stardist, cellpose).
        case mostPairsThenOverlap
        /// The assignment with the greatest sum of IoU over all overlaps; its pairs past the threshold are kept
        /// (hover_net and MONAI below ½).
        case greatestOverlap
        /// From the greatest IoU down, each instance once (panoptica).
        case greedy
    }

    /// What a metric is worth when a map has no instance; nil where the library raises an error.
    public struct EmptyNumbers: Hashable, Sendable {
        /// When both maps are empty.
        public let both: Double?
        /// When only the reference has instances.
        public let miss: Double?
        /// When only the prediction has instances.
        public let ghost: Double?

        /// Makes the numbers.
        ///
        /// - Parameters:
        ///   - both: When both maps are empty.
        ///   - miss: When only the reference has instances.
        ///   - ghost: When only the prediction has instances.
        public init(both: Double?, miss: Double? = 0, ghost: Double? = 0) {
            self.both = both
            self.miss = miss
            self.ghost = ghost
        }

        /// Compares bits, so that NaN equals NaN.
        public static func == (a: EmptyNumbers, b: EmptyNumbers) -> Bool {
            a.both?.bitPattern == b.both?.bitPattern && a.miss?.bitPattern == b.miss?.bitPattern
                && a.ghost?.bitPattern == b.ghost?.bitPattern
        }

        /// Hashes bits.
        public func hash(into hasher: inout Hasher) {
            hasher.combine(both?.bitPattern)
            hasher.combine(miss?.bitPattern)
            hasher.combine(ghost?.bitPattern)
        }

        /// The value for a state other than ``MetricState/value``.
        func value(_ state: MetricState) -> MetricValue {
            let number =
                switch state {
                case .na: both
                case .miss: miss
                case .ghost: ghost
                case .value, .error: Double?.none
                }
            return number.map { MetricValue(state, $0) } ?? .error
        }
    }

    /// The name on the command line.
    public let name: String
    /// Whether a pair needs an IoU above the threshold; otherwise the threshold itself is enough.
    public let isStrict: Bool
    /// Which overlapping instances make a pair.
    public let matching: Matching
    /// Whether IoU is rounded to single precision before it is compared and summed.
    public let isSingle: Bool
    /// Added to TP where SQ divides by it.
    public let qualitySmoothing: Double
    /// Added to the denominator of DQ and PQ.
    public let detectionSmoothing: Double
    /// Added to the union where AJI and AJI+ choose pairs (their sums stay exact).
    public let choiceSmoothing: Double
    /// Whether a map without background pixels is an error.
    public let needsBackground: Bool
    /// SQ, precision and recall where they divide by zero; nil for no value.
    public let undefinedRate: Double?
    /// AJI of empty maps.
    public let emptyJaccard: EmptyNumbers
    /// AJI+ of empty maps.
    public let emptyJaccardPlus: EmptyNumbers
    /// DQ, SQ, PQ and F1 of empty maps.
    public let emptyQuality: EmptyNumbers
    /// Dice2 of empty maps.
    public let emptyDice2: EmptyNumbers
    /// Whether Dice2 is an error when no instances touch.
    public let dice2NeedsContact: Bool

    private init(
        _ name: String, isStrict: Bool, matching: Matching, isSingle: Bool = false,
        qualitySmoothing: Double = 0, detectionSmoothing: Double = 0, choiceSmoothing: Double = 0,
        needsBackground: Bool = false, undefinedRate: Double? = 0,
        empty: EmptyNumbers, emptyJaccard: EmptyNumbers? = nil,
        emptyJaccardPlus: EmptyNumbers? = nil,
        emptyDice2: EmptyNumbers? = nil, dice2NeedsContact: Bool = false
    ) {
        self.name = name
        self.isStrict = isStrict
        self.matching = matching
        self.isSingle = isSingle
        self.qualitySmoothing = qualitySmoothing
        self.detectionSmoothing = detectionSmoothing
        self.choiceSmoothing = choiceSmoothing
        self.needsBackground = needsBackground
        self.undefinedRate = undefinedRate
        self.emptyQuality = empty
        self.emptyJaccard = emptyJaccard ?? empty
        self.emptyJaccardPlus = emptyJaccardPlus ?? empty
        self.emptyDice2 = emptyDice2 ?? empty
        self.dice2NeedsContact = dice2NeedsContact
    }

    /// This library's choice.
    public static let standard = InstanceConvention(
        "standard", isStrict: true, matching: .mostPairs, undefinedRate: nil,
        empty: EmptyNumbers(both: .nan))

    /// The instance functions of hover_net, `metrics/stats_utils.py`.
    ///
    /// Its Dice2 and AJI raise where there is nothing to compare, and every function but Dice1 raises on a map without
    /// background. Source: Graham et al. 2019.
    public static let hovernet = InstanceConvention(
        "hovernet", isStrict: true, matching: .greatestOverlap, qualitySmoothing: 1e-6,
        choiceSmoothing: 1e-6, needsBackground: true, empty: EmptyNumbers(both: nil),
        emptyJaccard: EmptyNumbers(both: nil, miss: nil),
        emptyJaccardPlus: EmptyNumbers(both: .nan),
        emptyDice2: EmptyNumbers(both: nil, miss: nil, ghost: nil), dice2NeedsContact: true)

    /// MONAI `compute_panoptic_quality`: single precision, 1e-6 in every denominator, 0 for a perfect empty image.
    public static let monai = InstanceConvention(
        "monai", isStrict: true, matching: .greatestOverlap, isSingle: true, qualitySmoothing: 1e-6,
        detectionSmoothing: 1e-6, empty: EmptyNumbers(both: 0))

    /// stardist `matching`: IoU in single precision, the threshold itself is a match, 0 for empty images.
    public static let stardist = InstanceConvention(
        "stardist", isStrict: false, matching: .mostPairsThenOverlap, isSingle: true,
        empty: EmptyNumbers(both: 0))

    /// cellpose `metrics.py`: the threshold itself is a match.
    public static let cellpose = InstanceConvention(
        "cellpose", isStrict: false, matching: .mostPairsThenOverlap,
        empty: EmptyNumbers(both: .nan))

    /// panoptica's evaluator with naive threshold matching: from the greatest IoU down, the threshold itself is a
    /// match.
    public static let panoptica = InstanceConvention(
        "panoptica", isStrict: false, matching: .greedy, empty: EmptyNumbers(both: .nan))

    /// Every convention, in the order in which they are listed.
    public static let all = [standard, hovernet, monai, stardist, cellpose, panoptica]
}
