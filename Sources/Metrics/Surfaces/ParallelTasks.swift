import Dispatch
import Synchronization

/// Does `count` tasks on up to `jobs` threads, in order of their number; each thread makes its own worker.
func parallel(_ count: Int, jobs: Int, _ makeWorker: @Sendable () -> (Int) -> Void) {
    let threads = min(max(1, jobs), count)
    if threads <= 1 {
        if count == 0 { return }
        let work = makeWorker()
        for task in 0..<count { work(task) }
        return
    }
    let next = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: threads) { _ in
        let work = makeWorker()
        while true {
            let task = next.wrappingAdd(1, ordering: .relaxed).oldValue
            if task >= count { return }
            work(task)
        }
    }
}
