#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Logarithms of the softmax of every row.
///
/// - Shapes: a row is the last axis; `x`, `y`, `dy` and `dx` are `[..., C]` with C of 1 or more.
public enum LogSoftmax {
    /// `y = x - max - log(sum(exp(x - max)))`.
    ///
    /// - Parameter x: The input.
    /// - Returns: Numbers of at most 0.
    public static func forward(_ x: Tensor) -> Tensor {
        let (rows, columns) = x.rowsAndColumns
        return Tensor.filled(x.shape) { y in
            x.reading { x in
                ParallelRange.forEach(count: rows, piece: Elementwise.rowPiece(columns: columns)) {
                    for row in $0 {
                        let (x, y) = (x + row * columns, y + row * columns)
                        let top = Elementwise.maximum(x, columns)
                        for i in 0..<columns { y[i] = x[i] - top }
                        Kernels.exp(y, into: y, count: columns)
                        let shift = logf(Elementwise.sum(y, columns))
                        // The maximum first: what is left is small and keeps its digits.
                        for i in 0..<columns { y[i] = (x[i] - top) - shift }
                    }
                }
            }
        }
    }

    /// The gradient of the input: `dy - exp(y) sum(dy)` in every row.
    ///
    /// - Parameters:
    ///   - dy: The gradient of the output.
    ///   - y: The output of the forward pass.
    /// - Returns: The gradient of the input.
    public static func backward(_ dy: Tensor, y: Tensor) -> Tensor {
        let (rows, columns) = y.rowsAndColumns
        precondition(dy.shape == y.shape, "a gradient of another shape than the output")
        return Tensor.filled(y.shape) { dx in
            reading(dy, y) { dy, y in
                ParallelRange.forEach(count: rows, piece: Elementwise.rowPiece(columns: columns)) {
                    for row in $0 {
                        let (dy, y) = (dy + row * columns, y + row * columns)
                        let dx = dx + row * columns
                        let total = Elementwise.sum(dy, columns)
                        Kernels.exp(y, into: dx, count: columns)
                        for i in 0..<columns { dx[i] = dy[i] - dx[i] * total }
                    }
                }
            }
        }
    }

    /// The function on a variable; recorded when there is a tape and the variable is recorded.
    ///
    /// - Parameters:
    ///   - x: The input.
    ///   - tape: Where to record; `nil` to compute only.
    /// - Returns: The output.
    public static func apply(_ x: Variable, on tape: Tape?) -> Variable {
        let y = forward(x.value)
        return tape.record(y, from: [x]) { { [backward($0, y: y)] } }
    }
}
