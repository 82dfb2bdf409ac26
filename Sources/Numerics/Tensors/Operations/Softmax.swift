/// Exponentials of every row divided by their sum.
///
/// - Shapes: a row is the last axis; `x`, `y`, `dy` and `dx` are `[..., C]` with C of 1 or more.
public enum Softmax {
    /// `y = exp(x - max) / sum`.
    ///
    /// - Parameter x: The input, finite. What lies 87 or more below the maximum of its row becomes about 1e-38.
    /// - Returns: Numbers from 0 to 1; every row sums to 1.
    public static func forward(_ x: Tensor) -> Tensor {
        let (rows, columns) = x.rowsAndColumns
        return Tensor.filled(x.shape) { y in
            x.reading { x in
                ParallelRange.forEach(count: rows, piece: Elementwise.rowPiece(columns: columns)) {
                    let (at, count) = ($0.lowerBound * columns, $0.count * columns)
                    (y + at).update(from: x + at, count: count)
                    Kernels.softmaxRows(y + at, rows: $0.count, width: columns)
                }
            }
        }
    }

    /// The gradient of the input: `y (dy - sum(dy y))` in every row.
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
                        let at = row * columns
                        gradientLine(dy + at, y: y + at, into: dx + at, columns)
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

    /// The gradient of one row; `dx` may be `dy`.
    static func gradientLine(
        _ dy: UnsafePointer<Float>, y: UnsafePointer<Float>,
        into dx: UnsafeMutablePointer<Float>, _ count: Int
    ) {
        let common = Elementwise.dot(dy, y, count)
        for i in 0..<count { dx[i] = y[i] * (dy[i] - common) }
    }
}
