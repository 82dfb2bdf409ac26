import Tensors
import Testing

/// Whole small networks on a tape, against central differences of their slow twins in Double.
@Suite("Gradients of networks on a tape")
struct TapeGradientTests {
    /// A dozen operations in Float, one after the other, each right to a few times 1e-7.
    private static let tolerance = 1e-5

    private func compare(
        _ tensors: [Tensor], tape: Tape, loss: (Tape, [Variable]) -> Variable,
        twin: ([Plain]) -> Double
    ) throws {
        let leaves = tensors.map { tape.variable($0) }
        let result = loss(tape, leaves)
        let points = tensors.map { Plain($0) }
        #expect(
            abs(Double(result.value.values[0]) - twin(points)) < 1e-5 * max(1, abs(twin(points))))
        tape.backward(from: result)
        #expect(tape.count == 0)
        for (index, expected) in centralDifferences(at: points, twin).enumerated() {
            let found = try #require(tape.gradient(of: leaves[index]))
            #expect(found.shape == tensors[index].shape)
            let error = relativeL2(found.values, expected.map(Float.init))
            #expect(error < Self.tolerance, "input \(index): \(error)")
        }
    }

    @Test("a transformer block with relative positions")
    func transformerBlock() throws {
        var random = TestValues(1)
        let (h, w, heads, c) = (2, 3, 2, 4)
        let (n, d) = (h * w, c / heads)
        let shapes = [
            [n, c], [c], [c], [3 * c, c], [3 * c], [2 * h - 1, d], [2 * w - 1, d], [c, c], [c], [c],
            [c], [6, c], [6], [c, 6], [c],
        ]
        let target = random.tensor([n, c])
        let scale = 1 / Float(d).squareRoot()
        try compare(
            shapes.map { random.tensor($0) }, tape: Tape(),
            loss: { tape, p in
                let normal = LayerNorm.apply(
                    p[0], weight: p[1], bias: p[2], epsilon: 1e-2, on: tape)
                let qkv = Permutation.apply(
                    Reshaping.apply(
                        Linear.apply(normal, weight: p[3], bias: p[4], on: tape),
                        to: [n, 3, heads, d], on: tape), order: [1, 2, 0, 3], on: tape)
                let parts = (0..<3).map {
                    Reshaping.apply(
                        Slicing.apply(qkv, axis: 0, $0..<$0 + 1, on: tape), to: [heads, n, d],
                        on: tape)
                }
                let mixed = RelativePositionAttention.apply(
                    parts[0], parts[1], parts[2], tableH: p[5], tableW: p[6], height: h, width: w,
                    scale: scale, on: tape)
                let merged = Reshaping.apply(
                    Permutation.apply(mixed, order: [1, 0, 2], on: tape), to: [n, c], on: tape)
                let first = Addition.apply(
                    p[0], Linear.apply(merged, weight: p[7], bias: p[8], on: tape), on: tape)
                let second = LayerNorm.apply(
                    first, weight: p[9], bias: p[10], epsilon: 1e-2, on: tape)
                let hidden = GELU.apply(
                    Linear.apply(second, weight: p[11], bias: p[12], on: tape), on: tape)
                let out = Addition.apply(
                    first, Linear.apply(hidden, weight: p[13], bias: p[14], on: tape), on: tape)
                return MeanSquaredErrorLoss.apply(out, target: target, on: tape)
            },
            twin: { p in
                let epsilon = Double(Float(1e-2))
                let normal = Twin.layerNorm(p[0], p[1], p[2], epsilon)
                let qkv = Twin.permuted(
                    Twin.linear(normal, p[3], p[4]).reshaped([n, 3, heads, d]), [1, 2, 0, 3])
                let size = heads * n * d
                let parts = (0..<3).map {
                    Plain([heads, n, d], Array(qkv.values[$0 * size..<($0 + 1) * size]))
                }
                let mixed = Twin.attention(
                    parts[0], parts[1], parts[2], p[5], p[6], h, w, Double(scale))
                let merged = Twin.permuted(mixed, [1, 0, 2]).reshaped([n, c])
                let first = p[0] + Twin.linear(merged, p[7], p[8])
                let second = Twin.layerNorm(first, p[9], p[10], epsilon)
                let hidden = Twin.gelu(Twin.linear(second, p[11], p[12]))
                let out = first + Twin.linear(hidden, p[13], p[14])
                return zip(out.values, target.values).reduce(0) {
                    $0 + ($1.0 - Double($1.1)) * ($1.0 - Double($1.1))
                } / Double(n * c)
            })
    }

    @Test("a convolutional network with a gate, up-sampling, cross entropy and Dice")
    func convolutionalNetwork() throws {
        var random = TestValues(2)
        let convolution = Convolution2D.Settings(stride: 2, padding: 1, dilation: 2, groups: 2)
        let up = TransposedConvolution2D.Settings(stride: 2, padding: 1, outputPadding: 1)
        let shapes = [
            [2, 2, 4, 3], [2, 1, 2, 2], [2], [2], [2, 3, 3, 3], [3], [3], [3], [],
        ]
        let labels = (0..<2 * 5 * 4).map { Int32($0 * 7 % 3) }
        try compare(
            shapes.map { random.tensor($0) }, tape: Tape(),
            loss: { tape, p in
                let x = Convolution2D.apply(p[0], weight: p[1], settings: convolution, on: tape)
                let normal = BatchNorm2D.apply(
                    x, weight: p[2], bias: p[3], running: nil, epsilon: 1e-2, on: tape
                ).output
                let wide = TransposedConvolution2D.apply(
                    Softplus.apply(normal, on: tape), weight: p[4], bias: p[5], settings: up,
                    on: tape)
                let even = LayerNorm2D.apply(
                    wide, weight: p[6], bias: p[7], epsilon: 1e-2, on: tape)
                let gated = Multiplication.apply(even, Sigmoid.apply(p[8], on: tape), on: tape)
                let logits = BilinearInterpolation.apply(
                    gated, height: 5, width: 4, mode: .pixelCentres, on: tape)
                return Addition.apply(
                    Scaling.apply(
                        CrossEntropyLoss.apply(logits, labels: labels, on: tape), by: 0.25,
                        on: tape),
                    Scaling.apply(
                        SoftmaxDiceLoss.apply(logits, labels: labels, on: tape), by: 0.75, on: tape),
                    on: tape)
            },
            twin: { p in
                let epsilon = Double(Float(1e-2))
                let x = Twin.convolution(p[0], p[1], nil, convolution)
                let soft = Twin.batchNorm(x, p[2], p[3], epsilon).map {
                    Twin.softplus($0)
                }
                let wide = Twin.transposedConvolution(soft, p[4], p[5], up)
                let gate = Twin.logistic(p[8].values[0])
                let logits = Twin.bilinear(
                    Twin.layerNorm2D(wide, p[6], p[7], epsilon).map { $0 * gate }, 5, 4)
                return 0.25 * Twin.crossEntropy(logits, labels)
                    + 0.75 * Twin.softmaxDice(logits, labels, Double(Float(1e-5)))
            })
    }

    @Test("tokens put together, cut apart, multiplied with features and pooled")
    func tokensAndFeatures() throws {
        var random = TestValues(3)
        // A token per mask, turned into weights over feature channels, as in the mask decoder.
        let shapes = [[2, 1, 3], [2, 2, 3], [3, 3], [2, 3, 4], [3]]
        let target = Tensor((0..<2 * 2 * 4).map { Float($0 % 3) / 2 }, shape: [2, 2, 4])
        try compare(
            shapes.map { random.tensor($0) }, tape: Tape(),
            loss: { tape, p in
                let tokens = Addition.apply(
                    Concatenation.apply([p[0], p[1]], axis: 1, on: tape), p[4], on: tape)
                let masks = Linear.apply(
                    Slicing.apply(tokens, axis: 1, 1..<3, on: tape), weight: p[2], on: tape)
                let logits = BatchedProduct.apply(masks, p[3], on: tape)
                return BinaryCrossEntropyLoss.apply(logits, target: target, on: tape)
            },
            twin: { p in
                let tokens = Plain([2, 2, 3]) { p[1][$0] + p[4][$0[2]] }
                let masks = Twin.linear(tokens, p[2], nil)
                let logits = Plain([2, 2, 4]) { at in
                    (0..<3).reduce(0) { $0 + masks[at[0], at[1], $1] * p[3][at[0], $1, at[2]] }
                }
                return zip(logits.values, target.values).reduce(0) { total, one in
                    let (x, t) = (one.0, Double(one.1))
                    return total + Twin.softplus(x) - x * t
                } / 16
            })
    }
}
