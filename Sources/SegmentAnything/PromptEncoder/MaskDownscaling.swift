import Tensors

/// The convolutions that bring a mask prompt to the grid of the embedding: two of 2 x 2 with stride 2, each with layer norm and GELU,
/// and one of 1 x 1.
///
/// As no patch overlaps another, each is a linear layer on rows: every cell takes its 4 x 4 pixels.
struct MaskDownscaling: Sendable {
    private let first: PackedLinear
    private let firstNorm: NormWeights
    private let second: PackedLinear
    private let secondNorm: NormWeights
    private let last: PackedLinear

    init(_ weights: WeightReader, _ name: String, channels: Int, width: Int) {
        let quarter = channels / 4
        first = PackedLinear(
            weight: weights.take("\(name).0.weight", [quarter, 1, 2, 2]).reshaped([quarter, 4]),
            bias: weights.take("\(name).0.bias", [quarter]))
        firstNorm = NormWeights(weights, "\(name).1", width: quarter, epsilon: 1e-6)
        let weight = weights.take("\(name).3.weight", [channels, quarter, 2, 2])
        var channelsLast = Tensor(uninitialized: [channels, 4 * quarter])
        channelsLast.withMutableValues { output in
            weight.withValues { input in
                for o in 0..<channels {
                    for i in 0..<quarter {
                        for corner in 0..<4 {
                            output[(o * 4 + corner) * quarter + i] =
                                input[(o * quarter + i) * 4 + corner]
                        }
                    }
                }
            }
        }
        second = PackedLinear(
            weight: channelsLast, bias: weights.take("\(name).3.bias", [channels]))
        secondNorm = NormWeights(weights, "\(name).4", width: channels, epsilon: 1e-6)
        last = PackedLinear(
            weight: weights.take("\(name).6.weight", [width, channels, 1, 1])
                .reshaped([width, channels]),
            bias: weights.take("\(name).6.bias", [width]))
    }

    /// The dense embedding of a mask.
    ///
    /// - Parameters:
    ///   - mask: Logits, 4g x 4g.
    ///   - side: g.
    /// - Returns: g² x C.
    func callAsFunction(_ mask: Tensor, side: Int) -> Tensor {
        let cells = side * side
        var result = Tensor(uninitialized: [cells, last.outputs])
        result.withMutableValues { result in
            mask.withValues { mask in
                guard let result = result.baseAddress else { return }
                nonisolated(unsafe) let output = result
                nonisolated(unsafe) let input = mask
                ParallelRange.forEach(count: side, piece: max(1, 256 / side)) { lines in
                    encode(
                        input, side: side, lines: lines,
                        into: output + lines.lowerBound * side * last.outputs)
                }
            }
        }
        return result
    }

    private func encode(
        _ mask: UnsafeBufferPointer<Float>, side: Int, lines: Range<Int>,
        into output: UnsafeMutablePointer<Float>
    ) {
        let cells = lines.count * side
        let quarter = first.outputs
        // Rows of 2 x 2 pixels, four to a cell.
        var patches = [Float](repeating: 0, count: cells * 16)
        for cell in 0..<cells {
            let (y, x) = (4 * (lines.lowerBound + cell / side), 4 * (cell % side))
            for patch in 0..<4 {
                for pixel in 0..<4 {
                    let line = y + patch / 2 * 2 + pixel / 2
                    let column = x + patch % 2 * 2 + pixel % 2
                    patches[cell * 16 + patch * 4 + pixel] = mask[line * 4 * side + column]
                }
            }
        }
        var a = [Float](repeating: 0, count: cells * 4 * quarter)
        var b = [Float](repeating: 0, count: cells * second.outputs)
        a.withUnsafeMutableBufferPointer { a in
            b.withUnsafeMutableBufferPointer { b in
                guard let a = a.baseAddress, let b = b.baseAddress else { return }
                first(patches, rows: 4 * cells, into: a)
                firstNorm(a, rows: 4 * cells)
                Kernels.gelu(a, count: 4 * cells * quarter)
                second(a, rows: cells, into: b)
                secondNorm(b, rows: cells)
                Kernels.gelu(b, count: cells * second.outputs)
                last(b, rows: cells, into: output)
            }
        }
    }
}
