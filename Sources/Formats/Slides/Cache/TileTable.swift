/// The slots of a cache with the order in which they were used; owned by one lock.
struct TileTable {
    private struct Node {
        var key: TileKey
        var slot: TileSlot
        var bytes: Int
        /// The neighbours in order of use; -1 at the ends.
        var newer: Int
        var older: Int
    }

    private var places: [TileKey: Int] = [:]
    private var nodes: [Node?] = []
    private var free: [Int] = []
    private var newest = -1
    private var oldest = -1
    /// Bytes of all slots, also of those being decoded.
    private(set) var bytes = 0
    private(set) var largestBytes = 0
    private(set) var hits = 0
    private(set) var misses = 0
    private var slides = 0

    /// The bytes the table allows itself now, at most the limit.
    ///
    /// Touching fresh memory costs as much as a fifth of the decoding, so the table starts small and grows only when a tile is
    /// wanted again that the full limit would still hold.
    private var allowed: Int
    private let limit: Int
    private var evicted = EvictedTiles()
    private static let firstBytes = 48 << 20

    init(limit: Int) {
        self.limit = limit
        allowed = min(limit, Self.firstBytes)
    }

    var count: Int { places.count }

    mutating func register() -> Int {
        slides += 1
        return slides
    }

    /// The slot of a tile, made the newest; new ones may come with the memory of a tile that had to leave.
    mutating func slot(_ key: TileKey, bytes: Int) -> (slot: TileSlot, spare: Tile?) {
        if let place = places[key], let slot = nodes[place]?.slot {
            hits += 1
            if place != newest {
                unlink(place)
                link(place)
            }
            return (slot, nil)
        }
        misses += 1
        let slot = TileSlot()
        // A tile that would fill the cache alone is decoded for its reader and forgotten.
        guard bytes <= limit else { return (slot, nil) }
        if evicted.remove(key) {
            allowed = min(limit, allowed.multipliedReportingOverflow(by: 2).partialValue)
        }
        allowed = max(allowed, bytes)
        var spare: Tile?
        while self.bytes > allowed - bytes, oldest >= 0 {
            if allowed < limit, let node = nodes[oldest] {
                evicted.add(node.key, bytes: node.bytes, room: limit - allowed)
            }
            if let left = remove(at: oldest), left.memory.count == bytes { spare = left }
        }
        let place = free.popLast() ?? nodes.count
        let node = Node(key: key, slot: slot, bytes: bytes, newer: -1, older: -1)
        if place == nodes.count { nodes.append(node) } else { nodes[place] = node }
        places[key] = place
        link(place)
        self.bytes += bytes
        largestBytes = max(largestBytes, self.bytes)
        return (slot, spare)
    }

    /// Gives back what was set aside for a tile that turned out to be missing.
    mutating func shrink(_ key: TileKey, to bytes: Int) {
        guard let place = places[key], let old = nodes[place]?.bytes else { return }
        nodes[place]?.bytes = bytes
        self.bytes += bytes - old
    }

    /// Forgets a tile that could not be decoded.
    mutating func forget(_ key: TileKey) {
        if let place = places[key] { _ = remove(at: place) }
    }

    /// Forgets all tiles of a slide.
    mutating func forget(slide: Int) {
        for (key, place) in places where key.slide == slide { _ = remove(at: place) }
    }

    /// Takes a slot out; its tile, when nobody else holds slot or tile.
    private mutating func remove(at place: Int) -> Tile? {
        unlink(place)
        guard let node = nodes[place] else { return nil }
        nodes[place] = nil
        free.append(place)
        places[node.key] = nil
        bytes -= node.bytes
        var slot = node.slot
        _ = consume node
        guard isKnownUniquelyReferenced(&slot) else { return nil }
        var tile = slot.tile.withLock { held in
            let tile = held
            held = nil
            return tile
        }
        guard tile != nil, isKnownUniquelyReferenced(&tile) else { return nil }
        return tile
    }

    private mutating func link(_ place: Int) {
        nodes[place]?.newer = -1
        nodes[place]?.older = newest
        if newest >= 0 { nodes[newest]?.newer = place }
        newest = place
        if oldest < 0 { oldest = place }
    }

    private mutating func unlink(_ place: Int) {
        guard let node = nodes[place] else { return }
        if node.newer >= 0 { nodes[node.newer]?.older = node.older } else { newest = node.older }
        if node.older >= 0 { nodes[node.older]?.newer = node.newer } else { oldest = node.newer }
    }
}

/// The tiles a small table had to give up and the full one would still hold: names only.
private struct EvictedTiles {
    private var bytesOf: [TileKey: Int] = [:]
    /// In the order they left; those that came back are passed over.
    private var order: [TileKey] = []
    private var first = 0
    private var bytes = 0

    mutating func add(_ key: TileKey, bytes count: Int, room: Int) {
        _ = remove(key)
        bytesOf[key] = count
        order.append(key)
        bytes += count
        while bytes > room, first < order.count {
            _ = remove(order[first])
            first += 1
        }
        if first > 1024, first > order.count / 2 {
            order.removeFirst(first)
            first = 0
        }
    }

    /// Whether the tile was among them; it no longer is.
    mutating func remove(_ key: TileKey) -> Bool {
        guard let count = bytesOf.removeValue(forKey: key) else { return false }
        bytes -= count
        return true
    }
}
