/// The map from voxel indices (i, j, k) to world coordinates (x, y, z) in millimetres, RAS+.
///
/// RAS+: x grows to the patient's right, y to the front, z to the head, as in NIfTI and nibabel.
/// (ITK and DICOM use LPS: their rows 0 and 1 have the other sign.)
public struct Affine: Hashable, Sendable {
    /// The twelve values, row by row: three rows of `[a_i, a_j, a_k, origin]`.
    public var values: [Double]

    /// Makes an affine from twelve values.
    ///
    /// - Parameter values: Three rows of four, row-major.
    public init(values: [Double]) {
        precondition(values.count == 12, "an affine has twelve values")
        self.values = values
    }

    /// Voxel indices as they are: 1 mm spacing, origin 0.
    public static let identity = Affine(values: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0])

    /// The value in a row and a column.
    ///
    /// - Parameters:
    ///   - row: 0...2 (x, y, z).
    ///   - column: 0...3 (i, j, k, origin).
    public subscript(row: Int, column: Int) -> Double {
        get { values[row * 4 + column] }
        set { values[row * 4 + column] = newValue }
    }

    /// Whether every value is a finite number.
    public var isFinite: Bool { values.allSatisfy(\.isFinite) }

    /// The determinant of the 3 x 3 part; its absolute value is the volume of a voxel in mm³.
    public var determinant: Double {
        let m = values
        return m[0] * (m[5] * m[10] - m[6] * m[9])
            - m[1] * (m[4] * m[10] - m[6] * m[8])
            + m[2] * (m[4] * m[9] - m[5] * m[8])
    }

    /// Whether the map can be inverted: finite, and no axis collapses.
    public var isInvertible: Bool {
        let size = spacing
        let scale = size.i * size.j * size.k
        return isFinite && scale > 0 && abs(determinant) > scale * 1e-9
    }

    /// The length of each column: the distance between neighbouring voxel centres, in millimetres.
    public var spacing: Spacing {
        func length(_ column: Int) -> Double {
            let x = self[0, column]
            let y = self[1, column]
            let z = self[2, column]
            return (x * x + y * y + z * z).squareRoot()
        }
        return Spacing(length(0), length(1), length(2))
    }

    /// The world position of a voxel position.
    ///
    /// - Parameter voxel: Indices (i, j, k), fractions allowed; whole numbers are voxel centres.
    /// - Returns: Millimetres, RAS+.
    public func world(at voxel: VoxelPosition) -> WorldPosition {
        func row(_ r: Int) -> Double {
            self[r, 0] * voxel.i + self[r, 1] * voxel.j + self[r, 2] * voxel.k + self[r, 3]
        }
        return WorldPosition(x: row(0), y: row(1), z: row(2))
    }

    /// The affine after another index map: voxel → (`inner`) → voxel → (`self`) → world.
    ///
    /// - Parameter inner: A map between indices, written as an affine.
    /// - Returns: The product of the two 4 x 4 matrices.
    public func composed(with inner: Affine) -> Affine {
        var result = Affine.identity
        for r in 0..<3 {
            for c in 0..<4 {
                var sum = c == 3 ? self[r, 3] : 0
                for n in 0..<3 { sum += self[r, n] * inner[n, c] }
                result[r, c] = sum
            }
        }
        return result
    }

    /// The inverse map, world to voxel; `nil` when ``isInvertible`` is false.
    public var inverse: Affine? {
        guard isInvertible else { return nil }
        let m = values
        let d = determinant
        var inverse = Affine.identity
        inverse[0, 0] = (m[5] * m[10] - m[6] * m[9]) / d
        inverse[0, 1] = (m[2] * m[9] - m[1] * m[10]) / d
        inverse[0, 2] = (m[1] * m[6] - m[2] * m[5]) / d
        inverse[1, 0] = (m[6] * m[8] - m[4] * m[10]) / d
        inverse[1, 1] = (m[0] * m[10] - m[2] * m[8]) / d
        inverse[1, 2] = (m[2] * m[4] - m[0] * m[6]) / d
        inverse[2, 0] = (m[4] * m[9] - m[5] * m[8]) / d
        inverse[2, 1] = (m[1] * m[8] - m[0] * m[9]) / d
        inverse[2, 2] = (m[0] * m[5] - m[1] * m[4]) / d
        for r in 0..<3 {
            inverse[r, 3] =
                -(inverse[r, 0] * m[3] + inverse[r, 1] * m[7] + inverse[r, 2] * m[11])
        }
        return inverse
    }

    /// Whether the axes are not at right angles (gantry tilt), by more than a thousandth.
    public var isSheared: Bool {
        let size = spacing
        for (a, b) in [(0, 1), (0, 2), (1, 2)] {
            let dot = (0..<3).reduce(0.0) { $0 + self[$1, a] * self[$1, b] }
            if abs(dot) > 1e-3 * size[a] * size[b] { return true }
        }
        return false
    }
}
