extension Metric {
    /// The chapter of a report in which it stands.
    public var family: MetricFamily {
        switch self {
        case .dice, .iou, .smoothedDice, .smoothedIoU, .precision, .recall, .specificity,
            .negativePredictiveValue, .falsePositiveRate, .falseNegativeRate, .falseDiscoveryRate,
            .accuracy, .balancedAccuracy, .youden, .fBeta, .mcc, .kappa:
            .overlap
        case .volumeSimilarity, .signedVolumeSimilarity, .relativeVolumeDifference,
            .absoluteRelativeVolumeDifference, .absoluteVolumeDifference:
            .volume
        case .hausdorff, .asd, .asdReverse, .assd, .masd, .balancedAverageDistance,
            .surfaceDistanceDeviation, .nsd, .boundaryIoU:
            .surface
        case .auc, .averagePrecision, .bestF1, .thresholdF1, .expectedCalibrationError,
            .maximumCalibrationError, .brier, .logLoss:
            .score
        case .aji, .ajiPlus, .detectionQuality, .segmentationQuality, .panopticQuality,
            .instanceF1, .instanceAP, .dice2, .objectDice, .objectHausdorff, .adjustedRand,
            .adjustedRandInstances, .adjustedRandForeground:
            .instance
        case .froc, .lesionDice, .lesionHausdorff: .lesion
        case .macroF1, .microF1, .weightedF1, .topAccuracy: .classification
        }
    }

    /// What it can be measured on; some names serve both masks and lists of classes.
    public var tasks: [MetricTask] {
        switch family {
        case .overlap:
            switch self {
            case .accuracy, .balancedAccuracy, .mcc, .kappa: [.labels, .classes]
            default: [.labels]
            }
        case .volume, .surface: [.labels]
        case .score: [.scores]
        case .instance: [.instances]
        case .lesion: [.lesions]
        case .classification: [.classes]
        }
    }

    /// In what it is measured; a ``Convention`` that ignores the voxel spacing has its own, ``Convention/unit(of:)``.
    public var unit: MetricUnit {
        switch self {
        case .hausdorff(_, rule: .pooledVoxels), .absoluteVolumeDifference(inVoxels: true): .voxels
        case .hausdorff, .asd, .asdReverse, .assd, .masd, .balancedAverageDistance,
            .surfaceDistanceDeviation, .objectHausdorff, .lesionHausdorff:
            .millimetres
        case .absoluteVolumeDifference(inVoxels: false): .millilitres
        case .logLoss: .nats
        default: .fraction
        }
    }

    /// Which way it improves.
    public var direction: MetricDirection {
        switch self {
        case .falsePositiveRate, .falseNegativeRate, .falseDiscoveryRate,
            .absoluteRelativeVolumeDifference, .absoluteVolumeDifference, .hausdorff, .asd,
            .asdReverse, .assd, .masd, .balancedAverageDistance, .surfaceDistanceDeviation,
            .expectedCalibrationError, .maximumCalibrationError, .brier, .logLoss,
            .objectHausdorff, .lesionHausdorff:
            .lower
        case .signedVolumeSimilarity, .relativeVolumeDifference: .none
        default: .higher
        }
    }

    /// Whether it counts the voxels outside of both masks, so that it has a value even when both are empty.
    public var dependsOnFieldOfView: Bool {
        switch self {
        case .specificity, .negativePredictiveValue, .falsePositiveRate, .accuracy: true
        default: false
        }
    }

    /// The name as a table heading prints it.
    public var title: String {
        switch self {
        case .dice: "Dice"
        case .iou: "IoU"
        case .smoothedDice(let constant): "Dice (+\(Self.text(constant)))"
        case .smoothedIoU(let constant): "IoU (+\(Self.text(constant)))"
        case .precision: "Precision"
        case .recall: "Recall"
        case .specificity: "Specificity"
        case .negativePredictiveValue: "NPV"
        case .falsePositiveRate: "False positive rate"
        case .falseNegativeRate: "False negative rate"
        case .falseDiscoveryRate: "False discovery rate"
        case .accuracy: "Accuracy"
        case .balancedAccuracy: "Balanced accuracy"
        case .youden: "Youden's index"
        case .fBeta(let beta): "F\(Self.text(beta))"
        case .mcc: "MCC"
        case .kappa: "Cohen's kappa"
        case .volumeSimilarity: "Volume similarity"
        case .signedVolumeSimilarity: "Volume similarity (signed)"
        case .relativeVolumeDifference: "Relative volume difference"
        case .absoluteRelativeVolumeDifference: "Absolute relative volume difference"
        case .absoluteVolumeDifference(let inVoxels):
            "Absolute volume difference" + (inVoxels ? " (voxels)" : "")
        case .hausdorff(let percentile, let rule):
            (percentile == 100 ? "HD" : "HD\(Self.text(percentile))")
                + (rule.map { " (\($0.rawValue))" } ?? "")
        case .asd: "ASD"
        case .asdReverse: "ASD (from reference)"
        case .assd: "ASSD"
        case .masd: "MASD"
        case .balancedAverageDistance: "bAVD"
        case .surfaceDistanceDeviation: "SD of surface distances"
        case .nsd(let tolerance, let variant):
            "NSD \(tolerance)" + (variant.map { " (\($0.rawValue))" } ?? "")
        case .boundaryIoU: "Boundary IoU" + String(description.dropFirst(4))
        case .auc: "AUC"
        case .averagePrecision: "Average precision"
        case .bestF1: "Best F1"
        case .thresholdF1(let threshold): "F1 at \(Self.text(threshold))"
        case .expectedCalibrationError: "ECE"
        case .maximumCalibrationError: "MCE"
        case .brier: "Brier score"
        case .logLoss: "Log loss"
        case .aji: "AJI"
        case .ajiPlus: "AJI+"
        case .detectionQuality: "DQ"
        case .segmentationQuality: "SQ"
        case .panopticQuality: "PQ"
        case .instanceF1(let threshold): "F1 at IoU \(Self.text(threshold))"
        case .instanceAP(let threshold): "TP/(TP+FP+FN) at IoU \(Self.text(threshold))"
        case .dice2: "Dice2"
        case .objectDice: "Object Dice"
        case .objectHausdorff: "Object HD"
        case .adjustedRand: "ARI (foreground)"
        case .adjustedRandInstances: "ARI (instances)"
        case .adjustedRandForeground: "ARI (instances in the reference)"
        case .froc: "FROC"
        case .lesionDice: "Lesion-wise Dice"
        case .lesionHausdorff(let percentile):
            percentile == 100 ? "Lesion-wise HD" : "Lesion-wise HD\(Self.text(percentile))"
        case .macroF1: "F1 (macro)"
        case .microF1: "F1 (micro)"
        case .weightedF1: "F1 (weighted)"
        case .topAccuracy(let k): "Top-\(k) accuracy"
        }
    }

    /// The formula in one line of plain text, for masks P (prediction) and R (reference).
    ///
    /// D(P→R) are the distances from the surface elements of P to the surface of R. What the convention adds to it is
    /// in ``Convention/formula(of:)``.
    public var formula: String {
        switch self {
        case .dice: "2TP / (2TP + FP + FN)"
        case .iou: "TP / (TP + FP + FN)"
        case .smoothedDice(let c):
            "(2TP + \(Self.text(c))) / (2TP + FP + FN + \(Self.text(c)))"
        case .smoothedIoU(let c): "(TP + \(Self.text(c))) / (TP + FP + FN + \(Self.text(c)))"
        case .precision: "TP / (TP + FP)"
        case .recall: "TP / (TP + FN)"
        case .specificity: "TN / (TN + FP)"
        case .negativePredictiveValue: "TN / (TN + FN)"
        case .falsePositiveRate: "FP / (TN + FP)"
        case .falseNegativeRate: "FN / (TP + FN)"
        case .falseDiscoveryRate: "FP / (TP + FP)"
        case .accuracy: "(TP + TN) / n"
        case .balancedAccuracy: "(recall + specificity) / 2; between classes the mean recall"
        case .youden: "recall + specificity - 1"
        case .fBeta(let beta):
            "(1 + b²)TP / ((1 + b²)TP + b²FN + FP), b = \(Self.text(beta))"
        case .mcc: "(TP·TN - FP·FN) / √((TP+FP)(TP+FN)(TN+FP)(TN+FN))"
        case .kappa: "2(TP·TN - FP·FN) / ((TP+FP)(FP+TN) + (TP+FN)(FN+TN))"
        case .volumeSimilarity: "1 - |FN - FP| / (2TP + FP + FN)"
        case .signedVolumeSimilarity: "2(|P| - |R|) / (|P| + |R|)"
        case .relativeVolumeDifference: "(|P| - |R|) / |R|"
        case .absoluteRelativeVolumeDifference: "abs(|P| - |R|) / |R|"
        case .absoluteVolumeDifference(let inVoxels):
            inVoxels ? "abs(|P| - |R|)" : "abs(|P| - |R|) · voxel volume"
        case .hausdorff(let percentile, let rule): Self.hausdorffFormula(percentile, rule)
        case .asd: "mean D(P→R)"
        case .asdReverse: "mean D(R→P)"
        case .assd: "(Σ D(P→R) + Σ D(R→P)) / (n(∂P) + n(∂R))"
        case .masd: "(mean D(P→R) + mean D(R→P)) / 2"
        case .balancedAverageDistance: "(Σ D(P→R) + Σ D(R→P)) / (2 n(∂R))"
        case .surfaceDistanceDeviation: "standard deviation (n) of D(P→R) and D(R→P) together"
        case .nsd(let t, nil), .nsd(let t, variant: .pooled):
            "(w{D(P→R) ≤ \(t)} + w{D(R→P) ≤ \(t)}) / (w(∂P) + w(∂R))"
        case .nsd(let t, variant: .meanDirected):
            "(w{D(P→R) ≤ \(t)} / w(∂P) + w{D(R→P) ≤ \(t)} / w(∂R)) / 2"
        case .nsd(let t, variant: .fromPrediction): "w{D(P→R) ≤ \(t)} / w(∂P)"
        case .nsd(let t, variant: .fromReference): "w{D(R→P) ≤ \(t)} / w(∂R)"
        case .boundaryIoU(let definition):
            "n(Rd ∩ Pd) / n(Rd ∪ Pd), Xd = " + Self.band(definition)
        case .auc: "(Σ ranks of positives - n₊(n₊+1)/2) / (n₊ n₋), mid-ranks"
        case .averagePrecision: "Σ (R(k) - R(k-1)) P(k) over distinct scores"
        case .bestF1: "max over t of 2TP / (2TP + FP + FN), positive: score ≥ t"
        case .thresholdF1(let t): "2TP / (2TP + FP + FN), positive: score ≥ \(Self.text(t))"
        case .expectedCalibrationError:
            "Σ n(b)/n · |mean label(b) - mean score(b)|, equal-width bins"
        case .maximumCalibrationError: "max over bins of |mean label(b) - mean score(b)|"
        case .brier: "mean (score - label)²"
        case .logLoss: "-mean (label ln score + (1 - label) ln (1 - score))"
        case .aji: "Σ∩ / (Σ∪ + unmatched R + unused P), each object of R with its best IoU"
        case .ajiPlus: "Σ∩ / (Σ∪ + unmatched R + unmatched P), one to one with the largest ΣIoU"
        case .detectionQuality: "TP / (TP + FP/2 + FN/2), pairs with IoU > 0.5"
        case .segmentationQuality: "mean IoU of the pairs with IoU > 0.5"
        case .panopticQuality: "DQ · SQ"
        case .instanceF1(let t): "2TP / (2TP + FP + FN), objects paired at IoU \(Self.text(t))"
        case .instanceAP(let t): "TP / (TP + FP + FN), objects paired at IoU \(Self.text(t))"
        case .dice2: "2 Σ n(ij) / Σ (a(i) + b(j)) over all overlapping pairs"
        case .objectDice: "area-weighted Dice with the partner of largest overlap, both ways"
        case .objectHausdorff: "area-weighted HD with the partner of largest overlap, both ways"
        case .adjustedRand: "adjusted Rand index of the foreground of both maps"
        case .adjustedRandInstances: "adjusted Rand index of the instance numbers, all pixels"
        case .adjustedRandForeground: "adjusted Rand index of the instance numbers within R"
        case .froc: "mean sensitivity at 1/4, 1/2, 1, 2, 4, 8 false positives per slide"
        case .lesionDice: "Σ Dice of the lesions of R / (lesions of R + unmatched lesions of P)"
        case .lesionHausdorff(let percentile):
            "Σ HD\(Self.text(percentile)) of the lesions of R / (lesions of R + unmatched lesions of P)"
        case .macroF1: "mean of 2TP / (2TP + FP + FN) over classes with samples"
        case .microF1: "2ΣTP / (2ΣTP + ΣFP + ΣFN) over classes"
        case .weightedF1: "Σ n(class) F1(class) / n"
        case .topAccuracy(let k): "share of samples whose class is among the \(k) largest scores"
        }
    }

    private static func hausdorffFormula(_ percentile: Double, _ rule: HausdorffRule?) -> String {
        let name = percentile == 100 ? "max" : "P\(text(percentile))"
        let linear = percentile == 100 ? "" : ", linear interpolation"
        return switch rule {
        case nil, .maxDirected: "max(\(name) D(P→R), \(name) D(R→P))" + linear
        case .pooled: "\(name) of D(P→R) and D(R→P) together" + linear
        case .pooledVoxels: "\(name) of D(P→R) and D(R→P) together" + linear + ", voxels"
        case .weighted:
            "max over both directions of the first distance with cumulative weight ≥ \(text(percentile)) %"
        case .meanDirected: "(\(name) D(P→R) + \(name) D(R→P)) / 2" + linear
        case .fromPrediction: "\(name) D(P→R)" + linear
        case .fromReference: "\(name) D(R→P)" + linear
        }
    }

    private static func band(_ definition: BoundaryDefinition) -> String {
        switch definition {
        case .millimetres(let width): "voxels of X at most \(text(width)) mm from its border"
        case .diagonalFraction(let share):
            "voxels of X at most \(text(share)) of the image diagonal from its border"
        case .cheng2021(let ratio):
            "X without X eroded max(1, round(\(text(ratio)) · diagonal)) times by 3 x 3"
        case .reloaded(let voxels): "voxels of X less than \(text(voxels)) voxels from its border"
        }
    }
}
