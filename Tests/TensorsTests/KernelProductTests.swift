import Testing

@testable import Tensors

/// Products of packed matrices against sums in double precision, at every level of this machine.
@Suite struct KernelProductTests {
    static let levels = Kernels.Level.allCases.filter { $0 <= Kernels.highestLevel }

    struct Size: Sendable, CustomTestStringConvertible {
        var rows: Int
        var columns: Int
        var inner: Int
        var testDescription: String { "\(rows) x \(columns) over \(inner)" }
    }

    /// One more and one less than strips, panels and vectors, and more than one pass over the inner columns.
    static let sizes = [
        Size(rows: 1, columns: 1, inner: 1), Size(rows: 14, columns: 32, inner: 16),
        Size(rows: 13, columns: 31, inner: 15), Size(rows: 29, columns: 65, inner: 33),
        Size(rows: 7, columns: 100, inner: 48), Size(rows: 20, columns: 40, inner: 1700),
    ]

    /// The product with bias, and the sum of absolute values that its rounding error is measured by.
    static func reference(
        _ size: Size, _ a: [Float], _ w: [Float], _ bias: [Float]
    ) -> [(value: Double, scale: Double)] {
        (0..<size.rows * size.columns).map { index in
            let (row, column) = index.quotientAndRemainder(dividingBy: size.columns)
            var value = Double(bias[column])
            var scale = abs(value)
            for k in 0..<size.inner {
                let product = Double(a[row * size.inner + k]) * Double(w[column * size.inner + k])
                value += product
                scale += abs(product)
            }
            return (value, scale)
        }
    }

    @Test(arguments: levels, sizes)
    func `a product is that of the definition, written or added`(level: Kernels.Level, size: Size) {
        let a = KernelRowTests.numbers(size.rows * size.inner, seed: 1)
        let w = KernelRowTests.numbers(size.columns * size.inner, seed: 2)
        let bias = KernelRowTests.numbers(size.columns, seed: 3)
        let layout = PackedLayout(level: level)
        let matrix = PackedMatrix(
            Tensor(w, shape: [size.columns, size.inner]), bias: Tensor(bias, shape: [bias.count]),
            columns: size.columns, layout: layout)
        var strips = [Float](
            repeating: .nan, count: layout.stripValues(rows: size.rows, inner: size.inner))
        Kernels.packStrips(
            a, rows: size.rows, inner: size.inner, stride: size.inner, layout: layout,
            into: &strips)
        // A stride beyond the columns: what lies between must stay.
        let stride = size.columns + 3
        var written = [Float](repeating: 5, count: size.rows * stride)
        var added = written
        matrix.multiply(strips, rows: size.rows, into: &written, stride: stride)
        matrix.multiply(
            strips, rows: size.rows, into: &added, stride: stride, accumulates: true)
        let expected = Self.reference(size, a, w, bias)
        for row in 0..<size.rows {
            for column in 0..<stride {
                let found = written[row * stride + column]
                let sum = added[row * stride + column]
                guard column < size.columns else {
                    #expect(found == 5 && sum == 5)
                    continue
                }
                let (value, scale) = expected[row * size.columns + column]
                #expect(abs(Double(found) - value) < 1e-6 * scale)
                #expect(abs(Double(sum) - value - 5) < 1e-6 * (scale + 5))
            }
        }
    }

    @Test(arguments: levels, [Size(rows: 15, columns: 36, inner: 20)])
    func `a perceptron by strips is that by rows`(level: Kernels.Level, size: Size) {
        let layout = PackedLayout(level: level)
        let a = KernelRowTests.numbers(size.rows * size.inner, seed: 4)
        func matrix(_ outputs: Int, _ inputs: Int, seed: UInt64) -> PackedMatrix {
            PackedMatrix(
                Tensor(
                    KernelRowTests.numbers(outputs * inputs, seed: seed),
                    shape: [outputs, inputs]),
                bias: Tensor(KernelRowTests.numbers(outputs, seed: seed + 1), shape: [outputs]),
                columns: outputs, layout: layout)
        }
        let first = matrix(size.columns, size.inner, seed: 5)
        let second = matrix(9, size.columns, seed: 7)
        func pack(_ rows: [Float], _ inner: Int) -> [Float] {
            var strips = [Float](
                repeating: .nan, count: layout.stripValues(rows: size.rows, inner: inner))
            Kernels.packStrips(
                rows, rows: size.rows, inner: inner, stride: inner, layout: layout, into: &strips)
            return strips
        }
        let strips = pack(a, size.inner)
        var hiddenStrips = [Float](
            repeating: .nan, count: layout.stripValues(rows: size.rows, inner: size.columns))
        first.multiplyWithGELU(strips, rows: size.rows, intoStrips: &hiddenStrips)
        var direct = [Float](repeating: .nan, count: size.rows * 9)
        second.multiply(hiddenStrips, rows: size.rows, into: &direct, stride: 9)

        var hidden = [Float](repeating: .nan, count: size.rows * size.columns)
        first.multiply(strips, rows: size.rows, into: &hidden, stride: size.columns)
        Kernels.withLevel(level) { Kernels.gelu(&hidden, count: hidden.count) }
        var byRows = [Float](repeating: .nan, count: size.rows * 9)
        second.multiply(pack(hidden, size.columns), rows: size.rows, into: &byRows, stride: 9)
        #expect(direct == byRows)
        #expect(direct.allSatisfy { $0.isFinite })
    }

    @Test(arguments: levels, [1, 16, 21, 64])
    func `a layer norm into strips has the bits of one into rows`(level: Kernels.Level, width: Int)
    {
        let rows = 17
        let layout = PackedLayout(level: level)
        let input = KernelRowTests.numbers(rows * width, seed: 9)
        let weight = KernelRowTests.numbers(width, seed: 10)
        let bias = KernelRowTests.numbers(width, seed: 11)
        var plain = input
        Kernels.withLevel(level) {
            Kernels.layerNorm(
                input, into: &plain, rows: rows, width: width, weight: weight, bias: bias,
                epsilon: 1e-6)
        }
        let count = layout.stripValues(rows: rows, inner: width)
        var packed = [Float](repeating: .nan, count: count)
        Kernels.packStrips(
            plain, rows: rows, inner: width, stride: width, layout: layout, into: &packed)
        var direct = [Float](repeating: .nan, count: count)
        Kernels.layerNorm(
            input, intoStrips: &direct, rows: rows, width: width, weight: weight, bias: bias,
            epsilon: 1e-6, layout: layout)
        #expect(direct == packed)
    }

    @Test func `a row has the same bits whatever rows stand beside it`() {
        let layout = PackedLayout()
        let (rows, inner, columns) = (40, 70, 50)
        let a = KernelRowTests.numbers(rows * inner, seed: 12)
        let matrix = PackedMatrix(
            Tensor(KernelRowTests.numbers(columns * inner, seed: 13), shape: [columns, inner]),
            columns: columns, layout: layout)
        func product(_ range: Range<Int>) -> [Float] {
            var strips = [Float](
                repeating: 0, count: layout.stripValues(rows: range.count, inner: inner))
            Kernels.packStrips(
                Array(a[range.lowerBound * inner..<range.upperBound * inner]), rows: range.count,
                inner: inner, stride: inner, layout: layout, into: &strips)
            var result = [Float](repeating: 0, count: range.count * columns)
            matrix.multiply(strips, rows: range.count, into: &result, stride: columns)
            return result
        }
        let whole = product(0..<rows)
        for range in [0..<1, 3..<20, 14..<28, 39..<40] {
            #expect(
                product(range)
                    == Array(whole[range.lowerBound * columns..<range.upperBound * columns]))
        }
    }

    @Test(arguments: [1, 2, 5])
    func `every piece runs once, and no worker runs two at a time`(workers: Int) {
        let count = 103
        let pieces = KernelMemory(count: count)
        pieces.values.update(repeating: 0, count: count)
        let busy = KernelMemory(count: workers)
        busy.values.update(repeating: 0, count: workers)
        let clashes = KernelMemory(count: workers)
        clashes.values.update(repeating: 0, count: workers)
        ParallelRange.forEach(count: count, piece: 4, workers: workers) { range, worker in
            busy.values[worker] += 1
            if busy.values[worker] != 1 { clashes.values[worker] += 1 }
            for index in range { pieces.values[index] += 1 }
            busy.values[worker] -= 1
        }
        #expect((0..<count).allSatisfy { pieces.values[$0] == 1 })
        #expect((0..<workers).allSatisfy { clashes.values[$0] == 0 })
    }
}
