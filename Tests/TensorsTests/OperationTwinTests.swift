import Tensors
import Testing

/// The fast operations against their slow twins, and laws that hold for any size.
@Suite("Operations and their twins")
struct OperationTwinTests {
    private func values(_ seed: UInt64, _ shape: [Int]) -> Tensor {
        var random = TestValues(seed)
        return random.tensor(shape)
    }

    private func inner(_ a: Tensor, _ b: Tensor) -> Double {
        zip(a.values, b.values).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }

    static let convolutions: [(shape: [Int], weight: [Int], settings: Convolution2D.Settings)] = [
        ([2, 4, 7, 6], [6, 2, 3, 3], .init(stride: 1, padding: 1, dilation: 1, groups: 2)),
        ([1, 4, 9, 8], [6, 2, 3, 2], .init(stride: 2, padding: 2, dilation: 2, groups: 2)),
        ([2, 3, 8, 7], [3, 1, 3, 3], .init(stride: 1, padding: 2, dilation: 2, groups: 3)),
        ([1, 3, 8, 7], [3, 1, 5, 5], .init(stride: 3, padding: 2, dilation: 1, groups: 3)),
        ([1, 3, 5, 5], [6, 1, 3, 3], .init(stride: 1, padding: 1, dilation: 1, groups: 3)),
        ([2, 3, 4, 6], [5, 3, 1, 1], .init()),
        ([1, 2, 4, 6], [3, 2, 1, 1], .init(stride: 2, padding: 1)),
        ([1, 3, 8, 12], [4, 3, 4, 4], .init(stride: 4)),
        // Padding wider than the kernel: some outputs see nothing but zeros.
        ([1, 1, 2, 3], [1, 1, 2, 2], .init(stride: 1, padding: 4)),
        ([1, 9, 3, 400], [2, 9, 3, 3], .init(stride: 1, padding: 1)),
    ]

    @Test("a convolution is what its formula says", arguments: convolutions.indices)
    func convolution(_ index: Int) {
        let (shape, weightShape, settings) = Self.convolutions[index]
        let (x, weight) = (values(1, shape), values(2, weightShape))
        let bias = values(3, [weightShape[0]])
        let y = Convolution2D.forward(x, weight: weight, bias: bias, settings: settings)
        let twin = Twin.convolution(Plain(x), Plain(weight), Plain(bias), settings)
        #expect(y.shape == twin.shape)
        #expect(relativeL2(y.values, twin.values.map(Float.init)) < 2e-6)
    }

    /// The product of a gradient with any change of an input is the change of the output times the upstream gradient.
    ///
    /// Convolutions are linear in input and in weight, so this holds exactly, not only for small changes.
    @Test("a convolution's gradients are adjoint to it", arguments: convolutions.indices)
    func convolutionAdjoint(_ index: Int) throws {
        let (shape, weightShape, settings) = Self.convolutions[index]
        let (x, weight) = (values(1, shape), values(2, weightShape))
        let y = Convolution2D.forward(x, weight: weight, settings: settings)
        let dy = values(4, y.shape)
        let g = Convolution2D.backward(dy, x: x, weight: weight, settings: settings)
        let expected = inner(y, dy)
        let tolerance = 1e-5 * (inner(y, y) * inner(dy, dy)).squareRoot()
        #expect(abs(inner(try #require(g.input), x) - expected) < tolerance)
        #expect(abs(inner(try #require(g.weight), weight) - expected) < tolerance)
        let sums = try #require(g.bias).values.reduce(0) { $0 + Double($1) }
        #expect(abs(sums - dy.values.reduce(0) { $0 + Double($1) }) < 1e-4)
    }

    @Test("a transposed convolution is what its formula says")
    func transposedConvolution() {
        for (shape, weightShape, settings) in [
            ([2, 4, 3, 5], [4, 3, 2, 2], TransposedConvolution2D.Settings(stride: 2)),
            ([1, 3, 4, 2], [3, 2, 3, 4], .init(stride: 3, padding: 1, outputPadding: 2)),
            ([1, 2, 3, 3], [2, 2, 3, 3], .init(padding: 2)),
        ] {
            let (x, weight) = (values(1, shape), values(2, weightShape))
            let bias = values(3, [weightShape[1]])
            let y = TransposedConvolution2D.forward(
                x, weight: weight, bias: bias, settings: settings)
            let twin = Twin.transposedConvolution(
                Plain(x), Plain(weight), Plain(bias), settings)
            #expect(y.shape == twin.shape)
            #expect(relativeL2(y.values, twin.values.map(Float.init)) < 2e-6, "\(settings)")
        }
    }

    @Test("gradients nobody asked for are not computed")
    func wantedGradients() {
        let (x, weight) = (values(1, [2, 3, 4, 4]), values(2, [3, 3, 1, 1]))
        let dy = values(3, [2, 3, 4, 4])
        let (row, factors) = (values(4, [5, 3]), values(5, [3]))
        let statistics = BatchNorm2D.Statistics(of: x)
        for wanted in [WantedGradients.input, .weight, .bias, [], .all] {
            for found in [
                Convolution2D.backward(dy, x: x, weight: weight, wanted: wanted),
                TransposedConvolution2D.backward(dy, x: x, weight: weight, wanted: wanted),
                LayerNorm2D.backward(dy, x: x, weight: factors, epsilon: 1e-6, wanted: wanted),
                BatchNorm2D.backward(
                    dy, x: x, weight: factors, statistics: statistics, isTraining: true,
                    wanted: wanted),
                Linear.backward(row, x: row, weight: values(6, [3, 3]), wanted: wanted),
                LayerNorm.backward(row, x: row, weight: factors, epsilon: 1e-6, wanted: wanted),
            ] {
                #expect((found.input != nil) == wanted.contains(.input))
                #expect((found.weight != nil) == wanted.contains(.weight))
                #expect((found.bias != nil) == wanted.contains(.bias))
            }
        }
    }

    @Test("axes in every order of four are where they belong, and back again")
    func permutations() {
        let x = values(7, [2, 3, 4, 5])
        var count = 0
        for a in 0..<4 {
            for b in 0..<4 where b != a {
                for c in 0..<4 where c != a && c != b {
                    let order = [a, b, c, 6 - a - b - c]
                    let y = Permutation.forward(x, order: order)
                    #expect(Plain(y).values == Twin.permuted(Plain(x), order).values, "\(order)")
                    let back = Permutation.backward(y, order: order)
                    #expect(back.values == x.values && back.shape == x.shape, "\(order)")
                    count += 1
                }
            }
        }
        #expect(count == 24)
        #expect(Permutation.forward(Tensor(3), order: []).values == [3])
        #expect(
            Permutation.forward(Tensor(zeros: [2, 0, 3]), order: [2, 1, 0]).shape == [3, 0, 2])
    }

    @Test("resampling keeps a constant, and its gradient is adjoint to it, for any pair of sizes")
    func resampling() {
        let modes: [BilinearInterpolation.Mode] = [.pixelCentres, .alignedCorners, .antialiased]
        for from in [1, 2, 3, 7, 10] {
            for to in [1, 2, 5, 7, 23] {
                let (x, dy) = (values(1, [1, 2, from, to]), values(2, [1, 2, to, from]))
                let ones = Tensor([Float](repeating: 1, count: x.count), shape: x.shape)
                for mode in modes {
                    let place = "\(from) to \(to), \(mode)"
                    let flat = BilinearInterpolation.forward(
                        ones, height: to, width: from, mode: mode)
                    #expect(flat.values.allSatisfy { abs($0 - 1) < 1e-6 }, "\(place)")
                    let y = BilinearInterpolation.forward(x, height: to, width: from, mode: mode)
                    let dx = BilinearInterpolation.backward(dy, inputShape: x.shape, mode: mode)
                    #expect(abs(inner(y, dy) - inner(x, dx)) < 1e-5, "\(place)")
                }
                let y = NearestInterpolation.forward(x, height: to, width: from)
                #expect(Set(y.values).isSubset(of: Set(x.values)))
                let dx = NearestInterpolation.backward(dy, inputShape: x.shape)
                #expect(abs(inner(y, dy) - inner(x, dx)) < 1e-5)
            }
        }
        // By hand: [0, 1] to four values, pixel centres at -0.25, 0.25, 0.75 and 1.25.
        let line = LinearInterpolation.forward(Tensor([0, 1], shape: [1, 2]), length: 4)
        #expect(line.values == [0, 0.25, 0.75, 1])
        let corners = BilinearInterpolation.forward(
            Tensor([0, 3], shape: [1, 1, 1, 2]), height: 1, width: 4, mode: .alignedCorners)
        #expect(corners.values == [0, 1, 2, 3])
    }

    @Test("windows put together again are the grid, whatever the padding")
    func windowRoundTrip() {
        for (h, w, window) in [(4, 4, 2), (5, 7, 3), (3, 2, 5), (1, 9, 4)] {
            let x = values(3, [2, h, w, 3])
            let cut = WindowPartition.forward(x, window: window)
            #expect(cut.values.reduce(0) { $0 + ($1 == 0 ? 0 : 1) } == x.count)
            let tape = Tape()
            let leaf = tape.variable(x)
            let joined = WindowPartition.join(
                WindowPartition.apply(leaf, window: window, on: tape), gridShape: x.shape,
                window: window, on: tape)
            #expect(joined.value.values == x.values)
            tape.backward(from: joined)
            #expect(tape.gradient(of: leaf)?.values == [Float](repeating: 1, count: x.count))
        }
    }

    @Test("pooling by hand, with the first maximum of equals taking the gradient")
    func pooling() {
        let x = Tensor([5, 5, 1, 2, 3, 4, 0, 0, 9], shape: [1, 1, 3, 3])
        let y = MaxPooling2D.forward(x, kernel: 3, stride: 2, padding: 1)
        #expect(y.values == [5, 5, 3, 9])
        let dx = MaxPooling2D.backward(
            Tensor([1, 10, 100, 1000], shape: [1, 1, 2, 2]), x: x, kernel: 3, stride: 2, padding: 1)
        #expect(dx.values == [1, 10, 0, 0, 100, 0, 0, 0, 1000])
        #expect(AveragePooling2D.forward(x, kernel: 2, stride: 1).values == [3.75, 3.25, 1.25, 4])
        #expect(GlobalAveragePooling.forward(x).values == [29.0 / 9])
    }

    @Test("the second tensor is repeated over the leading axes of the first")
    func repeating() {
        let a = Tensor([1, 2, 3, 4, 5, 6], shape: [3, 2])
        let b = Tensor([10, 20], shape: [2])
        #expect(Addition.forward(a, b).values == [11, 22, 13, 24, 15, 26])
        #expect(Multiplication.forward(a, Tensor(2)).values == [2, 4, 6, 8, 10, 12])
        #expect(Addition.backward(a, shapeOfSecond: [2]).b.values == [9, 12])
        let g = Multiplication.backward(a, a, b)
        #expect(g.a.values == [10, 40, 30, 80, 50, 120] && g.b.values == [35, 56])
        #expect(Multiplication.backward(a, a, Tensor(2)).b.values == [91])
        // Longer than one piece of work, so that a piece begins inside a repetition.
        let long = Addition.forward(Tensor(zeros: [70_000, 3]), Tensor([1, 2, 3], shape: [3]))
        let wrong = long.values.enumerated().filter { $0.element != Float($0.offset % 3 + 1) }
        #expect(wrong.isEmpty)
    }

    @Test("copies along a new axis add up their gradients")
    func copies() throws {
        let tape = Tape()
        let x = tape.variable(Tensor([1, 2], shape: [2]))
        let y = Repetition.apply(x, count: 3, on: tape)
        #expect(y.shape == [3, 2] && y.value.values == [1, 2, 1, 2, 1, 2])
        tape.backward(from: y, seed: Tensor([1, 2, 3, 4, 5, 6], shape: [3, 2]))
        #expect(try #require(tape.gradient(of: x)).values == [9, 12])
        #expect(Repetition.forward(Tensor(4), count: 2).values == [4, 4])
        #expect(Repetition.backward(Tensor(zeros: [0, 2])).values == [0, 0])
    }

    @Test("parts of an axis and the whole")
    func slices() {
        let x = values(1, [2, 5, 3])
        let parts = [0..<1, 1..<4, 4..<5].map { Slicing.forward(x, axis: 1, $0) }
        #expect(Concatenation.forward(parts, axis: 1).values == x.values)
        let back = Concatenation.backward(x, extents: [1, 3, 1], axis: 1)
        #expect(zip(parts, back).allSatisfy { $0.values == $1.values && $0.shape == $1.shape })
        let grown = Slicing.backward(parts[1], inputShape: x.shape, axis: 1, 1..<4)
        #expect(grown.values.reduce(0) { $0 + ($1 == 0 ? 0 : 1) } == 18)
        #expect(Slicing.forward(grown, axis: 1, 1..<4).values == parts[1].values)
    }

    @Test("shapes that do not fit are mistakes of the program")
    func misuse() async {
        await #expect(processExitsWith: .failure) {
            _ = Linear.forward(Tensor(zeros: [2, 3]), weight: Tensor(zeros: [4, 5]))
        }
        await #expect(processExitsWith: .failure) {
            _ = Convolution2D.forward(
                Tensor(zeros: [1, 2, 2, 2]), weight: Tensor(zeros: [1, 2, 3, 3]))
        }
        await #expect(processExitsWith: .failure) {
            _ = Attention.forward(
                Tensor(zeros: [1, 2, 3]), Tensor(zeros: [1, 2, 4]), Tensor(zeros: [1, 2, 3]),
                scale: 1)
        }
        await #expect(processExitsWith: .failure) {
            _ = CrossEntropyLoss.forward(Tensor(zeros: [1, 2]), labels: [2])
        }
    }

    @Test("an empty batch gives an empty result")
    func emptyBatches() {
        #expect(
            Linear.forward(Tensor(zeros: [0, 3]), weight: Tensor(zeros: [4, 3])).shape == [0, 4])
        let weight = Linear.backward(
            Tensor(zeros: [0, 4]), x: Tensor(zeros: [0, 3]), weight: Tensor(zeros: [4, 3])
        ).weight
        #expect(weight?.values == [Float](repeating: 0, count: 12))
        #expect(
            Convolution2D.forward(
                Tensor(zeros: [0, 2, 4, 4]), weight: Tensor(zeros: [3, 2, 3, 3])
            ).shape == [0, 3, 2, 2])
        #expect(
            Attention.forward(
                Tensor(zeros: [2, 0, 3]), Tensor(zeros: [2, 4, 3]), Tensor(zeros: [2, 4, 3]),
                scale: 1
            ).shape == [2, 0, 3])
        #expect(Softmax.forward(Tensor(zeros: [0, 3])).count == 0)
        #expect(WindowPartition.forward(Tensor(zeros: [0, 4, 4, 2]), window: 3).shape[0] == 0)
    }
}
