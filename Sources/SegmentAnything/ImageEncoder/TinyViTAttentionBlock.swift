import Tensors

/// A block of the later stages: attention in windows, a convolution within each channel, a perceptron.
struct TinyViTAttentionBlock: Sendable {
    private let width: Int
    /// Lines and pixels of a line of the picture.
    private let side: Int
    /// Side of a window.
    private let window: Int
    private let precision: EncoderPrecision
    private let norm: TinyViTNorm
    private let projections: PackedConvolution
    /// Queries, keys and values of padding tokens: zeros that the layer norm turned into its bias.
    private let padding: [Float]
    private let heads: [WindowAttention]
    private let output: PackedConvolution
    private let local: DepthwiseConvolution
    private let perceptron: TinyViTPerceptron

    init(
        _ prefix: String, width: Int, heads: Int, window: Int, side: Int, weights: WeightReader,
        level: Kernels.Level, precision: EncoderPrecision
    ) {
        precondition(heads > 0 && width % heads == 0, "heads do not divide the features")
        self.width = width
        self.side = side
        self.window = window
        self.precision = precision
        let norm = TinyViTNorm(prefix + "attn.norm", width, weights)
        self.norm = norm
        let matrix = weights.take(prefix + "attn.qkv.weight", [3 * width, width]).values
        let bias = weights.take(prefix + "attn.qkv.bias", [3 * width]).values
        projections = PackedConvolution(
            matrix, bias: bias, outputs: 3 * width, level: level, precision: precision)
        let (factors, tokens) = (precision.rounded(matrix), precision.rounded(norm.bias))
        padding = precision.rounded(
            (0..<3 * width).map { row in
                Float(
                    (0..<width).reduce(Double(bias[row])) {
                        $0 + Double(factors[row * width + $1]) * Double(tokens[$1])
                    })
            })
        output = PackedConvolution(
            weights.take(prefix + "attn.proj.weight", [width, width]).values,
            bias: weights.take(prefix + "attn.proj.bias", [width]).values, outputs: width,
            level: level, precision: precision)
        let places = window * window
        let biases = weights.take(prefix + "attn.attention_biases", [heads, places]).values
        self.heads = (0..<heads).map { head in
            // The offset of two places, without signs.
            let pairs = (0..<places * places).map { pair in
                let (q, k) = pair.quotientAndRemainder(dividingBy: places)
                let dy = abs(q / window - k / window)
                let dx = abs(q % window - k % window)
                return biases[head * places + dy * window + dx]
            }
            return WindowAttention(
                biases: pairs, places: places, headWidth: width / heads,
                scale: 1 / Float(width / heads).squareRoot(), level: level, precision: precision)
        }
        let convolution = TinyViTConvolution(prefix + "local_conv", [width, 1, 3, 3], weights)
        local = DepthwiseConvolution(
            convolution.weights, bias: convolution.bias, stride: 1, level: level)
        perceptron = TinyViTPerceptron(
            prefix + "mlp.", width: width, weights: weights, level: level, precision: precision)
    }

    /// Windows that are worked on at once: about two hundred tokens.
    private var windowsAtOnce: Int { max(1, 196 / (window * window)) }

    /// Lines that the perceptron works on at once.
    private var linesAtOnce: Int { min(side, max(1, 192 / side)) }

    var scratchValues: Int {
        let tokens = windowsAtOnce * window * window
        return max(
            tokens * 5 * width + heads[0].scratchValues,
            perceptron.scratchValues(tokens: linesAtOnce * side))
    }

    /// Runs the block on the stream of a workspace.
    func run(_ workspace: TinyViTWorkspace) {
        attend(workspace)
        let stream = workspace.stream.values
        let next = workspace.next.values
        let line = side * width
        workspace.forEach(count: side, piece: linesAtOnce) { rows, scratch in
            for row in rows {
                let centre = UnsafePointer(stream + row * line)
                local.convolveLine(
                    (row > 0 ? centre - line : nil, centre, row + 1 < side ? centre + line : nil),
                    width: side, into: next + row * line)
            }
            perceptron.run(
                next + rows.lowerBound * line, tokens: rows.count * side, scratch: scratch)
        }
        workspace.swap()
    }

    /// Attends within windows that tile the picture from its first corner.
    ///
    /// Windows at the far borders are filled up with padding
    /// tokens, which are attended to as any other but ask nothing.
    private func attend(_ workspace: TinyViTWorkspace) {
        let stream = workspace.stream.values
        let across = (side + window - 1) / window
        let places = window * window
        let most = windowsAtOnce * places
        workspace.forEach(count: across * across, piece: windowsAtOnce) { windows, scratch in
            let normal = scratch
            let projected = normal + most * width
            let attended = projected + most * 3 * width
            let memory = attended + most * width
            // The lines of windows, and the row of the token at each place.
            var runs: [(token: Int, row: Int, count: Int)] = []
            var rows = [Int32](repeating: -1, count: windows.count * places)
            var tokens = 0
            for (index, number) in windows.enumerated() {
                let top = number / across * window
                let left = number % across * window
                let count = min(window, side - left)
                for y in 0..<min(window, side - top) {
                    runs.append(((top + y) * side + left, tokens, count))
                    for x in 0..<count {
                        rows[index * places + y * window + x] = Int32(tokens + x)
                    }
                    tokens += count
                }
            }
            for run in runs {
                norm.apply(
                    stream + run.token * width, rows: run.count, into: normal + run.row * width)
            }
            precision.round(normal, count: tokens * width)
            projections.multiply(normal, rows: tokens, into: projected)
            precision.round(projected, count: tokens * 3 * width)
            let headWidth = width / heads.count
            padding.withUnsafeBufferPointer { padding in
                guard let padding = padding.baseAddress else { return }
                for (head, attention) in heads.enumerated() {
                    let column = 3 * headWidth * head
                    for index in 0..<windows.count {
                        attention.attend(
                            rows: rows[index * places..<(index + 1) * places],
                            projections: projected + column, stride: 3 * width,
                            padding: padding + column, into: attended + head * headWidth,
                            outputStride: width, scratch: memory)
                    }
                }
            }
            precision.round(attended, count: tokens * width)
            output.multiply(attended, rows: tokens, into: normal)
            for run in runs {
                let place = stream + run.token * width
                Kernels.add(
                    place, normal + run.row * width, into: place, count: run.count * width)
            }
        }
    }
}

/// Layer norm, two linear layers with GELU between them, added to the input.
struct TinyViTPerceptron: Sendable {
    private let width: Int
    private let norm: TinyViTNorm
    private let slices: [(expansion: PackedConvolution, contraction: PackedConvolution)]

    /// The most hidden features at a time, so that those of some hundred tokens stay in cache.
    private static let sliceWidth = 384

    init(
        _ prefix: String, width: Int, weights: WeightReader, level: Kernels.Level,
        precision: EncoderPrecision
    ) {
        let hidden = TinyViTConfiguration.expansion * width
        self.width = width
        norm = TinyViTNorm(prefix + "norm", width, weights)
        let first = weights.take(prefix + "fc1.weight", [hidden, width]).values
        let firstBias = weights.take(prefix + "fc1.bias", [hidden]).values
        let second = weights.take(prefix + "fc2.weight", [width, hidden]).values
        let secondBias = weights.take(prefix + "fc2.bias", [width]).values
        slices = TinyViTConvolution.slices(of: hidden, atMost: Self.sliceWidth).map { range in
            let inputs = range.lowerBound * width..<range.upperBound * width
            return (
                PackedConvolution(
                    Array(first[inputs]), bias: Array(firstBias[range]), outputs: range.count,
                    level: level, precision: precision),
                PackedConvolution(
                    TinyViTConvolution.columns(second, hidden, range),
                    bias: range.lowerBound == 0 ? secondBias : nil, outputs: width,
                    level: level, precision: precision)
            )
        }
    }

    /// Number of values of the scratch memory for so many tokens.
    func scratchValues(tokens: Int) -> Int {
        tokens * (width + (slices.map(\.expansion.outputs).max() ?? 0))
    }

    /// Runs on rows of the stream, in place; on one thread.
    func run(
        _ stream: UnsafeMutablePointer<Float>, tokens: Int, scratch: UnsafeMutablePointer<Float>
    ) {
        let hidden = scratch + tokens * width
        norm.apply(stream, rows: tokens, into: scratch)
        slices[0].expansion.precision.round(scratch, count: tokens * width)
        for slice in slices {
            slice.expansion.multiply(scratch, rows: tokens, into: hidden, gelu: true)
            slice.contraction.precision.round(hidden, count: tokens * slice.expansion.outputs)
            slice.contraction.multiply(hidden, rows: tokens, into: stream, accumulates: true)
        }
    }
}
