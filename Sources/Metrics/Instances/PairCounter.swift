/// Counts how often each pair of instance ids occurs: an open-addressing table whose size follows the number of
/// different pairs, never the size of the ids.
///
/// The key holds the reference id in its upper and the prediction id in its lower half; a place whose count is 0 is free.
struct PairCounter: Sendable {
    struct Entry: Sendable {
        var key: UInt64
        var count: UInt64
    }

    private var places = [Entry](repeating: Entry(key: 0, count: 0), count: 1 << 12)
    private(set) var used = 0

    /// All pairs, by reference id, then by prediction id.
    var sorted: [Entry] {
        places.filter { $0.count != 0 }.sorted { $0.key < $1.key }
    }

    /// Counts the pairs of two maps of 4-byte ids.
    ///
    /// Pixels are taken in pieces: first all places of a piece where the pair changes are listed without a branch per
    /// pixel, then the runs between them are added.
    ///
    /// - Parameters:
    ///   - p: The predicted ids.
    ///   - r: The reference ids.
    ///   - n: Pixels of each map.
    ///   - largest: The largest id allowed.
    ///   - limit: How many different pairs are allowed.
    /// - Returns: The pixel at which the count ended early, because of an id above `largest` or of too many pairs; else
    ///   `n`.
    mutating func count(
        _ p: UnsafeRawPointer, _ r: UnsafeRawPointer, _ n: Int, largest: UInt32, limit: Int
    ) -> Int {
        let piece = 2048
        return withUnsafeTemporaryAllocation(of: Int.self, capacity: piece + 8) { ends in
            var (first, start) = (0, 1)
            while first < n {
                let end = min(n, start + piece)
                var count = Self.listChanges(p, r, start, end, ends)
                if end == n {
                    ends[count] = n
                    count += 1
                }
                // A run adds at most one pair: with this much room the table does not fill up on the way.
                while (used + count) * 2 > places.count { grow() }
                guard add(p, r, &first, UnsafeBufferPointer(rebasing: ends[..<count]), largest),
                    used <= limit
                else { return first }
                start = end
            }
            return n
        }
    }

    /// Lists the pixels from `start` to before `end` that differ from the pixel before them in one of the maps.
    private static func listChanges(
        _ p: UnsafeRawPointer, _ r: UnsafeRawPointer, _ start: Int, _ end: Int,
        _ found: UnsafeMutableBufferPointer<Int>
    ) -> Int {
        guard let list = found.baseAddress else { return 0 }
        var (j, count) = (start, 0)
        while j &+ 8 <= end {
            let c0 = changes(p, r, j)
            let c1 = changes(p, r, j &+ 2)
            let c2 = changes(p, r, j &+ 4)
            let c3 = changes(p, r, j &+ 6)
            if (c0 | c1) | (c2 | c3) != 0 {
                // Every place is written; the count moves on only past those that are meant.
                count = note(c0, j, list, count)
                count = note(c1, j &+ 2, list, count)
                count = note(c2, j &+ 4, list, count)
                count = note(c3, j &+ 6, list, count)
            }
            j &+= 8
        }
        while j < end {
            let (p, r) = (p + 4 * j, r + 4 * j)
            if p.loadUnaligned(as: UInt32.self) != (p - 4).loadUnaligned(as: UInt32.self)
                || r.loadUnaligned(as: UInt32.self) != (r - 4).loadUnaligned(as: UInt32.self)
            {
                list[count] = j
                count += 1
            }
            j += 1
        }
        return count
    }

    /// Writes both pixels of a word of changes, and returns the count past those that changed.
    @inline(__always)
    private static func note(
        _ word: UInt64, _ j: Int, _ list: UnsafeMutablePointer<Int>, _ count: Int
    ) -> Int {
        list[count] = j
        let next = count &+ (UInt32(truncatingIfNeeded: word) != 0 ? 1 : 0)
        list[next] = j &+ 1
        return next &+ (word >> 32 != 0 ? 1 : 0)
    }

    /// The differences of pixels `j` and `j + 1` to the pixels before them, in the halves of a word.
    @inline(__always)
    private static func changes(_ p: UnsafeRawPointer, _ r: UnsafeRawPointer, _ j: Int) -> UInt64 {
        let (p, r) = (p + j &* 4, r + j &* 4)
        return (p.loadUnaligned(as: UInt64.self) ^ (p - 4).loadUnaligned(as: UInt64.self))
            | (r.loadUnaligned(as: UInt64.self) ^ (r - 4).loadUnaligned(as: UInt64.self))
    }

    /// Adds the runs that begin at `first` and before which `ends` end; false at an id above `largest`.
    private mutating func add(
        _ p: UnsafeRawPointer, _ r: UnsafeRawPointer, _ first: inout Int,
        _ ends: UnsafeBufferPointer<Int>, _ largest: UInt32
    ) -> Bool {
        var (start, used) = (first, self.used)
        let (mask, shift) = (places.count - 1, Self.shift(places.count))
        let isGood = places.withUnsafeMutableBufferPointer { places in
            guard let places = places.baseAddress else { return false }
            for end in ends {
                let a = (p + start &* 4).loadUnaligned(as: UInt32.self)
                let b = (r + start &* 4).loadUnaligned(as: UInt32.self)
                let key = UInt64(b) << 32 | UInt64(a)
                var place = Self.place(of: key, shift)
                while places[place].key != key || places[place].count == 0 {
                    if places[place].count == 0 {
                        if a > largest || b > largest { return false }
                        places[place].key = key
                        used &+= 1
                        break
                    }
                    place = (place &+ 1) & mask
                }
                places[place].count &+= UInt64(truncatingIfNeeded: end &- start)
                start = end
            }
            return true
        }
        (first, self.used) = (start, used)
        return isGood
    }

    private mutating func grow() {
        let old = places
        places = [Entry](repeating: Entry(key: 0, count: 0), count: old.count * 2)
        let shift = Self.shift(places.count)
        for entry in old where entry.count != 0 {
            var place = Self.place(of: entry.key, shift)
            while places[place].count != 0 { place = (place + 1) & (places.count - 1) }
            places[place] = entry
        }
    }

    private static func shift(_ count: Int) -> UInt64 {
        UInt64(64 - count.trailingZeroBitCount)
    }

    /// Spreads neighbouring ids over the table: the upper bits of a product with the golden ratio, folded once so that
    /// both ids reach them.
    @inline(__always)
    private static func place(of key: UInt64, _ shift: UInt64) -> Int {
        let product = key &* 0x9e37_79b9_7f4a_7c15
        return Int(truncatingIfNeeded: (product ^ (product << 32)) &>> shift)
    }
}
