/// A position in voxel indices (i, j, k); whole numbers are voxel centres.
public struct VoxelPosition: Hashable, Sendable {
    /// Index along the first axis.
    public var i: Double
    /// Index along the second axis.
    public var j: Double
    /// Index along the third axis.
    public var k: Double

    /// Makes a position.
    ///
    /// - Parameters:
    ///   - i: Index along the first axis.
    ///   - j: Index along the second axis.
    ///   - k: Index along the third axis.
    public init(i: Double, j: Double, k: Double) {
        self.i = i
        self.j = j
        self.k = k
    }
}

/// A position in the world, in millimetres, RAS+.
public struct WorldPosition: Hashable, Sendable {
    /// Millimetres to the patient's right.
    public var x: Double
    /// Millimetres to the patient's front.
    public var y: Double
    /// Millimetres to the patient's head.
    public var z: Double

    /// Makes a position.
    ///
    /// - Parameters:
    ///   - x: Millimetres to the patient's right.
    ///   - y: Millimetres to the patient's front.
    ///   - z: Millimetres to the patient's head.
    public init(x: Double, y: Double, z: Double) {
        self.x = x
        self.y = y
        self.z = z
    }
}

/// A pixel of a slice: x counts columns to the right, y counts rows downwards, both from 0.
public struct PixelPosition: Hashable, Sendable {
    /// Column, from 0.
    public var x: Int
    /// Row, from 0.
    public var y: Int

    /// Makes a position.
    ///
    /// - Parameters:
    ///   - x: Column, from 0.
    ///   - y: Row, from 0.
    public init(x: Int, y: Int) {
        self.x = x
        self.y = y
    }
}
