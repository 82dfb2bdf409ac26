internal import CNetworkKernels

/// How exactly the factors of matrix products are kept; sums are 32-bit floats in both cases, and so is everything that is not a
/// matrix product.
public enum ProductPrecision: String, CaseIterable, Codable, Hashable, Sendable {
    /// 32-bit floats, 24 bits of mantissa.
    case float32
    /// Both factors rounded to the nearest bfloat16, 8 bits of mantissa; weights take half the memory.
    case bfloat16
}

extension Kernels {
    /// Rounds to bfloat16: to the nearest number with 8 bits of mantissa, of two equally near to the even one.
    ///
    /// Infinity and NaN stay; numbers above 3.39e38 become infinite.
    ///
    /// - Parameters:
    ///   - input: Values.
    ///   - output: Results; may be the same memory.
    ///   - count: How many.
    public static func roundToBFloat16(
        _ input: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>, count: Int
    ) {
        nk_round_bfloat16(input, output, count)
    }
}

extension ProductPrecision {
    /// Makes values factors of a product, in place.
    ///
    /// - Parameters:
    ///   - values: Values, rounded for ``bfloat16``.
    ///   - count: How many.
    public func round(_ values: UnsafeMutablePointer<Float>, count: Int) {
        guard self == .bfloat16 else { return }
        Kernels.roundToBFloat16(values, into: values, count: count)
    }

    /// Values as factors of a product.
    ///
    /// - Parameter values: Values.
    /// - Returns: The same, rounded for ``bfloat16``.
    public func rounded(_ values: [Float]) -> [Float] {
        guard self == .bfloat16 else { return values }
        var result = values
        result.withUnsafeMutableBufferPointer { buffer in
            if let base = buffer.baseAddress { round(base, count: buffer.count) }
        }
        return result
    }
}
