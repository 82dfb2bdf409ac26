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

/// Kernels over single values, against the C library's functions in double precision, at every level of this machine.
@Suite struct KernelElementwiseTests {
    static let levels = Kernels.Level.allCases.filter { $0 <= Kernels.highestLevel }

    /// Values from -100 to 100, dense around 0, of a number that no vector divides.
    static let inputs: [Float] = (0..<4001).map { index in
        let x = (Float(index) - 2000) / 2000
        return 100 * x * x * x + 0.001 * x
    }

    static func apply(
        _ level: Kernels.Level, _ values: [Float],
        _ kernel: (UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int) -> Void
    ) -> [Float] {
        Kernels.withLevel(level) {
            [Float](unsafeUninitializedCapacity: values.count) { output, count in
                if let base = output.baseAddress { kernel(values, base, values.count) }
                count = values.count
            }
        }
    }

    @Test(arguments: levels)
    func `GELU is exact to a millionth of its value, far into the tail`(level: Kernels.Level) {
        let found = Self.apply(level, Self.inputs) { Kernels.gelu($0, into: $1, count: $2) }
        // Without fused multiply-add the square in the exponent is rounded: 25 / 2 * 2^-24 at x = -5.
        let tolerance = level == .base ? 3e-6 : 1e-6
        for (x, y) in zip(Self.inputs, found) {
            let expected = Double(x) * 0.5 * erfc(-Double(x) / 2.0.squareRoot())
            #expect(abs(Double(y) - expected) <= tolerance * abs(expected) + 1e-30, "x = \(x)")
        }
    }

    @Test(arguments: levels)
    func `exp is exact to three units of the last place`(level: Kernels.Level) {
        let found = Self.apply(level, Self.inputs) { Kernels.exp($0, into: $1, count: $2) }
        for (x, y) in zip(Self.inputs, found) {
            let expected = reference(Double(x))
            if expected > Double(Float.greatestFiniteMagnitude) {
                #expect(y == .infinity, "x = \(x)")
            } else {
                #expect(abs(Double(y) - expected) <= 3e-7 * expected + 1.5e-45, "x = \(x)")
            }
        }
    }

    @Test(arguments: levels)
    func `exp of what is not finite is as usual`(level: Kernels.Level) {
        let found = Self.apply(level, [.infinity, -.infinity, .nan, 0]) {
            Kernels.exp($0, into: $1, count: $2)
        }
        #expect(found[0] == .infinity && found[1] == 0 && found[2].isNaN && found[3] == 1)
    }

    @Test(arguments: levels)
    func `what is not a number passes through ReLU and GELU`(level: Kernels.Level) {
        let inputs: [Float] = [.nan, -1, 2, -.infinity, .infinity]
        let relu = Self.apply(level, inputs) { Kernels.relu($0, into: $1, count: $2) }
        #expect(relu[0].isNaN && Array(relu[1...]) == [0, 2, 0, .infinity])
        let gelu = Self.apply(level, inputs) { Kernels.gelu($0, into: $1, count: $2) }
        #expect(gelu[0].isNaN && gelu[4] == .infinity)
    }

    @Test(arguments: levels)
    func `a value does not depend on where it stands`(level: Kernels.Level) {
        let kernels: [(UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int) -> Void] = [
            { Kernels.gelu($0, into: $1, count: $2) }, { Kernels.exp($0, into: $1, count: $2) },
            { Kernels.relu($0, into: $1, count: $2) },
            { Kernels.scale($0, by: 0.3, into: $1, count: $2) },
            { Kernels.add($0, $0, into: $1, count: $2) },
        ]
        let inputs = Array(Self.inputs[1500..<1600])
        for kernel in kernels {
            let whole = Self.apply(level, inputs, kernel)
            for start in [1, 3, 17, 95] {
                let part = Self.apply(level, Array(inputs[start...]), kernel)
                #expect(part == Array(whole[start...]))
            }
        }
    }

    @Test(arguments: levels, [0, 1, 15, 16, 17, 67])
    func `sums, products and maxima are those of plain Swift`(level: Kernels.Level, count: Int) {
        let a = Array(Self.inputs[1900..<1900 + count])
        let b = Array(Self.inputs[2100..<2100 + count])
        #expect(
            Self.apply(level, a) { Kernels.add($0, b, into: $1, count: $2) }
                == zip(a, b).map { $0 + $1 })
        #expect(
            Self.apply(level, a) { Kernels.scale($0, by: 1.7, into: $1, count: $2) }
                == a.map { 1.7 * $0 })
        #expect(
            Self.apply(level, a) { Kernels.relu($0, into: $1, count: $2) } == a.map { max($0, 0) })
    }
}

private func reference(_ x: Double) -> Double { exp(x) }
