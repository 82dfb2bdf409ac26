/// Detections at one IoU threshold: counts, detection quality (DQ), segmentation quality (SQ) and their product (PQ).
///
/// Source: Kirillov et al. 2019; the conventions differ in whether the threshold itself is a match, in the
/// denominators, and in what an empty map is worth (``InstanceConvention``).
public struct PanopticQuality: Sendable {
    /// The IoU of a detection.
    public let threshold: Double
    /// The convention all values follow.
    public let convention: InstanceConvention
    /// The pairs, by reference id.
    public let matches: [InstanceMatch]
    /// Which maps have instances; ``MetricState/error`` when the convention refuses the maps.
    public let state: MetricState
    /// Matched pairs.
    public let truePositives: Int
    /// Predicted instances without a match.
    public let falsePositives: Int
    /// Reference instances without a match.
    public let falseNegatives: Int
    /// The sum of IoU over the matched pairs.
    public let sumIoU: Double

    init(overlap: InstanceOverlap, threshold: Double, convention: InstanceConvention) {
        let places = overlap.matchedContacts(threshold: threshold, convention: convention)
        self.threshold = threshold
        self.convention = convention
        matches = places.map { overlap.match(overlap.contacts[$0]) }
        state = overlap.isRefused(convention) ? .error : overlap.state
        truePositives = matches.count
        falsePositives = overlap.predictions.count - matches.count
        falseNegatives = overlap.references.count - matches.count
        sumIoU = places.reduce(0) { $0 + overlap.score(overlap.contacts[$1], convention) }
    }

    /// DQ, also RQ and F1: TP / (TP + ½FP + ½FN).
    public var detectionQuality: MetricValue {
        value(Double(truePositives) / (weight + convention.detectionSmoothing))
    }

    /// F1 at the threshold, the same as ``detectionQuality``.
    public var f1: MetricValue { detectionQuality }

    /// SQ: the mean IoU of the pairs; without a pair no value in ``InstanceConvention/standard``.
    public var segmentationQuality: MetricValue {
        guard state == .value || truePositives == 0, state != .error else { return .error }
        if truePositives == 0 { return undefined }
        return value(sumIoU / (Double(truePositives) + convention.qualitySmoothing))
    }

    /// PQ: DQ times SQ.
    public var quality: MetricValue {
        guard convention.detectionSmoothing == 0 else {
            return value(sumIoU / (weight + convention.detectionSmoothing))
        }
        guard convention.qualitySmoothing > 0, truePositives > 0 else {
            return value(sumIoU / weight)
        }
        let mean = sumIoU / (Double(truePositives) + convention.qualitySmoothing)
        return value(Double(truePositives) / weight * mean)
    }

    /// TP / (TP + FP): no value without predictions in ``InstanceConvention/standard``.
    public var precision: MetricValue {
        rate(over: truePositives + falsePositives)
    }

    /// TP / (TP + FN): no value without references in ``InstanceConvention/standard``.
    public var recall: MetricValue {
        rate(over: truePositives + falseNegatives)
    }

    /// TP / (TP + FP + FN): the "AP" of the 2018 Data Science Bowl and the "accuracy" of stardist; not the average
    /// precision of a curve.
    public var accuracy: MetricValue {
        value(Double(truePositives) / Double(truePositives + falsePositives + falseNegatives))
    }

    /// The sum of IoU over the number of references (stardist's `mean_true_score`); no value without references.
    public var meanTrueIoU: MetricValue {
        let count = truePositives + falseNegatives
        if state == .error { return .error }
        return count == 0 ? undefined : value(sumIoU / Double(count))
    }

    /// The mean Dice of the pairs, panoptica's `sq_dsc`; without a pair as ``segmentationQuality``.
    public var meanDice: MetricValue {
        if state == .error { return .error }
        if truePositives == 0 { return undefined }
        return value(matches.reduce(0) { $0 + $1.dice } / Double(truePositives))
    }

    private var weight: Double {
        Double(truePositives) + 0.5 * Double(falsePositives) + 0.5 * Double(falseNegatives)
    }

    /// The formula where both maps have instances, otherwise what the convention says.
    private func value(_ number: @autoclosure () -> Double) -> MetricValue {
        switch state {
        case .value: MetricValue(.value, number())
        case .error: .error
        case .na, .miss, .ghost: convention.emptyQuality.value(state)
        }
    }

    /// A rate whose denominator is 0.
    private var undefined: MetricValue {
        if state != .value, convention.undefinedRate != nil {
            return convention.emptyQuality.value(state)
        }
        return convention.undefinedRate.map { MetricValue(.value, $0) } ?? .na
    }

    private func rate(over count: Int) -> MetricValue {
        if state == .error { return .error }
        if count == 0 { return undefined }
        return state == .value
            ? MetricValue(.value, Double(truePositives) / Double(count)) : MetricValue(state, 0)
    }
}

extension InstanceOverlap {
    /// Counts detections at an IoU threshold.
    ///
    /// - Parameters:
    ///   - threshold: The IoU a pair must exceed or reach, as the convention says.
    ///   - convention: The rules of a library, or ``InstanceConvention/standard``.
    /// - Returns: The counts and the values that follow from them.
    /// - Complexity: As ``matches(threshold:convention:)``.
    public func panopticQuality(
        threshold: Double = 0.5, convention: InstanceConvention = .standard
    ) -> PanopticQuality {
        PanopticQuality(overlap: self, threshold: threshold, convention: convention)
    }
}
