/// Every channel shifted to mean 0 and scaled to variance 1, then scaled and shifted.
///
/// In training, mean and variance are those of the batch, and the running statistics move towards them; afterwards the
/// running statistics are used.
///
/// - Shapes: `x`, `y`, `dy`, `dx` are `[N, C, H, W]`; `weight`, `bias` and the statistics `[C]`.
/// - Source: Ioffe and Szegedy 2015; PyTorch's convention: the batch is normalised by the biased variance, the running
///   variance takes the unbiased one.
public enum BatchNorm2D {
    /// The mean and variance of every channel.
    public struct Statistics: Sendable {
        /// One mean per channel.
        public var mean: Tensor
        /// One variance per channel.
        public var variance: Tensor

        /// Collects statistics.
        ///
        /// - Parameters:
        ///   - mean: One mean per channel.
        ///   - variance: One variance per channel.
        public init(mean: Tensor, variance: Tensor) {
            precondition(mean.shape == variance.shape && mean.shape.count == 1, "one per channel")
            (self.mean, self.variance) = (mean, variance)
        }

        /// The statistics of a batch, variance biased.
        ///
        /// - Parameter x: The batch; one pixel or more per channel.
        public init(of x: Tensor) {
            let (n, c, h, w) = x.nchw
            let plane = h * w
            precondition(n * plane > 0, "no pixels to take statistics of")
            var variance = Tensor(uninitialized: [c])
            mean = Tensor.filled([c]) { mean in
                variance.changing { variance in
                    x.reading { x in
                        ParallelRange.forEach(count: c, piece: 1) { range in
                            for channel in range {
                                let planes = (0..<n).map { x + ($0 * c + channel) * plane }
                                let count = Double(n * plane)
                                let total = planes.reduce(0.0) {
                                    $0 + Double(Elementwise.sum($1, plane))
                                }
                                let centre = Float(total / count)
                                let squares = planes.reduce(0.0) {
                                    $0 + Double(Elementwise.squares($1, plane, around: centre))
                                }
                                mean[channel] = centre
                                variance[channel] = Float(squares / count)
                            }
                        }
                    }
                }
            }
            self.variance = variance
        }

        /// Running statistics after a batch: `(1 - momentum) old + momentum new`.
        ///
        /// - Parameters:
        ///   - batch: The statistics of the batch.
        ///   - count: The number of values per channel in the batch, two or more: N H W.
        ///   - momentum: The share of the batch, from 0 to 1.
        /// - Returns: The statistics to keep, with the unbiased variance of the batch.
        public func moved(towards batch: Statistics, count: Int, momentum: Float) -> Statistics {
            precondition(count > 1, "one value has no unbiased variance")
            let unbiased = Float(count) / Float(count - 1)
            return Statistics(
                mean: Elementwise.map(mean, batch.mean) { $0 + momentum * ($1 - $0) },
                variance: Elementwise.map(variance, batch.variance) {
                    $0 + momentum * ($1 * unbiased - $0)
                })
        }
    }

    /// `y = (x - mean) / sqrt(variance + epsilon) weight + bias`.
    ///
    /// - Parameters:
    ///   - x: The input.
    ///   - weight: One factor per channel.
    ///   - bias: One summand per channel.
    ///   - statistics: The running ones, or in training those of the batch (``Statistics/init(of:)``).
    ///   - epsilon: Added to the variance.
    /// - Returns: The output.
    public static func forward(
        _ x: Tensor, weight: Tensor, bias: Tensor, statistics: Statistics, epsilon: Float = 1e-5
    ) -> Tensor {
        let (n, c, h, w) = check(x, weight, statistics)
        precondition(bias.shape == [c], "a bias of another size")
        let plane = h * w
        return Tensor.filled(x.shape) { y in
            reading(statistics.mean, statistics.variance) { mean, variance in
                reading(x, weight, bias) { x, weight, bias in
                    ParallelRange.forEach(
                        count: n * c,
                        piece: Elementwise.rowPiece(columns: plane, values: Elementwise.cheapPiece)
                    ) {
                        for index in $0 {
                            let channel = index % c
                            let factor =
                                weight[channel] / (variance[channel] + epsilon).squareRoot()
                            let (centre, shift) = (mean[channel], bias[channel])
                            let (x, y) = (x + index * plane, y + index * plane)
                            for i in 0..<plane { y[i] = (x[i] - centre) * factor + shift }
                        }
                    }
                }
            }
        }
    }

    /// The gradients of ``forward(_:weight:bias:statistics:epsilon:)``.
    ///
    /// - Parameters:
    ///   - dy: The gradient of the output.
    ///   - x: The input of the forward pass.
    ///   - weight: One factor per channel.
    ///   - statistics: As in the forward pass.
    ///   - isTraining: Whether the statistics are those of `x` itself, so that they depend on it.
    ///   - epsilon: As in the forward pass.
    ///   - wanted: What to compute.
    /// - Returns: With `z` the normalised value and `g = dy weight`: `dx = g / deviation` with running statistics,
    ///   `(g - mean(g) - z mean(g z)) / deviation` in training; `dweight` = the sum of `dy z`, `dbias` = the sum of `dy`.
    public static func backward(
        _ dy: Tensor, x: Tensor, weight: Tensor, statistics: Statistics, isTraining: Bool,
        epsilon: Float = 1e-5, wanted: WantedGradients = .all
    ) -> AffineGradients {
        let (n, c, h, w) = check(x, weight, statistics)
        precondition(dy.shape == x.shape, "a gradient of another shape than the output")
        let plane = h * w
        var (dweight, dbias) = (Tensor(uninitialized: [c]), Tensor(uninitialized: [c]))
        let dx = Tensor.filled(wanted.contains(.input) ? x.shape : [0]) { dx in
            dweight.changing { dweight in
                dbias.changing { dbias in
                    reading(statistics.mean, statistics.variance) { mean, variance in
                        reading(dy, x, weight) { dy, x, weight in
                            ParallelRange.forEach(count: c, piece: 1) { range in
                                for channel in range {
                                    let centre = mean[channel]
                                    let factor = 1 / (variance[channel] + epsilon).squareRoot()
                                    var (products, sums) = (0.0, 0.0)
                                    for picture in 0..<n {
                                        let at = (picture * c + channel) * plane
                                        let sum = Elementwise.sum(dy + at, plane)
                                        sums += Double(sum)
                                        products += withScratch(plane) { z in
                                            let x = x + at
                                            for i in 0..<plane { z[i] = (x[i] - centre) * factor }
                                            return Double(Elementwise.dot(dy + at, z, plane))
                                        }
                                    }
                                    dweight[channel] = Float(products)
                                    dbias[channel] = Float(sums)
                                    guard wanted.contains(.input) else { continue }
                                    let share = isTraining ? 1 / Double(n * plane) : 0
                                    let first = Float(sums * share)
                                    let second = Float(products * share) * factor
                                    let scale = weight[channel] * factor
                                    for picture in 0..<n {
                                        let at = (picture * c + channel) * plane
                                        let (x, dy, dx) = (x + at, dy + at, dx + at)
                                        for i in 0..<plane {
                                            dx[i] =
                                                (dy[i] - first - (x[i] - centre) * second) * scale
                                        }
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
            weight: wanted.contains(.weight) ? dweight : nil,
            bias: wanted.contains(.bias) ? dbias : nil)
    }

    /// The layer on variables; recorded when there is a tape and one of them is recorded.
    ///
    /// - Parameters:
    ///   - x: The input.
    ///   - weight: One factor per channel.
    ///   - bias: One summand per channel.
    ///   - running: The running statistics to use; `nil` in training, for those of the batch.
    ///   - epsilon: Added to the variance.
    ///   - tape: Where to record; `nil` to compute only.
    /// - Returns: The output, and the statistics that were used: in training move the running ones towards them.
    public static func apply(
        _ x: Variable, weight: Variable, bias: Variable, running: Statistics?,
        epsilon: Float = 1e-5, on tape: Tape?
    ) -> (output: Variable, statistics: Statistics) {
        let statistics = running ?? Statistics(of: x.value)
        let y = forward(
            x.value, weight: weight.value, bias: bias.value, statistics: statistics,
            epsilon: epsilon)
        let output = tape.record(y, from: [x, weight, bias]) {
            let (input, factors) = (x.value, weight.value)
            let wanted = WantedGradients(x, weight, bias)
            return {
                backward(
                    $0, x: input, weight: factors, statistics: statistics,
                    isTraining: running == nil, epsilon: epsilon, wanted: wanted
                ).list
            }
        }
        return (output, statistics)
    }

    private static func check(
        _ x: Tensor, _ weight: Tensor, _ statistics: Statistics
    ) -> (n: Int, c: Int, h: Int, w: Int) {
        let shape = x.nchw
        precondition(
            weight.shape == [shape.c] && statistics.mean.shape == [shape.c],
            "weight and statistics need one value per channel")
        return shape
    }
}
