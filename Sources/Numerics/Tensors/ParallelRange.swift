import Dispatch
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Divides work over threads.
///
/// The pieces depend on the amount of work only, never on the number of threads.
public enum ParallelRange {
    private static let limit = Atomic<Int>(0)

    /// The most threads used at once; 0 means all cores.
    public static var threads: Int {
        get { limit.load(ordering: .relaxed) }
        set { limit.store(max(0, newValue), ordering: .relaxed) }
    }

    /// Calls a body for every piece of a range, on up to ``threads`` threads.
    ///
    /// - Parameters:
    ///   - count: The length of the range.
    ///   - piece: The most items of a piece; the last may be shorter.
    ///   - body: Called once for every piece, in any order.
    public static func forEach(
        count: Int, piece: Int, _ body: @Sendable (Range<Int>) -> Void
    ) {
        let pieces = (count + piece - 1) / piece
        @Sendable func run(_ index: Int) {
            body(index * piece..<min(count, (index + 1) * piece))
        }
        let most = threads
        if pieces <= 1 || most == 1 {
            for index in 0..<pieces { run(index) }
            return
        }
        guard most > 0, most < pieces else {
            DispatchQueue.concurrentPerform(iterations: pieces) { run($0) }
            return
        }
        let next = Atomic<Int>(0)
        DispatchQueue.concurrentPerform(iterations: most) { _ in
            while true {
                let index = next.add(1, ordering: .relaxed).oldValue
                guard index < pieces else { return }
                run(index)
            }
        }
    }

    /// The most workers that ``forEach(count:piece:workers:_:)`` uses now: memory for that many is enough.
    public static var workers: Int {
        let most = threads
        return most > 0 ? most : max(1, processors)
    }

    private static let processors = ProcessInfo.processInfo.activeProcessorCount

    /// Calls a body for every piece of a range and tells it which worker runs it, so that each worker has memory of its own.
    ///
    /// Pieces are begun in ascending order; what a piece computes must not depend on its worker.
    ///
    /// - Parameters:
    ///   - count: The length of the range.
    ///   - piece: The most items of a piece; the last may be shorter.
    ///   - workers: The most workers; take ``workers`` once for the memory and for this.
    ///   - body: Called once for every piece with a worker from 0; never at once for the same worker.
    public static func forEach(
        count: Int, piece: Int, workers: Int, _ body: @Sendable (Range<Int>, Int) -> Void
    ) {
        let pieces = (count + piece - 1) / piece
        let next = Atomic<Int>(0)
        @Sendable func work(_ worker: Int) {
            while true {
                let index = next.add(1, ordering: .relaxed).oldValue
                guard index < pieces else { return }
                body(index * piece..<min(count, (index + 1) * piece), worker)
            }
        }
        let active = min(workers, pieces)
        guard active > 1 else { return work(0) }
        DispatchQueue.concurrentPerform(iterations: active) { work($0) }
    }
}
