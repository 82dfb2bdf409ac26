/// Products of matrices, one per item of a batch.
///
/// - Shapes: `a [B..., M, K]`, `b [B..., K, N]`, `y [B..., M, N]`
/// - Complexity: 2 B M K N operations forward, twice that backward.
public enum BatchedProduct {
    /// `y = a b`.
    ///
    /// - Parameters:
    ///   - a: The first factors.
    ///   - b: The second factors.
    /// - Returns: The products.
    public static func forward(_ a: Tensor, _ b: Tensor) -> Tensor {
        let (items, m, k, n) = sizes(a, b)
        return Tensor.filled(a.shape.dropLast() + [n]) { y in
            reading(a, b) { a, b in
                forEachItem(
                    items, rows: m, columns: n, inner: k, { .plain(a + $0 * m * k, k) },
                    { .plain(b + $0 * k * n, n) }, into: y)
            }
        }
    }

    /// The gradients: `da = dy bᵀ`, `db = aᵀ dy`.
    ///
    /// - Parameters:
    ///   - dy: The gradient of the products.
    ///   - a: The first factors.
    ///   - b: The second factors.
    /// - Returns: The gradients of both factors.
    public static func backward(_ dy: Tensor, _ a: Tensor, _ b: Tensor) -> (a: Tensor, b: Tensor) {
        let (items, m, k, n) = sizes(a, b)
        precondition(dy.count == items * m * n, "a gradient of another shape than the output")
        let da = Tensor.filled(a.shape) { da in
            reading(dy, b) { dy, b in
                forEachItem(
                    items, rows: m, columns: k, inner: n, { .plain(dy + $0 * m * n, n) },
                    { .turned(b + $0 * k * n, n) }, into: da)
            }
        }
        let db = Tensor.filled(b.shape) { db in
            reading(dy, a) { dy, a in
                forEachItem(
                    items, rows: k, columns: n, inner: m, { .turned(a + $0 * m * k, k) },
                    { .plain(dy + $0 * m * n, n) }, into: db)
            }
        }
        return (da, db)
    }

    /// The operation on variables; recorded when there is a tape and one of them is recorded.
    ///
    /// - Parameters:
    ///   - a: The first factors.
    ///   - b: The second factors.
    ///   - tape: Where to record; `nil` to compute only.
    /// - Returns: The products.
    public static func apply(_ a: Variable, _ b: Variable, on tape: Tape?) -> Variable {
        tape.record(forward(a.value, b.value), from: [a, b]) {
            let (a, b) = (a.value, b.value)
            return { dy in
                let gradients = backward(dy, a, b)
                return [gradients.a, gradients.b]
            }
        }
    }

    /// One item is divided over rows, several are divided among themselves: never both.
    private static func forEachItem(
        _ items: Int, rows: Int, columns: Int, inner: Int, _ a: @Sendable (Int) -> Factor,
        _ b: @Sendable (Int) -> Factor, into c: Target
    ) {
        guard items > 1 else {
            if items == 1 {
                Product.parallel(
                    rows: rows, columns: columns, inner: inner, a(0), b(0), into: c.base,
                    stride: columns)
            }
            return
        }
        let piece = max(1, (1 << 18) / max(1, rows * columns * inner))
        ParallelRange.forEach(count: items, piece: piece) { range in
            for item in range {
                Product.serial(
                    rows: rows, columns: columns, inner: inner, a(item), b(item),
                    into: c + item * rows * columns, stride: columns)
            }
        }
    }

    private static func sizes(_ a: Tensor, _ b: Tensor) -> (items: Int, m: Int, k: Int, n: Int) {
        let rank = a.shape.count
        precondition(
            rank >= 2 && b.shape.count == rank && a.shape.dropLast(2) == b.shape.dropLast(2)
                && a.shape[rank - 1] == b.shape[rank - 2],
            "factors \(a.shape) and \(b.shape) do not fit")
        let items = a.shape.dropLast(2).reduce(1, *)
        return (items, a.shape[rank - 2], a.shape[rank - 1], b.shape[rank - 1])
    }
}
