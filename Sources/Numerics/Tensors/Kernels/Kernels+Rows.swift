internal import CNetworkKernels

extension Kernels {
    /// Normalises every row to mean 0 and variance 1 (divided by the width), then multiplies by weights and adds biases.
    ///
    /// - Parameters:
    ///   - input: `rows` x `width` values.
    ///   - output: Results; may be the same memory.
    ///   - rows: Number of rows.
    ///   - width: Length of a row.
    ///   - weight: `width` factors.
    ///   - bias: `width` summands.
    ///   - epsilon: Added to the variance.
    public static func layerNorm(
        _ input: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>, rows: Int,
        width: Int, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>, epsilon: Float
    ) {
        nk_layer_norm(input, output, rows, width, weight, bias, epsilon)
    }

    /// Replaces every row by its softmax.
    ///
    /// - Parameters:
    ///   - values: `rows` x `width` finite values, replaced. What lies 87 or more below the maximum of its row becomes
    ///     about 1e-38 of it.
    ///   - rows: Number of rows.
    ///   - width: Length of a row.
    public static func softmaxRows(_ values: UnsafeMutablePointer<Float>, rows: Int, width: Int) {
        nk_softmax_rows(values, rows, width)
    }

    /// Writes the transpose of a matrix.
    ///
    /// - Parameters:
    ///   - input: The matrix.
    ///   - rows: Its rows.
    ///   - columns: Its columns.
    ///   - inputStride: Distance of its rows in memory; `nil` for `columns`.
    ///   - output: `columns` rows of `rows` values; other memory than the input.
    ///   - outputStride: Distance of these rows in memory; `nil` for `rows`.
    public static func transpose(
        _ input: UnsafePointer<Float>, rows: Int, columns: Int, inputStride: Int? = nil,
        into output: UnsafeMutablePointer<Float>, outputStride: Int? = nil
    ) {
        nk_transpose(input, rows, columns, inputStride ?? columns, output, outputStride ?? rows)
    }
}
