/// What has to be measured so that some metrics have their value under some conventions, and nothing else.
public struct MeasurementPlan: Hashable, Sendable {
    /// The metrics that are wanted.
    public let metrics: [Metric]
    /// The conventions under which they are wanted.
    public let conventions: [Convention]
    /// The surfaces between which distances are needed, each once, in the order in which they are first needed.
    public let surfaces: [SurfaceDefinition]
    /// The border bands that are needed, each once.
    public let boundaries: [BoundaryDefinition]

    /// Makes a plan.
    ///
    /// - Parameters:
    ///   - metrics: The metrics; those that are not of label maps need nothing.
    ///   - conventions: The conventions.
    public init(metrics: [Metric], conventions: [Convention] = [.standard]) {
        self.metrics = metrics
        self.conventions = conventions
        var surfaces: [SurfaceDefinition] = []
        var boundaries: [BoundaryDefinition] = []
        for convention in conventions {
            for metric in metrics where metric.tasks.contains(.labels) {
                if let surface = convention.surface(for: metric), !surfaces.contains(surface) {
                    surfaces.append(surface)
                }
                if let band = convention.boundary(for: metric), !boundaries.contains(band) {
                    boundaries.append(band)
                }
            }
        }
        self.surfaces = surfaces
        self.boundaries = boundaries
    }

    /// Measures the labels of one case.
    ///
    /// The voxels are counted in one pass for all labels; distances are taken only between masks that both have voxels.
    ///
    /// - Parameters:
    ///   - pair: The two label maps.
    ///   - labels: The labels of the data set, whether or not they occur.
    ///   - jobs: How many threads may work; the result does not depend on it.
    /// - Returns: One measurement per label, in the order of `labels`.
    /// - Complexity: O(*voxels*) and what the surfaces take.
    public func measure(_ pair: LabelPair, labels: [UInt8], jobs: Int = 1) -> [LabelMeasurement] {
        let confusion = LabelConfusion(pair)
        let counts = labels.map { confusion.counts(of: $0) }
        let present = zip(labels, counts).filter { $0.1.state == .value }.map(\.0)
        var distances: [UInt8: [SurfaceDefinition: SurfaceDistances]] = [:]
        var overlaps: [UInt8: [BoundaryDefinition: BoundaryOverlap]] = [:]
        if !present.isEmpty {
            for surface in surfaces {
                let found = pair.surfaceDistances(of: present, by: surface, jobs: jobs)
                for (label, one) in zip(present, found) {
                    distances[label, default: [:]][surface] = one
                }
            }
            for band in boundaries {
                let found = pair.boundaryOverlaps(of: present, by: band)
                for (label, one) in zip(present, found) {
                    overlaps[label, default: [:]][band] = one
                }
            }
        }
        return zip(labels, counts).map { label, counts in
            LabelMeasurement(
                grid: pair.grid, counts: counts, surfaces: distances[label] ?? [:],
                boundaries: overlaps[label] ?? [:])
        }
    }
}
