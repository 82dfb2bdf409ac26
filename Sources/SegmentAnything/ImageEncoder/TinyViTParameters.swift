import Tensors

/// A convolution with the batch norm after it folded in, in double precision.
struct TinyViTConvolution {
    /// As published: `[output][input][line][column]`.
    var weights: [Float]
    /// One value for each output.
    var bias: [Float]
    private static let epsilon = 1e-5

    /// Reads the convolution `name.c` and the batch norm `name.bn`.
    init(_ name: String, _ shape: [Int], _ weights: WeightReader) {
        let outputs = shape[0]
        let raw = weights.take(name + ".c.weight", shape).values
        func norm(_ part: String) -> [Float] {
            weights.take("\(name).bn.\(part)", [outputs]).values
        }
        let factor = norm("weight")
        let shift = norm("bias")
        let mean = norm("running_mean")
        let variance = norm("running_var")
        weights.ignore([name + ".bn.num_batches_tracked"])
        let inner = raw.count / outputs
        self.weights = raw
        bias = shift
        for output in 0..<outputs {
            let scale =
                Double(factor[output]) / (Double(variance[output]) + Self.epsilon).squareRoot()
            for index in output * inner..<(output + 1) * inner {
                self.weights[index] = Float(Double(raw[index]) * scale)
            }
            bias[output] = Float(Double(shift[output]) - Double(mean[output]) * scale)
        }
    }

    /// `[output][input][line][column]` as `[output][line][column][input]`, the order in which pixels lie.
    static func channelsLast(_ weights: [Float], outputs: Int) -> [Float] {
        let inputs = weights.count / outputs / 9
        var result = weights
        for output in 0..<outputs {
            for tap in 0..<9 {
                for input in 0..<inputs {
                    result[(output * 9 + tap) * inputs + input] =
                        weights[(output * inputs + input) * 9 + tap]
                }
            }
        }
        return result
    }

    /// Columns of a matrix.
    static func columns(_ weights: [Float], _ width: Int, _ range: Range<Int>) -> [Float] {
        stride(from: 0, to: weights.count, by: width).flatMap { row in
            weights[row + range.lowerBound..<row + range.upperBound]
        }
    }

    /// Divides hidden features into slices of nearly the same size, whole panels but for the last.
    static func slices(of hidden: Int, atMost limit: Int) -> [Range<Int>] {
        let count = (hidden + limit - 1) / limit
        let width = ((hidden + count - 1) / count + 31) / 32 * 32
        return stride(from: 0, to: hidden, by: width).map { $0..<min(hidden, $0 + width) }
    }
}

/// A layer norm over the features of a token or of a pixel.
struct TinyViTNorm: Sendable {
    let weight: [Float]
    let bias: [Float]
    private let epsilon: Float

    init(_ name: String, _ width: Int, _ weights: WeightReader, epsilon: Float = 1e-5) {
        weight = weights.take(name + ".weight", [width]).values
        bias = weights.take(name + ".bias", [width]).values
        self.epsilon = epsilon
    }

    /// Normalises rows; the output may be the input.
    func apply(
        _ input: UnsafePointer<Float>, rows: Int, into output: UnsafeMutablePointer<Float>
    ) {
        Kernels.layerNorm(
            input, into: output, rows: rows, width: weight.count, weight: weight, bias: bias,
            epsilon: epsilon)
    }
}
