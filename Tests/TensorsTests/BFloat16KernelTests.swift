import Testing

@testable import Tensors

/// Rounding to bfloat16, and products of what was rounded.
@Suite struct BFloat16KernelTests {
    static let levels = Kernels.Level.allCases.filter { $0 <= Kernels.highestLevel }

    /// The nearest of the two neighbours, found by their distance in double precision.
    static func nearest(_ x: Float) -> Float {
        guard x.isFinite else { return x }
        let low = Float(bitPattern: x.bitPattern & 0xffff_0000)
        let high = Float(bitPattern: (x.bitPattern & 0xffff_0000) &+ 0x1_0000)
        // Beyond the largest number the next one up would be 2^128.
        let above = high.isFinite ? Double(high) : Double(x.sign == .minus ? -1 : 1) * 0x1p128
        let (a, b) = (abs(Double(x) - Double(low)), abs(above - Double(x)))
        if a != b { return a < b ? low : high }
        return low.bitPattern & 0x1_0000 == 0 ? low : high
    }

    @Test(arguments: levels)
    func `rounding goes to the nearest, and to the even one of two`(level: Kernels.Level) {
        var bits: [UInt32] = [0x3f80_7fff, 0x3f80_8000, 0x3f80_8001, 0x3f81_8000, 0x7f7f_8000]
        bits += [0x7f7f_7fff, 0x7f80_0000, 0x0000_8000, 0x0000_8001, 0x0001_8000, 0x0000_0001]
        bits += (0..<5000).map { UInt32(truncatingIfNeeded: $0 &* 2_654_435_761) }
        bits += bits.map { $0 ^ 0x8000_0000 }
        let values = bits.map { Float(bitPattern: $0) }.filter { !$0.isNaN }
        var rounded = values
        Kernels.withLevel(level) {
            Kernels.roundToBFloat16(values, into: &rounded, count: values.count)
        }
        for (value, found) in zip(values, rounded) {
            #expect(
                found.bitPattern == Self.nearest(value).bitPattern, "\(value.bitPattern) \(found)")
        }
    }

    @Test(arguments: levels)
    func `what is not a number stays so`(level: Kernels.Level) {
        let values = [UInt32](arrayLiteral: 0x7fff_ffff, 0xffff_ffff, 0x7f80_0001, 0x7fc0_0000)
            .map { Float(bitPattern: $0) }
        var rounded = [Float](repeating: 0, count: 4)
        Kernels.withLevel(level) {
            Kernels.roundToBFloat16(values, into: &rounded, count: 4)
        }
        #expect(rounded.allSatisfy { $0.isNaN })
    }

    @Test(arguments: levels, KernelProductTests.sizes)
    func `a product of half the memory has the bits of one of rounded weights`(
        level: Kernels.Level, size: KernelProductTests.Size
    ) {
        let a = KernelRowTests.numbers(size.rows * size.inner, seed: 1)
        let weights = KernelRowTests.numbers(size.columns * size.inner, seed: 2)
        let bias = Tensor(KernelRowTests.numbers(size.columns, seed: 3), shape: [size.columns])
        let layout = PackedLayout(level: level)
        func matrix(_ weights: [Float], _ precision: ProductPrecision) -> PackedMatrix {
            PackedMatrix(
                Tensor(weights, shape: [size.columns, size.inner]), bias: bias,
                columns: size.columns, layout: layout, precision: precision)
        }
        let half = matrix(weights, .bfloat16)
        let whole = matrix(weights.map(Self.nearest), .float32)
        var strips = [Float](
            repeating: 0, count: layout.stripValues(rows: size.rows, inner: size.inner))
        Kernels.packStrips(
            a, rows: size.rows, inner: size.inner, stride: size.inner, layout: layout,
            into: &strips)
        let count = size.rows * size.columns
        var found = [Float](repeating: 1, count: count)
        var expected = found
        half.multiply(
            strips, rows: size.rows, into: &found, stride: size.columns, accumulates: true)
        whole.multiply(
            strips, rows: size.rows, into: &expected, stride: size.columns, accumulates: true)
        #expect(found == expected)

        half.multiply(
            strips, rows: size.rows, into: &found, stride: size.columns, areFactors: true)
        whole.multiply(strips, rows: size.rows, into: &expected, stride: size.columns)
        #expect(found == expected.map(Self.nearest))

        // With GELU both are strips; those of the half are factors of a next product.
        let values = layout.stripValues(rows: size.rows, inner: size.columns)
        var hidden = [Float](repeating: 7, count: values)
        var wide = hidden
        half.multiplyWithGELU(strips, rows: size.rows, intoStrips: &hidden)
        whole.multiplyWithGELU(strips, rows: size.rows, intoStrips: &wide)
        #expect(hidden == wide.map(Self.nearest))
    }

    @Test(arguments: levels)
    func `no kernel leaves numbers so small that the next product is slow over them`(
        level: Kernels.Level
    ) {
        let inputs = (0...40_000).map { Float($0) * -0.001 }
        var results = inputs
        Kernels.withLevel(level) {
            Kernels.gelu(inputs, into: &results, count: inputs.count)
        }
        #expect(!results.contains { $0.isSubnormal })
        #expect(results.last == 0 && results[12_001] == 0 && results[11_999] < 0)
        // Thousands of equal scores beside some that are far smaller.
        let width = 4100
        var row = (0..<width).map { Float($0 % 2 == 0 ? 0 : -$0) }
        Kernels.withLevel(level) { Kernels.softmaxRows(&row, rows: 1, width: width) }
        #expect(!row.contains { $0.isSubnormal })
        #expect(abs(row.reduce(into: 0.0) { $0 += Double($1) } - 1) < 1e-5)
    }
}
