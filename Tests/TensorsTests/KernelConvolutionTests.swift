#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
#if canImport(Glibc)
    import Glibc
#endif
import Testing

@testable import Tensors

/// Convolutions and window attention against their definitions in double precision, at every level of this machine.
@Suite struct KernelConvolutionTests {
    static let levels = Kernels.Level.allCases.filter { $0 <= Kernels.highestLevel }

    /// Numbers from -1 to 1.
    static func numbers(_ count: Int, seed: UInt64) -> [Float] {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Float(Int64(truncatingIfNeeded: state >> 40)) * 0x1p-23 - 1
        }
    }

    static func gelu(_ x: Double) -> Double { 0.5 * x * erfc(-x / 2.0.squareRoot()) }

    struct Size: Sendable {
        var inputs: Int
        var outputs: Int
        var width: Int
        var stride = 1
    }

    /// Every number of pixels left beside whole tiles, outputs beside whole panels, short and long lines.
    static let sizes =
        (1...15).map { Size(inputs: 5, outputs: 19, width: $0) } + [
            Size(inputs: 3, outputs: 32, width: 30, stride: 2),
            Size(inputs: 32, outputs: 64, width: 33, stride: 2),
            Size(inputs: 16, outputs: 40, width: 6, stride: 2),
            Size(inputs: 180, outputs: 70, width: 17),
        ]

    /// A convolution of 3 x 3 pixels at one output, and the sum of absolute values that its rounding error is measured by.
    static func pixel(
        _ picture: [Float], width: Int, inputs: Int, weights: [Float], bias: Float, x: Int
    ) -> (value: Double, scale: Double) {
        var value = Double(bias)
        var scale = abs(value)
        for line in 0..<3 {
            for tap in 0..<3 where x + tap - 1 >= 0 && x + tap - 1 < width {
                for input in 0..<inputs {
                    let product =
                        Double(picture[(line * width + x + tap - 1) * inputs + input])
                        * Double(weights[(line * 3 + tap) * inputs + input])
                    value += product
                    scale += abs(product)
                }
            }
        }
        return (value, scale)
    }

    @Test(arguments: levels, sizes)
    func `a convolution of 3 x 3 pixels is that of the definition`(level: Kernels.Level, size: Size)
    {
        let inner = 9 * size.inputs
        let picture = Self.numbers(3 * size.width * size.inputs, seed: 1)
        let weights = Self.numbers(size.outputs * inner, seed: 2)
        let bias = Self.numbers(size.outputs, seed: 3)
        let layer = PackedConvolution(
            weights, bias: bias, outputs: size.outputs, side: 3, level: level)
        // With a pixel of zeros beyond each border.
        let padded = (size.width + 2) * size.inputs
        var lines = [Float](repeating: 0, count: 3 * padded)
        for line in 0..<3 {
            for index in 0..<size.width * size.inputs {
                lines[line * padded + size.inputs + index] =
                    picture[line * size.width * size.inputs + index]
            }
        }
        let count = (size.width + size.stride - 1) / size.stride
        for applies in [false, true] {
            var found = [Float](repeating: 7, count: count * size.outputs + 5)
            lines.withUnsafeBufferPointer { lines in
                let base = lines.baseAddress!
                layer.convolveLine(
                    (base, base + padded, base + 2 * padded), count: count, stride: size.stride,
                    into: &found, gelu: applies)
            }
            #expect(found.suffix(5) == [7, 7, 7, 7, 7])
            for index in 0..<count * size.outputs {
                let (place, output) = index.quotientAndRemainder(dividingBy: size.outputs)
                let expected = Self.pixel(
                    picture, width: size.width, inputs: size.inputs,
                    weights: Array(weights[output * inner..<(output + 1) * inner]),
                    bias: bias[output], x: place * size.stride)
                let value = applies ? Self.gelu(expected.value) : expected.value
                #expect(abs(Double(found[index]) - value) < 1e-6 * (expected.scale + 1))
            }
        }
    }

    @Test(arguments: levels, [1, 13, 14, 40])
    func `a linear layer is that of the definition, written or added`(
        level: Kernels.Level, rows: Int
    ) {
        // Few outputs and many: the order of the loops differs.
        for (inputs, outputs) in [(7, 33), (130, 301)] {
            let input = Self.numbers(rows * inputs, seed: 4)
            let weights = Self.numbers(outputs * inputs, seed: 5)
            let bias = Self.numbers(outputs, seed: 6)
            let layer = PackedConvolution(weights, bias: bias, outputs: outputs, level: level)
            var written = [Float](repeating: 5, count: rows * outputs)
            var added = written
            layer.multiply(input, rows: rows, into: &written)
            layer.multiply(input, rows: rows, into: &added, accumulates: true)
            // A row does not depend on how many there are.
            var last = [Float](repeating: 0, count: outputs)
            layer.multiply(Array(input.suffix(inputs)), rows: 1, into: &last)
            #expect(last == Array(written.suffix(outputs)))
            for index in 0..<rows * outputs {
                let (row, output) = index.quotientAndRemainder(dividingBy: outputs)
                let products = (0..<inputs).map {
                    Double(input[row * inputs + $0]) * Double(weights[output * inputs + $0])
                }
                let value = products.reduce(Double(bias[output]), +)
                let limit = 1e-6 * (products.reduce(6) { $0 + abs($1) })
                #expect(abs(Double(written[index]) - value) < limit)
                #expect(abs(Double(added[index]) - value - 5) < limit)
            }
        }
    }

    @Test(arguments: levels, [1, 2])
    func `a convolution within channels is that of the definition`(
        level: Kernels.Level, stride: Int
    ) {
        for (channels, width) in [(16, 12), (37, 1), (5, 2), (40, 9), (64, 23)] {
            let picture = Self.numbers(3 * width * channels, seed: 7)
            let weights = Self.numbers(9 * channels, seed: 8)
            let bias = Self.numbers(channels, seed: 9)
            let layer = DepthwiseConvolution(weights, bias: bias, stride: stride, level: level)
            let count = layer.outputs(of: width)
            #expect(count == (width + stride - 1) / stride)
            // At the border above, within, and at the one below; GELU with the last.
            for absent in [0, -1, 2] {
                var visible = picture
                if absent >= 0 {
                    for index in 0..<width * channels {
                        visible[absent * width * channels + index] = 0
                    }
                }
                var found = [Float](repeating: 7, count: count * channels + 3)
                picture.withUnsafeBufferPointer { picture in
                    let base = picture.baseAddress!
                    let line = width * channels
                    layer.convolveLine(
                        (
                            absent == 0 ? nil : base, base + line,
                            absent == 2 ? nil : base + 2 * line
                        ), width: width, into: &found, gelu: absent == 2)
                }
                #expect(found.suffix(3) == [7, 7, 7])
                for index in 0..<count * channels {
                    let (place, channel) = index.quotientAndRemainder(dividingBy: channels)
                    let expected = Self.pixel(
                        (0..<3 * width).map { visible[$0 * channels + channel] }, width: width,
                        inputs: 1, weights: Array(weights[9 * channel..<9 * channel + 9]),
                        bias: bias[channel], x: place * stride)
                    let value = absent == 2 ? Self.gelu(expected.value) : expected.value
                    #expect(abs(Double(found[index]) - value) < 1e-6 * (expected.scale + 1))
                }
            }
        }
    }

    @Test(arguments: levels)
    func `GELU is exact to a millionth, and leaves zeros of very negative values`(
        level: Kernels.Level
    ) {
        let layer = PackedConvolution([1], bias: nil, outputs: 1, level: level)
        let inputs = (0..<4001).map { Float($0 - 2000) / 300 } + [-3000, 3000, -.infinity]
        var found = [Float](repeating: 5, count: inputs.count)
        layer.multiply(inputs, rows: inputs.count, into: &found, gelu: true)
        for (x, y) in zip(inputs, found) where x.isFinite {
            let limit = 1e-6 * max(1, 0.3 * abs(Double(x)))
            #expect(abs(Double(y) - Self.gelu(Double(x))) < limit, "x = \(x)")
            // Denormal numbers slow the next layer down.
            #expect(y == 0 || y.isNormal, "x = \(x)")
        }
        #expect(found[found.count - 3] == 0 && found[found.count - 1] == 0)
        var broken: [Float] = [0]
        layer.multiply([.nan], rows: 1, into: &broken, gelu: true)
        #expect(broken[0].isNaN)
    }

    @Test(arguments: levels, [(9, 12), (49, 32), (49, 20), (196, 32), (4, 70)])
    func `attention in a window is that of the definition, padding included`(
        level: Kernels.Level, size: (places: Int, width: Int)
    ) {
        let (places, width) = size
        let stride = 3 * width + 5
        let biases = Self.numbers(places * places, seed: 10).map { 4 * $0 }
        let projections = Self.numbers(places * stride, seed: 11).map { 3 * $0 }
        let padding = Self.numbers(3 * width, seed: 12)
        // Every third place is padding; the rows are in another order than the places.
        let rows = (0..<places).map { Int32($0 % 3 == 2 ? -1 : places - 1 - $0) }
        let attention = WindowAttention(
            biases: biases, places: places, headWidth: width, scale: 0.3, level: level)
        var found = [Float](repeating: 7, count: places * (width + 2))
        var scratch = [Float](repeating: .nan, count: attention.scratchValues)
        attention.attend(
            rows: rows[...], projections: projections, stride: stride, padding: padding,
            into: &found, outputStride: width + 2, scratch: &scratch)
        func row(_ place: Int) -> [Double] {
            let row = Int(rows[place])
            let values = row < 0 ? padding[...] : projections[row * stride..<(row + 1) * stride]
            return values.map { Double($0) }
        }
        let all = (0..<places).map(row)
        for place in 0..<places where rows[place] >= 0 {
            var weights = (0..<places).map { key in
                (0..<width).reduce(Double(biases[place * places + key])) {
                    $0 + 0.3 * all[place][$1] * all[key][width + $1]
                }
            }
            let largest = weights.max() ?? 0
            weights = weights.map { exp($0 - largest) }
            let total = weights.reduce(0, +)
            let output = Int(rows[place]) * (width + 2)
            for feature in 0..<width {
                let value = (0..<places).reduce(0.0) {
                    $0 + weights[$1] * all[$1][2 * width + feature]
                }
                #expect(abs(Double(found[output + feature]) - value / total) < 2e-5)
            }
            #expect(found[output + width] == 7 && found[output + width + 1] == 7)
        }
        for place in 0..<places where !rows.contains(Int32(place)) {
            #expect(found[place * (width + 2)..<(place + 1) * (width + 2)].allSatisfy { $0 == 7 })
        }
    }
}
