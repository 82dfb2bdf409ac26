/// A sample type that volumes can hold: plain numbers of one to eight bytes.
public protocol VoxelSample: BitwiseCopyable, Comparable, Hashable, Sendable {}

extension Int8: VoxelSample {}
extension UInt8: VoxelSample {}
extension Int16: VoxelSample {}
extension UInt16: VoxelSample {}
extension Int32: VoxelSample {}
extension UInt32: VoxelSample {}
extension Int64: VoxelSample {}
extension UInt64: VoxelSample {}
extension Float: VoxelSample {}
extension Double: VoxelSample {}

/// A three-dimensional image: samples on a grid.
///
/// - Shapes: `samples` has `grid.shape.count` values, i fastest, then j, then k: seen as a C array it is `[k][j][i]`.
public struct Volume<Sample: VoxelSample>: Sendable {
    /// Where the voxels lie.
    public let grid: Grid
    /// The samples, i fastest.
    public let samples: [Sample]

    /// Makes a volume.
    ///
    /// - Parameters:
    ///   - grid: Where the voxels lie.
    ///   - samples: One value per voxel, i fastest.
    public init(grid: Grid, samples: [Sample]) {
        precondition(samples.count == grid.shape.count, "one sample per voxel")
        self.grid = grid
        self.samples = samples
    }

    /// The number of voxels along each axis.
    public var shape: GridShape { grid.shape }

    /// The sample of one voxel.
    ///
    /// - Parameters:
    ///   - i: Index along the first axis.
    ///   - j: Index along the second axis.
    ///   - k: Index along the third axis.
    public subscript(i: Int, j: Int, k: Int) -> Sample {
        precondition(i >= 0 && i < shape.i && j >= 0 && j < shape.j && k >= 0 && k < shape.k)
        return samples[i + shape.i * (j + shape.j * k)]
    }

    /// The same voxels in another order of axes; every voxel keeps its value and its world position.
    ///
    /// - Parameter orientation: The orientation wanted.
    /// - Returns: The reordered volume; itself when nothing changes.
    /// - Complexity: O(*n*); one copy.
    public func reordered(to orientation: Orientation) -> Volume {
        reordered(by: AxisReordering(from: grid.orientation, to: orientation))
    }

    /// The same voxels after a permutation and flips of the axes.
    ///
    /// - Parameter reordering: What to do.
    /// - Returns: The reordered volume; itself when nothing changes.
    /// - Complexity: O(*n*); one copy.
    public func reordered(by reordering: AxisReordering) -> Volume {
        if reordering.isIdentity { return self }
        let target = reordering.grid(of: grid)
        let result = [Sample](unsafeUninitializedCapacity: samples.count) { buffer, count in
            let output = UnsafeMutableRawBufferPointer(buffer)
            samples.withUnsafeBytes { input in
                VoxelGather.reorder(
                    input, width: MemoryLayout<Sample>.size, shape: shape, by: reordering,
                    into: output)
            }
            count = samples.count
        }
        return Volume(grid: target, samples: result)
    }
}

/// A volume of label ids; 0 is background.
public typealias LabelMap = Volume<UInt8>
