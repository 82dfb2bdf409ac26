#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif
import MedicalImaging

/// A 3 x 3 orthogonal matrix, row by row; its determinant is 1 or -1.
struct Rotation: Hashable {
    var values: [Double]

    subscript(row: Int, column: Int) -> Double {
        get { values[row * 3 + column] }
        set { values[row * 3 + column] = newValue }
    }

    /// The rotation of a unit quaternion whose first part is not stored.
    ///
    /// - Returns: `nil` when (b, c, d) is not finite or is longer than a unit quaternion can be.
    init?(quaternion: [Double]) {
        var (b, c, d) = (quaternion[0], quaternion[1], quaternion[2])
        let square = b * b + c * c + d * d
        // float32 rounding leaves a little more than 1; more than a thousandth is not rounding
        guard square.isFinite, square <= 1.001 else { return nil }
        var a = 0.0
        // libnifti's rule: a² below 1e-7 is what 32-bit rounding leaves of a half turn, which most patients' scans hold.
        if square > 1 - 1e-7 {
            let length = square.squareRoot()
            (b, c, d) = (b / length, c / length, d / length)
        } else {
            a = (1 - square).squareRoot()
        }
        values = [
            a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c),
            2 * (b * c + a * d), a * a + c * c - b * b - d * d, 2 * (c * d - a * b),
            2 * (b * d - a * c), 2 * (c * d + a * b), a * a + d * d - b * b - c * c,
        ]
    }

    /// The orthogonal matrix closest to the directions of an affine's columns.
    ///
    /// Newton's iteration for the polar factor: X ← (X + X⁻ᵀ) / 2.
    ///
    /// - Parameter affine: An invertible affine.
    init(closestTo affine: Affine) {
        let size = affine.spacing
        var x = Affine.identity
        for row in 0..<3 {
            for column in 0..<3 { x[row, column] = affine[row, column] / size[column] }
        }
        for _ in 0..<64 {
            guard let inverse = x.inverse else { break }
            var change = 0.0
            for row in 0..<3 {
                for column in 0..<3 {
                    let next = (x[row, column] + inverse[column, row]) / 2
                    change = max(change, abs(next - x[row, column]))
                    x[row, column] = next
                }
            }
            if change < 1e-15 { break }
        }
        values = (0..<9).map { x[$0 / 3, $0 % 3] }
    }

    /// The angle between two orthogonal matrices of the same handedness, in degrees.
    ///
    /// The chord |A - B| = 2√2 sin(θ/2) is exact for small angles, where the arc cosine of the trace is not.
    func angle(to other: Rotation) -> Double {
        let chord = zip(values, other.values).reduce(0.0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        return 2 * asin(min(1, (chord / 8).squareRoot())) * 180 / Double.pi
    }

    /// The unit quaternion (a, b, c, d) with a ≥ 0, of a matrix with determinant 1.
    var quaternion: [Double] {
        let r = self
        // The largest of the four squares is the safest to divide by.
        let squares = [
            1 + r[0, 0] + r[1, 1] + r[2, 2], 1 + r[0, 0] - r[1, 1] - r[2, 2],
            1 - r[0, 0] + r[1, 1] - r[2, 2], 1 - r[0, 0] - r[1, 1] + r[2, 2],
        ]
        let largest = (0..<4).max { squares[$0] < squares[$1] } ?? 0
        let s = 2 * max(squares[largest], 0).squareRoot()
        var q: [Double]
        switch largest {
        case 0:
            q = [s / 4, (r[2, 1] - r[1, 2]) / s, (r[0, 2] - r[2, 0]) / s, (r[1, 0] - r[0, 1]) / s]
        case 1:
            q = [(r[2, 1] - r[1, 2]) / s, s / 4, (r[0, 1] + r[1, 0]) / s, (r[0, 2] + r[2, 0]) / s]
        case 2:
            q = [(r[0, 2] - r[2, 0]) / s, (r[0, 1] + r[1, 0]) / s, s / 4, (r[1, 2] + r[2, 1]) / s]
        default:
            q = [(r[1, 0] - r[0, 1]) / s, (r[0, 2] + r[2, 0]) / s, (r[1, 2] + r[2, 1]) / s, s / 4]
        }
        let length = q.reduce(0.0) { $0 + $1 * $1 }.squareRoot()
        return q.map { (q[0] < 0 ? -$0 : $0) / length + 0 }
    }
}
