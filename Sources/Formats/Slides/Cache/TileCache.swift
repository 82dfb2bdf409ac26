import Synchronization

/// Decoded tiles of one slide or several, bounded in bytes, shared by threads.
///
/// The tile used longest ago leaves first. One lock guards the table and is held for look-ups only; decoding and copying
/// happen outside it, and a tile that one thread decodes is waited for by others that want the same one. The bound holds for
/// all tiles in the table; tiles that threads are copying from at this moment may come on top, one per thread. Much less is
/// used when that suffices: the cache grows towards its bound only when tiles it has given up are wanted again.
public final class TileCache: Sendable {
    /// What a cache has done so far.
    public struct Statistics: Hashable, Sendable {
        /// The tiles kept now.
        public let tiles: Int
        /// Their bytes now.
        public let bytes: Int
        /// The most bytes there have been at once.
        public let largestBytes: Int
        /// How often a tile was found.
        public let hits: Int
        /// How often a tile had to be decoded.
        public let misses: Int
    }

    /// The most bytes of tiles.
    public let byteLimit: Int
    private let table: Mutex<TileTable>

    /// Makes an empty cache.
    ///
    /// - Parameter bytes: The most bytes of tiles; 256 MiB unless told. 0 keeps nothing.
    public init(bytes: Int = 256 << 20) {
        precondition(bytes >= 0, "a cache cannot have fewer than 0 bytes")
        byteLimit = bytes
        table = Mutex(TileTable(limit: bytes))
    }

    /// What the cache has done so far.
    public var statistics: Statistics {
        table.withLock {
            Statistics(
                tiles: $0.count, bytes: $0.bytes, largestBytes: $0.largestBytes, hits: $0.hits,
                misses: $0.misses)
        }
    }

    /// A number for a slide that begins to use the cache.
    func register() -> Int { table.withLock { $0.register() } }

    func forget(slide: Int) { table.withLock { $0.forget(slide: slide) } }

    /// The pixels of a tile, decoded by the first thread that asks.
    ///
    /// - Parameters:
    ///   - key: Which tile.
    ///   - bytes: The memory it takes.
    ///   - decode: Fills memory of that size, which holds anything; `false` when the file does not store the tile.
    /// - Returns: The tile, which may leave the cache at any time but lives as long as it is held.
    /// - Throws: What decoding throws; the tile is then forgotten, and decoding is tried again when it is wanted again.
    func tile(
        _ key: TileKey, bytes: Int, decode: (Tile) throws(SlideError) -> Bool
    ) throws(SlideError) -> Tile {
        let (slot, spare) = table.withLock { $0.slot(key, bytes: bytes) }
        do throws(SlideError) {
            let (tile, isEmpty) = try slot.tile.withLock { held throws(SlideError) in
                if let tile = held { return (tile, false) }
                let tile = spare ?? Tile(bytes: bytes)
                if try decode(tile) {
                    held = tile
                    return (tile, false)
                }
                let missing = Tile(bytes: 0)
                missing.describe(rowBytes: 0, blocks: 1, missing: 1)
                held = missing
                return (missing, true)
            }
            if isEmpty { table.withLock { $0.shrink(key, to: 64) } }
            return tile
        } catch {
            table.withLock { $0.forget(key) }
            throw error
        }
    }
}
