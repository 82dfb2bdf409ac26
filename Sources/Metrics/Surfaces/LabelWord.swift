/// Eight labels in one word, the first in the lowest byte: what one look at a map sees.
enum LabelWord {
    /// One set bit at the top of each byte.
    static let tops: UInt64 = 0x8080_8080_8080_8080

    /// Eight labels from anywhere.
    @inline(__always)
    static func load(_ base: UnsafePointer<UInt8>, _ offset: Int) -> UInt64 {
        UInt64(
            littleEndian: UnsafeRawPointer(base + offset).loadUnaligned(as: UInt64.self))
    }

    /// The last `count` (1 to 7) labels of a row of `width`, zeros behind them.
    @inline(__always)
    static func loadTail(_ row: UnsafePointer<UInt8>, _ width: Int, _ count: Int) -> UInt64 {
        if width >= 8 {
            return load(row, width - 8) >> UInt64(truncatingIfNeeded: 8 * (8 - count))
        }
        var word: UInt64 = 0
        for place in 0..<count {
            word |= UInt64(row[width - count + place]) << UInt64(truncatingIfNeeded: 8 * place)
        }
        return word
    }

    /// The top bit of every byte that is not 0.
    @inline(__always)
    static func nonzero(_ word: UInt64) -> UInt64 {
        (((word & ~tops) &+ ~tops) | word) & tops
    }

    /// Whether all eight labels are the same.
    @inline(__always)
    static func isUniform(_ word: UInt64) -> Bool { word == (word << 8 | word >> 56) }
}
