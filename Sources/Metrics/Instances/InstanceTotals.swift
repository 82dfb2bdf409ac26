/// The sums of instance metrics over a set of images: adding them gives the values pooled over the set.
///
/// The mean over images and the pooled value are two aggregations of the same images and differ; both are in use.
public struct InstanceTotals: Hashable, Sendable {
    /// The IoU threshold of the detections.
    public let threshold: Double
    /// Images in the sums.
    public private(set) var images: Int
    /// Matched pairs.
    public private(set) var truePositives: Int
    /// Predicted instances without a match.
    public private(set) var falsePositives: Int
    /// Reference instances without a match.
    public private(set) var falseNegatives: Int
    /// The sum of IoU over the matched pairs.
    public private(set) var sumIoU: Double
    /// The sums of AJI.
    public private(set) var aji: JaccardSums
    /// The sums of AJI+.
    public private(set) var ajiPlus: JaccardSums
    /// The pixels of both foregrounds.
    public private(set) var foreground: OverlapCounts

    /// Takes the sums of one image.
    ///
    /// - Parameters:
    ///   - overlap: The instances of the image.
    ///   - threshold: The IoU of a detection.
    ///   - convention: Which pairs are taken.
    public init(
        _ overlap: InstanceOverlap, threshold: Double = 0.5,
        convention: InstanceConvention = .standard
    ) {
        let quality = overlap.panopticQuality(threshold: threshold, convention: convention)
        self.threshold = threshold
        images = 1
        truePositives = quality.truePositives
        falsePositives = quality.falsePositives
        falseNegatives = quality.falseNegatives
        sumIoU = quality.sumIoU
        aji = overlap.ajiSums(convention: convention)
        ajiPlus = overlap.ajiPlusSums(convention: convention)
        foreground = overlap.foreground
    }

    /// The sums of two sets of images; both have the same threshold.
    public static func + (a: InstanceTotals, b: InstanceTotals) -> InstanceTotals {
        precondition(a.threshold == b.threshold, "totals at different thresholds")
        var sum = a
        sum.images += b.images
        sum.truePositives += b.truePositives
        sum.falsePositives += b.falsePositives
        sum.falseNegatives += b.falseNegatives
        sum.sumIoU += b.sumIoU
        sum.aji = a.aji + b.aji
        sum.ajiPlus = a.ajiPlus + b.ajiPlus
        sum.foreground = a.foreground + b.foreground
        return sum
    }

    /// The pooled DQ; no value when no image has an instance.
    public var detectionQuality: MetricValue { ratio(Double(truePositives), weight) }
    /// The pooled SQ; no value without a pair.
    public var segmentationQuality: MetricValue { ratio(sumIoU, Double(truePositives)) }
    /// The pooled PQ; no value when no image has an instance.
    public var quality: MetricValue { ratio(sumIoU, weight) }
    /// The pooled AJI; no value when no image has an instance.
    public var pooledAJI: MetricValue { ratio(Double(aji.intersection), Double(aji.union)) }
    /// The pooled AJI+; no value when no image has an instance.
    public var pooledAJIPlus: MetricValue {
        ratio(Double(ajiPlus.intersection), Double(ajiPlus.union))
    }
    /// The pooled precision of detections; no value without predictions.
    public var precision: MetricValue {
        ratio(Double(truePositives), Double(truePositives + falsePositives))
    }
    /// The pooled recall of detections; no value without references.
    public var recall: MetricValue {
        ratio(Double(truePositives), Double(truePositives + falseNegatives))
    }

    private var weight: Double {
        Double(truePositives) + 0.5 * Double(falsePositives) + 0.5 * Double(falseNegatives)
    }

    private func ratio(_ a: Double, _ b: Double) -> MetricValue {
        b == 0 ? .na : MetricValue(.value, a / b)
    }
}
