import Tensors

/// Three convolutions: one pixel, 3 x 3 pixels within each channel, one pixel; GELU between them.
///
/// A block of the first stage, with its input added and GELU last, or the end of a stage, with neither.
/// The hidden features never exist as a whole: a worker holds three lines of a slice of the channels, in its cache.
struct TinyViTConvolutionBlock: Sendable {
    /// Features of the result.
    let outputWidth: Int
    /// Lines and pixels of a line of the input.
    let side: Int
    private let inputWidth: Int
    private let isResidual: Bool
    private let slices: [Slice]

    /// Some of the hidden channels.
    private struct Slice: Sendable {
        let expansion: PackedConvolution
        let depthwise: DepthwiseConvolution
        let reduction: PackedConvolution
    }

    /// Values of a line of a slice: four such lines and the weights fill half of a usual second-level cache.
    private static let lineValues = 32 << 10

    init(
        _ prefix: String, inputWidth: Int, hidden: Int, outputWidth: Int, side: Int, stride: Int,
        isResidual: Bool, weights: WeightReader, level: Kernels.Level,
        precision: EncoderPrecision
    ) {
        self.inputWidth = inputWidth
        self.outputWidth = outputWidth
        self.side = side
        self.isResidual = isResidual
        let first = TinyViTConvolution(prefix + "conv1", [hidden, inputWidth, 1, 1], weights)
        let middle = TinyViTConvolution(prefix + "conv2", [hidden, 1, 3, 3], weights)
        let last = TinyViTConvolution(prefix + "conv3", [outputWidth, hidden, 1, 1], weights)
        let limit = max(32, Self.lineValues / side)
        slices = TinyViTConvolution.slices(of: hidden, atMost: limit).map { range in
            let inputs = range.lowerBound * inputWidth..<range.upperBound * inputWidth
            return Slice(
                expansion: PackedConvolution(
                    Array(first.weights[inputs]), bias: Array(first.bias[range]),
                    outputs: range.count, level: level, precision: precision),
                depthwise: DepthwiseConvolution(
                    Array(middle.weights[9 * range.lowerBound..<9 * range.upperBound]),
                    bias: Array(middle.bias[range]), stride: stride, level: level),
                reduction: PackedConvolution(
                    TinyViTConvolution.columns(last.weights, hidden, range),
                    bias: range.lowerBound == 0 ? last.bias : nil, outputs: outputWidth,
                    level: level, precision: precision))
        }
    }

    /// Lines and pixels of a line of the result.
    var outputSide: Int { slices[0].depthwise.outputs(of: side) }

    /// Four lines of a slice, and one of the input, rounded.
    var scratchValues: Int {
        side * (4 * (slices.map(\.depthwise.channels).max() ?? 0) + inputWidth)
    }

    /// Reads a picture, side x side x features, and writes another.
    func run(
        _ input: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>,
        _ workspace: TinyViTWorkspace
    ) {
        // Pieces work out a line more above and below: few, for this to cost little, but enough for several threads.
        workspace.forEach(count: outputSide, piece: max(4, outputSide / 8)) { rows, scratch in
            if isResidual {
                let values = rows.lowerBound * side * inputWidth
                (output + values).update(
                    from: input + values, count: rows.count * side * inputWidth)
            }
            for index in slices.indices { run(slice: index, input, rows, output, scratch) }
        }
    }

    private func run(
        slice index: Int, _ input: UnsafePointer<Float>, _ rows: Range<Int>,
        _ output: UnsafeMutablePointer<Float>, _ scratch: UnsafeMutablePointer<Float>
    ) {
        let slice = slices[index]
        let line = side * slice.depthwise.channels
        let filtered = scratch + 3 * line
        let stride = slice.depthwise.stride
        var ready = max(0, rows.lowerBound * stride - 1)
        for row in rows {
            // The three lines around the output.
            let centre = row * stride
            while ready <= min(centre + 1, side - 1) {
                slice.expansion.multiply(
                    slice.expansion.factors(
                        input + ready * side * inputWidth, rows: side, scratch + 4 * line),
                    rows: side, into: scratch + ready % 3 * line, gelu: true)
                ready += 1
            }
            func hidden(_ row: Int) -> UnsafePointer<Float>? {
                row < 0 || row >= side ? nil : UnsafePointer(scratch + row % 3 * line)
            }
            slice.depthwise.convolveLine(
                (hidden(centre - 1), hidden(centre), hidden(centre + 1)), width: side,
                into: filtered, gelu: true)
            slice.reduction.precision.round(
                filtered, count: outputSide * slice.depthwise.channels)
            slice.reduction.multiply(
                filtered, rows: outputSide, into: output + row * outputSide * outputWidth,
                accumulates: isResidual || index > 0, gelu: isResidual && index == slices.count - 1)
        }
    }
}
