/// The overlap family: each formula is NaN where it divides by zero, whatever a convention then makes of it.
///
/// Sums are taken on exact integers and products on 128 bits, so that nothing is lost below 2^53 voxels and the
/// differences (MCC, kappa, signed volumes) do not cancel.
extension OverlapCounts {
    // MARK: - How much the masks share

    /// Dice similarity coefficient, 2TP / (2TP + FP + FN), also called DSC or F1; NaN when both masks are empty.
    ///
    /// - Source: Dice 1945; Zijdenbos et al. 1994.
    public var dice: Double {
        Self.ratio(2 * Double(truePositives), Double(prediction) + Double(reference))
    }

    /// Intersection over union, TP / (TP + FP + FN), also called Jaccard index; NaN when both masks are empty.
    ///
    /// - Source: Jaccard 1912.
    public var iou: Double { Self.ratio(Double(truePositives), Double(union)) }

    /// Dice with a constant in both terms, (2TP + c) / (2TP + FP + FN + c): 1 when both masks are empty.
    ///
    /// - Parameter smoothing: The constant c; training losses use 1e-5 or 1e-3.
    /// - Returns: The smoothed value; NaN when both masks are empty and c is 0.
    public func dice(smoothing: Double) -> Double {
        Self.ratio(
            2 * Double(truePositives) + smoothing,
            Double(prediction) + Double(reference) + smoothing)
    }

    /// Intersection over union with a constant in both terms, (TP + c) / (TP + FP + FN + c).
    ///
    /// - Parameter smoothing: The constant c.
    /// - Returns: The smoothed value; NaN when both masks are empty and c is 0.
    public func iou(smoothing: Double) -> Double {
        Self.ratio(Double(truePositives) + smoothing, Double(union) + smoothing)
    }

    /// F-beta, (1 + b²)TP / ((1 + b²)TP + b²FN + FP): recall counts b times as much as precision.
    ///
    /// - Parameter beta: b, at least 0; 1 is ``dice``.
    /// - Returns: The value; NaN when both masks are empty.
    /// - Source: van Rijsbergen 1979.
    public func fBeta(_ beta: Double) -> Double {
        let square = beta * beta
        let hits = (1 + square) * Double(truePositives)
        return Self.ratio(
            hits, hits + square * Double(falseNegatives) + Double(falsePositives))
    }

    // MARK: - Rates

    /// Positive predictive value, TP / (TP + FP); NaN when the prediction is empty.
    public var precision: Double { Self.ratio(Double(truePositives), Double(prediction)) }

    /// Sensitivity or true positive rate, TP / (TP + FN); NaN when the reference is empty.
    public var recall: Double { Self.ratio(Double(truePositives), Double(reference)) }

    /// True negative rate, TN / (TN + FP); NaN when the reference fills the field of view, on whose size it depends.
    public var specificity: Double { Self.ratio(Double(trueNegatives), Double(negatives)) }

    /// Negative predictive value, TN / (TN + FN); NaN when the prediction fills the field of view.
    public var negativePredictiveValue: Double {
        Self.ratio(Double(trueNegatives), Double(trueNegatives) + Double(falseNegatives))
    }

    /// FP / (TN + FP), one minus ``specificity``.
    public var falsePositiveRate: Double { Self.ratio(Double(falsePositives), Double(negatives)) }

    /// FN / (TP + FN), one minus ``recall``.
    public var falseNegativeRate: Double { Self.ratio(Double(falseNegatives), Double(reference)) }

    /// FP / (TP + FP), one minus ``precision``.
    public var falseDiscoveryRate: Double {
        Self.ratio(Double(falsePositives), Double(prediction))
    }

    /// (TP + TN) / n: how many voxels of the field of view are right.
    public var accuracy: Double {
        Self.ratio(Double(truePositives) + Double(trueNegatives), Double(total))
    }

    /// The mean of ``recall`` and ``specificity``; NaN when either is.
    public var balancedAccuracy: Double { (recall + specificity) / 2 }

    /// Youden's index, recall + specificity - 1; NaN when either is.
    ///
    /// - Source: Youden 1950.
    public var youden: Double { recall + specificity - 1 }

    // MARK: - Agreement beyond chance

    /// Matthews correlation coefficient; NaN when either mask is empty or fills the field of view.
    ///
    /// - Source: Matthews 1975.
    public var mcc: Double {
        // The roots are taken before they are multiplied, since the product of four counts exceeds even 128 bits.
        let roots =
            (Double(prediction) * Double(reference)).squareRoot()
            * (Double(negatives) * (Double(trueNegatives) + Double(falseNegatives))).squareRoot()
        return Self.ratio(covariance, roots)
    }

    /// Cohen's kappa, 2(TP·TN - FP·FN) / ((TP+FP)(FP+TN) + (TP+FN)(FN+TN)); NaN when chance alone agrees everywhere.
    ///
    /// - Source: Cohen 1960.
    public var kappa: Double {
        let chance =
            Double(prediction) * Double(negatives)
            + Double(reference) * (Double(trueNegatives) + Double(falseNegatives))
        return Self.ratio(2 * covariance, chance)
    }

    // MARK: - Volumes

    /// Volume similarity, 1 - |FN - FP| / (2TP + FP + FN), in [0, 1]; NaN when both masks are empty.
    ///
    /// It compares sizes only: two masks that do not touch can score 1.
    ///
    /// - Source: Taha and Hanbury 2015.
    public var volumeSimilarity: Double { 1 - abs(signedVolumeSimilarity) / 2 }

    /// What SimpleITK and seg-metrics print as volume similarity, 2(P - R) / (P + R), in [-2, 2]; NaN when both masks
    /// are empty.
    public var signedVolumeSimilarity: Double {
        Self.ratio(2 * volumeDifference, Double(prediction) + Double(reference))
    }

    /// (P - R) / R, below 0 when the prediction is too small; NaN when the reference is empty.
    public var relativeVolumeDifference: Double { Self.ratio(volumeDifference, Double(reference)) }

    /// |P - R| / R; NaN when the reference is empty.
    public var absoluteRelativeVolumeDifference: Double { abs(relativeVolumeDifference) }

    /// Voxels of the prediction minus voxels of the reference.
    public var volumeDifference: Double {
        falsePositives >= falseNegatives
            ? Double(falsePositives - falseNegatives) : -Double(falseNegatives - falsePositives)
    }

    /// |P - R| in millilitres (of a picture in square millimetres).
    ///
    /// - Parameter grid: Where the voxels lie.
    /// - Returns: The difference times the volume of one voxel; 0 when both masks are empty.
    public func absoluteVolumeDifference(on grid: MaskGrid) -> Double {
        abs(volumeDifference) * grid.voxelVolume
    }

    // MARK: - Parts

    /// Voxels in either mask.
    public var union: UInt64 { truePositives + falsePositives + falseNegatives }

    /// Voxels outside of the reference.
    public var negatives: UInt64 { trueNegatives + falsePositives }

    /// TP·TN - FP·FN, exact until it is rounded once.
    private var covariance: Double {
        let agree = truePositives.multipliedFullWidth(by: trueNegatives)
        let differ = falsePositives.multipliedFullWidth(by: falseNegatives)
        let isNegative = (agree.high, agree.low) < (differ.high, differ.low)
        let (large, small) = isNegative ? (differ, agree) : (agree, differ)
        let (low, borrow) = large.low.subtractingReportingOverflow(small.low)
        let high = large.high - small.high - (borrow ? 1 : 0)
        let size = Double(high) * 0x1p64 + Double(low)
        return isNegative ? -size : size
    }

    /// A quotient that is NaN, never infinite, when there is nothing to divide by.
    private static func ratio(_ numerator: Double, _ denominator: Double) -> Double {
        denominator == 0 ? .nan : numerator / denominator
    }
}
