/// What can be measured, by the identifier users type: `dice`, `hd95:pooled`, `nsd@2mm`, `pq`, `auc`.
///
/// A metric names a quantity. How a library computes it (surface, percentile rule, spacing, empty masks) is fixed by a
/// ``Convention``; a variant after a colon asks for one rule whatever the convention, so that all can be printed side
/// by side. ``init(parsing:)`` has the grammar.
public enum Metric: Hashable, Sendable {
    // MARK: Overlap of two masks

    /// Dice similarity coefficient.
    case dice
    /// Intersection over union.
    case iou
    /// Dice with a constant in both terms.
    case smoothedDice(Double)
    /// Intersection over union with a constant in both terms.
    case smoothedIoU(Double)
    /// Positive predictive value.
    case precision
    /// Sensitivity.
    case recall
    /// True negative rate.
    case specificity
    /// Negative predictive value.
    case negativePredictiveValue
    /// False positives among the negatives of the reference.
    case falsePositiveRate
    /// Missed voxels among those of the reference.
    case falseNegativeRate
    /// False positives among the voxels of the prediction.
    case falseDiscoveryRate
    /// Share of right voxels or, between class lists, of right samples.
    case accuracy
    /// Mean of recall and specificity or, between class lists, of the recall of all classes.
    case balancedAccuracy
    /// Recall + specificity - 1.
    case youden
    /// Weighted harmonic mean of precision and recall.
    case fBeta(Double)
    /// Matthews correlation coefficient.
    case mcc
    /// Cohen's kappa.
    case kappa

    // MARK: Volumes

    /// Similarity of the two sizes, in [0, 1].
    case volumeSimilarity
    /// Difference of the two sizes over their mean, in [-2, 2].
    case signedVolumeSimilarity
    /// Difference of the sizes over the reference's, signed.
    case relativeVolumeDifference
    /// Difference of the sizes over the reference's, unsigned.
    case absoluteRelativeVolumeDifference
    /// Difference of the sizes, unsigned, in millilitres or voxels.
    case absoluteVolumeDifference(inVoxels: Bool)

    // MARK: Surfaces

    /// Hausdorff distance at a percentile (100: the maximum) by a rule; nil is the rule of the convention.
    case hausdorff(percentile: Double, rule: HausdorffRule?)
    /// Mean distance from the surface of the prediction to that of the reference.
    case asd
    /// Mean distance from the surface of the reference to that of the prediction.
    case asdReverse
    /// Mean of the pooled distances of both directions.
    case assd
    /// Mean of the two directed means.
    case masd
    /// Balanced average distance: the sum of both directions over twice the reference's surface.
    case balancedAverageDistance
    /// Standard deviation of the pooled distances of both directions.
    case surfaceDistanceDeviation
    /// Normalised surface distance (surface Dice) at a tolerance.
    case nsd(Tolerance, variant: NSDVariant?)
    /// Intersection over union of the border bands.
    case boundaryIoU(BoundaryDefinition)

    // MARK: Score maps

    /// Area under the receiver operating characteristic.
    case auc
    /// Average precision over all distinct scores.
    case averagePrecision
    /// Largest F1 over all thresholds.
    case bestF1
    /// F1 of the scores at a threshold.
    case thresholdF1(Double)
    /// Expected calibration error.
    case expectedCalibrationError
    /// Maximum calibration error.
    case maximumCalibrationError
    /// Mean squared error of the probabilities.
    case brier
    /// Mean negative log-likelihood.
    case logLoss

    // MARK: Instances

    /// Aggregated Jaccard index of the MoNuSeg challenge.
    case aji
    /// Aggregated Jaccard index with a one-to-one assignment.
    case ajiPlus
    /// Detection quality: F1 of the matched objects at IoU 0.5.
    case detectionQuality
    /// Segmentation quality: mean IoU of the matched objects.
    case segmentationQuality
    /// Panoptic quality: detection times segmentation quality.
    case panopticQuality
    /// F1 of the matched objects at an IoU threshold.
    case instanceF1(Double)
    /// TP / (TP + FP + FN) of the matched objects at an IoU threshold.
    case instanceAP(Double)
    /// Ensemble Dice over all overlapping pairs.
    case dice2
    /// Area-weighted Dice of the GlaS challenge.
    case objectDice
    /// Area-weighted Hausdorff distance of the GlaS challenge.
    case objectHausdorff
    /// Adjusted Rand index of the binary foreground.
    case adjustedRand
    /// Adjusted Rand index of the instance numbers over all pixels.
    case adjustedRandInstances
    /// Adjusted Rand index of the instance numbers inside of the reference.
    case adjustedRandForeground

    // MARK: Lesions

    /// Mean sensitivity at 1/4, 1/2, 1, 2, 4 and 8 false positives per slide.
    case froc
    /// Dice per lesion, 0 for every missed or invented one.
    case lesionDice
    /// Hausdorff distance per lesion at a percentile.
    case lesionHausdorff(percentile: Double)

    // MARK: Classes

    /// Mean F1 of the classes.
    case macroF1
    /// F1 of the pooled counts of the classes.
    case microF1
    /// Mean F1 of the classes weighted by their samples.
    case weightedF1
    /// Share of samples whose class is among the k best scores.
    case topAccuracy(Int)

    /// The Hausdorff distance: the maximum of both directions.
    public static let hd = Metric.hausdorff(percentile: 100, rule: nil)
    /// The 95th percentile Hausdorff distance by the rule of the convention.
    public static let hd95 = Metric.hausdorff(percentile: 95, rule: nil)
    /// The surface Dice at 2 mm.
    public static let nsd2mm = Metric.nsd(.millimetres(2), variant: nil)

    /// How two sets of directed distances become one Hausdorff distance.
    public enum HausdorffRule: String, Hashable, Sendable, CaseIterable {
        /// The larger of the two directed percentiles (MONAI, MetricsReloaded).
        case maxDirected = "max-directed"
        /// The percentile of both sets together (medpy, panoptica, seg-metrics).
        case pooled
        /// The larger of the two directed percentiles of cumulated weight, not interpolated (surface-distance).
        case weighted
        /// The mean of the two directed percentiles.
        case meanDirected = "mean-directed"
        /// As pooled, without the voxel spacing (the TransUNet family).
        case pooledVoxels = "pooled-voxels"
        /// The directed percentile from the prediction to the reference.
        case fromPrediction = "from-prediction"
        /// The directed percentile from the reference to the prediction.
        case fromReference = "from-reference"
    }

    /// How the shares of both surfaces within the tolerance become one surface Dice.
    public enum NSDVariant: String, Hashable, Sendable, CaseIterable {
        /// Both surfaces pooled (surface-distance, MONAI).
        case pooled
        /// The mean of the two shares (panoptica).
        case meanDirected = "mean-directed"
        /// The share of the prediction's surface only.
        case fromPrediction = "from-prediction"
        /// The share of the reference's surface only.
        case fromReference = "from-reference"
    }

    /// How far apart two surfaces may lie.
    public enum Tolerance: Hashable, Sendable {
        /// Millimetres.
        case millimetres(Double)
        /// Voxels, whatever the spacing.
        case voxels(Double)
    }
}
