/// The distance between neighbouring voxel centres along each axis, in millimetres.
public struct Spacing: Hashable, Sendable {
    /// Millimetres along the first axis.
    public var i: Double
    /// Millimetres along the second axis.
    public var j: Double
    /// Millimetres along the third axis.
    public var k: Double

    /// Makes a spacing.
    ///
    /// - Parameters:
    ///   - i: Millimetres along the first axis.
    ///   - j: Millimetres along the second axis.
    ///   - k: Millimetres along the third axis.
    public init(_ i: Double, _ j: Double, _ k: Double) {
        self.i = i
        self.j = j
        self.k = k
    }

    /// The spacing along one axis, in millimetres.
    ///
    /// - Parameter axis: 0, 1 or 2.
    public subscript(axis: Int) -> Double { axis == 0 ? i : axis == 1 ? j : k }

    /// The three values as an array `[i, j, k]`.
    public var array: [Double] { [i, j, k] }
}
