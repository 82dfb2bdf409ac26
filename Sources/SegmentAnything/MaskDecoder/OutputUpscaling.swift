import Tensors

/// The transposed convolutions that bring image tokens to the size of the masks, together with the product with each mask's weights.
///
/// As no patch of a transposed 2 x 2 convolution with stride 2 overlaps another, each is a product with the tokens as rows. The
/// features between, C/8 for each pixel, are never in memory as a whole.
struct OutputUpscaling: Sendable {
    private let geometry: DecoderGeometry
    /// Channels after the first convolution, and after the second.
    private let middle: Int
    private let channels: Int
    /// `channels` filled up to a multiple of 4.
    private let padded: Int
    /// 4 corners x middle x C.
    private let firstWeight: FixedWeight
    private let firstBias: FixedWeight
    private let norm: NormWeights
    /// 4 corners x padded / 4 x middle x 4.
    private let secondWeight: FixedWeight
    private let secondBias: FixedWeight

    init(_ weights: WeightReader, _ name: String, geometry: DecoderGeometry) {
        self.geometry = geometry
        let width = geometry.width
        let (middle, channels) = (width / 4, width / 8)
        let padded = (channels + 3) / 4 * 4
        (self.middle, self.channels, self.padded) = (middle, channels, padded)
        let first = weights.take("\(name).0.weight", [width, middle, 2, 2])
        firstWeight = FixedWeight(count: 4 * middle * width) { output in
            first.withValues { input in
                for i in 0..<width {
                    for o in 0..<middle {
                        for corner in 0..<4 {
                            output[(corner * middle + o) * width + i] =
                                input[(i * middle + o) * 4 + corner]
                        }
                    }
                }
            }
        }
        firstBias = FixedWeight(weights, "\(name).0.bias", [middle])
        norm = NormWeights(weights, "\(name).1", width: middle, epsilon: 1e-6)
        let second = weights.take("\(name).3.weight", [middle, channels, 2, 2])
        secondWeight = FixedWeight(count: 4 * padded * middle) { output in
            second.withValues { input in
                for i in 0..<middle {
                    for o in 0..<channels {
                        for corner in 0..<4 {
                            let at = (corner * padded + o / 4 * 4) * middle + i * 4 + o % 4
                            output[at] = input[(i * channels + o) * 4 + corner]
                        }
                    }
                }
            }
        }
        let bias = weights.take("\(name).3.bias", [channels])
        secondBias = FixedWeight(count: padded) { output in
            bias.withValues { for (index, value) in $0.enumerated() { output[index] = value } }
        }
    }

    /// Floats of scratch for a block.
    func scratch(masks: Int) -> Int {
        let stride = geometry.blockStride
        return 4 * middle * stride + 16 * masks * stride + Kernels.upscaleScratch(inputs: middle)
            + masks * padded + geometry.width * stride
    }

    /// The logits of a block of image tokens.
    ///
    /// - Parameters:
    ///   - tokens: The image tokens of the block, C each.
    ///   - range: Which these are; whole lines of the grid.
    ///   - masks: C/8 weights of each mask.
    ///   - logits: Pictures of 4g x 4g, one for each mask; the lines of the block are written.
    ///   - scratch: See ``scratch(masks:)``.
    func callAsFunction(
        _ tokens: UnsafePointer<Float>, range: Range<Int>, masks: [[Float]],
        into logits: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
    ) {
        let (width, stride, side) = (geometry.width, geometry.blockStride, geometry.side)
        let features = scratch
        let pieces = features + 4 * middle * stride
        let work = pieces + 16 * masks.count * stride
        let weights = work + Kernels.upscaleScratch(inputs: middle)
        weights.update(repeating: 0, count: masks.count * padded)
        for (index, mask) in masks.enumerated() {
            (weights + index * padded).update(from: mask, count: channels)
        }
        let turned = weights + masks.count * padded
        Kernels.transposedPanels(
            tokens, plus: nil, rows: range.count, width: width, into: turned)
        Kernels.directProduct(
            firstWeight.values, rowStride: width, innerStride: 1, rows: 4 * middle, turned,
            stride: Kernels.panelWidth, panelStride: width * Kernels.panelWidth,
            columns: range.count, inner: width, into: features, stride: stride)
        if range.count < stride {
            for row in 0..<4 * middle {
                (features + row * stride + range.count)
                    .update(repeating: 0, count: stride - range.count)
            }
        }
        let layer = Kernels.Upscaling(
            inputs: middle, outputs: padded, firstBias: firstBias.values,
            normWeight: norm.weight.values, normBias: norm.bias.values, epsilon: norm.epsilon,
            weight: secondWeight.values, secondBias: secondBias.values)
        Kernels.upscaleTail(
            layer, features: features, width: range.count, stride: stride, masks: weights,
            maskCount: masks.count, into: pieces, scratch: work)
        // Corner (a, b) of corner (c, d) of a cell is pixel (2c + a, 2d + b) of its 4 x 4.
        let firstLine = range.lowerBound / side
        for mask in 0..<masks.count {
            for line in 0..<range.count / side {
                for y in 0..<4 {
                    let row = (mask * 4 * side + 4 * (firstLine + line) + y) * 4 * side
                    for x in 0..<4 {
                        let corner = y / 2 * 2 + x / 2
                        let piece = (mask * 4 + corner) * 4 + y % 2 * 2 + x % 2
                        let from = pieces + piece * stride + line * side
                        let to = logits + row + x
                        for cell in 0..<side { to[4 * cell] = from[cell] }
                    }
                }
            }
        }
    }
}
