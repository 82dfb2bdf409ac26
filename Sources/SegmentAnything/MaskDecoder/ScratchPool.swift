import Synchronization

/// Memory for intermediate values that is kept between calls: fresh memory costs a page fault for every 4 kB.
final class ScratchPool: Sendable {
    private struct Block: @unchecked Sendable {
        let memory: UnsafeMutableRawPointer
        let count: Int
    }

    private let free = Mutex<[Block]>([])

    /// Lends memory for `count` floats, not set, aligned to 64 bytes.
    func withScratch<Result>(
        _ count: Int, _ body: (UnsafeMutablePointer<Float>) -> Result
    ) -> Result {
        let block =
            free.withLock { blocks -> Block? in
                // The smallest that is large enough: prompts and blocks differ much in size.
                let fits = blocks.indices.filter { blocks[$0].count >= count }
                let best = fits.min { blocks[$0].count < blocks[$1].count }
                guard let best, blocks[best].count <= 4 * count else { return nil }
                return blocks.remove(at: best)
            } ?? Self.allocate(count)
        defer { free.withLock { $0.append(block) } }
        return body(block.memory.bindMemory(to: Float.self, capacity: block.count))
    }

    private static func allocate(_ count: Int) -> Block {
        let memory = UnsafeMutableRawPointer.allocate(byteCount: max(count, 1) * 4, alignment: 64)
        return Block(memory: memory, count: count)
    }

    deinit {
        free.withLock { for block in $0 { block.memory.deallocate() } }
    }
}

/// Hands out parts of one piece of memory, each aligned to 64 bytes.
struct ScratchLayout {
    private(set) var count = 0

    /// Reserves room for `count` floats and returns where it begins.
    mutating func reserve(_ count: Int) -> Int {
        let start = self.count
        self.count += (count + 15) / 16 * 16
        return start
    }
}
