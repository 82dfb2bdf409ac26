/// The number of voxels along the three axes of a volume, in the order of the file: i fastest.
public struct GridShape: Hashable, Sendable, CustomStringConvertible {
    /// Voxels along the first (fastest) axis.
    public var i: Int
    /// Voxels along the second axis.
    public var j: Int
    /// Voxels along the third (slowest) axis.
    public var k: Int

    /// Makes a shape.
    ///
    /// - Parameters:
    ///   - i: Voxels along the first (fastest) axis.
    ///   - j: Voxels along the second axis.
    ///   - k: Voxels along the third axis.
    public init(_ i: Int, _ j: Int, _ k: Int) {
        self.i = i
        self.j = j
        self.k = k
    }

    /// The number of voxels; shapes from files are checked before they get here.
    public var count: Int { i * j * k }

    /// The length of one axis.
    ///
    /// - Parameter axis: 0, 1 or 2.
    public subscript(axis: Int) -> Int {
        get { axis == 0 ? i : axis == 1 ? j : k }
        set {
            switch axis {
            case 0: i = newValue
            case 1: j = newValue
            default: k = newValue
            }
        }
    }

    /// The shape as `512x512x120`.
    public var description: String { "\(i)x\(j)x\(k)" }
}
