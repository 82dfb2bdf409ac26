/// The work shared by ``Attention`` and ``RelativePositionAttention``: blocks of queries against all keys of one head.
///
/// - Shapes: B heads, N queries, M keys, D channels, E channels of the values.
///   - `q [B, N, D]`, `k [B, M, D]`, `v [B, M, E]`, output `[B, N, E]`
///   - with relative positions N = M = H W, `tableH [2H-1, D]`, `tableW [2W-1, D]`
struct AttentionCore: Sendable {
    /// The grid of tokens that relative positions refer to.
    struct Grid: Sendable {
        let height: Int
        let width: Int
        let tableH: Source
        let tableW: Source
    }

    let heads: Int
    let queries: Int
    let keys: Int
    let channels: Int
    let valueChannels: Int
    let scale: Float
    let q: Source
    let k: Source
    let v: Source
    var grid: Grid?

    /// Queries of one block: about 256, with relative positions whole lines of the grid.
    private var block: Int {
        guard let grid else { return 256 }
        return max(1, 256 / grid.width) * grid.width
    }

    private var blocks: Int { (queries + block - 1) / block }

    /// Memory for the position terms of a block: one number per query and key line, and per query and key column.
    private var termCount: Int { grid.map { block * ($0.height + $0.width) } ?? 0 }

    /// `y = softmax(scale q kᵀ + positions) v`.
    func forward(into y: Target) {
        ParallelRange.forEach(count: heads * blocks, piece: 1) { pieces in
            withScratch(block * keys + termCount) { p in
                for piece in pieces {
                    let head = piece / blocks
                    let first = piece % blocks * block
                    let rows = min(block, queries - first)
                    weights(head, first, rows, into: p, terms: p + block * keys)
                    Product.serial(
                        rows: rows, columns: valueChannels, inner: keys, .plain(p, keys),
                        .plain(v + head * keys * valueChannels, valueChannels),
                        into: y + (head * queries + first) * valueChannels, stride: valueChannels)
                }
            }
        }
    }

    /// The gradients; every head sums over its blocks in order.
    ///
    /// Table gradients are per head, `[B, 2H-1, D]`.
    func backward(
        _ dy: Source, dq: Target, dk: Target, dv: Target, tableH: Target?, tableW: Target?
    ) {
        ParallelRange.forEach(count: heads, piece: 1) { range in
            withScratch(2 * block * keys + 2 * termCount) { p in
                let dp = p + block * keys
                let terms = dp + block * keys
                for head in range {
                    for (index, first) in stride(from: 0, to: queries, by: block).enumerated() {
                        let rows = min(block, queries - first)
                        let beta: Float = index == 0 ? 0 : 1
                        weights(head, first, rows, into: p, terms: terms)
                        let dout = dy + (head * queries + first) * valueChannels
                        // dv += pᵀ dy, dp = dy vᵀ, then through the softmax in place.
                        Product.serial(
                            rows: keys, columns: valueChannels, inner: rows, .turned(p, keys),
                            .plain(dout, valueChannels),
                            into: dv + head * keys * valueChannels, stride: valueChannels,
                            beta: beta)
                        Product.serial(
                            rows: rows, columns: keys, inner: valueChannels,
                            .plain(dout, valueChannels),
                            .turned(v + head * keys * valueChannels, valueChannels), into: dp,
                            stride: keys)
                        for row in 0..<rows {
                            let at = row * keys
                            Softmax.gradientLine(dp + at, y: p + at, into: dp + at, keys)
                        }
                        let dqBlock = dq + (head * queries + first) * channels
                        Product.serial(
                            rows: rows, columns: channels, inner: keys, .plain(dp, keys),
                            .plain(k + head * keys * channels, channels), into: dqBlock,
                            stride: channels, alpha: scale)
                        Product.serial(
                            rows: keys, columns: channels, inner: rows, .turned(dp, keys),
                            .plain(q + (head * queries + first) * channels, channels),
                            into: dk + head * keys * channels, stride: channels, alpha: scale,
                            beta: beta)
                        if let grid, let tableH, let tableW {
                            let rowsH = (2 * grid.height - 1) * channels
                            let rowsW = (2 * grid.width - 1) * channels
                            positionGradients(
                                grid, head, first, rows, dp, terms: terms, dq: dqBlock,
                                tableH: tableH + head * rowsH, tableW: tableW + head * rowsW)
                        }
                    }
                }
            }
        }
    }

    /// The attention weights of a block of queries.
    private func weights(
        _ head: Int, _ first: Int, _ rows: Int, into p: UnsafeMutablePointer<Float>,
        terms: UnsafeMutablePointer<Float>
    ) {
        let query = q + (head * queries + first) * channels
        Product.serial(
            rows: rows, columns: keys, inner: channels, .plain(query, channels),
            .turned(k + head * keys * channels, channels), into: p, stride: keys, alpha: scale)
        if let grid { addPositions(grid, query, first, rows, to: p, terms: terms) }
        Kernels.softmaxRows(p, rows: rows, width: keys)
    }

    /// Adds the decomposed relative-position term, computed from the unscaled query.
    ///
    /// The table rows a query line needs lie together: line y against key line ky takes row y - ky + H - 1, so rows y to
    /// y + H - 1 hold the keys from the last to the first.
    private func addPositions(
        _ grid: Grid, _ query: UnsafePointer<Float>, _ first: Int, _ rows: Int,
        to p: UnsafeMutablePointer<Float>, terms: UnsafeMutablePointer<Float>
    ) {
        let (h, w) = (grid.height, grid.width)
        let byColumn = terms + block * h
        for line in 0..<rows / w {
            Product.serial(
                rows: w, columns: h, inner: channels,
                .plain(query + line * w * channels, channels),
                .turned(grid.tableH + (first / w + line) * channels, channels),
                into: terms + line * w * h, stride: h)
        }
        for x in 0..<w {
            Product.serial(
                rows: rows / w, columns: w, inner: channels,
                .plain(query + x * channels, w * channels),
                .turned(grid.tableW + x * channels, channels), into: byColumn + x * w,
                stride: w * w)
        }
        for row in 0..<rows {
            let column = byColumn + row * w
            reverse(column, w)
            for ky in 0..<h {
                let line = p + row * keys + ky * w
                let term = terms[row * h + h - 1 - ky]
                for kx in 0..<w { line[kx] += term + column[kx] }
            }
        }
    }

    /// Sends the gradient of the scores of a block to the query and to the tables.
    private func positionGradients(
        _ grid: Grid, _ head: Int, _ first: Int, _ rows: Int, _ ds: UnsafePointer<Float>,
        terms: UnsafeMutablePointer<Float>, dq: UnsafeMutablePointer<Float>,
        tableH: UnsafeMutablePointer<Float>, tableW: UnsafeMutablePointer<Float>
    ) {
        let (h, w) = (grid.height, grid.width)
        let byColumn = terms + block * h
        let query = q + (head * queries + first) * channels
        for row in 0..<rows {
            let column = byColumn + row * w
            column.update(repeating: 0, count: w)
            for ky in 0..<h {
                let line = ds + row * keys + ky * w
                terms[row * h + h - 1 - ky] = Elementwise.sum(line, w)
                for kx in 0..<w { column[kx] += line[kx] }
            }
            reverse(column, w)
        }
        for line in 0..<rows / w {
            let y = first / w + line
            let at = line * w * channels
            Product.serial(
                rows: w, columns: channels, inner: h, .plain(terms + line * w * h, h),
                .plain(grid.tableH + y * channels, channels), into: dq + at, stride: channels,
                beta: 1)
            Product.serial(
                rows: h, columns: channels, inner: w, .turned(terms + line * w * h, h),
                .plain(query + at, channels), into: tableH + y * channels, stride: channels,
                beta: 1)
        }
        for x in 0..<w {
            Product.serial(
                rows: rows / w, columns: channels, inner: w, .plain(byColumn + x * w, w * w),
                .plain(grid.tableW + x * channels, channels), into: dq + x * channels,
                stride: w * channels, beta: 1)
            Product.serial(
                rows: w, columns: channels, inner: rows / w, .turned(byColumn + x * w, w * w),
                .plain(query + x * channels, w * channels), into: tableW + x * channels,
                stride: channels, beta: 1)
        }
    }

    private func reverse(_ values: UnsafeMutablePointer<Float>, _ count: Int) {
        for i in 0..<count / 2 {
            (values[i], values[count - 1 - i]) = (values[count - 1 - i], values[i])
        }
    }
}
