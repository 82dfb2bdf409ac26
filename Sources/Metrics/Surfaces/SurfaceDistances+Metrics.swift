/// The metrics that follow from surface distances.
///
/// Where nothing else is said: NaN when both masks are empty, +infinity when one is; a mean of the elements of one mask
/// is NaN when that mask is empty.
extension SurfaceDistances {
    /// Whether neither mask has a surface element.
    public var isEmpty: Bool { fromPrediction.isEmpty && fromReference.isEmpty }

    /// Whether exactly one mask has no surface element.
    private var isOneSided: Bool { fromPrediction.isEmpty != fromReference.isEmpty }

    /// The Hausdorff distance: the largest of all distances.
    public var hausdorff: Double {
        if isEmpty { return .nan }
        return max(maximumFromPrediction, maximumFromReference)
    }

    /// The directed Hausdorff distance from prediction to reference; 0 when the prediction has no elements.
    public var maximumFromPrediction: Double { Self.maximum(fromPrediction) }

    /// The directed Hausdorff distance from reference to prediction; 0 when the reference has no elements.
    public var maximumFromReference: Double { Self.maximum(fromReference) }

    /// The percentile Hausdorff distance, for example HD95.
    ///
    /// - Parameters:
    ///   - percentile: From 0 to 100; values outside are clamped.
    ///   - rule: How the two directions are joined; elements without weights weigh 1.
    /// - Returns: The distance.
    /// - Complexity: O(*n*) on average for *n* elements, O(*n* log *n*) for the weighted rule with weights.
    public func hausdorff(percentile: Double, rule: PercentileRule) -> Double {
        hausdorff(percentile: percentile, rules: [rule])[0]
    }

    /// The percentile Hausdorff distance by several rules, which share the work.
    ///
    /// - Parameters:
    ///   - percentile: From 0 to 100; values outside are clamped.
    ///   - rules: The rules.
    /// - Returns: One distance per rule.
    /// - Complexity: O(*n*) on average for *n* elements, O(*n* log *n*) for the weighted rule with weights.
    public func hausdorff(percentile: Double, rules: [PercentileRule]) -> [Double] {
        if isEmpty || isOneSided {
            return rules.map { _ in isEmpty ? .nan : .infinity }
        }
        let percentile = min(max(percentile, 0), 100)
        let (countedP, countedR) = CountedDistances.pair(fromPrediction, fromReference)
        // One after the other, so that there is one copy of a list at a time.
        var pooled = Double.nan
        if rules.contains(.pooled) {
            var both = DistanceSelection(countedP, countedR)
            pooled = both.linear(percentile)
        }
        var p = (linear: Double.nan, weighted: Double.nan)
        var r = p
        if rules.contains(where: { $0 != .pooled }) {
            let needsWeighted = rules.contains(.weighted)
            p = Self.directed(countedP, predictionWeights, percentile, needsWeighted)
            r = Self.directed(countedR, referenceWeights, percentile, needsWeighted)
        }
        return rules.map { rule in
            switch rule {
            case .maxDirected: max(p.linear, r.linear)
            case .meanDirected: 0.5 * (p.linear + r.linear)
            case .pooled: pooled
            case .weighted: max(p.weighted, r.weighted)
            }
        }
    }

    private static func directed(
        _ distances: CountedDistances, _ weights: [Double]?, _ percentile: Double,
        _ needsWeighted: Bool
    ) -> (linear: Double, weighted: Double) {
        var selection = DistanceSelection(distances)
        let linear = selection.linear(percentile)
        if !needsWeighted { return (linear, .nan) }
        return (
            linear,
            weights.map { DistanceSelection.weighted(distances.list, $0, percentile) }
                ?? selection.reached(percentile)
        )
    }

    /// The average distance from prediction to reference (ASD), weighted if elements have weights; NaN when the
    /// prediction has no elements.
    public var meanFromPrediction: Double {
        Self.sum(fromPrediction, predictionWeights) / predictionWeight
    }

    /// The average distance from reference to prediction, weighted if elements have weights; NaN when the reference has
    /// no elements.
    public var meanFromReference: Double {
        Self.sum(fromReference, referenceWeights) / referenceWeight
    }

    /// The average symmetric surface distance: the mean of both directions in one list.
    public var assd: Double {
        if isOneSided { return .infinity }
        return
            (Self.sum(fromPrediction, predictionWeights) + Self.sum(fromReference, referenceWeights))
            / (predictionWeight + referenceWeight)
    }

    /// The mean average surface distance: the mean of the means of the two directions.
    public var masd: Double {
        isOneSided ? .infinity : 0.5 * (meanFromPrediction + meanFromReference)
    }

    /// The balanced average distance: both sums over twice the elements of the reference.
    ///
    /// A large wrong surface does not pay.
    /// - Source: Aydin et al. 2021.
    public var balancedAverage: Double {
        if isOneSided { return .infinity }
        return
            (Self.sum(fromPrediction, predictionWeights) + Self.sum(fromReference, referenceWeights))
            / (2 * referenceWeight)
    }

    /// The normalised surface distance (surface Dice): the share of both surfaces within a tolerance of the other one.
    ///
    /// - Parameter tolerance: The largest distance that counts as agreement, in the unit of the distances.
    /// - Returns: From 0 to 1; 0 when one mask is empty, NaN when both are.
    public func nsd(toleranceInMillimetres tolerance: Double) -> Double {
        if isOneSided { return 0 }
        let within =
            Self.weight(fromPrediction, predictionWeights, within: tolerance)
            + Self.weight(fromReference, referenceWeights, within: tolerance)
        return within / (predictionWeight + referenceWeight)
    }

    /// The mean of the shares of the two surfaces that lie within a tolerance (panoptica, GaNDLF).
    ///
    /// - Parameter tolerance: The largest distance that counts as agreement, in the unit of the distances.
    /// - Returns: From 0 to 1; 0 when one mask is empty, NaN when both are.
    public func nsdMeanOfDirected(toleranceInMillimetres tolerance: Double) -> Double {
        if isOneSided { return 0 }
        return 0.5
            * (overlapOfPrediction(toleranceInMillimetres: tolerance)
                + overlapOfReference(toleranceInMillimetres: tolerance))
    }

    /// The share of the surface of the prediction within a tolerance of the reference.
    ///
    /// - Parameter tolerance: The largest distance that counts as agreement, in the unit of the distances.
    /// - Returns: From 0 to 1; NaN when the prediction has no elements.
    public func overlapOfPrediction(toleranceInMillimetres tolerance: Double) -> Double {
        Self.weight(fromPrediction, predictionWeights, within: tolerance) / predictionWeight
    }

    /// The share of the surface of the reference within a tolerance of the prediction.
    ///
    /// - Parameter tolerance: The largest distance that counts as agreement, in the unit of the distances.
    /// - Returns: From 0 to 1; NaN when the reference has no elements.
    public func overlapOfReference(toleranceInMillimetres tolerance: Double) -> Double {
        Self.weight(fromReference, referenceWeights, within: tolerance) / referenceWeight
    }

    /// The size of the surface of the prediction: elements, or their length or area.
    public var predictionWeight: Double {
        predictionWeights.map { $0.reduce(0, +) } ?? Double(fromPrediction.count)
    }

    /// The size of the surface of the reference: elements, or their length or area.
    public var referenceWeight: Double {
        referenceWeights.map { $0.reduce(0, +) } ?? Double(fromReference.count)
    }

    private static func maximum(_ distances: [Double]) -> Double {
        var largest = 0.0
        for distance in distances where distance > largest { largest = distance }
        return largest
    }

    private static func sum(_ distances: [Double], _ weights: [Double]?) -> Double {
        guard let weights else { return distances.reduce(0, +) }
        var sum = 0.0
        // A patch of no size counts for nothing, even where the other surface is infinitely far.
        for place in distances.indices where weights[place] > 0 {
            sum += distances[place] * weights[place]
        }
        return sum
    }

    private static func weight(
        _ distances: [Double], _ weights: [Double]?, within tolerance: Double
    ) -> Double {
        guard let weights else {
            var count = 0
            for distance in distances where distance <= tolerance { count += 1 }
            return Double(count)
        }
        var sum = 0.0
        for place in distances.indices where distances[place] <= tolerance {
            sum += weights[place]
        }
        return sum
    }
}
