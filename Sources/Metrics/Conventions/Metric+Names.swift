extension Metric: CustomStringConvertible {
    /// The canonical identifier, which ``init(parsing:)`` reads back.
    public var description: String {
        switch self {
        case .dice: "dice"
        case .iou: "iou"
        case .smoothedDice(let constant): "dice:smoothed@\(Self.text(constant))"
        case .smoothedIoU(let constant): "iou:smoothed@\(Self.text(constant))"
        case .precision: "precision"
        case .recall: "recall"
        case .specificity: "specificity"
        case .negativePredictiveValue: "npv"
        case .falsePositiveRate: "fpr"
        case .falseNegativeRate: "fnr"
        case .falseDiscoveryRate: "fdr"
        case .accuracy: "accuracy"
        case .balancedAccuracy: "balanced-accuracy"
        case .youden: "youden"
        case .fBeta(let beta): "fbeta@\(Self.text(beta))"
        case .mcc: "mcc"
        case .kappa: "kappa"
        case .volumeSimilarity: "vs"
        case .signedVolumeSimilarity: "vs:signed"
        case .relativeVolumeDifference: "rvd"
        case .absoluteRelativeVolumeDifference: "avdr"
        case .absoluteVolumeDifference(let inVoxels): inVoxels ? "avd:voxels" : "avd"
        case .hausdorff(let percentile, let rule):
            (percentile == 100 ? "hd" : "hd\(Self.text(percentile))")
                + (rule.map { ":\($0.rawValue)" } ?? "")
        case .asd: "asd"
        case .asdReverse: "asd-reverse"
        case .assd: "assd"
        case .masd: "masd"
        case .balancedAverageDistance: "bavd"
        case .surfaceDistanceDeviation: "sdsd"
        case .nsd(let tolerance, let variant):
            "nsd" + (variant.map { ":\($0.rawValue)" } ?? "") + "@\(tolerance)"
        case .boundaryIoU(let definition): Self.name(of: definition)
        case .auc: "auc"
        case .averagePrecision: "average-precision"
        case .bestF1: "best-f1"
        case .thresholdF1(let threshold): "threshold-f1@\(Self.text(threshold))"
        case .expectedCalibrationError: "ece"
        case .maximumCalibrationError: "mce"
        case .brier: "brier"
        case .logLoss: "log-loss"
        case .aji: "aji"
        case .ajiPlus: "aji+"
        case .detectionQuality: "dq"
        case .segmentationQuality: "sq"
        case .panopticQuality: "pq"
        case .instanceF1(let threshold): "f1@\(Self.text(threshold))"
        case .instanceAP(let threshold): "ap@\(Self.text(threshold))"
        case .dice2: "dice2"
        case .objectDice: "object-dice"
        case .objectHausdorff: "object-hd"
        case .adjustedRand: "ari"
        case .adjustedRandInstances: "ari-instances"
        case .adjustedRandForeground: "ari-fg"
        case .froc: "froc"
        case .lesionDice: "lesion-dice"
        case .lesionHausdorff(let percentile):
            percentile == 100 ? "lesion-hd" : "lesion-hd\(Self.text(percentile))"
        case .macroF1: "macro-f1"
        case .microF1: "micro-f1"
        case .weightedF1: "weighted-f1"
        case .topAccuracy(let k): "top-accuracy@\(k)"
        }
    }

    /// Every metric, those with a parameter at its usual values: what a command lists, and where suggestions come from.
    public static let listed: [Metric] = {
        let rules = HausdorffRule.allCases.map { Metric.hausdorff(percentile: 95, rule: $0) }
        let variants = NSDVariant.allCases.map { Metric.nsd(.millimetres(2), variant: $0) }
        return [
            .dice, .iou, .smoothedDice(1e-5), .smoothedIoU(1e-3), .precision, .recall,
            .specificity, .negativePredictiveValue, .falsePositiveRate, .falseNegativeRate,
            .falseDiscoveryRate, .accuracy, .balancedAccuracy, .youden, .fBeta(2), .mcc, .kappa,
            .volumeSimilarity, .signedVolumeSimilarity, .relativeVolumeDifference,
            .absoluteRelativeVolumeDifference, .absoluteVolumeDifference(inVoxels: false),
            .absoluteVolumeDifference(inVoxels: true),
        ] + [.hd, .hd95] + rules + [
            .asd, .asdReverse, .assd, .masd, .balancedAverageDistance, .surfaceDistanceDeviation,
            .nsd2mm, .nsd(.voxels(2), variant: nil),
        ] + variants + [
            .boundaryIoU(.millimetres(2)), .boundaryIoU(.diagonalFraction(0.02)),
            .boundaryIoU(.cheng2021(ratio: 0.02)), .boundaryIoU(.reloaded(voxels: 3)),
            .auc, .averagePrecision, .bestF1, .thresholdF1(0.5), .expectedCalibrationError,
            .maximumCalibrationError, .brier, .logLoss, .aji, .ajiPlus, .detectionQuality,
            .segmentationQuality, .panopticQuality, .instanceF1(0.5), .instanceAP(0.5), .dice2,
            .objectDice, .objectHausdorff, .adjustedRand, .adjustedRandInstances,
            .adjustedRandForeground, .froc, .lesionDice, .lesionHausdorff(percentile: 95),
            .macroF1, .microF1, .weightedF1, .topAccuracy(5),
        ]
    }()

    /// The metrics of one task, in the order of ``listed``.
    ///
    /// - Parameter task: What is compared with what.
    /// - Returns: Those that apply.
    public static func listed(for task: MetricTask) -> [Metric] {
        listed.filter { $0.tasks.contains(task) }
    }

    /// What is measured when nothing is asked for.
    ///
    /// - Parameter task: What is compared with what.
    /// - Returns: A short list, headline first.
    public static func defaults(for task: MetricTask) -> [Metric] {
        switch task {
        case .labels: [.dice, .hd95, .nsd2mm, .assd, .iou, .precision, .recall, .hd]
        case .scores:
            [
                .auc, .averagePrecision, .bestF1, .thresholdF1(0.5), .expectedCalibrationError,
                .brier,
            ]
        case .instances:
            [.aji, .ajiPlus, .detectionQuality, .segmentationQuality, .panopticQuality, .dice2]
        case .lesions: [.froc, .lesionDice, .lesionHausdorff(percentile: 95)]
        case .classes: [.accuracy, .balancedAccuracy, .macroF1, .weightedF1, .kappa, .mcc]
        }
    }

    /// A number as identifiers print it: `2`, `0.5`, `1e-5`, `inf`.
    static func text(_ number: Double) -> String {
        if let whole = Int(exactly: number), abs(whole) < 1_000_000 { return String(whole) }
        // Swift writes `1e-05`, people `1e-5`.
        let parts = String(number).split(separator: "e")
        guard parts.count == 2, let exponent = Int(parts[1]) else { return String(number) }
        return "\(parts[0])e\(exponent)"
    }

    private static func name(of definition: BoundaryDefinition) -> String {
        switch definition {
        case .millimetres(let width): "biou@\(text(width))mm"
        case .diagonalFraction(let fraction): "biou@\(percent(fraction))"
        case .cheng2021(let ratio):
            ratio == 0.02 ? "biou:cheng2021" : "biou:cheng2021@\(percent(ratio))"
        case .reloaded(let voxels): "biou:reloaded@\(text(voxels))px"
        }
    }

    private static func percent(_ fraction: Double) -> String {
        // 0.07 * 100 is 7.000000000000001: wanted is the text that reads back as the same fraction.
        let scaled = fraction * 100
        let candidates = [
            (scaled * 1e9).rounded() / 1e9, scaled, scaled.nextUp, scaled.nextDown,
        ]
        return text(candidates.first { $0 / 100 == fraction } ?? scaled) + "%"
    }
}

extension Metric.Tolerance: CustomStringConvertible {
    /// `2mm` or `2px`.
    public var description: String {
        switch self {
        case .millimetres(let width): Metric.text(width) + "mm"
        case .voxels(let width): Metric.text(width) + "px"
        }
    }
}
