import Tensors

/// A block of the transformer: attention and a perceptron, each after a layer norm and added to the stream.
struct ViTBlock: Sendable {
    /// Whether it attends over the whole grid, not within windows.
    let isGlobal: Bool
    let heads: Int
    let attention: GridAttention
    private let firstNorm: ViTNorm
    private let secondNorm: ViTNorm
    private let projections: PackedMatrix
    private let projectionBias: Tensor
    private let output: PackedMatrix
    private let expansion: PackedMatrix
    private let contraction: PackedMatrix
    private let tableH: KernelMemory
    private let tableW: KernelMemory
    private let layout: PackedLayout
    private let precision: EncoderPrecision

    init(
        _ prefix: String, _ configuration: ViTConfiguration, side: Int, isGlobal: Bool,
        weights: WeightReader, layout: PackedLayout, precision: EncoderPrecision
    ) {
        let width = configuration.width
        let hidden = configuration.mlpRatio * width
        self.isGlobal = isGlobal
        self.layout = layout
        self.precision = precision
        heads = configuration.heads
        func linear(_ name: String, _ inputs: Int, _ outputs: Int) -> PackedMatrix {
            PackedMatrix(
                weights.take(prefix + name + ".weight", [outputs, inputs]),
                bias: weights.take(prefix + name + ".bias", [outputs]), columns: outputs,
                layout: layout, precision: precision)
        }
        firstNorm = ViTNorm(prefix + "norm1", width, weights)
        let projectionBias = weights.take(prefix + "attn.qkv.bias", [3 * width])
        projections = PackedMatrix(
            weights.take(prefix + "attn.qkv.weight", [3 * width, width]), bias: projectionBias,
            columns: 3 * width, layout: layout, precision: precision)
        // Keys and values of padding tokens, factors of products.
        self.projectionBias = Tensor(
            precision.rounded(projectionBias.values), shape: projectionBias.shape)
        output = linear("attn.proj", width, width)
        secondNorm = ViTNorm(prefix + "norm2", width, weights)
        expansion = linear("mlp.lin1", width, hidden)
        contraction = linear("mlp.lin2", hidden, width)
        let attention = GridAttention(
            side: side, headWidth: configuration.headWidth,
            scale: 1 / Float(configuration.headWidth).squareRoot(), layout: layout,
            precision: precision)
        self.attention = attention
        func table(_ name: String) -> KernelMemory {
            let table = ViTPositions.axis(
                prefix + name, side: side, width: configuration.headWidth, resamples: isGlobal,
                weights: weights)
            let memory = KernelMemory(count: attention.tableValues)
            attention.packTable(precision.rounded(table.values), into: memory.values)
            return memory
        }
        tableH = table("attn.rel_pos_h")
        tableW = table("attn.rel_pos_w")
    }

    /// Runs the block on the stream of a workspace.
    func run(_ workspace: ViTWorkspace, trace: ViTImageEncoder.Trace?) {
        project(workspace)
        if let trace {
            trace("norm1", firstNorm.trace(workspace))
            trace("qkv", workspace.tensor(workspace.projections.values, 3 * workspace.width))
        }
        projectionBias.withValues { bias in
            guard let bias = bias.baseAddress else { return }
            if isGlobal {
                attendGlobally(workspace, bias: bias)
            } else {
                attendInWindows(workspace, bias: bias)
            }
        }
        if let trace {
            trace("attn", finish(workspace, attentionOnly: true))
            trace("norm2", secondNorm.trace(workspace))
            let before = workspace.tokenTensor.values
            _ = finish(workspace, perceptronOnly: true)
            let after = workspace.tokenTensor
            let difference = zip(after.values, before).map { $0 - $1 }
            trace("mlp", Tensor(difference, shape: after.shape))
            trace("output", after)
        } else {
            _ = finish(workspace)
        }
    }

    /// Layer norm and projection to queries, keys and values.
    ///
    /// Padding tokens of windows are not projected: they have the bias.
    private func project(_ workspace: ViTWorkspace) {
        let width = workspace.width
        workspace.forEachRows { rows, memory in
            firstNorm.apply(
                workspace.tokens.values + rows.lowerBound * width, rows: rows.count,
                into: memory.strips, layout)
            round(memory.strips, rows.count)
            projections.multiply(
                memory.strips, rows: rows.count,
                into: workspace.projections.values + rows.lowerBound * 3 * width,
                stride: 3 * width, areFactors: true)
        }
    }

    /// Makes strips of tokens factors of a product.
    private func round(_ strips: UnsafeMutablePointer<Float>, _ rows: Int) {
        precision.round(
            strips, count: layout.stripValues(rows: rows, inner: expansion.inner))
    }

    /// Output projection and perceptron, both added to the stream; parts of it for traces.
    private func finish(
        _ workspace: ViTWorkspace, attentionOnly: Bool = false, perceptronOnly: Bool = false
    ) -> Tensor {
        let width = workspace.width
        let inner = layout.stripInner(width)
        var traced = Tensor(
            zeros: [1, workspace.grid, workspace.grid, attentionOnly ? width : 0])
        traced.withMutableValues { traced in
            workspace.forEachRows { rows, memory in
                let stream = workspace.tokens.values + rows.lowerBound * width
                let attended = workspace.attention.values + rows.lowerBound * inner
                if !perceptronOnly { round(attended, rows.count) }
                if attentionOnly, let base = traced.baseAddress {
                    output.multiply(
                        attended, rows: rows.count,
                        into: base + rows.lowerBound * width, stride: width)
                }
                if !perceptronOnly {
                    output.multiply(
                        attended, rows: rows.count,
                        into: stream, stride: width, accumulates: true)
                }
                if attentionOnly { return }
                secondNorm.apply(stream, rows: rows.count, into: memory.strips, layout)
                round(memory.strips, rows.count)
                expansion.multiplyWithGELU(
                    memory.strips, rows: rows.count, intoStrips: memory.hidden)
                contraction.multiply(
                    memory.hidden, rows: rows.count,
                    into: stream, stride: width, accumulates: true)
            }
        }
        return traced
    }
}

extension ViTBlock {
    /// Attends over the whole grid: keys and values of every head are packed once, then queries are taken in groups.
    private func attendGlobally(_ workspace: ViTWorkspace, bias: UnsafePointer<Float>) {
        let grid = workspace.grid
        let count = grid * grid
        let width = workspace.width
        let headWidth = width / heads
        let stride = 3 * width
        let projected = workspace.projections.values
        let keys = workspace.keys.values
        let values = workspace.values.values
        let keyValues = attention.keyValues
        let valueValues = attention.valueValues
        let tokens = (0..<count).map { Int32($0) }
        workspace.forEach(count: heads, piece: 1) { range, _ in
            for head in range {
                let column = projected + head * headWidth
                attention.packKeys(
                    tokens: tokens, keys: column + width, values: column + 2 * width,
                    stride: stride, paddingKey: bias, paddingValue: bias,
                    into: keys + head * keyValues, values + head * valueValues)
            }
        }
        let queries = (0..<count).map { token in
            GridAttention.Query(token: token, y: token / grid, x: token % grid)
        }
        let group = ViTWorkspace.stripsOfCall * layout.strip
        let groups = (count + group - 1) / group
        workspace.forEach(count: heads * groups, piece: 1) { range, worker in
            for index in range {
                let (head, number) = index.quotientAndRemainder(dividingBy: groups)
                attention.attend(
                    queries[number * group..<min(count, (number + 1) * group)],
                    queries: projected + head * headWidth, stride: stride,
                    packedKeys: keys + head * keyValues,
                    packedValues: values + head * valueValues, tableH: tableH.values,
                    tableW: tableW.values, into: workspace.attention.values,
                    inner: layout.stripInner(width), column: head * headWidth,
                    scratch: workspace.worker(worker).attention)
            }
        }
    }

    /// Attends within windows that tile the grid from its first corner.
    ///
    /// Windows at the far borders are filled up with padding tokens, which are attended to as any other but ask nothing.
    private func attendInWindows(_ workspace: ViTWorkspace, bias: UnsafePointer<Float>) {
        let grid = workspace.grid
        let side = attention.side
        let width = workspace.width
        let headWidth = width / heads
        let projected = workspace.projections.values
        let keyValues = attention.keyValues
        let valueValues = attention.valueValues
        let across = (grid + side - 1) / side
        workspace.forEach(count: across * across * heads, piece: 1) { range, worker in
            let keys = workspace.keys.values + worker * keyValues
            let values = workspace.values.values + worker * valueValues
            for index in range {
                let (window, head) = index.quotientAndRemainder(dividingBy: heads)
                let top = window / across * side
                let left = window % across * side
                var tokens = [Int32](repeating: -1, count: side * side)
                var queries: [GridAttention.Query] = []
                queries.reserveCapacity(side * side)
                for y in 0..<min(side, grid - top) {
                    for x in 0..<min(side, grid - left) {
                        let token = (top + y) * grid + left + x
                        tokens[y * side + x] = Int32(token)
                        queries.append(.init(token: token, y: y, x: x))
                    }
                }
                let column = head * headWidth
                attention.packKeys(
                    tokens: tokens, keys: projected + width + column,
                    values: projected + 2 * width + column, stride: 3 * width,
                    paddingKey: bias + width + column, paddingValue: bias + 2 * width + column,
                    into: keys, values)
                attention.attend(
                    queries[...], queries: projected + column, stride: 3 * width,
                    packedKeys: keys, packedValues: values, tableH: tableH.values,
                    tableW: tableW.values, into: workspace.attention.values,
                    inner: layout.stripInner(width), column: column,
                    scratch: workspace.worker(worker).attention)
            }
        }
    }
}
