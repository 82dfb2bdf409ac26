/// Layer normalisation over the channels at each pixel.
///
/// - Shapes: `x`, `y`, `dy`, `dx` are `[N, C, H, W]`, `weight` and `bias` `[C]`.
/// - Source: `LayerNorm2d` of the Segment Anything reference; epsilon 1e-6 there.
public enum LayerNorm2D {
    /// Pixels of a piece of work.
    private static let piece = 512

    /// `y = (x - mean) / sqrt(variance + epsilon) weight + bias`, mean and variance over channels.
    ///
    /// - Parameters:
    ///   - x: The input.
    ///   - weight: One factor per channel.
    ///   - bias: One summand per channel.
    ///   - epsilon: Added to the variance.
    /// - Returns: The output.
    public static func forward(
        _ x: Tensor, weight: Tensor, bias: Tensor, epsilon: Float
    ) -> Tensor {
        let grid = Grid(x, weight)
        precondition(bias.shape == [grid.channels], "a bias of another size")
        return Tensor.filled(x.shape) { y in
            reading(x, weight, bias) { x, weight, bias in
                grid.forEachPiece { origin, count, _ in
                    withScratch(2 * count) { mean in
                        let factor = mean + count
                        grid.moments(x + origin, count, epsilon, mean, factor)
                        for c in 0..<grid.channels {
                            let at = origin + c * grid.plane
                            let (x, y) = (x + at, y + at)
                            for i in 0..<count {
                                y[i] = (x[i] - mean[i]) * factor[i] * weight[c] + bias[c]
                            }
                        }
                    }
                }
            }
        }
    }

    /// The gradients of ``forward(_:weight:bias:epsilon:)``.
    ///
    /// - Parameters:
    ///   - dy: The gradient of the output.
    ///   - x: The input of the forward pass.
    ///   - weight: One factor per channel.
    ///   - epsilon: As in the forward pass.
    ///   - wanted: What to compute.
    /// - Returns: The gradients; the formulas are those of ``LayerNorm`` with pixels as rows.
    public static func backward(
        _ dy: Tensor, x: Tensor, weight: Tensor, epsilon: Float, wanted: WantedGradients = .all
    ) -> AffineGradients {
        let grid = Grid(x, weight)
        precondition(dy.shape == x.shape, "a gradient of another shape than the output")
        let channels = grid.channels
        // Sums of dy z and of dy per piece of pixels; the sums of pieces are added in order afterwards.
        var weightSums = Tensor(zeros: [grid.pieces, channels])
        var biasSums = Tensor(zeros: [grid.pieces, channels])
        let dx = Tensor.filled(wanted.contains(.input) ? x.shape : [0]) { dx in
            weightSums.changing { weightSums in
                biasSums.changing { biasSums in
                    reading(dy, x, weight) { dy, x, weight in
                        grid.forEachPiece { origin, count, index in
                            let row = index * channels
                            withScratch(5 * count) { mean in
                                let (factor, z) = (mean + count, mean + 2 * count)
                                let (first, second) = (mean + 3 * count, mean + 4 * count)
                                grid.moments(x + origin, count, epsilon, mean, factor)
                                first.update(repeating: 0, count: 2 * count)
                                for c in 0..<channels {
                                    let at = origin + c * grid.plane
                                    let (x, dy) = (x + at, dy + at)
                                    for i in 0..<count {
                                        z[i] = (x[i] - mean[i]) * factor[i]
                                        first[i] += dy[i] * weight[c]
                                        second[i] += dy[i] * weight[c] * z[i]
                                    }
                                    weightSums[row + c] = Elementwise.dot(dy, z, count)
                                    biasSums[row + c] = Elementwise.sum(dy, count)
                                }
                                guard wanted.contains(.input) else { return }
                                for i in 0..<2 * count { first[i] /= Float(channels) }
                                for c in 0..<channels {
                                    let at = origin + c * grid.plane
                                    let (x, dy, dx) = (x + at, dy + at, dx + at)
                                    for i in 0..<count {
                                        let z = (x[i] - mean[i]) * factor[i]
                                        let g = dy[i] * weight[c]
                                        dx[i] = (g - first[i] - z * second[i]) * factor[i]
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
        return AffineGradients(
            input: wanted.contains(.input) ? dx : nil,
            weight: wanted.contains(.weight)
                ? Elementwise.columnSums(weightSums, columns: channels) : nil,
            bias: wanted.contains(.bias)
                ? Elementwise.columnSums(biasSums, columns: channels) : nil)
    }

    /// The layer on variables; recorded when there is a tape and one of them is recorded.
    ///
    /// - Parameters:
    ///   - x: The input.
    ///   - weight: One factor per channel.
    ///   - bias: One summand per channel.
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

    /// The pictures of a batch, cut into pieces of pixels.
    private struct Grid: Sendable {
        let pictures: Int
        let channels: Int
        let plane: Int

        init(_ x: Tensor, _ weight: Tensor) {
            let (n, c, h, w) = x.nchw
            precondition(weight.shape == [c], "a weight of another size than the channels")
            (pictures, channels, plane) = (n, c, h * w)
        }

        var piecesOfPlane: Int { (plane + LayerNorm2D.piece - 1) / LayerNorm2D.piece }
        var pieces: Int { pictures * piecesOfPlane }

        /// Calls a body with the first pixel of a piece in channel 0, the number of pixels and the piece's number.
        func forEachPiece(_ body: @Sendable (_ origin: Int, _ count: Int, _ index: Int) -> Void) {
            ParallelRange.forEach(count: pieces, piece: 1) { range in
                for index in range {
                    let start = index % piecesOfPlane * LayerNorm2D.piece
                    let origin = index / piecesOfPlane * channels * plane + start
                    body(origin, min(LayerNorm2D.piece, plane - start), index)
                }
            }
        }

        /// The mean over channels and the factor to variance 1, for pixels that follow each other.
        func moments(
            _ x: UnsafePointer<Float>, _ count: Int, _ epsilon: Float,
            _ mean: UnsafeMutablePointer<Float>, _ factor: UnsafeMutablePointer<Float>
        ) {
            let share = 1 / Float(channels)
            mean.update(repeating: 0, count: count)
            factor.update(repeating: 0, count: count)
            for c in 0..<channels {
                let line = x + c * plane
                for i in 0..<count { mean[i] += line[i] }
            }
            for i in 0..<count { mean[i] *= share }
            for c in 0..<channels {
                let line = x + c * plane
                for i in 0..<count { factor[i] += (line[i] - mean[i]) * (line[i] - mean[i]) }
            }
            for i in 0..<count { factor[i] = 1 / (factor[i] * share + epsilon).squareRoot() }
        }
    }
}
