import Synchronization
import Tensors

/// Keeps the working memory of an encoder from one picture to the next.
final class TinyViTWorkspacePool: Sendable {
    private let spare = Mutex<TinyViTWorkspace?>(nil)

    /// Lends a workspace: the kept one when it is free and fits the number of workers, otherwise a new one.
    func with<Result>(_ encoder: TinyViTImageEncoder, _ body: (TinyViTWorkspace) -> Result)
        -> Result
    {
        let kept = spare.withLock { spare in
            defer { spare = nil }
            return spare
        }
        let workspace: TinyViTWorkspace
        if let kept, kept.workers == ParallelRange.workers {
            workspace = kept
        } else {
            workspace = TinyViTWorkspace(
                streamValues: encoder.streamValues, scratchValues: encoder.scratchValues)
        }
        let result = body(workspace)
        spare.withLock { $0 = workspace }
        return result
    }
}

/// The memory of one run of the encoder: the stream of features, a second one that a layer writes while it reads the first, and
/// scratch memory for each worker.
final class TinyViTWorkspace: @unchecked Sendable {
    /// What the next layer reads; channels of a pixel together.
    private(set) var stream: KernelMemory
    /// What it writes, if it cannot write in place.
    private(set) var next: KernelMemory
    /// How many workers there is memory for.
    let workers: Int
    private let scratch: KernelMemory
    private let scratchValues: Int

    init(streamValues: Int, scratchValues: Int) {
        workers = ParallelRange.workers
        stream = KernelMemory(count: streamValues)
        next = KernelMemory(count: streamValues)
        self.scratchValues = (scratchValues + 15) / 16 * 16
        scratch = KernelMemory(count: workers * self.scratchValues)
    }

    /// Makes what was written what is read next.
    func swap() { Swift.swap(&stream, &next) }

    /// Calls a body for pieces of a range with scratch memory of its own, in parallel.
    ///
    /// The body may capture pointers: pieces write to memory of their own.
    func forEach(
        count: Int, piece: Int, _ body: (Range<Int>, UnsafeMutablePointer<Float>) -> Void
    ) {
        withoutActuallyEscaping(body) { body in
            nonisolated(unsafe) let body = body
            ParallelRange.forEach(count: count, piece: piece, workers: workers) { range, worker in
                body(range, self.scratch.values + worker * self.scratchValues)
            }
        }
    }

    /// The stream as a tensor of tokens, 1 x count x width; for traces.
    func tokens(_ count: Int, _ width: Int) -> Tensor {
        Tensor(
            Array(UnsafeBufferPointer(start: stream.values, count: count * width)),
            shape: [1, count, width])
    }

    /// The stream as a tensor, 1 x width x side x side; for traces.
    func picture(_ side: Int, _ width: Int) -> Tensor {
        Self.channelsFirst(stream.values, side: side, width: width)
    }

    /// Puts every channel together, 1 x width x side x side.
    static func channelsFirst(_ pixels: UnsafePointer<Float>, side: Int, width: Int) -> Tensor {
        var result = Tensor(uninitialized: [1, width, side, side])
        result.withMutableValues { values in
            guard let base = values.baseAddress else { return }
            Kernels.transpose(pixels, rows: side * side, columns: width, into: base)
        }
        return result
    }
}
