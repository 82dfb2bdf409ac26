import Synchronization
import Tensors

/// Keeps the memory of the last run for the next one.
final class ViTWorkspacePool: Sendable {
    private let spare = Mutex<ViTWorkspace?>(nil)

    /// Lends a workspace: the kept one when it is free and fits the number of workers, otherwise a new one.
    func with<Result>(_ encoder: ViTImageEncoder, _ body: (ViTWorkspace) -> Result) -> Result {
        let kept = spare.withLock { spare in
            defer { spare = nil }
            return spare
        }
        let workspace: ViTWorkspace
        if let kept, kept.workers == ParallelRange.workers {
            workspace = kept
        } else {
            workspace = ViTWorkspace(encoder)
        }
        let result = body(workspace)
        spare.withLock { $0 = workspace }
        return result
    }
}

/// The memory of one run of the encoder, and how its work is divided.
///
/// Everything depends on shapes only.
final class ViTWorkspace: @unchecked Sendable {
    /// Side of the grid of tokens.
    let grid: Int
    /// Features of a token.
    let width: Int
    /// The residual stream, one row for each token.
    let tokens: KernelMemory
    /// Queries, keys and values, 3 `width` for each token.
    let projections: KernelMemory
    /// Results of the attention, as strips.
    let attention: KernelMemory
    /// Packed keys and values of all heads of a global block, or what a worker needs for a window.
    let keys: KernelMemory
    let values: KernelMemory
    /// Strips of all rows, and the pieces they are divided into.
    private let strips: Int
    private let pieces: Int
    private let stripRows: Int
    /// How many workers there is memory for.
    let workers: Int
    private let scratch: KernelMemory
    private let scratchOf: (strips: Int, hidden: Int, attention: Int)

    /// Memory of one worker.
    struct Worker {
        /// Left factor of a product, as strips.
        let strips: UnsafeMutablePointer<Float>
        /// Hidden features, as strips; also what is gathered before it is packed.
        let hidden: UnsafeMutablePointer<Float>
        /// Scratch memory of the attention.
        let attention: UnsafeMutablePointer<Float>
    }

    /// The most strips of a piece: few enough that their rows stay in a usual second-level cache.
    static let stripsOfPiece = 19

    /// Queries of one call of the attention in a global block, in strips.
    static let stripsOfCall = 16

    init(_ encoder: ViTImageEncoder) {
        let layout = encoder.layout
        grid = encoder.gridSize
        width = encoder.configuration.width
        let count = grid * grid
        workers = ParallelRange.workers
        stripRows = layout.strip
        strips = (count + stripRows - 1) / stripRows
        // A multiple of four pieces of nearly the same size: two or four threads end together.
        pieces = min(strips, ((strips + Self.stripsOfPiece - 1) / Self.stripsOfPiece + 3) / 4 * 4)
        let piece = min(Self.stripsOfPiece, strips) * stripRows
        tokens = KernelMemory(count: count * width)
        // The neck keeps its pixels in both.
        let outputs = encoder.outputWidth
        projections = KernelMemory(count: count * max(3 * width, outputs))
        attention = KernelMemory(
            count: max(layout.stripValues(rows: count, inner: width), count * outputs))
        var keyValues = 0
        var valueValues = 0
        var scratchValues = 0
        for block in encoder.blocks {
            let copies = block.isGlobal ? encoder.configuration.heads : workers
            keyValues = max(keyValues, copies * block.attention.keyValues)
            valueValues = max(valueValues, copies * block.attention.valueValues)
            let queries =
                block.isGlobal
                ? Self.stripsOfCall * layout.strip : block.attention.side * block.attention.side
            scratchValues = max(
                scratchValues, block.attention.scratchValues(queries: min(queries, count)))
        }
        keys = KernelMemory(count: keyValues)
        values = KernelMemory(count: valueValues)
        let inputs = 3 * encoder.configuration.patchSize * encoder.configuration.patchSize
        let hidden = max(encoder.configuration.mlpRatio * width, inputs, 9 * outputs)
        scratchOf = (
            layout.stripValues(rows: piece, inner: max(width, inputs, 9 * outputs)),
            layout.stripValues(rows: piece, inner: hidden), scratchValues
        )
        let total = [scratchOf.strips, scratchOf.hidden, scratchOf.attention]
            .map { ($0 + 15) / 16 * 16 }.reduce(0, +)
        scratch = KernelMemory(count: workers * total)
    }

    /// The memory of a worker.
    func worker(_ index: Int) -> Worker {
        let strips = (scratchOf.strips + 15) / 16 * 16
        let hidden = (scratchOf.hidden + 15) / 16 * 16
        let attention = (scratchOf.attention + 15) / 16 * 16
        let base = scratch.values + index * (strips + hidden + attention)
        return Worker(strips: base, hidden: base + strips, attention: base + strips + hidden)
    }

    /// Calls a body for pieces of the tokens' rows, in parallel.
    func forEachRows(_ body: (Range<Int>, Worker) -> Void) {
        let count = grid * grid
        forEach(count: pieces, piece: 1) { range, worker in
            for index in range {
                let first = index * strips / pieces * stripRows
                let last = min((index + 1) * strips / pieces * stripRows, count)
                body(first..<last, self.worker(worker))
            }
        }
    }

    /// Calls a body for pieces of a range with the number of its worker, in parallel.
    ///
    /// The body may capture pointers: pieces write to memory of their own.
    func forEach(count: Int, piece: Int, _ body: (Range<Int>, Int) -> Void) {
        withoutActuallyEscaping(body) { body in
            nonisolated(unsafe) let body = body
            ParallelRange.forEach(count: count, piece: piece, workers: workers) { body($0, $1) }
        }
    }

    /// Makes sure that what no head writes of the attention's strips, and products read, is zero.
    func clearAttention(_ layout: PackedLayout) {
        guard layout.stripInner(width) > width else { return }
        attention.values.update(repeating: 0, count: attention.count)
    }

    /// The residual stream as a tensor, 1 x grid x grid x width; for traces.
    var tokenTensor: Tensor { tensor(tokens.values, width) }

    /// Rows of tokens as a tensor; for traces.
    func tensor(_ values: UnsafePointer<Float>, _ width: Int) -> Tensor {
        Tensor(
            Array(UnsafeBufferPointer(start: values, count: grid * grid * width)),
            shape: [1, grid, grid, width])
    }
}
