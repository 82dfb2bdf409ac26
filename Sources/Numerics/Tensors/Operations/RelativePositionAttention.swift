/// Attention over a grid of tokens with the decomposed relative-position term.
///
/// A query at line y and column x and a key at (ky, kx) add `q·tableH[y - ky + H - 1] + q·tableW[x - kx + W - 1]` to
/// their score; the query is unscaled there. Tables of another length are resampled linearly first.
///
/// - Shapes: B... = windows and heads, tokens N = H W in line order, D and E channels.
///   - `q`, `k` `[B..., N, D]`, `v [B..., N, E]`, `tableH [2H-1, D]`, `tableW [2W-1, D]`, `y [B..., N, E]`
/// - Source: Li et al. 2022 (MViTv2) as used in the Segment Anything image encoder.
public enum RelativePositionAttention {
    /// The gradients of the inputs and the tables.
    public struct Gradients: Sendable {
        /// The gradient of the queries.
        public var q: Tensor
        /// The gradient of the keys.
        public var k: Tensor
        /// The gradient of the values.
        public var v: Tensor
        /// The gradient of the table over lines, in the shape in which it was given.
        public var tableH: Tensor
        /// The gradient of the table over columns, in the shape in which it was given.
        public var tableW: Tensor
    }

    /// `y = softmax(scale q kᵀ + positions) v`.
    ///
    /// - Parameters:
    ///   - q: The queries.
    ///   - k: The keys.
    ///   - v: The values.
    ///   - tableH: One row per distance of lines.
    ///   - tableW: One row per distance of columns.
    ///   - height: Lines of the grid, H.
    ///   - width: Columns of the grid, W.
    ///   - scale: The factor of the products of queries and keys.
    /// - Returns: One mixture of values per query.
    public static func forward(
        _ q: Tensor, _ k: Tensor, _ v: Tensor, tableH: Tensor, tableW: Tensor, height: Int,
        width: Int, scale: Float
    ) -> Tensor {
        Tensor.filled(q.shape.dropLast() + [v.shape.last ?? 0]) { y in
            withCore(
                q, k, v, scale, fitted(tableH, to: height), fitted(tableW, to: width), height, width
            ) { $0.forward(into: y) }
        }
    }

    /// The gradients of ``forward(_:_:_:tableH:tableW:height:width:scale:)``.
    ///
    /// - Parameters:
    ///   - dy: The gradient of the output.
    ///   - q: The queries.
    ///   - k: The keys.
    ///   - v: The values.
    ///   - tableH: One row per distance of lines.
    ///   - tableW: One row per distance of columns.
    ///   - height: Lines of the grid, H.
    ///   - width: Columns of the grid, W.
    ///   - scale: As in the forward pass.
    /// - Returns: The gradients; those of the tables are summed over all heads in order.
    public static func backward(
        _ dy: Tensor, q: Tensor, k: Tensor, v: Tensor, tableH: Tensor, tableW: Tensor, height: Int,
        width: Int, scale: Float
    ) -> Gradients {
        precondition(
            dy.shape == q.shape.dropLast() + [v.shape.last ?? 0],
            "a gradient of another shape than the output")
        let (fittedH, fittedW) = (fitted(tableH, to: height), fitted(tableW, to: width))
        let heads = q.shape.dropLast(2).reduce(1, *)
        var (dk, dv) = (Tensor(zeros: k.shape), Tensor(zeros: v.shape))
        var (dH, dW) = (
            Tensor(zeros: [heads, fittedH.count]), Tensor(zeros: [heads, fittedW.count])
        )
        let dq = Tensor.filled(q.shape) { dq in
            dk.changing { dk in
                dv.changing { dv in
                    dH.changing { dH in
                        dW.changing { dW in
                            dy.reading { dy in
                                withCore(q, k, v, scale, fittedH, fittedW, height, width) {
                                    $0.backward(dy, dq: dq, dk: dk, dv: dv, tableH: dH, tableW: dW)
                                }
                            }
                        }
                    }
                }
            }
        }
        dH = Elementwise.columnSums(dH, columns: fittedH.count).reshaped(fittedH.shape)
        dW = Elementwise.columnSums(dW, columns: fittedW.count).reshaped(fittedW.shape)
        return Gradients(
            q: dq, k: dk, v: dv, tableH: unfitted(dH, to: tableH.shape),
            tableW: unfitted(dW, to: tableW.shape))
    }

    /// The operation on variables; recorded when there is a tape and one of them is recorded.
    ///
    /// - Parameters:
    ///   - q: The queries.
    ///   - k: The keys.
    ///   - v: The values.
    ///   - tableH: One row per distance of lines.
    ///   - tableW: One row per distance of columns.
    ///   - height: Lines of the grid, H.
    ///   - width: Columns of the grid, W.
    ///   - scale: The factor of the products of queries and keys.
    ///   - tape: Where to record; `nil` to compute only.
    /// - Returns: One mixture of values per query.
    public static func apply(
        _ q: Variable, _ k: Variable, _ v: Variable, tableH: Variable, tableW: Variable,
        height: Int, width: Int, scale: Float, on tape: Tape?
    ) -> Variable {
        let y = forward(
            q.value, k.value, v.value, tableH: tableH.value, tableW: tableW.value, height: height,
            width: width, scale: scale)
        return tape.record(y, from: [q, k, v, tableH, tableW]) {
            let (q, k, v) = (q.value, k.value, v.value)
            let (tableH, tableW) = (tableH.value, tableW.value)
            return { dy in
                let g = backward(
                    dy, q: q, k: k, v: v, tableH: tableH, tableW: tableW, height: height,
                    width: width, scale: scale)
                return [g.q, g.k, g.v, g.tableH, g.tableW]
            }
        }
    }

    /// A table resampled linearly to the `2 size - 1` distances of a grid; itself when it has them.
    ///
    /// - Parameters:
    ///   - table: One row per distance.
    ///   - size: Lines or columns of the grid.
    /// - Returns: A table of `2 size - 1` rows.
    public static func fitted(_ table: Tensor, to size: Int) -> Tensor {
        precondition(table.shape.count == 2 && table.shape[0] > 0, "a table has rows and columns")
        guard table.shape[0] != 2 * size - 1 else { return table }
        let taps = AxisTaps.linear(from: table.shape[0], to: 2 * size - 1)
        return Resampling.alongRows(table, taps)
    }

    private static func unfitted(_ gradient: Tensor, to shape: [Int]) -> Tensor {
        guard gradient.shape != shape else { return gradient }
        let taps = AxisTaps.linear(from: shape[0], to: gradient.shape[0])
        return Resampling.alongRows(gradient, taps.transposed)
    }

    private static func withCore(
        _ q: Tensor, _ k: Tensor, _ v: Tensor, _ scale: Float, _ tableH: Tensor, _ tableW: Tensor,
        _ height: Int, _ width: Int, _ body: (AttentionCore) -> Void
    ) {
        precondition(
            height > 0 && width > 0 && q.shape.dropLast().last == height * width
                && q.shape == k.shape && tableH.shape[1] == q.shape.last
                && tableW.shape[1] == q.shape.last,
            "queries \(q.shape) and tables \(tableH.shape), \(tableW.shape) do not fit a grid of "
                + "\(height) x \(width)")
        Attention.withCore(q, k, v, scale) { core in
            reading(tableH, tableW) { tableH, tableW in
                var core = core
                core.grid = .init(height: height, width: width, tableH: tableH, tableW: tableW)
                body(core)
            }
        }
    }
}
