import Tensors

/// The neck: a 1 x 1 and a 3 x 3 convolution without bias, each with a layer norm over the channels of a pixel.
struct TinyViTNeck: Sendable {
    private let first: PackedConvolution
    private let firstNorm: TinyViTNorm
    private let second: PackedConvolution
    private let secondNorm: TinyViTNorm
    private let side: Int
    private let width: Int

    init(
        _ prefix: String, width: Int, outputWidth: Int, side: Int, weights: WeightReader,
        level: Kernels.Level, precision: EncoderPrecision
    ) {
        self.side = side
        self.width = width
        first = PackedConvolution(
            weights.take(prefix + "0.weight", [outputWidth, width, 1, 1]).values, bias: nil,
            outputs: outputWidth, level: level, precision: precision)
        firstNorm = TinyViTNorm(prefix + "1", outputWidth, weights, epsilon: 1e-6)
        let taps = weights.take(prefix + "2.weight", [outputWidth, outputWidth, 3, 3]).values
        second = PackedConvolution(
            TinyViTConvolution.channelsLast(taps, outputs: outputWidth), bias: nil,
            outputs: outputWidth, side: 3, level: level, precision: precision)
        secondNorm = TinyViTNorm(prefix + "3", outputWidth, weights, epsilon: 1e-6)
    }

    /// Pixels between the convolutions, with one beyond each border; and the result.
    var streamValues: Int { max((side + 2) * (side + 2), side * side) * second.outputs }
    /// A line of the result, or of the input, rounded.
    var scratchValues: Int { side * max(second.outputs, width) }

    /// Reduces the stream of a workspace to the embedding, 1 x channels x side x side.
    func run(_ workspace: TinyViTWorkspace) -> Tensor {
        let channels = second.outputs
        let line = (side + 2) * channels
        let stream = workspace.stream.values
        let padded = workspace.next.values
        padded.update(repeating: 0, count: line)
        (padded + (side + 1) * line).update(repeating: 0, count: line)
        workspace.forEach(count: side, piece: 2) { rows, scratch in
            for row in rows {
                let target = padded + (row + 1) * line
                target.update(repeating: 0, count: channels)
                let input = first.factors(stream + row * side * width, rows: side, scratch)
                first.multiply(input, rows: side, into: target + channels)
                firstNorm.apply(target + channels, rows: side, into: target + channels)
                second.precision.round(target + channels, count: side * channels)
                (target + line - channels).update(repeating: 0, count: channels)
            }
        }
        var embedding = Tensor(uninitialized: [1, channels, side, side])
        embedding.withMutableValues { values in
            guard let base = values.baseAddress else { return }
            workspace.forEach(count: side, piece: 2) { rows, scratch in
                for row in rows {
                    let lines = padded + row * line
                    second.convolveLine(
                        (
                            UnsafePointer(lines), UnsafePointer(lines + line),
                            UnsafePointer(lines + 2 * line)
                        ), count: side, into: scratch)
                    secondNorm.apply(scratch, rows: side, into: scratch)
                    Kernels.transpose(
                        scratch, rows: side, columns: channels, into: base + row * side,
                        outputStride: side * side)
                }
            }
        }
        return embedding
    }
}
