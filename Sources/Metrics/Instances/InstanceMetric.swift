/// An instance metric by name, as on the command line and in reports: `aji`, `pq`, `f1@0.75`, `ari-fg`.
public enum InstanceMetric: Hashable, Sendable, CustomStringConvertible {
    /// Aggregated Jaccard index.
    case aji
    /// Aggregated Jaccard index over the best one-to-one assignment.
    case ajiPlus
    /// What cellpose calls AJI.
    case ajiCellpose
    /// Detection quality at an IoU threshold.
    case dq(Double)
    /// Segmentation quality at an IoU threshold.
    case sq(Double)
    /// Panoptic quality at an IoU threshold.
    case pq(Double)
    /// F1 of detections at an IoU threshold: DQ under its other name.
    case f1(Double)
    /// TP / (TP + FP + FN) at an IoU threshold, called AP in the 2018 Data Science Bowl.
    case ap(Double)
    /// Precision of detections at an IoU threshold.
    case precision(Double)
    /// Recall of detections at an IoU threshold.
    case recall(Double)
    /// Ensemble Dice.
    case dice2
    /// Object Dice of the GlaS challenge.
    case objectDice
    /// Adjusted Rand index in one of its three forms.
    case adjustedRand(PairCounts.Partition)
    /// Rand index of instance ids over all pixels.
    case rand
    /// scikit-image's adapted Rand error.
    case adaptedRandError
    /// Variation of information: the part of pieces too many.
    case voiSplit
    /// Variation of information: the part of pieces joined.
    case voiMerge
    /// Normalised mutual information.
    case nmi

    /// The metrics without a threshold, and those of thresholds at 0.5, in the order of a table.
    public static let standardList: [InstanceMetric] =
        [.aji, .ajiPlus, .dq(0.5), .sq(0.5), .pq(0.5), .dice2, .objectDice]
        + PairCounts.Partition.allCases.map { .adjustedRand($0) }
        + (0..<10).map { .f1(Double(50 + 5 * $0) / 100) }

    private static let plain: [(String, InstanceMetric)] = [
        ("aji", .aji), ("aji+", .ajiPlus), ("aji-cellpose", .ajiCellpose), ("dice2", .dice2),
        ("object-dice", .objectDice), ("ari", .adjustedRand(.binary)),
        ("ari-instances", .adjustedRand(.instances)),
        ("ari-fg", .adjustedRand(.referenceForeground)), ("rand", .rand),
        ("adapted-rand-error", .adaptedRandError), ("voi-split", .voiSplit),
        ("voi-merge", .voiMerge), ("nmi", .nmi),
    ]

    /// Reads a name.
    ///
    /// - Parameter name: As ``description``; metrics of a threshold take `@t` with 0 ≤ *t* < 1, and 0.5 without it.
    public init?(_ name: String) {
        if let found = Self.plain.first(where: { $0.0 == name }) {
            self = found.1
            return
        }
        let parts = name.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        guard let threshold = parts.count == 1 ? 0.5 : Double(parts[1]), threshold >= 0,
            threshold < 1
        else { return nil }
        switch parts[0] {
        case "dq", "rq": self = .dq(threshold)
        case "sq": self = .sq(threshold)
        case "pq": self = .pq(threshold)
        case "f1": self = .f1(threshold)
        case "ap": self = .ap(threshold)
        case "instance-precision": self = .precision(threshold)
        case "instance-recall": self = .recall(threshold)
        default: return nil
        }
    }

    /// The name.
    public var description: String {
        switch self {
        case .dq(let t): "dq@\(t)"
        case .sq(let t): "sq@\(t)"
        case .pq(let t): "pq@\(t)"
        case .f1(let t): "f1@\(t)"
        case .ap(let t): "ap@\(t)"
        case .precision(let t): "instance-precision@\(t)"
        case .recall(let t): "instance-recall@\(t)"
        default: Self.plain.first { $0.1 == self }?.0 ?? ""
        }
    }
}

extension InstanceOverlap {
    /// One metric under one convention.
    ///
    /// - Parameters:
    ///   - metric: The metric.
    ///   - convention: How instances are matched and what empty maps are worth.
    /// - Returns: The value with its state.
    public func value(
        of metric: InstanceMetric, convention: InstanceConvention = .standard
    ) -> MetricValue {
        func at(_ threshold: Double) -> PanopticQuality {
            panopticQuality(threshold: threshold, convention: convention)
        }
        func defined(_ number: Double) -> MetricValue {
            number.isNaN ? .na : MetricValue(.value, number)
        }
        switch metric {
        case .aji: return aji(convention: convention)
        case .ajiPlus: return ajiPlus(convention: convention)
        case .ajiCellpose: return cellposeAJI(convention: convention)
        case .dq(let t), .f1(let t): return at(t).detectionQuality
        case .sq(let t): return at(t).segmentationQuality
        case .pq(let t): return at(t).quality
        case .ap(let t): return at(t).accuracy
        case .precision(let t): return at(t).precision
        case .recall(let t): return at(t).recall
        case .dice2: return dice2(convention: convention)
        case .objectDice: return objectDice
        case .adjustedRand(let partition): return adjustedRand(partition)
        case .rand: return MetricValue(.value, pairCounts(.instances).rand)
        case .adaptedRandError: return defined(adaptedRand.error)
        case .voiSplit: return MetricValue(.value, information.split)
        case .voiMerge: return MetricValue(.value, information.merge)
        case .nmi: return MetricValue(.value, information.normalizedMutualInformation)
        }
    }
}
