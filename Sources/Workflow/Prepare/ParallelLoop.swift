import Dispatch
import Synchronization

/// Runs the same work for many indices on a bounded number of threads.
enum ParallelLoop {
    /// Calls a body for every index, on at most `threads` threads; results come back in order.
    ///
    /// The first error in index order is thrown after the running calls have ended; no new ones are started.
    static func map<Result: Sendable>(
        count: Int, threads: Int, _ body: @Sendable (Int) throws -> Result
    ) throws -> [Result] {
        if threads <= 1 || count <= 1 { return try (0..<count).map(body) }
        let next = Atomic<Int>(0)
        let results = Mutex<[Int: Swift.Result<Result, any Error>]>([:])
        DispatchQueue.concurrentPerform(iterations: min(threads, count)) { _ in
            while true {
                let index = next.add(1, ordering: .relaxed).oldValue
                guard index < count else { return }
                let outcome = Swift.Result { try body(index) }
                results.withLock { $0[index] = outcome }
                if case .failure = outcome { next.store(count, ordering: .relaxed) }
            }
        }
        let found = results.withLock { $0 }
        for index in found.keys.sorted() {
            if case .failure(let error)? = found[index] { throw error }
        }
        return try (0..<count).map { index in
            guard let result = found[index] else {
                throw WorkflowError(
                    .internalError, "a parallel loop lost the result of item \(index)")
            }
            return try result.get()
        }
    }
}
