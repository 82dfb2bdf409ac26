#if canImport(Glibc)
    import Glibc
#else
    import Foundation
#endif
import Testing

@testable import Tensors

/// Attention over a grid against its definition in double precision, at every level of this machine.
@Suite struct KernelAttentionTests {
    static let levels = Kernels.Level.allCases.filter { $0 <= Kernels.highestLevel }

    struct Case: Sendable, CustomTestStringConvertible {
        var side: Int
        var headWidth: Int
        /// Lines and columns from here on are padding.
        var real: Int
        var testDescription: String { "side \(side), width \(headWidth), \(real) real" }
    }

    /// Below, at and above a vector; odd head widths; padded windows; more keys than one block.
    static let cases = [
        Case(side: 1, headWidth: 16, real: 1), Case(side: 5, headWidth: 16, real: 5),
        Case(side: 7, headWidth: 16, real: 2), Case(side: 14, headWidth: 64, real: 14),
        Case(side: 14, headWidth: 64, real: 8), Case(side: 16, headWidth: 80, real: 16),
        Case(side: 9, headWidth: 12, real: 8), Case(side: 28, headWidth: 5, real: 28),
    ]

    /// Queries, keys and values of two heads as a projection leaves them, and tables; scaled so that the softmax is far from even.
    struct World {
        let test: Case
        let heads = 2
        let rows: [Float]
        let bias: [Float]
        let tables: [[Float]]
        var width: Int { heads * test.headWidth }
        var stride: Int { 3 * width }

        init(_ test: Case) {
            self.test = test
            let width = 2 * test.headWidth
            rows = KernelRowTests.numbers(test.real * test.real * 3 * width, seed: 21)
                .map { 3 * $0 }
            bias = KernelRowTests.numbers(3 * width, seed: 22)
            let count = (2 * test.side - 1) * test.headWidth
            tables = [23, 24].map { KernelRowTests.numbers(count, seed: $0) }
        }

        /// The results of one query by the definition.
        func reference(head: Int, y: Int, x: Int) -> [Double] {
            let (side, d) = (test.side, test.headWidth)
            func feature(_ part: Int, _ v: Int, _ u: Int) -> [Double] {
                let start = part * width + head * d
                guard v < test.real, u < test.real else {
                    return bias[start..<start + d].map(Double.init)
                }
                let row = (v * test.real + u) * stride
                return rows[row + start..<row + start + d].map(Double.init)
            }
            func dot(_ a: [Double], _ b: [Double]) -> Double {
                zip(a, b).map { $0 * $1 }.reduce(0, +)
            }
            func entry(_ table: Int, _ index: Int) -> [Double] {
                tables[table][index * d..<(index + 1) * d].map(Double.init)
            }
            let q = feature(0, y, x)
            let alongLines = (0..<side).map { dot(q, entry(0, y - $0 + side - 1)) }
            let alongColumns = (0..<side).map { dot(q, entry(1, x - $0 + side - 1)) }
            var scores: [Double] = []
            for v in 0..<side {
                for u in 0..<side {
                    scores.append(
                        dot(q, feature(1, v, u)) / Double(d).squareRoot() + alongLines[v]
                            + alongColumns[u])
                }
            }
            let maximum = scores.max() ?? 0
            let weights = scores.map { exp($0 - maximum) }
            let total = weights.reduce(0, +)
            var result = [Double](repeating: 0, count: d)
            for v in 0..<side {
                for u in 0..<side {
                    for (index, value) in feature(2, v, u).enumerated() {
                        result[index] += weights[v * side + u] / total * value
                    }
                }
            }
            return result
        }
    }

    @Test(arguments: levels, cases)
    func `attention is that of the definition, padding included`(level: Kernels.Level, test: Case) {
        let world = World(test)
        let layout = PackedLayout(level: level)
        let attention = GridAttention(
            side: test.side, headWidth: test.headWidth,
            scale: 1 / Float(test.headWidth).squareRoot(), layout: layout)
        let tables = world.tables.map { table in
            let memory = KernelMemory(count: attention.tableValues)
            attention.packTable(table, into: memory.values)
            return memory
        }
        var tokens: [Int32] = []
        var queries: [GridAttention.Query] = []
        for y in 0..<test.side {
            for x in 0..<test.side {
                guard y < test.real, x < test.real else {
                    tokens.append(-1)
                    continue
                }
                tokens.append(Int32(queries.count))
                queries.append(.init(token: queries.count, y: y, x: x))
            }
        }
        let inner = layout.stripInner(world.width)
        let output = KernelMemory(
            count: layout.stripValues(rows: queries.count, inner: world.width))
        output.values.update(repeating: .nan, count: output.count)
        let keys = KernelMemory(count: attention.keyValues)
        let values = KernelMemory(count: attention.valueValues)
        let scratch = KernelMemory(count: attention.scratchValues(queries: queries.count))
        // What is not written must not be read.
        for memory in [keys, values, scratch] {
            memory.values.update(repeating: .nan, count: memory.count)
        }
        for head in 0..<world.heads {
            let column = head * test.headWidth
            world.rows.withUnsafeBufferPointer { rows in
                world.bias.withUnsafeBufferPointer { bias in
                    guard let rowBase = rows.baseAddress, let biasBase = bias.baseAddress
                    else { return }
                    let rows = rowBase + column
                    let bias = biasBase + column
                    attention.packKeys(
                        tokens: tokens, keys: rows + world.width, values: rows + 2 * world.width,
                        stride: world.stride, paddingKey: bias + world.width,
                        paddingValue: bias + 2 * world.width, into: keys.values, values.values)
                    attention.attend(
                        queries[...], queries: rows, stride: world.stride,
                        packedKeys: keys.values, packedValues: values.values,
                        tableH: tables[0].values, tableW: tables[1].values, into: output.values,
                        inner: inner, column: column, scratch: scratch.values)
                }
            }
        }
        var largest = 0.0
        for query in stride(from: 0, to: queries.count, by: max(1, queries.count / 9)) {
            for head in 0..<world.heads {
                let expected = world.reference(
                    head: head, y: query / test.real, x: query % test.real)
                for (index, value) in expected.enumerated() {
                    let column = head * test.headWidth + index
                    let place =
                        query / layout.strip * layout.strip * inner
                        + column / layout.lanes * layout.lanes * layout.strip
                        + query % layout.strip * layout.lanes + column % layout.lanes
                    let difference = abs(Double(output.values[place]) - value)
                    largest = difference.isNaN ? .infinity : max(largest, difference)
                }
            }
        }
        // Scores reach 60, where a float is exact to 4e-6: that much is a weight's relative error.
        #expect(largest < 3e-5)
    }
}
