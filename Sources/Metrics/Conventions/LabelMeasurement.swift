/// What was measured of one label of one case: every metric of every convention is a function of it.
public struct LabelMeasurement: Sendable {
    /// Where the voxels lie.
    public let grid: MaskGrid
    /// How the masks overlap.
    public let counts: OverlapCounts
    /// The surface distances by definition; only those that were asked for.
    public let surfaces: [SurfaceDefinition: SurfaceDistances]
    /// The border bands by definition; only those that were asked for.
    public let boundaries: [BoundaryDefinition: BoundaryOverlap]

    /// Makes a measurement.
    ///
    /// - Parameters:
    ///   - grid: Where the voxels lie.
    ///   - counts: How the masks overlap.
    ///   - surfaces: The surface distances by definition.
    ///   - boundaries: The border bands by definition.
    public init(
        grid: MaskGrid, counts: OverlapCounts,
        surfaces: [SurfaceDefinition: SurfaceDistances] = [:],
        boundaries: [BoundaryDefinition: BoundaryOverlap] = [:]
    ) {
        self.grid = grid
        self.counts = counts
        self.surfaces = surfaces
        self.boundaries = boundaries
    }
}
