import Tensors

/// The first two convolutions: 3 x 3 pixels with a distance of 2, GELU between them.
///
/// Four pixels become one along each axis.
struct TinyViTPatchEmbedding: Sendable {
    private let first: PackedConvolution
    private let second: PackedConvolution
    private let imageSize: Int

    init(
        _ prefix: String, width: Int, imageSize: Int, weights: WeightReader, level: Kernels.Level,
        precision: EncoderPrecision
    ) {
        self.imageSize = imageSize
        func layer(_ name: String, _ inputs: Int, _ outputs: Int) -> PackedConvolution {
            let layer = TinyViTConvolution(prefix + name, [outputs, inputs, 3, 3], weights)
            return PackedConvolution(
                TinyViTConvolution.channelsLast(layer.weights, outputs: outputs), bias: layer.bias,
                outputs: outputs, side: 3, level: level, precision: precision)
        }
        first = layer("seq.0", 3, width / 2)
        second = layer("seq.2", width / 2, width)
    }

    /// Three lines of the picture and a line of zeros, then the same of the first convolution; all with a pixel beyond each border.
    var scratchValues: Int { 4 * (imageLine + hiddenLine) }
    private var imageLine: Int { (imageSize + 2) * 3 }
    private var hiddenLine: Int { (imageSize / 2 + 2) * first.outputs }

    /// Turns a picture, 3 x S x S, into features, S/4 x S/4 x width.
    func run(
        _ input: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>,
        _ workspace: TinyViTWorkspace
    ) {
        let rows = imageSize / 4
        let width = second.outputs
        workspace.forEach(count: rows, piece: 8) { range, scratch in
            var lines = Lines(self, input, scratch)
            for row in range {
                second.convolveLine(
                    (
                        lines.hidden(2 * row - 1), lines.hidden(2 * row),
                        lines.hidden(2 * row + 1)
                    ), count: rows, stride: 2, into: output + row * rows * width)
            }
        }
    }

    /// The lines that a worker holds at a time: of three neighbours, each has a place of its own.
    private struct Lines {
        let layer: TinyViTPatchEmbedding
        let input: UnsafePointer<Float>
        let images: UnsafeMutablePointer<Float>
        let hiddens: UnsafeMutablePointer<Float>
        var imageRows = [-1, -1, -1]
        var hiddenRows = [-1, -1, -1]

        init(
            _ layer: TinyViTPatchEmbedding, _ input: UnsafePointer<Float>,
            _ scratch: UnsafeMutablePointer<Float>
        ) {
            self.layer = layer
            self.input = input
            images = scratch
            hiddens = scratch + 4 * layer.imageLine
            // The borders and the fourth lines stay zero.
            scratch.update(repeating: 0, count: layer.scratchValues)
        }

        /// A line of the picture, colours of a pixel together.
        mutating func image(_ row: Int) -> UnsafePointer<Float> {
            let size = layer.imageSize
            guard row >= 0, row < size else { return UnsafePointer(images + 3 * layer.imageLine) }
            let line = images + row % 3 * layer.imageLine
            if imageRows[row % 3] != row {
                imageRows[row % 3] = row
                let (red, green, blue) = (
                    input + row * size, input + (size + row) * size, input + (2 * size + row) * size
                )
                let target = line + 3
                for x in 0..<size {
                    target[3 * x] = red[x]
                    target[3 * x + 1] = green[x]
                    target[3 * x + 2] = blue[x]
                }
                layer.first.precision.round(target, count: 3 * size)
            }
            return UnsafePointer(line)
        }

        /// A line of the first convolution.
        mutating func hidden(_ row: Int) -> UnsafePointer<Float> {
            let size = layer.imageSize / 2
            guard row >= 0, row < size else { return UnsafePointer(hiddens + 3 * layer.hiddenLine) }
            let line = hiddens + row % 3 * layer.hiddenLine
            if hiddenRows[row % 3] != row {
                hiddenRows[row % 3] = row
                let lines = (image(2 * row - 1), image(2 * row), image(2 * row + 1))
                layer.first.convolveLine(
                    lines, count: size, stride: 2, into: line + layer.first.outputs, gelu: true)
                layer.second.precision.round(
                    line + layer.first.outputs, count: size * layer.first.outputs)
            }
            return UnsafePointer(line)
        }
    }
}
