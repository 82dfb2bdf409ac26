import MedicalImaging

/// The frame of the slices of one volume: which voxel each pixel of each slice is.
///
/// No pixel is interpolated by a frame: it is a permutation and flips, and it can be undone.
public struct SliceFrame: Hashable, Sendable {
    /// The grid of the volume as it is in the file.
    public let source: Grid
    /// The reordering that leads to the frame's orientation.
    public let reordering: AxisReordering
    /// The axis of the reordered volume along which slices follow each other.
    public let sliceAxis: Int
    /// The axis of the reordered volume that runs down the rows.
    public let rowAxis: Int
    /// The axis of the reordered volume that runs along the columns, to the right.
    public let columnAxis: Int
    /// Number of slices.
    public let count: Int
    /// Rows of each slice.
    public let rows: Int
    /// Columns of each slice.
    public let columns: Int

    /// Makes the frame of a volume.
    ///
    /// - Parameters:
    ///   - grid: The grid of the volume as it is in the file.
    ///   - axis: The direction to cut along.
    ///   - orientation: The order of axes to cut in.
    ///   - rowAxis: Which of the two remaining axes runs down the rows.
    public init(
        of grid: Grid, axis: SliceAxis, orientation: SliceOrientation, rowAxis: RowAxis
    ) {
        let own = grid.orientation
        let target: Orientation
        switch orientation {
        case .stored: target = own
        case .reordered(let wanted): target = wanted
        }
        let reordering = AxisReordering(from: own, to: target)
        let sliceAxis = target.axis(alongWorld: axis.worldAxis)
        let rest = (0..<3).filter { $0 != sliceAxis }
        let shape = reordering.shape(of: grid.shape)
        source = grid
        self.orientation = target
        self.reordering = reordering
        self.sliceAxis = sliceAxis
        self.rowAxis = rowAxis == .second ? rest[1] : rest[0]
        columnAxis = rowAxis == .second ? rest[0] : rest[1]
        count = shape[sliceAxis]
        rows = shape[self.rowAxis]
        columns = shape[columnAxis]
    }

    /// The orientation of the reordered volume: the one that was asked for.
    public let orientation: Orientation

    /// The cut through the file's voxels that is one slice.
    ///
    /// - Parameter index: The slice, `0..<count`.
    /// - Returns: Start and strides, in samples.
    public func plane(_ index: Int) -> VoxelGather.Plane {
        precondition(index >= 0 && index < count)
        let strides = [1, source.shape.i, source.shape.i * source.shape.j]
        var start = 0
        func step(_ axis: Int) -> Int {
            let stride = strides[reordering.sourceAxes[axis]]
            return reordering.flips[axis] ? -stride : stride
        }
        for axis in 0..<3 where reordering.flips[axis] {
            let sourceAxis = reordering.sourceAxes[axis]
            start += (source.shape[sourceAxis] - 1) * strides[sourceAxis]
        }
        return VoxelGather.Plane(
            start: start + index * step(sliceAxis), rowStride: step(rowAxis),
            columnStride: step(columnAxis), rows: rows, columns: columns)
    }

    /// The map from (column x, row y, slice s) to voxel indices (i, j, k) of the file.
    public var pixelToVoxel: Affine {
        let toSource = reordering.sourceIndices(in: source.shape)
        var map = Affine(values: [Double](repeating: 0, count: 12))
        for row in 0..<3 {
            map[row, 0] = toSource[row, columnAxis]
            map[row, 1] = toSource[row, rowAxis]
            map[row, 2] = toSource[row, sliceAxis]
            map[row, 3] = toSource[row, 3]
        }
        return map
    }

    /// The map from (column x, row y, slice s) to world millimetres, RAS+.
    public var pixelToWorld: Affine { source.affine.composed(with: pixelToVoxel) }

    /// The distance between neighbouring pixel centres: columns, rows, slices; in millimetres.
    public var spacing: Spacing { pixelToWorld.spacing }
}
