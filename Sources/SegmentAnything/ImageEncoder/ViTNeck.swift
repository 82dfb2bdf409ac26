import Tensors

/// The neck: a 1 x 1 and a 3 x 3 convolution without bias, each with a layer norm over the channels of a pixel.
struct ViTNeck: Sendable {
    private let first: PackedMatrix
    private let firstNorm: ViTNorm
    private let second: PackedMatrix
    private let secondNorm: ViTNorm
    private let layout: PackedLayout
    private let width: Int
    private let channels: Int

    init(
        _ prefix: String, width: Int, outputWidth: Int, weights: WeightReader,
        layout: PackedLayout, precision: EncoderPrecision
    ) {
        self.layout = layout
        self.width = width
        channels = outputWidth
        first = PackedMatrix(
            weights.take(prefix + "0.weight", [outputWidth, width, 1, 1]), columns: outputWidth,
            layout: layout, precision: precision)
        firstNorm = ViTNorm(prefix + "1", outputWidth, weights)
        second = PackedMatrix(
            Self.tapsFirst(
                weights.take(prefix + "2.weight", [outputWidth, outputWidth, 3, 3]), outputWidth),
            columns: outputWidth, layout: layout, precision: precision)
        secondNorm = ViTNorm(prefix + "3", outputWidth, weights)
    }

    /// Turns `[output][input][tap]` into `[output][tap][input]`, the order in which pixels are gathered.
    private static func tapsFirst(_ weight: Tensor, _ channels: Int) -> Tensor {
        var result = Tensor(uninitialized: weight.shape)
        weight.withValues { input in
            result.withMutableValues { output in
                guard let input = input.baseAddress, let output = output.baseAddress else { return }
                for row in 0..<channels {
                    let start = row * channels * 9
                    Kernels.transpose(
                        input + start, rows: channels, columns: 9, into: output + start)
                }
            }
        }
        return result
    }

    /// Reduces the stream of a workspace to the embedding, 1 x channels x grid x grid.
    func run(_ workspace: ViTWorkspace, trace: ViTImageEncoder.Trace?) -> Tensor {
        let grid = workspace.grid
        let count = grid * grid
        // The projections are not needed any more.
        let reduced = workspace.projections.values
        let normal = workspace.attention.values
        workspace.forEachRows { rows, memory in
            let place = rows.lowerBound * channels
            Kernels.packStrips(
                workspace.tokens.values + rows.lowerBound * width, rows: rows.count, inner: width,
                stride: width, layout: layout, into: memory.strips)
            first.precision.round(
                memory.strips, count: layout.stripValues(rows: rows.count, inner: width))
            first.multiply(
                memory.strips, rows: rows.count, into: reduced + place, stride: channels)
            firstNorm.apply(reduced + place, rows: rows.count, into: normal + place)
        }
        trace?("neck_0", channelsFirst(reduced, grid))
        trace?("neck_1", channelsFirst(normal, grid))
        workspace.forEachRows { rows, memory in
            for (index, token) in rows.enumerated() {
                gather(normal, token, grid, into: memory.hidden + index * 9 * channels)
            }
            let place = rows.lowerBound * channels
            Kernels.packStrips(
                memory.hidden, rows: rows.count, inner: 9 * channels, stride: 9 * channels,
                layout: layout, into: memory.strips)
            second.precision.round(
                memory.strips, count: layout.stripValues(rows: rows.count, inner: 9 * channels))
            second.multiply(
                memory.strips, rows: rows.count, into: reduced + place, stride: channels)
        }
        trace?("neck_2", channelsFirst(reduced, grid))
        workspace.forEachRows { rows, _ in
            let place = rows.lowerBound * channels
            secondNorm.apply(reduced + place, rows: rows.count, into: reduced + place)
        }
        let embedding = channelsFirst(reduced, grid)
        trace?("neck_3", embedding)
        trace?("embedding", embedding)
        precondition(embedding.count == count * channels)
        return embedding
    }

    /// The nine pixels around one, line after line; zeros beyond the border.
    private func gather(
        _ pixels: UnsafePointer<Float>, _ token: Int, _ grid: Int,
        into output: UnsafeMutablePointer<Float>
    ) {
        for tap in 0..<9 {
            let y = token / grid + tap / 3 - 1
            let x = token % grid + tap % 3 - 1
            let target = output + tap * channels
            if y >= 0, y < grid, x >= 0, x < grid {
                target.update(from: pixels + (y * grid + x) * channels, count: channels)
            } else {
                target.update(repeating: 0, count: channels)
            }
        }
    }

    private func channelsFirst(_ pixels: UnsafePointer<Float>, _ grid: Int) -> Tensor {
        var result = Tensor(uninitialized: [1, channels, grid, grid])
        result.withMutableValues { values in
            guard let base = values.baseAddress else { return }
            Kernels.transpose(pixels, rows: grid * grid, columns: channels, into: base)
        }
        return result
    }
}
