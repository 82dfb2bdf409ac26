/// Every row shifted to mean 0 and scaled to variance 1, then scaled and shifted per column.
///
/// - Shapes: a row is the last axis; `x`, `y`, `dy`, `dx` are `[..., C]`, `weight` and `bias` `[C]`.
/// - Source: Ba, Kiros and Hinton 2016. SAM's encoder takes epsilon 1e-6, its decoder transformer and TinyViT 1e-5.
public enum LayerNorm {
    /// `y = (x - mean) / sqrt(variance + epsilon) weight + bias`.
    ///
    /// - Parameters:
    ///   - x: The input.
    ///   - weight: One factor per column.
    ///   - bias: One summand per column.
    ///   - epsilon: Added to the variance.
    /// - Returns: The output.
    public static func forward(
        _ x: Tensor, weight: Tensor, bias: Tensor, epsilon: Float
    ) -> Tensor {
        let (rows, columns) = check(x, weight)
        precondition(bias.shape == [columns], "a bias of another size")
        return Tensor.filled(x.shape) { y in
            reading(x, weight, bias) { x, weight, bias in
                ParallelRange.forEach(count: rows, piece: Elementwise.rowPiece(columns: columns)) {
                    Kernels.layerNorm(
                        x + $0.lowerBound * columns, into: y + $0.lowerBound * columns,
                        rows: $0.count, width: columns, weight: weight.base, bias: bias.base,
                        epsilon: epsilon)
                }
            }
        }
    }

    /// The gradients of ``forward(_:weight:bias:epsilon:)``.
    ///
    /// Means and variances are computed again, which is cheaper than keeping them.
    ///
    /// - Parameters:
    ///   - dy: The gradient of the output.
    ///   - x: The input of the forward pass.
    ///   - weight: One factor per column.
    ///   - epsilon: As in the forward pass.
    ///   - wanted: What to compute.
    /// - Returns: With `z` the normalised row and `g = dy weight`: `dx = (g - mean(g) - z mean(g z)) / deviation`,
    ///   `dweight` = the sum of `dy z` over rows, `dbias` = the sum of `dy`.
    public static func backward(
        _ dy: Tensor, x: Tensor, weight: Tensor, epsilon: Float, wanted: WantedGradients = .all
    ) -> AffineGradients {
        let (rows, columns) = check(x, weight)
        precondition(dy.count == x.count, "a gradient of another shape than the output")
        let piece = Elementwise.rowPiece(columns: columns)
        let pieces = (rows + piece - 1) / piece
        var gradients = AffineGradients()
        // Every piece of rows sums for itself; the sums of pieces are added in order afterwards.
        var partial = Tensor(zeros: [pieces, columns])
        let dx = Tensor.filled(wanted.contains(.input) ? x.shape : [0]) { dx in
            reading(dy, x, weight) { dy, x, weight in
                partial.changing { partial in
                    ParallelRange.forEach(count: rows, piece: piece) { range in
                        let sums = partial + range.lowerBound / piece * columns
                        withScratch(2 * columns) { z in
                            let g = z + columns
                            for row in range {
                                let (x, dy) = (x + row * columns, dy + row * columns)
                                let (mean, factor) = moments(x, columns, epsilon)
                                for c in 0..<columns {
                                    z[c] = (x[c] - mean) * factor
                                    sums[c] += dy[c] * z[c]
                                    g[c] = dy[c] * weight[c]
                                }
                                guard wanted.contains(.input) else { continue }
                                let first = Elementwise.sum(g, columns) / Float(columns)
                                let second = Elementwise.dot(g, z, columns) / Float(columns)
                                let dx = dx + row * columns
                                for c in 0..<columns {
                                    dx[c] = (g[c] - first - z[c] * second) * factor
                                }
                            }
                        }
                    }
                }
            }
        }
        if wanted.contains(.input) { gradients.input = dx }
        if wanted.contains(.weight) {
            gradients.weight = Elementwise.columnSums(partial, columns: columns)
        }
        if wanted.contains(.bias) {
            gradients.bias = Elementwise.columnSums(dy, columns: columns)
        }
        return gradients
    }

    /// The layer on variables; recorded when there is a tape and one of them is recorded.
    ///
    /// - Parameters:
    ///   - x: The input.
    ///   - weight: One factor per column.
    ///   - bias: One summand per column.
    ///   - epsilon: Added to the variance.
    ///   - tape: Where to record; `nil` to compute only.
    /// - Returns: The output.
    public static func apply(
        _ x: Variable, weight: Variable, bias: Variable, epsilon: Float, on tape: Tape?
    ) -> Variable {
        let y = forward(x.value, weight: weight.value, bias: bias.value, epsilon: epsilon)
        return tape.record(y, from: [x, weight, bias]) {
            let (input, factors) = (x.value, weight.value)
            let wanted = WantedGradients(x, weight, bias)
            return {
                backward($0, x: input, weight: factors, epsilon: epsilon, wanted: wanted).list
            }
        }
    }

    /// The mean of a row and the factor to variance 1.
    ///
    /// Two passes: the squares are small then.
    static func moments(
        _ x: UnsafePointer<Float>, _ count: Int, _ epsilon: Float
    ) -> (mean: Float, factor: Float) {
        let mean = Elementwise.sum(x, count) / Float(count)
        let variance = Elementwise.squares(x, count, around: mean) / Float(count)
        return (mean, 1 / (variance + epsilon).squareRoot())
    }

    private static func check(_ x: Tensor, _ weight: Tensor) -> (rows: Int, columns: Int) {
        let (rows, columns) = x.rowsAndColumns
        precondition(weight.shape == [columns], "a weight of another size than a row")
        return (rows, columns)
    }
}
