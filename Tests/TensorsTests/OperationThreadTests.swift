import Tensors
import Testing

/// Every operation whose work is divided, at sizes of several pieces.
@Suite("Operations on several threads", .serialized)
struct OperationThreadTests {
    private func bits(_ threads: Int) -> [[UInt32]] {
        ParallelRange.threads = threads
        defer { ParallelRange.threads = 0 }
        var random = TestValues(5)
        var found: [Tensor] = []
        func keep(_ tensors: Tensor?...) { found += tensors.compactMap(\.self) }
        func keep(_ g: AffineGradients) { keep(g.input, g.weight, g.bias) }

        let (rows, dRows) = (random.tensor([700, 96]), random.tensor([700, 160]))
        let (weight, bias) = (random.tensor([160, 96]), random.tensor([160]))
        keep(Linear.forward(rows, weight: weight, bias: bias))
        keep(Linear.backward(dRows, x: rows, weight: weight))
        let (factors, shifts) = (random.tensor([160]), random.tensor([160]))
        keep(LayerNorm.forward(dRows, weight: factors, bias: shifts, epsilon: 1e-6))
        keep(LayerNorm.backward(dRows, x: dRows, weight: factors, epsilon: 1e-6))
        keep(Softmax.forward(dRows), LogSoftmax.forward(dRows), GELU.forward(dRows))
        keep(GELU.backward(dRows, x: dRows), Sigmoid.backward(dRows, x: dRows))
        keep(Permutation.forward(dRows.reshaped([7, 100, 10, 16]), order: [2, 0, 1, 3]))
        keep(Addition.backward(dRows, shapeOfSecond: [160]).b)

        let (q, dq) = (random.tensor([3, 600, 16]), random.tensor([3, 600, 16]))
        let attention = Attention.backward(dq, q: q, k: q, v: q, scale: 0.25)
        keep(Attention.forward(q, q, q, scale: 0.25), attention.q, attention.k, attention.v)
        let (tableH, tableW) = (random.tensor([39, 16]), random.tensor([59, 16]))
        let placed = RelativePositionAttention.backward(
            dq, q: q, k: q, v: q, tableH: tableH, tableW: tableW, height: 20, width: 30,
            scale: 0.25)
        keep(placed.q, placed.k, placed.v, placed.tableH, placed.tableW)

        let picture = random.tensor([2, 16, 48, 40])
        let kernels = random.tensor([24, 16, 3, 3])
        let settings = Convolution2D.Settings(padding: 1)
        let feature = Convolution2D.forward(picture, weight: kernels, settings: settings)
        keep(feature)
        keep(Convolution2D.backward(feature, x: picture, weight: kernels, settings: settings))
        let deep = Convolution2D.Settings(padding: 1, groups: 16)
        let own = random.tensor([16, 1, 3, 3])
        keep(Convolution2D.forward(picture, weight: own, settings: deep))
        keep(Convolution2D.backward(picture, x: picture, weight: own, settings: deep))
        let up = TransposedConvolution2D.Settings(stride: 2)
        let spread = random.tensor([16, 8, 2, 2])
        let wide = TransposedConvolution2D.forward(picture, weight: spread, settings: up)
        keep(wide)
        keep(TransposedConvolution2D.backward(wide, x: picture, weight: spread, settings: up))
        let (c16, s16) = (random.tensor([16]), random.tensor([16]))
        keep(LayerNorm2D.forward(picture, weight: c16, bias: s16, epsilon: 1e-6))
        keep(LayerNorm2D.backward(picture, x: picture, weight: c16, epsilon: 1e-6))
        let statistics = BatchNorm2D.Statistics(of: picture)
        keep(statistics.mean, statistics.variance)
        keep(
            BatchNorm2D.backward(
                picture, x: picture, weight: c16, statistics: statistics, isTraining: true))
        keep(BilinearInterpolation.forward(picture, height: 90, width: 70, mode: .antialiased))
        keep(
            BilinearInterpolation.backward(
                picture, inputShape: [2, 16, 30, 90], mode: .pixelCentres))
        let pooled = random.tensor([2, 8, 48, 40])
        keep(MaxPooling2D.backward(pooled, x: wide, kernel: 2, stride: 2))

        let labels = (0..<2 * 48 * 40).map { Int32($0 * 13 % 16) }
        keep(
            Tensor(CrossEntropyLoss.forward(picture, labels: labels)),
            CrossEntropyLoss.backward(1, logits: picture, labels: labels),
            Tensor(SoftmaxDiceLoss.forward(picture, labels: labels)),
            SoftmaxDiceLoss.backward(1, logits: picture, labels: labels),
            Tensor(BinaryCrossEntropyLoss.forward(picture, target: picture)),
            Tensor(SigmoidDiceLoss.forward(picture, target: picture)),
            Tensor(SigmoidFocalLoss.forward(picture, target: Tensor(zeros: picture.shape))))
        return found.map { $0.values.map(\.bitPattern) }
    }

    @Test("give the same bits on one, two and five")
    func sameBits() {
        let one = bits(1)
        #expect(one.count == 55 && one.allSatisfy { !$0.isEmpty })
        for threads in [2, 5] {
            let several = bits(threads)
            for index in one.indices {
                #expect(one[index] == several[index], "result \(index) on \(threads) threads")
            }
        }
    }
}
