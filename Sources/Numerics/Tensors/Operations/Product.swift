/// A matrix in row-major memory as a factor of a product.
struct Factor: @unchecked Sendable {
    let base: UnsafePointer<Float>
    let stride: Int
    let orientation: MatrixProduct.Orientation

    /// As it lies in memory; `stride` is the distance of its rows.
    static func plain(_ base: UnsafePointer<Float>, _ stride: Int) -> Factor {
        Factor(base: base, stride: stride, orientation: .plain)
    }

    /// With rows and columns exchanged; `stride` is the distance of rows in memory.
    static func turned(_ base: UnsafePointer<Float>, _ stride: Int) -> Factor {
        Factor(base: base, stride: stride, orientation: .transposed)
    }

    /// The part from a row of the factor on, as it is used in the product.
    fileprivate func from(row: Int) -> UnsafePointer<Float> {
        base + (orientation == .plain ? row * stride : row)
    }

    /// The part from a column of the factor on, as it is used in the product.
    fileprivate func from(column: Int) -> UnsafePointer<Float> {
        base + (orientation == .plain ? column : column * stride)
    }
}

/// Products of matrices, divided over threads or not.
enum Product {
    /// Multiplications below which a product stays whole.
    private static let whole = 1 << 21

    /// `c = alpha * a b + beta * c` on the calling thread; nothing happens for an empty result.
    static func serial(
        rows: Int, columns: Int, inner: Int, _ a: Factor, _ b: Factor,
        into c: UnsafeMutablePointer<Float>, stride: Int, alpha: Float = 1, beta: Float = 0
    ) {
        guard rows > 0, columns > 0 else { return }
        MatrixProduct.multiply(
            rows: rows, columns: columns, inner: inner, a.base, stride: a.stride, a.orientation,
            b.base, stride: b.stride, b.orientation, into: c, stride: stride, alpha: alpha,
            beta: beta)
    }

    /// `c = alpha * a b + beta * c` in blocks of rows, or of columns when there are few rows.
    ///
    /// The division depends on the shape only, so the bits of the result do not depend on the number of threads.
    static func parallel(
        rows: Int, columns: Int, inner: Int, _ a: Factor, _ b: Factor,
        into c: UnsafeMutablePointer<Float>, stride: Int, alpha: Float = 1, beta: Float = 0
    ) {
        let c = Target(c)
        @Sendable func part(_ r: Range<Int>, _ k: Range<Int>) {
            serial(
                rows: r.count, columns: k.count, inner: inner,
                Factor(
                    base: a.from(row: r.lowerBound), stride: a.stride, orientation: a.orientation),
                Factor(
                    base: b.from(column: k.lowerBound), stride: b.stride,
                    orientation: b.orientation),
                into: c + (r.lowerBound * stride + k.lowerBound), stride: stride, alpha: alpha,
                beta: beta)
        }
        if rows * columns * max(inner, 1) <= whole {
            part(0..<rows, 0..<columns)
        } else if rows >= 256 {
            // Thin blocks would pack the other factor too often; thick ones would leave a core idle at the end.
            ParallelRange.forEach(count: rows, piece: rows >= 1024 ? 256 : 128) {
                part($0, 0..<columns)
            }
        } else {
            let piece = min(1024, max(64, (columns / 4 + 15) / 16 * 16))
            ParallelRange.forEach(count: columns, piece: piece) { part(0..<rows, $0) }
        }
    }
}
