/// The rows about a point in the order of their distance, nearest first: where a search looks for its next candidate.
struct RowOrder: Sendable {
    /// One row, seen from the row of the point.
    struct Step: Sendable {
        /// The squared distance to the row, and its two parts.
        let squared: Double
        let squaredJ: Double
        let squaredK: Double
        /// How far the row lies along j and k.
        let j: Int32
        let k: Int32
    }

    /// The nearest rows.
    let steps: [Step]
    /// No row left out is nearer than the root of this; +infinity when none is left out.
    let limit: Double

    /// Sorts the rows nearest to any point of a lattice.
    ///
    /// - Parameters:
    ///   - lattice: The lattice.
    ///   - quadrant: How many rows to keep in the quadrant of positive j and k.
    init(lattice: SurfaceLattice, quadrant: Int) {
        let isFlat = lattice.depth == 1
        var radius = lattice.squaresJ.count > 1 ? lattice.squaresJ[1] : Double.infinity
        if !isFlat { radius = min(radius, lattice.squaresK[1]) }
        // The radius is doubled until enough rows lie within, or all.
        var (found, isWhole) = Self.quadrant(lattice, within: radius)
        while !isWhole && found.count < quadrant {
            radius *= 4
            (found, isWhole) = Self.quadrant(lattice, within: radius)
        }
        if !isFlat {
            found.sort { ($0.squared, $0.k, $0.j) < ($1.squared, $1.k, $1.j) }
        }
        var limit = isWhole ? Double.infinity : radius
        if found.count > quadrant {
            limit = found[quadrant].squared
            found.removeLast(found.count - quadrant)
        }
        var steps: [Step] = []
        steps.reserveCapacity(4 * found.count)
        for step in found {
            for sign in 0..<4 {
                let (k, j) = (sign & 2 == 0 ? step.k : -step.k, sign & 1 == 0 ? step.j : -step.j)
                if (sign & 2 != 0 && k == 0) || (sign & 1 != 0 && j == 0) { continue }
                steps.append(
                    Step(
                        squared: step.squared, squaredJ: step.squaredJ, squaredK: step.squaredK,
                        j: j, k: k))
            }
        }
        self.steps = steps
        self.limit = limit
    }

    /// The rows of the quadrant within a radius, and whether these are all rows.
    private static func quadrant(
        _ lattice: SurfaceLattice, within radius: Double
    ) -> (steps: [Step], isWhole: Bool) {
        var steps: [Step] = []
        var isWhole = true
        for k in 0..<lattice.depth {
            let squaredK = lattice.squaresK[k]
            if squaredK > radius {
                isWhole = false
                break
            }
            for j in 0..<lattice.height {
                let squaredJ = lattice.squaresJ[j]
                let squared = SurfaceLattice.squared(0, squaredJ, squaredK)
                if squared > radius {
                    isWhole = false
                    break
                }
                steps.append(
                    Step(
                        squared: squared, squaredJ: squaredJ, squaredK: squaredK,
                        j: Int32(truncatingIfNeeded: j), k: Int32(truncatingIfNeeded: k)))
            }
        }
        return (steps, isWhole)
    }
}
