import MedicalImaging

/// The grid on which masks are compared: how many voxels, how far apart, and along how many axes they have neighbours.
///
/// Values lie i fastest, then j, then k: seen as a C array, `[k][j][i]` (`[z][y][x]`). Spacing is in the order of the
/// shape, in millimetres; a grid of spacing 1 measures in voxels.
public struct MaskGrid: Hashable, Sendable {
    /// Voxels along each axis; all are at least 1.
    public let shape: GridShape
    /// Millimetres between voxel centres along each axis; all are finite and above 0.
    public let spacing: Spacing
    /// 2 for a picture, whose pixels have no neighbours along k, 3 for a volume, even one of a single slice.
    public let dimensions: Int

    /// Makes a grid.
    ///
    /// - Parameters:
    ///   - shape: Voxels along each axis; a picture has 1 along k.
    ///   - spacing: Millimetres between voxel centres.
    ///   - dimensions: 2 or 3.
    /// - Throws: ``MetricError/invalidGrid(found:expected:)``.
    public init(
        shape: GridShape, spacing: Spacing = Spacing(1, 1, 1), dimensions: Int = 3
    ) throws(MetricError) {
        guard dimensions == 3 || (dimensions == 2 && shape.k == 1) else {
            throw .invalidGrid(
                found: "\(dimensions) dimensions with shape \(shape)",
                expected: "3 dimensions, or 2 with one slice")
        }
        let (plane, first) = shape.i.multipliedReportingOverflow(by: shape.j)
        let (count, second) = plane.multipliedReportingOverflow(by: shape.k)
        guard shape.i > 0, shape.j > 0, shape.k > 0, !first, !second, count < 1 << 40 else {
            throw .invalidGrid(
                found: "shape \(shape)", expected: "at least one and below 2^40 voxels")
        }
        guard spacing.array.allSatisfy({ $0.isFinite && $0 > 0 }) else {
            throw .invalidGrid(
                found: "spacing \(spacing.array)", expected: "finite millimetres above 0")
        }
        self.shape = shape
        self.spacing = spacing
        self.dimensions = dimensions
    }

    /// The number of voxels.
    public var count: Int { shape.count }

    /// The length of the diagonal between the centres of opposite corners, in millimetres: the value a missing
    /// distance takes in a penalised mean.
    public var diagonal: Double {
        var sum = 0.0
        for axis in 0..<3 {
            let side = Double(shape[axis] - 1) * spacing[axis]
            sum += side * side
        }
        return sum.squareRoot()
    }

    /// The volume of one voxel in millilitres; for a picture its area in square millimetres.
    public var voxelVolume: Double {
        dimensions == 2
            ? spacing.i * spacing.j : spacing.i * spacing.j * spacing.k / 1000
    }

    /// The same grid measured in voxels.
    public var inVoxels: MaskGrid {
        MaskGrid(checked: shape, Spacing(1, 1, 1), dimensions)
    }

    private init(checked shape: GridShape, _ spacing: Spacing, _ dimensions: Int) {
        self.shape = shape
        self.spacing = spacing
        self.dimensions = dimensions
    }
}
