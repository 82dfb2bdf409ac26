/// An exact reordering of a volume's axes: a permutation and flips, no resampling.
public struct AxisReordering: Hashable, Sendable {
    /// For each axis of the result, the axis of the source it is taken from.
    public let sourceAxes: [Int]
    /// For each axis of the result, whether its direction is reversed.
    public let flips: [Bool]

    /// Keeps everything as it is.
    public static let none = AxisReordering(sourceAxes: [0, 1, 2], flips: [false, false, false])

    /// Makes a reordering.
    ///
    /// - Parameters:
    ///   - sourceAxes: For each axis of the result the source axis; a permutation of 0, 1, 2.
    ///   - flips: For each axis of the result whether it is reversed.
    public init(sourceAxes: [Int], flips: [Bool]) {
        precondition(sourceAxes.sorted() == [0, 1, 2] && flips.count == 3)
        self.sourceAxes = sourceAxes
        self.flips = flips
    }

    /// The reordering that leads from one orientation to another.
    ///
    /// - Parameters:
    ///   - source: The orientation of the volume as it is.
    ///   - target: The orientation wanted.
    public init(from source: Orientation, to target: Orientation) {
        let axes = target.axes.map { source.axis(alongWorld: $0.worldAxis) }
        self.init(
            sourceAxes: axes,
            flips: (0..<3).map { target.axes[$0].isPositive != source.axes[axes[$0]].isPositive })
    }

    /// Whether nothing changes.
    public var isIdentity: Bool { self == .none }

    /// The shape of the result.
    ///
    /// - Parameter shape: The shape of the source.
    /// - Returns: The same lengths in their new order.
    public func shape(of shape: GridShape) -> GridShape {
        GridShape(shape[sourceAxes[0]], shape[sourceAxes[1]], shape[sourceAxes[2]])
    }

    /// The map from indices of the result to indices of the source, as an affine.
    ///
    /// - Parameter shape: The shape of the source.
    /// - Returns: For a flipped axis of length n: source index = n - 1 - result index.
    public func sourceIndices(in shape: GridShape) -> Affine {
        var map = Affine(values: [Double](repeating: 0, count: 12))
        for axis in 0..<3 {
            let source = sourceAxes[axis]
            map[source, axis] = flips[axis] ? -1 : 1
            if flips[axis] { map[source, 3] = Double(shape[source] - 1) }
        }
        return map
    }

    /// The grid of the result: every voxel keeps its world position.
    ///
    /// - Parameter grid: The grid of the source.
    /// - Returns: Shape and affine after the reordering.
    public func grid(of grid: Grid) -> Grid {
        Grid(
            shape: shape(of: grid.shape),
            affine: grid.affine.composed(with: sourceIndices(in: grid.shape)))
    }
}
