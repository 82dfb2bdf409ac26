import MedicalImaging

/// The points on which surface elements may lie: the voxels of a grid, or the corners between them.
///
/// A squared distance is ``squared(_:_:_:)`` of tabulated squares and nothing else, on every path: the sum grows with
/// each of its terms even after rounding, so that the least sum is the same number however it is found.
struct SurfaceLattice: Sendable {
    /// Points along i, j and k.
    let width: Int
    let height: Int
    let depth: Int
    /// The squares of whole numbers of steps along i, j and k, from 0 on.
    let squaresI: [Double]
    let squaresJ: [Double]
    let squaresK: [Double]

    /// How many rows along i there are.
    var rowCount: Int { height * depth }

    /// Makes the lattice of a definition.
    init(grid: MaskGrid, definition: SurfaceDefinition) {
        let corners = definition.elements == .surfel ? 1 : 0
        width = grid.shape.i + corners
        height = grid.shape.j + corners
        depth = grid.shape.k + (grid.dimensions == 3 ? corners : 0)
        let spacing = definition.usesSpacing ? grid.spacing : Spacing(1, 1, 1)
        squaresI = Self.squares(width, spacing.i)
        squaresJ = Self.squares(height, spacing.j)
        squaresK = Self.squares(depth, spacing.k)
    }

    /// The squared distance of two points from the squares of its three components.
    @inline(__always)
    static func squared(_ i: Double, _ j: Double, _ k: Double) -> Double { (i + j) + k }

    private static func squares(_ count: Int, _ step: Double) -> [Double] {
        (0..<count).map { index in
            let side = Double(index) * step
            return side * side
        }
    }
}
