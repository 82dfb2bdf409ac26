extension Convention {
    /// How instances are matched under this convention, and what empty maps are worth.
    public var instances: InstanceConvention {
        switch self {
        case .hovernet: .hovernet
        case .monai, .monaiCount: .monai
        case .stardist: .stardist
        case .cellpose: .cellpose
        case .panoptica: .panoptica
        default: .standard
        }
    }
}

extension InstanceOverlap {
    /// One instance metric under a convention.
    ///
    /// - Parameters:
    ///   - metric: The metric.
    ///   - convention: How instances are matched and what empty maps are worth; under `cellpose`, AJI is what cellpose
    ///     calls so.
    /// - Returns: The value; nil when the metric is none of instances, or the GlaS object Hausdorff distance, which needs
    ///   the voxels (``objectHausdorff(distance:)``).
    public func value(of metric: Metric, convention: Convention = .standard) -> MetricValue? {
        let rules = convention.instances
        func at(_ threshold: Double) -> PanopticQuality {
            panopticQuality(threshold: threshold, convention: rules)
        }
        return switch metric {
        case .aji:
            convention == .cellpose ? cellposeAJI(convention: rules) : aji(convention: rules)
        case .ajiPlus: ajiPlus(convention: rules)
        case .detectionQuality: at(0.5).detectionQuality
        case .segmentationQuality: at(0.5).segmentationQuality
        case .panopticQuality: at(0.5).quality
        case .instanceF1(let threshold): at(threshold).detectionQuality
        case .instanceAP(let threshold): at(threshold).accuracy
        case .dice2: dice2(convention: rules)
        case .objectDice: objectDice
        case .adjustedRand: adjustedRand(.binary)
        case .adjustedRandInstances: adjustedRand(.instances)
        case .adjustedRandForeground: adjustedRand(.referenceForeground)
        default: nil
        }
    }
}
