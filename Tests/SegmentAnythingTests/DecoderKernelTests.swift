import Foundation
import Tensors
import Testing

/// The kernels of the decoder at every level, against sums in Double.
@Suite struct DecoderKernelTests {
    static func numbers(_ count: Int, _ seed: UInt64) -> [Float] {
        var state = seed
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Float(Int32(truncatingIfNeeded: state >> 32)) * 0x1p-31
        }
    }

    static let levels = Kernels.Level.allCases.filter { $0 <= Kernels.highestLevel }

    @Test(arguments: [(1, 3, 1), (7, 64, 33), (5, 17, 100), (23, 256, 4)])
    func `a packed linear layer is the sum of products`(
        rows: Int, inputs: Int, outputs: Int
    ) {
        let x = Self.numbers(rows * inputs, 1)
        let weight = Self.numbers(outputs * inputs, 2)
        let bias = Self.numbers(outputs, 3)
        let padded = (outputs + 31) / 32 * 32
        var panels = [Float](repeating: 0, count: padded * inputs)
        for o in 0..<outputs {
            for i in 0..<inputs {
                panels[o / 32 * 32 * inputs + i * 32 + o % 32] = weight[o * inputs + i]
            }
        }
        let paddedBias = bias + [Float](repeating: 0, count: padded - outputs)
        for level in Self.levels {
            for relu in [false, true] {
                var y = [Float](repeating: .nan, count: rows * outputs)
                Kernels.withLevel(level) {
                    Kernels.panelLinear(
                        x, rows: rows, inputStride: inputs, inputs: inputs, panels: panels,
                        bias: paddedBias, outputs: outputs, relu: relu, into: &y,
                        outputStride: outputs)
                }
                for r in 0..<rows {
                    for o in 0..<outputs {
                        var sum = Double(bias[o])
                        for i in 0..<inputs {
                            sum += Double(x[r * inputs + i]) * Double(weight[o * inputs + i])
                        }
                        let expected = relu ? max(sum, 0) : sum
                        #expect(abs(Double(y[r * outputs + o]) - expected) < 1e-5)
                    }
                }
            }
        }
    }

    @Test(arguments: [(1, 1, 1), (14, 32, 16), (56, 100, 70), (31, 45, 9), (56, 256, 64)])
    func `a direct product is the sum of products, whatever way the first factor lies`(
        rows: Int, columns: Int, inner: Int
    ) {
        let a = Self.numbers(rows * inner, 4)
        let b = Self.numbers(inner * columns, 5)
        let turned = (0..<rows * inner).map { a[$0 % rows * inner + $0 / rows] }
        for level in Self.levels {
            for isTurned in [false, true] {
                var c = [Float](repeating: .nan, count: rows * columns)
                Kernels.withLevel(level) {
                    Kernels.directProduct(
                        isTurned ? turned : a, rowStride: isTurned ? 1 : inner,
                        innerStride: isTurned ? rows : 1, rows: rows, b, stride: columns,
                        columns: columns, inner: inner, into: &c, stride: columns)
                }
                for index in 0..<rows * columns {
                    var sum = 0.0
                    for k in 0..<inner {
                        sum +=
                            Double(a[index / columns * inner + k])
                            * Double(b[k * columns + index % columns])
                    }
                    #expect(abs(Double(c[index]) - sum) < 1e-5)
                }
            }
        }
    }

    @Test(arguments: [(1, 1), (32, 16), (45, 33), (64, 100)])
    func `panels hold the transpose and zeros, and add other panels`(rows: Int, width: Int) {
        let a = Self.numbers(rows * width, 6)
        let padded = (rows + 31) / 32 * 32
        let b = Self.numbers(padded * width, 7)
        for level in Self.levels {
            var plain = [Float](repeating: .nan, count: padded * width)
            var sum = plain
            Kernels.withLevel(level) {
                Kernels.transposedPanels(a, plus: nil, rows: rows, width: width, into: &plain)
                Kernels.transposedPanels(a, plus: b, rows: rows, width: width, into: &sum)
            }
            for r in 0..<padded {
                for c in 0..<width {
                    let expected = r < rows ? a[r * width + c] : 0
                    let at = (r / 32 * width + c) * 32 + r % 32
                    #expect(plain[at] == expected && sum[at] == expected + b[at])
                }
            }
        }
    }

    @Test(arguments: [1, 16, 40, 257])
    func `a softmax in pieces is e to the distance from the maximum`(width: Int) {
        let values = Self.numbers(3 * width, 8).map { 20 * $0 }
        for level in Self.levels {
            var result = values
            var maxima = [Float](repeating: 0, count: 3)
            var sums = [Float](repeating: 0, count: 3)
            Kernels.withLevel(level) {
                Kernels.partialSoftmax(
                    &result, rows: 3, width: width, stride: width, maxima: &maxima, sums: &sums)
            }
            for r in 0..<3 {
                let row = values[r * width..<(r + 1) * width]
                #expect(maxima[r] == row.max())
                #expect(result[r * width..<(r + 1) * width].max() == 1)
                let total = result[r * width..<(r + 1) * width].reduce(0.0) { $0 + Double($1) }
                #expect(abs(Double(sums[r]) - total) < 1e-5 * total)
            }
        }
    }

    @Test(arguments: [1, 15, 48, 50])
    func `softmax over the rows of a group sums to 1 in every column`(width: Int) {
        let (groups, members) = (3, 7)
        let values = Self.numbers(groups * members * width, 9).map { 10 * $0 }
        let offsets = Self.numbers(groups * members, 10)
        for level in Self.levels {
            var result = values
            Kernels.withLevel(level) {
                Kernels.softmaxGroups(
                    &result, groups: groups, members: members, width: width, stride: width,
                    offsets: offsets)
            }
            for g in 0..<groups {
                for column in 0..<width {
                    let at = (0..<members).map { (g * members + $0) * width + column }
                    let sum = at.reduce(0.0) { $0 + Double(result[$1]) }
                    #expect(abs(sum - 1) < 1e-6)
                    // The ratio of two is e to their difference.
                    let ratio = Double(result[at[3]]) / Double(result[at[0]])
                    let difference =
                        Double(values[at[3]] + offsets[g * members + 3])
                        - Double(values[at[0]] + offsets[g * members])
                    var e: Float = 0
                    Kernels.exp([Float(difference)], into: &e, count: 1)
                    #expect(abs(ratio - Double(e)) < 1e-5 * Double(e))
                }
            }
        }
    }

    @Test(arguments: [(1, 4, 5), (7, 16, 64), (9, 5, 33)])
    func `scores and sums of heads are the sums of products`(
        tokens: Int, depth: Int, width: Int
    ) {
        let heads = 2
        let queries = Self.numbers(heads * tokens * depth, 11)
        let keys = Self.numbers(heads * depth * width, 12)
        for level in Self.levels {
            var scores = [Float](repeating: .nan, count: heads * tokens * width)
            var sums = [Float](repeating: .nan, count: heads * tokens * depth)
            Kernels.withLevel(level) {
                Kernels.headScores(
                    queries, heads: heads, tokens: tokens, depth: depth, keys: keys,
                    keyStride: width, width: width, into: &scores, stride: width)
                Kernels.headValues(
                    scores, heads: heads, tokens: tokens, depth: depth, stride: width,
                    values: keys, valueStride: width, width: width, into: &sums)
            }
            for row in 0..<heads * tokens {
                let head = row / tokens
                for position in 0..<width {
                    let sum = (0..<depth).reduce(0.0) {
                        $0 + Double(queries[row * depth + $1])
                            * Double(keys[(head * depth + $1) * width + position])
                    }
                    #expect(abs(Double(scores[row * width + position]) - sum) < 1e-5)
                }
                for d in 0..<depth {
                    let sum = (0..<width).reduce(0.0) {
                        $0 + Double(scores[row * width + $1])
                            * Double(keys[(head * depth + d) * width + $1])
                    }
                    #expect(abs(Double(sums[row * depth + d]) - sum) < 2e-5)
                }
            }
        }
    }
}

/// The fused kernels at every level, against the steps they are made of in Double.
@Suite struct DecoderFusedKernelTests {
    static func gelu(_ x: Double) -> Double { 0.5 * x * (1 + erf(x / 2.0.squareRoot())) }

    static func norm(
        _ x: [Double], _ weight: [Float], _ bias: [Float], _ epsilon: Double
    ) -> [Double] {
        let mean = x.reduce(0, +) / Double(x.count)
        let variance = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(x.count)
        return x.indices.map {
            (x[$0] - mean) / (variance + epsilon).squareRoot() * Double(weight[$0])
                + Double(bias[$0])
        }
    }

    @Test(arguments: [(1, 5), (33, 64), (2, 257)])
    func `a residual and its norm are those steps one after the other`(rows: Int, width: Int) {
        let a = DecoderKernelTests.numbers(rows * width, 20)
        let b = DecoderKernelTests.numbers(rows * width, 21)
        let bias = DecoderKernelTests.numbers(width, 22)
        let weight = DecoderKernelTests.numbers(width, 23)
        let shift = DecoderKernelTests.numbers(width, 24)
        for level in DecoderKernelTests.levels {
            var result = [Float](repeating: .nan, count: rows * width)
            Kernels.withLevel(level) {
                Kernels.residualNorm(
                    a, adding: b, bias: bias, weight: weight, normBias: shift, epsilon: 1e-5,
                    into: &result, rows: rows, width: width)
            }
            for row in 0..<rows {
                let x = (0..<width).map {
                    Double(a[row * width + $0]) + Double(b[row * width + $0]) + Double(bias[$0])
                }
                let expected = Self.norm(x, weight, shift, 1e-5)
                for column in 0..<width {
                    #expect(abs(Double(result[row * width + column]) - expected[column]) < 5e-6)
                }
            }
        }
    }

    @Test(arguments: [(4, 4, 1, 64), (16, 8, 3, 70), (6, 12, 2, 17)])
    func `the tail of the up-scaling is norm, GELU, convolution, GELU and product`(
        inputs: Int, outputs: Int, masks: Int, width: Int
    ) {
        let stride = (width + 63) / 64 * 64
        let features = DecoderKernelTests.numbers(4 * inputs * stride, 30).map { 3 * $0 }
        let firstBias = DecoderKernelTests.numbers(inputs, 31)
        let weight = DecoderKernelTests.numbers(inputs, 32)
        let shift = DecoderKernelTests.numbers(inputs, 33)
        let second = DecoderKernelTests.numbers(4 * outputs * inputs, 34)
        let secondBias = DecoderKernelTests.numbers(outputs, 35)
        let masksOf = DecoderKernelTests.numbers(masks * outputs, 36)
        for level in DecoderKernelTests.levels {
            var logits = [Float](repeating: .nan, count: masks * 16 * stride)
            var scratch = [Float](
                repeating: 0, count: Kernels.upscaleScratch(inputs: inputs))
            Kernels.withLevel(level) {
                firstBias.withUnsafeBufferPointer { firstBias in
                    weight.withUnsafeBufferPointer { weight in
                        shift.withUnsafeBufferPointer { shift in
                            second.withUnsafeBufferPointer { second in
                                secondBias.withUnsafeBufferPointer { secondBias in
                                    Kernels.upscaleTail(
                                        Kernels.Upscaling(
                                            inputs: inputs, outputs: outputs,
                                            firstBias: firstBias.baseAddress!,
                                            normWeight: weight.baseAddress!,
                                            normBias: shift.baseAddress!, epsilon: 1e-6,
                                            weight: second.baseAddress!,
                                            secondBias: secondBias.baseAddress!),
                                        features: features, width: width, stride: stride,
                                        masks: masksOf, maskCount: masks, into: &logits,
                                        scratch: &scratch)
                                }
                            }
                        }
                    }
                }
            }
            for position in 0..<width {
                for corner in 0..<4 {
                    let x = (0..<inputs).map {
                        Double(features[(corner * inputs + $0) * stride + position])
                            + Double(firstBias[$0])
                    }
                    let y = Self.norm(x, weight, shift, 1e-6).map(Self.gelu)
                    for inner in 0..<4 {
                        let z = (0..<outputs).map { o in
                            let at = (inner * outputs + o / 4 * 4) * inputs + o % 4
                            let sum = (0..<inputs).reduce(Double(secondBias[o])) {
                                $0 + y[$1] * Double(second[at + 4 * $1])
                            }
                            return Self.gelu(sum)
                        }
                        for mask in 0..<masks {
                            let expected = (0..<outputs).reduce(0.0) {
                                $0 + z[$1] * Double(masksOf[mask * outputs + $1])
                            }
                            let row = (mask * 4 + corner) * 4 + inner
                            #expect(abs(Double(logits[row * stride + position]) - expected) < 2e-5)
                        }
                    }
                }
            }
        }
    }

    @Test(arguments: [1, 31, 100])
    func `a threshold marks and counts what is above it, and nothing that equals it`(width: Int) {
        let values = DecoderKernelTests.numbers(width, 40).map { ($0 * 4).rounded() / 2 }
        for level in DecoderKernelTests.levels {
            var mask = [UInt8](repeating: 7, count: width)
            var counts = [10, 20, 30]
            Kernels.withLevel(level) {
                Kernels.threshold(
                    values, width: width, thresholds: [0, 1, -1], mask: &mask, counts: &counts)
            }
            #expect(mask == values.map { $0 > 0 ? 1 : 0 })
            #expect(
                counts == [
                    10 + values.filter { $0 > 0 }.count, 20 + values.filter { $0 > 1 }.count,
                    30 + values.filter { $0 > -1 }.count,
                ])
        }
    }
}
