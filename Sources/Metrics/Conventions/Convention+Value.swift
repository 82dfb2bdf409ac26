extension Convention {
    /// The value of a metric of one label in one case.
    ///
    /// The **state** says what the masks are, the same under every convention: ``MetricState/na`` where the definition
    /// has no value (both masks empty, or a formula that divides by zero, such as the precision of an empty
    /// prediction), ``MetricState/miss`` and ``MetricState/ghost`` where one mask is empty, ``MetricState/value``
    /// otherwise; a metric that counts the voxels outside of the masks has a value even when both are empty. Where the
    /// library raises, the state is ``MetricState/error``. The **number** is what the library would return, so that a
    /// state `na` may carry a 1 and a state `miss` a NaN: means follow the numbers, counts follow the states.
    ///
    /// - Parameters:
    ///   - metric: A metric of label maps; others are ``MetricValue/na``.
    ///   - measurement: What was measured; it must hold the surface and the band that ``surface(for:)`` and
    ///     ``boundary(for:)`` name if both masks have voxels, as ``MeasurementPlan`` makes sure.
    /// - Returns: State and number.
    /// - Complexity: O(1), for surface metrics O(*n* log *n*) in their elements.
    public func value(of metric: Metric, in measurement: LabelMeasurement) -> MetricValue {
        guard metric.tasks.contains(.labels) else { return .na }
        let counts = measurement.counts
        let entry = resolve(metric).entry
        guard counts.state == .value else {
            return emptyValue(of: metric, entry, counts, measurement.grid)
        }
        let raw = number(of: entry, metric, in: measurement)
        if !raw.isNaN { return MetricValue(.value, raw) }
        return MetricValue(.na, undefinedNumber(of: metric, entry, counts))
    }

    // MARK: - An empty mask

    private func emptyValue(
        of metric: Metric, _ entry: Entry, _ counts: OverlapCounts, _ grid: MaskGrid
    ) -> MetricValue {
        let standard = Self.standardEntry(for: metric)
        let definition = Self.answer(standard.empty[counts.state], standard, counts, grid)
        let state: MetricState =
            if definition?.isNaN ?? true { .na } else if counts.state != .na { counts.state } else {
                metric.dependsOnFieldOfView ? .value : .na
            }
        guard let number = Self.answer(entry.empty[counts.state], entry, counts, grid) else {
            return .error
        }
        if case .formula = entry.empty[counts.state], number.isNaN {
            return MetricValue(state, undefinedNumber(of: metric, entry, counts))
        }
        return MetricValue(state, number)
    }

    /// The number of an answer; nil when the library raises.
    private static func answer(
        _ answer: EmptyRule.Answer, _ entry: Entry, _ counts: OverlapCounts, _ grid: MaskGrid
    ) -> Double? {
        switch answer {
        case .formula: overlap(entry.formula, counts, grid) ?? .nan
        case .number(let number): number
        case .error: nil
        }
    }

    private func undefinedNumber(
        of metric: Metric, _ entry: Entry, _ counts: OverlapCounts
    ) -> Double {
        // MetricsReloaded calls it 0 when the prediction fills the image and the reference does not.
        if source == .reloaded, metric == .negativePredictiveValue, counts.negatives > 0 {
            return 0
        }
        return entry.empty.undefined
    }

    // MARK: - Two masks

    private func number(
        of entry: Entry, _ metric: Metric, in measurement: LabelMeasurement
    ) -> Double {
        let counts = measurement.counts
        // seg-metrics takes an image filled by both masks for one without any.
        if source == .segMetrics, counts.truePositives == counts.total,
            case .number(let number) = entry.empty.bothEmpty, entry.formula != .recall,
            entry.formula != .precision
        {
            return number
        }
        if case .boundaryIoU(let definition) = entry.formula {
            guard let overlap = measurement.boundaries[definition] else {
                preconditionFailure(
                    "\(metric) needs its border bands: measure by a MeasurementPlan")
            }
            return overlap.iou
        }
        guard let surface = entry.surface else {
            return Self.overlap(entry.formula, counts, measurement.grid) ?? .nan
        }
        // nnU-Net 1 leaves out every pair in which a mask fills the image.
        let isFull = counts.prediction == counts.total || counts.reference == counts.total
        if source == .nnunet, defines(metric), isFull { return .nan }
        guard let distances = measurement.surfaces[surface] else {
            preconditionFailure("\(metric) needs \(surface): measure by a MeasurementPlan")
        }
        if source == .segMetrics, defines(metric),
            distances.fromPrediction.isEmpty || distances.fromReference.isEmpty
        {
            // A mask that fills the image has no surface there, and its distance map is the root of the largest single
            // precision number everywhere.
            return entry.formula == .surfaceDistanceDeviation
                ? 0 : Double(Float.greatestFiniteMagnitude).squareRoot()
        }
        return Self.reduce(distances, to: entry.formula)
    }

    /// A metric that follows from the counts; nil when it does not.
    static func overlap(
        _ metric: Metric, _ counts: OverlapCounts, _ grid: MaskGrid?
    ) -> Double? {
        switch metric {
        case .dice: counts.dice
        case .iou: counts.iou
        case .smoothedDice(let constant): counts.dice(smoothing: constant)
        case .smoothedIoU(let constant): counts.iou(smoothing: constant)
        case .precision: counts.precision
        case .recall: counts.recall
        case .specificity: counts.specificity
        case .negativePredictiveValue: counts.negativePredictiveValue
        case .falsePositiveRate: counts.falsePositiveRate
        case .falseNegativeRate: counts.falseNegativeRate
        case .falseDiscoveryRate: counts.falseDiscoveryRate
        case .accuracy: counts.accuracy
        case .balancedAccuracy: counts.balancedAccuracy
        case .youden: counts.youden
        case .fBeta(let beta): counts.fBeta(beta)
        case .mcc: counts.mcc
        case .kappa: counts.kappa
        case .volumeSimilarity: counts.volumeSimilarity
        case .signedVolumeSimilarity: counts.signedVolumeSimilarity
        case .relativeVolumeDifference: counts.relativeVolumeDifference
        case .absoluteRelativeVolumeDifference: counts.absoluteRelativeVolumeDifference
        case .absoluteVolumeDifference(let inVoxels):
            if !inVoxels, let grid {
                counts.absoluteVolumeDifference(on: grid)
            } else {
                abs(counts.volumeDifference)
            }
        default: nil
        }
    }

    /// One number of the distances of both directions.
    private static func reduce(_ distances: SurfaceDistances, to metric: Metric) -> Double {
        switch metric {
        case .hausdorff(let percentile, let rule):
            let rule = rule ?? .maxDirected
            let directed = distances.directed(by: rule)
            if percentile == 100, rule != .meanDirected { return directed.hausdorff }
            let isWeighted = directed.predictionWeights != nil && rule.isDirected
            return directed.hausdorff(
                percentile: percentile, rule: isWeighted ? .weighted : rule.reduction)
        case .asd: return distances.meanFromPrediction
        case .asdReverse: return distances.meanFromReference
        case .assd: return distances.assd
        case .masd: return distances.masd
        case .balancedAverageDistance: return distances.balancedAverage
        case .surfaceDistanceDeviation: return distances.deviation
        case .nsd(let tolerance, let variant):
            // The distances are in the unit of the tolerance: `surface(for:)` drops the spacing for voxels.
            let width =
                switch tolerance {
                case .millimetres(let width), .voxels(let width): width
                }
            return switch variant {
            case nil, .pooled: distances.nsd(toleranceInMillimetres: width)
            case .meanDirected: distances.nsdMeanOfDirected(toleranceInMillimetres: width)
            case .fromPrediction:
                SurfaceDistances.share(
                    distances.fromPrediction, distances.predictionWeights, within: width)
            case .fromReference:
                SurfaceDistances.share(
                    distances.fromReference, distances.referenceWeights, within: width)
            }
        default: return .nan
        }
    }
}

extension Metric.HausdorffRule {
    /// Whether only one direction counts.
    fileprivate var isDirected: Bool { self == .fromPrediction || self == .fromReference }
}

extension SurfaceDistances {
    /// The distances a rule looks at: those of one direction twice when only that one counts.
    fileprivate func directed(by rule: Metric.HausdorffRule) -> SurfaceDistances {
        switch rule {
        case .fromPrediction:
            SurfaceDistances(
                fromPrediction: fromPrediction, fromReference: fromPrediction,
                predictionWeights: predictionWeights, referenceWeights: predictionWeights)
        case .fromReference:
            SurfaceDistances(
                fromPrediction: fromReference, fromReference: fromReference,
                predictionWeights: referenceWeights, referenceWeights: referenceWeights)
        default: self
        }
    }

    /// The standard deviation (divided by n) of both directions together, every element weighing 1.
    fileprivate var deviation: Double {
        let count = Double(fromPrediction.count + fromReference.count)
        let mean = (fromPrediction.reduce(0, +) + fromReference.reduce(0, +)) / count
        let squares = { (sum: Double, distance: Double) in
            sum + (distance - mean) * (distance - mean)
        }
        return ((fromPrediction.reduce(0, squares) + fromReference.reduce(0, squares)) / count)
            .squareRoot()
    }

    /// How much of a surface lies within a tolerance; NaN when the surface is empty.
    fileprivate static func share(
        _ distances: [Double], _ weights: [Double]?, within tolerance: Double
    ) -> Double {
        guard let weights else {
            return Double(distances.count { $0 <= tolerance }) / Double(distances.count)
        }
        var (near, total) = (0.0, 0.0)
        for (distance, weight) in zip(distances, weights) {
            total += weight
            if distance <= tolerance { near += weight }
        }
        return near / total
    }
}
