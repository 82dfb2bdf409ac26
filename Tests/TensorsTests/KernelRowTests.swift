#if canImport(Glibc)
    import Glibc
#else
    import Foundation
#endif
import Testing

@testable import Tensors

/// Kernels over the rows of a matrix, against the definitions in double precision, at every level of this machine.
@Suite struct KernelRowTests {
    static let levels = Kernels.Level.allCases.filter { $0 <= Kernels.highestLevel }

    /// Numbers from -1 to 1 by a fixed rule.
    static func numbers(_ count: Int, seed: UInt64) -> [Float] {
        var state = seed
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Float(Int(state >> 40) - (1 << 23)) / Float(1 << 23)
        }
    }

    @Test(arguments: levels, [1, 7, 16, 64, 100, 768, 769])
    func `layer norm is that of the definition`(level: Kernels.Level, width: Int) {
        let rows = 5
        // A mean far from 0, where the short formula for the variance would cancel.
        let input = Self.numbers(rows * width, seed: 1).map { 30 + 2 * $0 }
        let weight = Self.numbers(width, seed: 2)
        let bias = Self.numbers(width, seed: 3)
        var output = [Float](repeating: .nan, count: rows * width)
        Kernels.withLevel(level) {
            Kernels.layerNorm(
                input, into: &output, rows: rows, width: width, weight: weight, bias: bias,
                epsilon: 1e-6)
        }
        for row in 0..<rows {
            let values = input[row * width..<(row + 1) * width].map(Double.init)
            let mean = values.reduce(0, +) / Double(width)
            let variance = values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(width)
            for column in 0..<width {
                let normal = (values[column] - mean) / (variance + 1e-6).squareRoot()
                let expected = normal * Double(weight[column]) + Double(bias[column])
                #expect(abs(Double(output[row * width + column]) - expected) < 2e-5)
            }
        }
    }

    @Test(arguments: levels, [1, 15, 16, 33, 196, 4096])
    func `softmax is that of the definition and sums to 1`(level: Kernels.Level, width: Int) {
        let rows = 3
        let input = Self.numbers(rows * width, seed: 4).map { 20 * $0 + 500 }
        var output = input
        Kernels.withLevel(level) { Kernels.softmaxRows(&output, rows: rows, width: width) }
        for row in 0..<rows {
            let values = input[row * width..<(row + 1) * width].map(Double.init)
            let maximum = values.max() ?? 0
            let powers = values.map { exp($0 - maximum) }
            let sum = powers.reduce(0, +)
            for column in 0..<width {
                let expected = powers[column] / sum
                let found = Double(output[row * width + column])
                #expect(abs(found - expected) < 2e-6 * expected + 1e-37)
            }
        }
    }

    @Test(arguments: levels)
    func `a bias is added to, or copied into, the rows and nothing beside them`(
        level: Kernels.Level
    ) {
        let bias = Self.numbers(19, seed: 5)
        var added = [Float](repeating: 1, count: 3 * 24)
        var filled = added
        Kernels.withLevel(level) {
            Kernels.addBias(&added, rows: 3, width: 19, stride: 24, bias: bias)
            Kernels.fillRows(&filled, rows: 3, width: 19, stride: 24, with: bias)
        }
        for index in 0..<72 {
            let column = index % 24
            #expect(added[index] == (column < 19 ? 1 + bias[column] : 1))
            #expect(filled[index] == (column < 19 ? bias[column] : 1))
        }
    }

    @Test(arguments: levels, [(1, 1), (3, 40), (40, 3), (33, 70)])
    func `a transpose exchanges rows and columns`(level: Kernels.Level, size: (Int, Int)) {
        let (rows, columns) = size
        let input = Self.numbers(rows * columns, seed: 6)
        var output = [Float](repeating: .nan, count: rows * columns)
        Kernels.withLevel(level) {
            Kernels.transpose(input, rows: rows, columns: columns, into: &output)
        }
        for row in 0..<rows {
            for column in 0..<columns {
                #expect(output[column * rows + row] == input[row * columns + column])
            }
        }
    }
}
