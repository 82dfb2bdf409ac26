extension Convention {
    /// How a convention computes one metric.
    struct Entry: Hashable, Sendable {
        /// The quantity that is computed, every rule named: what a library calls ASSD may be a MASD.
        var formula: Metric
        /// The surface it is measured on.
        var surface: SurfaceDefinition?
        /// What stands in its place when a mask is empty.
        var empty: EmptyRule

        init(
            _ formula: Metric, on surface: SurfaceDefinition? = nil, empty: EmptyRule = EmptyRule()
        ) {
            self.formula = formula
            self.surface = surface
            self.empty = empty
        }
    }

    /// How a metric is computed, and whether that is what the library does.
    func resolve(_ metric: Metric) -> (entry: Entry, isDefined: Bool) {
        if let entry = entry(for: metric) {
            return (entry.inVoxels(if: metric.ignoresSpacing), true)
        }
        // A rule asked for by name keeps the surface and the empty values of the convention: only the reduction
        // changes.
        let isSame: Bool
        var entry: Entry
        switch metric {
        case .hausdorff(let percentile, .some):
            entry =
                self.entry(for: .hausdorff(percentile: percentile, rule: nil))
                ?? Convention.standardEntry(for: .hausdorff(percentile: percentile, rule: nil))
            isSame =
                self.entry(for: .hausdorff(percentile: percentile, rule: nil)) != nil
                && entry.formula == metric
            entry.formula = metric
        case .nsd(let tolerance, .some):
            let plain = Metric.nsd(tolerance, variant: nil)
            entry = self.entry(for: plain) ?? Convention.standardEntry(for: plain)
            isSame = self.entry(for: plain) != nil && entry.formula == metric
            if !isSame { entry.empty = Convention.standardEntry(for: metric).empty }
            entry.formula = metric
        default:
            (entry, isSame) = (Convention.standardEntry(for: metric), false)
        }
        return (entry.inVoxels(if: metric.ignoresSpacing), isSame)
    }

    /// How the library computes a metric; nil when it does not have it.
    func entry(for metric: Metric) -> Entry? {
        switch source {
        case .standard: Self.standardEntry(for: metric)
        case .surfel: Self.surfelEntry(for: metric)
        case .medpy: Self.medpyEntry(for: metric)
        case .monai: Self.monaiEntry(for: metric, ignoresEmpty: true)
        case .monaiCount: Self.monaiEntry(for: metric, ignoresEmpty: false)
        case .deepmind: Self.deepmindEntry(for: metric)
        case .reloaded: Self.reloadedEntry(for: metric)
        case .nnunet: Self.nnunetEntry(for: metric)
        case .synapse: Self.synapseEntry(for: metric)
        case .panoptica: Self.panopticaEntry(for: metric)
        case .segMetrics: Self.segMetricsEntry(for: metric)
        case .simpleitk: Self.simpleITKEntry(for: metric)
        case .hovernet: Self.hovernetMetrics.contains(metric) ? Entry(metric) : nil
        case .stardist: Self.stardistEntry(for: metric)
        case .cellpose: Self.cellposeEntry(for: metric)
        case .camelyon16: metric == .froc ? Entry(metric) : nil
        case .brats: Self.bratsEntry(for: metric)
        }
    }

    // MARK: - Ours

    private static let undefinedDistance = EmptyRule(.nan, .infinity, .infinity)
    private static let undefinedShare = EmptyRule(.nan, 0, 0)

    static func standardEntry(for metric: Metric) -> Entry {
        switch metric {
        case .hausdorff(let percentile, let rule):
            Entry(
                .hausdorff(percentile: percentile, rule: rule ?? .maxDirected), on: .voxel,
                empty: undefinedDistance)
        case .asd, .asdReverse, .assd, .masd, .balancedAverageDistance,
            .surfaceDistanceDeviation:
            Entry(metric, on: .voxel, empty: undefinedDistance)
        case .nsd(let tolerance, let variant):
            Entry(
                .nsd(tolerance, variant: variant ?? .pooled), on: .voxel,
                empty: emptyShare(variant))
        case .boundaryIoU: Entry(metric, empty: undefinedShare)
        // Two empty masks differ by nothing, but an organ that is not there has no volume error.
        case .absoluteVolumeDifference: Entry(metric, empty: EmptyRule(bothEmpty: .number(.nan)))
        default: Entry(metric)
        }
    }

    /// The share of one surface alone is undefined when that surface is empty.
    private static func emptyShare(_ variant: Metric.NSDVariant?) -> EmptyRule {
        switch variant {
        case nil, .pooled, .meanDirected: undefinedShare
        case .fromPrediction: EmptyRule(.nan, .nan, 0)
        case .fromReference: EmptyRule(.nan, 0, .nan)
        }
    }

    private static func surfelEntry(for metric: Metric) -> Entry {
        var entry = standardEntry(for: metric)
        guard entry.surface != nil else { return entry }
        entry.surface = .surfel
        if case .hausdorff(let percentile, nil) = metric {
            entry.formula = .hausdorff(percentile: percentile, rule: .weighted)
        }
        return entry
    }

    // MARK: - Libraries for label maps

    private static func medpyEntry(for metric: Metric) -> Entry? {
        switch metric {
        case .dice, .iou: Entry(metric, empty: EmptyRule(1, 0, 0))
        case .precision, .recall: Entry(metric, empty: EmptyRule(0, 0, 0))
        case .specificity: Entry(metric, empty: EmptyRule(undefined: 0))
        case .relativeVolumeDifference:
            Entry(metric, empty: EmptyRule(bothEmpty: .error, ghost: .error))
        case .hausdorff(let percentile, nil) where percentile == 100 || percentile == 95:
            Entry(
                .hausdorff(percentile: percentile, rule: .pooled), on: .voxel, empty: .raises)
        case .asd, .asdReverse, .assd: Entry(metric, on: .voxel, empty: .raises)
        default: nil
        }
    }

    private static func monaiEntry(for metric: Metric, ignoresEmpty: Bool) -> Entry? {
        switch metric {
        case .dice, .iou:
            return Entry(
                metric, empty: ignoresEmpty ? EmptyRule(.nan, 0, .nan) : EmptyRule(1, 0, 0))
        case .hausdorff(let percentile, nil):
            return Entry(
                .hausdorff(percentile: percentile, rule: .maxDirected), on: .voxel,
                empty: monaiDistance(percentile, ignoresEmpty))
        // `directed=True` goes from the prediction to the reference.
        case .hausdorff(let percentile, .fromPrediction):
            return Entry(metric, on: .voxel, empty: monaiDistance(percentile, ignoresEmpty))
        case .asd, .asdReverse, .assd:
            return Entry(metric, on: .voxel, empty: undefinedDistance)
        case .nsd(let tolerance, nil):
            return Entry(.nsd(tolerance, variant: .pooled), on: .voxel, empty: undefinedShare)
        case .absoluteVolumeDifference:
            return Entry(
                .absoluteVolumeDifference(inVoxels: true),
                empty: ignoresEmpty
                    ? EmptyRule(bothEmpty: .number(.nan), ghost: .number(.nan)) : EmptyRule())
        default: return nil
        }
    }

    /// The maximum of a distance to nothing is infinite, but its percentile is taken of NaN.
    private static func monaiDistance(_ percentile: Double, _ ignoresEmpty: Bool) -> EmptyRule {
        percentile < 100 && ignoresEmpty ? EmptyRule(.nan, .nan, .nan) : undefinedDistance
    }

    private static func deepmindEntry(for metric: Metric) -> Entry? {
        let infinite = EmptyRule(.infinity, .infinity, .infinity)
        switch metric {
        case .dice: return Entry(metric, empty: undefinedShare)
        case .hausdorff(let percentile, nil):
            return Entry(
                .hausdorff(percentile: percentile, rule: .weighted), on: .surfel, empty: infinite)
        case .asd: return Entry(metric, on: .surfel, empty: EmptyRule(.nan, .nan, .infinity))
        case .asdReverse: return Entry(metric, on: .surfel, empty: EmptyRule(.nan, .infinity, .nan))
        case .nsd(let tolerance, nil):
            return Entry(.nsd(tolerance, variant: .pooled), on: .surfel, empty: undefinedShare)
        case .nsd(_, let variant?) where variant != .meanDirected:
            return Entry(metric, on: .surfel, empty: emptyShare(variant))
        default: return nil
        }
    }

    private static func reloadedEntry(for metric: Metric) -> Entry? {
        let distance = EmptyRule(0, .nan, .nan)
        switch metric {
        case .dice, .fBeta: return Entry(metric, empty: EmptyRule(1, 0, 0))
        case .iou: return Entry(metric, empty: undefinedShare)
        case .precision: return Entry(metric, empty: EmptyRule(.nan, 0, 0))
        case .recall, .specificity, .negativePredictiveValue, .accuracy, .balancedAccuracy,
            .youden, .mcc, .kappa, .absoluteRelativeVolumeDifference:
            return Entry(metric)
        case .hausdorff(let percentile, nil):
            return Entry(
                .hausdorff(percentile: percentile, rule: .maxDirected), on: .voxel,
                empty: distance)
        case .assd, .masd: return Entry(metric, on: .voxel, empty: distance)
        case .nsd(let tolerance, nil):
            return Entry(
                .nsd(tolerance, variant: .pooled), on: .voxel, empty: EmptyRule(1, 0, 0))
        case .boundaryIoU(.reloaded): return Entry(metric, empty: EmptyRule(1, 0, 0))
        default: return nil
        }
    }

    private static func nnunetEntry(for metric: Metric) -> Entry? {
        switch metric {
        case .dice, .iou: Entry(metric, empty: undefinedShare)
        // Version 1; version 2 has no distances.
        case .hausdorff(let percentile, nil) where percentile == 100 || percentile == 95:
            Entry(
                .hausdorff(percentile: percentile, rule: .pooled), on: .voxel,
                empty: EmptyRule(.nan, .nan, .nan))
        case .asd, .assd: Entry(metric, on: .voxel, empty: EmptyRule(.nan, .nan, .nan))
        default: nil
        }
    }

    private static func synapseEntry(for metric: Metric) -> Entry? {
        switch metric {
        case .dice: Entry(metric, empty: EmptyRule(0, 0, 1))
        case .hausdorff(percentile: 95, rule: nil):
            Entry(
                .hausdorff(percentile: 95, rule: .pooledVoxels),
                on: SurfaceDefinition(.voxel(.face), usesSpacing: false),
                empty: EmptyRule(0, 0, 0))
        default: nil
        }
    }

    private static func panopticaEntry(for metric: Metric) -> Entry? {
        switch metric {
        case .dice, .iou: Entry(metric, empty: EmptyRule(0, 0, 0))
        case .hausdorff(let percentile, nil) where percentile == 100 || percentile == 95:
            Entry(
                .hausdorff(percentile: percentile, rule: .pooled), on: .voxel,
                empty: undefinedDistance)
        // What it calls ASSD is the mean of the two directed means.
        case .assd: Entry(.masd, on: .voxel, empty: undefinedDistance)
        case .nsd(let tolerance, nil):
            Entry(.nsd(tolerance, variant: .meanDirected), on: .voxel, empty: undefinedShare)
        case .segmentationQuality, .detectionQuality, .panopticQuality: Entry(metric)
        default: nil
        }
    }

    private static func segMetricsEntry(for metric: Metric) -> Entry? {
        let surface = SurfaceDefinition(.voxel(.corner), imageEdge: .open)
        let distance = EmptyRule(0, 0, 0)
        switch metric {
        case .dice, .iou, .precision, .recall: return Entry(metric, empty: EmptyRule(1, 0, 0))
        case .falsePositiveRate:
            return Entry(metric, empty: EmptyRule(0, 0, 0, undefined: 0))
        case .falseNegativeRate: return Entry(metric, empty: EmptyRule(0, 1, 0))
        case .volumeSimilarity, .signedVolumeSimilarity:
            return Entry(.signedVolumeSimilarity, empty: EmptyRule(bothEmpty: .number(1)))
        // Its `hd95` is 95 and its `mdsd` is 50.
        case .hausdorff(let percentile, nil) where [100, 95].contains(percentile):
            return Entry(
                .hausdorff(percentile: percentile, rule: .pooled), on: surface, empty: distance)
        case .hausdorff(percentile: 50, rule: .pooled), .assd, .surfaceDistanceDeviation:
            return Entry(metric, on: surface, empty: distance)
        default: return nil
        }
    }

    private static func simpleITKEntry(for metric: Metric) -> Entry? {
        let most = Double.greatestFiniteMagnitude
        let solid = SurfaceDefinition(.solid)
        switch metric {
        case .dice, .iou: return Entry(metric, empty: EmptyRule(0, 0, 0))
        case .volumeSimilarity, .signedVolumeSimilarity:
            return Entry(.signedVolumeSimilarity, empty: EmptyRule(bothEmpty: .number(0)))
        case .falseNegativeRate: return Entry(metric, empty: EmptyRule(0, 1, most))
        case .falsePositiveRate:
            return Entry(metric, empty: EmptyRule(bothEmpty: .number(0), miss: .number(most)))
        case .falseDiscoveryRate: return Entry(metric, empty: EmptyRule(0, most, 1))
        case .hausdorff(percentile: 100, rule: nil):
            return Entry(
                .hausdorff(percentile: 100, rule: .maxDirected), on: solid, empty: .raises)
        // `GetAverageHausdorffDistance`, over every voxel of the masks.
        case .masd: return Entry(metric, on: solid, empty: .raises)
        default: return nil
        }
    }

    private static func bratsEntry(for metric: Metric) -> Entry? {
        // 374 stands for a distance to nothing: a little more than the diagonal of the challenge's grid.
        let distance = EmptyRule(0, 374, 374)
        switch metric {
        case .dice: return Entry(metric, empty: EmptyRule(1, 0, 0))
        case .hausdorff(let percentile, nil):
            return Entry(
                .hausdorff(percentile: percentile, rule: .weighted), on: .surfel, empty: distance)
        case .lesionDice, .lesionHausdorff: return Entry(metric)
        default: return nil
        }
    }

    // MARK: - Libraries for instances

    private static let hovernetMetrics: Set<Metric> = [
        .aji, .ajiPlus, .detectionQuality, .segmentationQuality, .panopticQuality, .dice2,
    ]

    private static func stardistEntry(for metric: Metric) -> Entry? {
        switch metric {
        case .instanceF1, .instanceAP, .panopticQuality, .detectionQuality, .segmentationQuality:
            Entry(metric)
        default: nil
        }
    }

    private static func cellposeEntry(for metric: Metric) -> Entry? {
        switch metric {
        case .instanceAP, .aji: Entry(metric)
        default: nil
        }
    }
}

extension Convention.Entry {
    /// The same entry on distances in voxels.
    fileprivate func inVoxels(if isAsked: Bool) -> Self {
        guard isAsked, let surface else { return self }
        var entry = self
        entry.surface = SurfaceDefinition(
            surface.elements, imageEdge: surface.imageEdge, usesSpacing: false)
        return entry
    }
}

extension Metric {
    /// Whether it asks for distances in voxels whatever the convention.
    fileprivate var ignoresSpacing: Bool {
        switch self {
        case .hausdorff(_, rule: .pooledVoxels), .nsd(.voxels, _): true
        default: false
        }
    }
}

extension Metric.HausdorffRule {
    /// The reduction it stands for.
    var reduction: PercentileRule {
        switch self {
        case .maxDirected: .maxDirected
        case .pooled, .pooledVoxels: .pooled
        case .weighted: .weighted
        case .meanDirected: .meanDirected
        // One direction alone: the other one is replaced by it before the reduction.
        case .fromPrediction, .fromReference: .maxDirected
        }
    }
}
