/// The shortcut for maps of few distinct scores (hard masks, 8-bit maps): counting instead of sorting.
enum ScoreTally {
    /// More distinct scores are sorted.
    private static let limit = 1024
    private static let slotBits: UInt32 = 12

    /// Counts the pixels of each score in a small hash table.
    ///
    /// - Returns: Nil as soon as there are more distinct scores than fit; sorting then begins anew.
    /// - Throws: ``MetricError/invalidScore(what:index:found:)``.
    /// - Complexity: O(*n*), memory for 4096 slots.
    static func count(
        _ scores: UnsafeBufferPointer<Float>, _ reference: UnsafeBufferPointer<UInt8>, what: String
    ) throws(MetricError) -> SortedScores? {
        // Minus zero marks an empty slot: no score has its bits.
        let empty: UInt32 = 0x8000_0000
        let slots = 1 << Int(slotBits)
        var table = [UInt32](repeating: empty, count: slots)
        var counts = [UInt64](repeating: 0, count: 2 * slots)
        var used = 0
        var isValid = true
        table.withUnsafeMutableBufferPointer { table in
            counts.withUnsafeMutableBufferPointer { counts in
                for place in 0..<scores.count {
                    let bits = ScoreKey.bits(of: scores[place])
                    var slot = Int((bits &* 0x9e37_79b1) >> (32 - slotBits))
                    while table[slot] != bits {
                        if table[slot] == empty {
                            table[slot] = bits
                            used += 1
                            isValid = isValid && Float(bitPattern: bits).isFinite
                            break
                        }
                        slot = (slot &+ 1) & (slots &- 1)
                    }
                    if used > limit || !isValid { return }
                    counts[slot &* 2 &+ (reference[place] == 0 ? 0 : 1)] &+= 1
                }
            }
        }
        guard isValid else { throw ScoreKey.invalidScore(scores, what: what) }
        return used > limit ? nil : list(table, counts, empty)
    }

    private static func list(
        _ table: [UInt32], _ counts: [UInt64], _ empty: UInt32
    ) -> SortedScores {
        let used = table.indices.filter { table[$0] != empty }.map { slot in
            (key: ScoreKey.key(of: Float(bitPattern: table[slot])), slot: slot)
        }.sorted { $0.key < $1.key }
        var found = SortedScores.Builder()
        var isSplit = false
        for (key, slot) in used {
            if key >= ScoreKey.firstNegative, !isSplit {
                found.endPart()
                isSplit = true
            }
            for label in 0..<2 where counts[2 * slot + label] > 0 {
                found.append(key << 1 | UInt32(label), counts[2 * slot + label])
            }
        }
        return found.list(isSplit: isSplit)
    }
}
