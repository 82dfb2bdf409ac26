/// A named set of choices that together reproduce one library: surface, percentile rule, use of the spacing, values for
/// empty masks, and the order of means.
///
/// One report uses one convention and prints its name, because the choices move published numbers more than most
/// methods do. Those for label maps, except BraTS, were compared with what the library itself returned for up to 92
/// small cases; the tests list the records.
public struct Convention: Hashable, Sendable, CustomStringConvertible {
    /// The libraries behind the conventions; the raw value is the name users type.
    enum Library: String, Hashable, Sendable, CaseIterable {
        case standard, surfel, medpy, monai
        case monaiCount = "monai-count"
        case deepmind, reloaded, nnunet, synapse, panoptica
        case segMetrics = "seg-metrics"
        case simpleitk, hovernet, stardist, cellpose, camelyon16, brats
    }

    /// The library behind it.
    let source: Library

    // MARK: - The conventions

    /// samdata's default: voxel surfaces, the larger directed percentile, millimetres, nothing dropped silently.
    public static let standard = Convention(source: .standard)
    /// As ``standard`` on surface elements weighted by area, with the weighted percentile.
    public static let surfel = Convention(source: .surfel)
    /// medpy 0.5.2.
    public static let medpy = Convention(source: .medpy)
    /// MONAI 1.6.1 with its defaults: what the reference does not have is left out.
    public static let monai = Convention(source: .monai)
    /// MONAI 1.6.1 with `ignore_empty=False`.
    public static let monaiCount = Convention(source: .monaiCount)
    /// DeepMind's surface-distance.
    public static let deepmind = Convention(source: .deepmind)
    /// MetricsReloaded.
    public static let reloaded = Convention(source: .reloaded)
    /// nnU-Net.
    public static let nnunet = Convention(source: .nnunet)
    /// The evaluation script of TransUNet and its descendants SAMed and SAM-LST.
    public static let synapse = Convention(source: .synapse)
    /// panoptica 2.1.7.
    public static let panoptica = Convention(source: .panoptica)
    /// seg-metrics 1.2.8.
    public static let segMetrics = Convention(source: .segMetrics)
    /// SimpleITK 2.5.7.
    public static let simpleitk = Convention(source: .simpleitk)
    /// hover_net.
    public static let hovernet = Convention(source: .hovernet)
    /// stardist 0.9.2.
    public static let stardist = Convention(source: .stardist)
    /// cellpose.
    public static let cellpose = Convention(source: .cellpose)
    /// The evaluation script of the Camelyon16 challenge.
    public static let camelyon16 = Convention(source: .camelyon16)
    /// The scripts of the BraTS 2023 challenge.
    public static let brats = Convention(source: .brats)

    /// All conventions, the default first.
    public static let all = Library.allCases.map { Convention(source: $0) }

    /// The convention of a name.
    ///
    /// - Parameter name: Such as `standard` or `monai`, in upper or lower case.
    /// - Returns: The convention.
    /// - Throws: ``MetricError/invalidArgument(name:found:expected:)``, which lists the names.
    public static func named(_ name: String) throws(MetricError) -> Convention {
        guard let source = Library(rawValue: name.lowercased()) else {
            throw .invalidArgument(
                name: "convention", found: name,
                expected: "one of " + all.map(\.name).joined(separator: ", "))
        }
        return Convention(source: source)
    }

    /// The name users type, for example `monai-count`.
    public var name: String { source.rawValue }
    /// The name.
    public var description: String { name }

    // MARK: - What it fixes

    /// How it makes one number of many cases and labels.
    public var meanRule: MeanRule {
        switch source {
        // medpy defines none, so that its values are averaged as ours.
        case .standard, .surfel, .medpy, .brats: .labelsOfCases
        case .monai, .monaiCount: .monai
        case .nnunet: .nnunet
        case .synapse: .synapse
        case .hovernet, .cellpose: .records
        case .deepmind, .reloaded, .panoptica, .segMetrics, .simpleitk, .stardist, .camelyon16:
            .none
        }
    }

    /// Whether the library computes in single precision somewhere; samdata computes in double precision throughout and
    /// agrees with it within ``relativeTolerance``.
    public var isSinglePrecision: Bool { relativeTolerance > 1e-9 }

    /// How far the library's numbers may lie from samdata's, relative to their size: its own rounding.
    public var relativeTolerance: Double {
        switch source {
        case .monai, .monaiCount: 2e-5
        case .reloaded: 1e-6
        case .segMetrics, .simpleitk: 1e-4
        default: 1e-9
        }
    }

    /// How it reduces directed distances to a percentile Hausdorff distance; nil when the library has none.
    public var percentileRule: PercentileRule? {
        guard case .hausdorff(_, let rule?) = entry(for: .hd95)?.formula else { return nil }
        return rule.reduction
    }

    /// Whether the library itself has the metric; what it does not have is computed as ``standard`` does.
    ///
    /// - Parameter metric: A metric.
    /// - Returns: Whether numbers under this convention's name are the library's.
    public func defines(_ metric: Metric) -> Bool { resolve(metric).isDefined }

    /// The surface a metric is measured on.
    ///
    /// - Parameter metric: A metric.
    /// - Returns: The surface; nil when the metric needs none.
    public func surface(for metric: Metric) -> SurfaceDefinition? { resolve(metric).entry.surface }

    /// The border bands a metric compares.
    ///
    /// - Parameter metric: A metric.
    /// - Returns: The definition; nil when the metric is no boundary IoU.
    public func boundary(for metric: Metric) -> BoundaryDefinition? {
        guard case .boundaryIoU(let definition) = metric else { return nil }
        return definition
    }

    /// What the metric is when a mask is empty.
    ///
    /// - Parameter metric: A metric of label maps.
    /// - Returns: The answer to each state.
    public func emptyRule(for metric: Metric) -> EmptyRule { resolve(metric).entry.empty }

    /// In what the metric is measured under this convention: voxels where the library ignores the spacing.
    ///
    /// - Parameter metric: A metric.
    /// - Returns: The unit.
    public func unit(of metric: Metric) -> MetricUnit {
        let entry = resolve(metric).entry
        let unit = entry.formula.unit
        return unit == .millimetres && entry.surface?.usesSpacing == false ? .voxels : unit
    }
}
