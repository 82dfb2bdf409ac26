import Synchronization

/// The pixels of a decoded tile, or the fact that the file stores none.
///
/// Written once, before other threads can see it.
final class Tile: @unchecked Sendable {
    /// RGB rows; empty for a missing tile.
    let memory: UnsafeMutableRawBufferPointer
    /// Bytes from one row to the next.
    private(set) var rowBytes = 0
    /// How many tiles or strips of the file lie under it, and how many of them are not stored.
    private(set) var blocks = 1
    private(set) var missing = 0

    init(bytes: Int) { memory = .allocate(byteCount: bytes, alignment: 64) }
    deinit { memory.deallocate() }

    /// Says what the memory holds; to be called by the thread that decodes, once.
    func describe(rowBytes: Int, blocks: Int, missing: Int) {
        self.rowBytes = rowBytes
        self.blocks = blocks
        self.missing = missing
    }
}

/// A tile's place in the cache, which exists before its pixels do.
///
/// Whoever comes first decodes while holding the lock; others who want the same tile wait for it instead of decoding it
/// again. Nobody waits for another tile.
final class TileSlot: Sendable {
    let tile = Mutex<Tile?>(nil)
}

/// Which tile.
struct TileKey: Hashable {
    let slide: Int
    let directory: Int
    let block: Int
}
