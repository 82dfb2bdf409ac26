import MedicalImaging

/// A pattern of cells that fill the plane: each pixel belongs to the nearest of randomly shifted lattice points.
///
/// Gives fat cells, the borders between epithelial cells, nests and vacuoles.
///
/// - Source: Worley, "A cellular texture basis function", 1996.
struct CellPattern: Sendable {
    /// What is known of one position.
    struct Place {
        /// Distance to the nearest point, and how much farther the second is: 0 on a border; in pixels.
        var toCenter: Float, toBorder: Float
        /// Two random numbers in -1...1 that belong to the cell.
        var lot: SIMD2<Float>
    }

    private static let side = 32
    private let lattice: [SIMD4<Float>]
    private let size: Float

    /// Makes a pattern.
    ///
    /// - Parameters:
    ///   - size: The mean distance of neighbouring cells in pixels.
    ///   - random: Where the shifts come from.
    init(size: Float, random: RandomSource) {
        var random = random
        self.size = size
        lattice = (0..<Self.side * Self.side).map { _ in
            SIMD4(
                random.uniform(0.08, 0.92), random.uniform(0.08, 0.92), random.uniform(-1, 1),
                random.uniform(-1, 1))
        }
    }

    /// The cell at a position.
    ///
    /// - Parameters:
    ///   - x: To the right, within 4,000 cells of 0.
    ///   - y: Down, within 4,000 cells of 0.
    /// - Returns: How the position lies in its cell.
    @inline(__always)
    func callAsFunction(_ x: Float, _ y: Float) -> Place {
        let (u, v) = (x / size + 4096, y / size + 4096)
        let (i, j) = (Int(u), Int(v))
        let (fu, fv) = (u - Float(i), v - Float(j))
        var (first, second) = (Float(9), Float(9))
        var nearest = SIMD4<Float>()
        lattice.withUnsafeBufferPointer { lattice in
            for b in -1...1 {
                let row = ((j + b) & (Self.side - 1)) * Self.side
                for a in -1...1 {
                    let point = lattice[row + ((i + a) & (Self.side - 1))]
                    let (dx, dy) = (point.x + Float(a) - fu, point.y + Float(b) - fv)
                    let d = dx * dx + dy * dy
                    if d < first {
                        second = first
                        first = d
                        nearest = point
                    } else if d < second {
                        second = d
                    }
                }
            }
        }
        let (near, far) = (first.squareRoot(), second.squareRoot())
        return Place(
            toCenter: near * size, toBorder: (far - near) * size,
            lot: SIMD2(nearest.z, nearest.w))
    }
}
