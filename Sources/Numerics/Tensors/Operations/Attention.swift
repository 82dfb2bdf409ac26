/// Scaled dot-product attention over a batch of heads.
///
/// The weights are never kept: the backward pass computes them again, block by block.
///
/// - Shapes: B... = any leading dimensions (batch, heads), N queries, M keys, D and E channels.
///   - `q [B..., N, D]`, `k [B..., M, D]`, `v [B..., M, E]`, `y [B..., N, E]`; M of 1 or more
/// - Complexity: 2 B N M (D + E) operations forward; memory beside the output for 256 rows of weights per thread.
/// - Source: Vaswani et al. 2017.
public enum Attention {
    /// The gradients of the three inputs.
    public struct Gradients: Sendable {
        /// The gradient of the queries.
        public var q: Tensor
        /// The gradient of the keys.
        public var k: Tensor
        /// The gradient of the values.
        public var v: Tensor
    }

    /// `y = softmax(scale q kᵀ) v`.
    ///
    /// - Parameters:
    ///   - q: The queries.
    ///   - k: The keys.
    ///   - v: The values.
    ///   - scale: The factor of the products, usually 1 / √D.
    /// - Returns: One mixture of values per query.
    public static func forward(_ q: Tensor, _ k: Tensor, _ v: Tensor, scale: Float) -> Tensor {
        let shape = q.shape.dropLast() + [v.shape.last ?? 0]
        return Tensor.filled(Array(shape)) { y in
            withCore(q, k, v, scale) { $0.forward(into: y) }
        }
    }

    /// The gradients of ``forward(_:_:_:scale:)``.
    ///
    /// - Parameters:
    ///   - dy: The gradient of the output.
    ///   - q: The queries.
    ///   - k: The keys.
    ///   - v: The values.
    ///   - scale: As in the forward pass.
    /// - Returns: With p the weights and `ds = p (dp - sum(dp p))`, `dp = dy vᵀ`: `dq = scale ds k`,
    ///   `dk = scale dsᵀ q`, `dv = pᵀ dy`.
    public static func backward(
        _ dy: Tensor, q: Tensor, k: Tensor, v: Tensor, scale: Float
    ) -> Gradients {
        precondition(
            dy.shape == q.shape.dropLast() + [v.shape.last ?? 0],
            "a gradient of another shape than the output")
        var (dk, dv) = (Tensor(zeros: k.shape), Tensor(zeros: v.shape))
        let dq = Tensor.filled(q.shape) { dq in
            dk.changing { dk in
                dv.changing { dv in
                    dy.reading { dy in
                        withCore(q, k, v, scale) {
                            $0.backward(dy, dq: dq, dk: dk, dv: dv, tableH: nil, tableW: nil)
                        }
                    }
                }
            }
        }
        return Gradients(q: dq, k: dk, v: dv)
    }

    /// The operation on variables; recorded when there is a tape and one of them is recorded.
    ///
    /// - Parameters:
    ///   - q: The queries.
    ///   - k: The keys.
    ///   - v: The values.
    ///   - scale: The factor of the products.
    ///   - tape: Where to record; `nil` to compute only.
    /// - Returns: One mixture of values per query.
    public static func apply(
        _ q: Variable, _ k: Variable, _ v: Variable, scale: Float, on tape: Tape?
    ) -> Variable {
        let y = forward(q.value, k.value, v.value, scale: scale)
        return tape.record(y, from: [q, k, v]) {
            let (q, k, v) = (q.value, k.value, v.value)
            return { dy in
                let gradients = backward(dy, q: q, k: k, v: v, scale: scale)
                return [gradients.q, gradients.k, gradients.v]
            }
        }
    }

    /// Checks the shapes and calls a body with the addresses.
    static func withCore(
        _ q: Tensor, _ k: Tensor, _ v: Tensor, _ scale: Float, _ body: (AttentionCore) -> Void
    ) {
        let rank = q.shape.count
        precondition(
            rank >= 2 && k.shape.count == rank && v.shape.count == rank
                && q.shape.dropLast(2) == k.shape.dropLast(2)
                && k.shape.dropLast() == v.shape.dropLast()
                && q.shape[rank - 1] == k.shape[rank - 1]
                && k.shape[rank - 2] > 0,
            "queries \(q.shape), keys \(k.shape) and values \(v.shape) do not fit")
        reading(q, k, v) { qAt, kAt, vAt in
            body(
                AttentionCore(
                    heads: q.shape.dropLast(2).reduce(1, *), queries: q.shape[rank - 2],
                    keys: k.shape[rank - 2], channels: q.shape[rank - 1],
                    valueChannels: v.shape[rank - 1], scale: scale, q: qAt, k: kAt, v: vAt))
        }
    }
}
