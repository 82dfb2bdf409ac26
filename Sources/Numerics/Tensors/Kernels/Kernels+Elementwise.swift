internal import CNetworkKernels

extension Kernels {
    /// `output = max(input, 0)`.
    ///
    /// - Parameters:
    ///   - input: Values.
    ///   - output: Results; may be the same memory.
    ///   - count: How many.
    public static func relu(
        _ input: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>, count: Int
    ) {
        nk_relu(input, output, count)
    }

    /// `max(x, 0)` in place.
    ///
    /// - Parameters:
    ///   - values: Values, replaced.
    ///   - count: How many.
    public static func relu(_ values: UnsafeMutablePointer<Float>, count: Int) {
        nk_relu(values, values, count)
    }

    /// `output = x Phi(x)`, Phi the standard normal distribution function (the exact form of GELU, by erf).
    ///
    /// - Parameters:
    ///   - input: Values.
    ///   - output: Results, relative error below 1e-6, or absolute below 1e-30; may be the same memory.
    ///   - count: How many.
    public static func gelu(
        _ input: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>, count: Int
    ) {
        nk_gelu(input, output, count)
    }

    /// `x Phi(x)` in place; see ``gelu(_:into:count:)``.
    ///
    /// - Parameters:
    ///   - values: Values, replaced.
    ///   - count: How many.
    public static func gelu(_ values: UnsafeMutablePointer<Float>, count: Int) {
        nk_gelu(values, values, count)
    }

    /// `output = e^input`, relative error below 3e-7; infinity, zero and NaN as usual.
    ///
    /// - Parameters:
    ///   - input: Values.
    ///   - output: Results; may be the same memory.
    ///   - count: How many.
    public static func exp(
        _ input: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>, count: Int
    ) {
        nk_exp(input, output, count)
    }

    /// `output = a + b`.
    ///
    /// - Parameters:
    ///   - a: Values.
    ///   - b: Values.
    ///   - output: Sums; may be the same memory as one of them.
    ///   - count: How many.
    public static func add(
        _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
        into output: UnsafeMutablePointer<Float>, count: Int
    ) {
        nk_add(a, b, output, count)
    }

    /// `output = factor * input`.
    ///
    /// - Parameters:
    ///   - input: Values.
    ///   - factor: The factor.
    ///   - output: Products; may be the same memory.
    ///   - count: How many.
    public static func scale(
        _ input: UnsafePointer<Float>, by factor: Float,
        into output: UnsafeMutablePointer<Float>, count: Int
    ) {
        nk_scale(input, output, count, factor)
    }

    /// Adds one row to every row of a matrix in place.
    ///
    /// - Parameters:
    ///   - values: The matrix.
    ///   - rows: Number of rows.
    ///   - width: Length of a row.
    ///   - stride: Distance of rows in memory; `nil` when they lie one after the other.
    ///   - bias: `width` values.
    public static func addBias(
        _ values: UnsafeMutablePointer<Float>, rows: Int, width: Int, stride: Int? = nil,
        bias: UnsafePointer<Float>
    ) {
        nk_add_bias(values, rows, width, stride ?? width, bias)
    }

    /// Copies one row into every row of a matrix; a product added onto it (`beta` 1) then has its bias.
    ///
    /// - Parameters:
    ///   - values: The matrix.
    ///   - rows: Number of rows.
    ///   - width: Length of a row.
    ///   - stride: Distance of rows in memory; `nil` when they lie one after the other.
    ///   - row: `width` values.
    public static func fillRows(
        _ values: UnsafeMutablePointer<Float>, rows: Int, width: Int, stride: Int? = nil,
        with row: UnsafePointer<Float>
    ) {
        nk_fill_rows(values, rows, width, stride ?? width, row)
    }
}
