import MedicalImaging

/// Whether a prediction that hardly overlaps its reference would do so in another order or direction of axes.
enum OrientationHint {
    /// The Dice of all foreground below which the other orientations are tried.
    static let suspicious = 0.1
    /// The Dice above which another orientation is suggested.
    static let convincing = 0.5
    /// Voxels that are looked at for each orientation.
    private static let samples = 1 << 17

    /// What another orientation would give.
    struct Suggestion: Hashable, Sendable {
        /// What would have to be done to the prediction.
        let reordering: AxisReordering
        /// The Dice of all foreground then, from a sample of the voxels.
        let dice: Double

        /// The suggestion as a sentence.
        var description: String {
            let axes = ["i", "j", "k"]
            var parts: [String] = []
            let order = reordering.sourceAxes.map { axes[$0] }.joined(separator: ", ")
            if reordering.sourceAxes != [0, 1, 2] {
                parts.append("with its axes in the order \(order)")
            }
            let flipped = (0..<3).filter { reordering.flips[$0] }.map { axes[$0] }
            if !flipped.isEmpty {
                parts.append("reversed along \(flipped.joined(separator: " and "))")
            }
            let value = (dice * 100).rounded() / 100
            return
                "the prediction hardly overlaps the reference, but \(parts.joined(separator: ", ")) it "
                + "reaches a Dice of \(value): it was probably stored in another orientation; write it "
                + "with the affine it belongs to"
        }
    }

    /// Tries the 47 other permutations and flips whose result has the shape of the reference.
    ///
    /// - Parameters:
    ///   - prediction: Labels, i fastest; everything above 0 is foreground.
    ///   - reference: Labels on the same shape.
    ///   - shape: The shape of both.
    /// - Returns: The best one above ``convincing``, when the prediction as it is stays below ``suspicious``.
    /// - Complexity: About 48 times 131,072 look-ups, whatever the size.
    static func suggestion(
        prediction: [UInt8], reference: [UInt8], shape: GridShape
    ) -> Suggestion? {
        precondition(prediction.count == shape.count && reference.count == shape.count)
        guard shape.count > 0 else { return nil }
        let grid = lattice(shape)
        var best: Suggestion?
        for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            for bits in 0..<8 {
                let flips = (0..<3).map { bits >> $0 & 1 == 1 }
                let reordering = AxisReordering(sourceAxes: order, flips: flips)
                guard reordering.shape(of: shape) == shape else { continue }
                // A flip of an axis of one voxel is no other orientation.
                if (0..<3).contains(where: { flips[$0] && shape[$0] == 1 }) { continue }
                let dice = dice(prediction, reference, shape, reordering, grid)
                if reordering.isIdentity {
                    if dice >= suspicious { return nil }
                } else if dice > convincing, dice > best?.dice ?? 0 {
                    best = Suggestion(reordering: reordering, dice: dice)
                }
            }
        }
        return best
    }

    /// The positions looked at along each axis: symmetric, so that a flip looks at the same voxels.
    private static func lattice(_ shape: GridShape) -> [[Int]] {
        // Every axis is thinned alike, down to what the others leave.
        var steps = [1, 1, 1]
        func count() -> Int {
            (0..<3).reduce(1) { $0 * ((shape[$1] + steps[$1] - 1) / steps[$1]) }
        }
        while count() > samples {
            let longest = (0..<3).max { shape[$0] / steps[$0] < shape[$1] / steps[$1] } ?? 0
            steps[longest] += 1
        }
        return (0..<3).map { axis in
            let rest = (shape[axis] - 1) % steps[axis] / 2
            return Array(stride(from: rest, to: shape[axis], by: steps[axis]))
        }
    }

    private static func dice(
        _ prediction: [UInt8], _ reference: [UInt8], _ shape: GridShape,
        _ reordering: AxisReordering, _ grid: [[Int]]
    ) -> Double {
        let strides = [1, shape.i, shape.i * shape.j]
        // The part of the prediction's index that each axis of the result adds.
        let offsets = (0..<3).map { axis in
            grid[axis].map { position in
                let source = reordering.sourceAxes[axis]
                return (reordering.flips[axis] ? shape[source] - 1 - position : position)
                    * strides[source]
            }
        }
        var (both, sum) = (0, 0)
        prediction.withUnsafeBufferPointer { prediction in
            reference.withUnsafeBufferPointer { reference in
                for (c, k) in grid[2].enumerated() {
                    for (b, j) in grid[1].enumerated() {
                        let plane = offsets[2][c] + offsets[1][b]
                        let row = shape.i * (j + shape.j * k)
                        for (a, i) in grid[0].enumerated() {
                            let found = prediction[plane + offsets[0][a]] != 0
                            let wanted = reference[row + i] != 0
                            sum += (found ? 1 : 0) + (wanted ? 1 : 0)
                            both += found && wanted ? 1 : 0
                        }
                    }
                }
            }
        }
        return sum == 0 ? 0 : 2 * Double(both) / Double(sum)
    }
}
