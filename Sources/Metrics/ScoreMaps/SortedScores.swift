/// Scores with their labels in descending order, as few bytes as the ties allow.
///
/// A word holds the low 31 bits of a ``ScoreKey`` and, in its lowest bit, whether the reference is positive there:
/// words ascend while scores descend, and of equal scores the negatives come first. The sign of the score, the bit
/// that does not fit, is the side of ``split`` on which the word lies.
struct SortedScores: Sendable {
    /// The words, in two ascending parts.
    private(set) var words: [UInt32] = []
    /// How often each word occurs; empty when each entry of ``words`` stands for one pixel, and words may repeat.
    private(set) var counts: [UInt64] = []
    /// Where the words of scores below zero begin.
    private(set) var split = 0

    /// Whether words are distinct and have counts.
    var isCounted: Bool { !counts.isEmpty }
    /// Pixels.
    var total: UInt64 { isCounted ? counts.reduce(0, +) : UInt64(words.count) }

    /// No scores.
    init() {}

    /// Takes words that are in order.
    init(words: [UInt32], counts: [UInt64] = [], split: Int) {
        self.words = words
        self.counts = counts
        self.split = split
    }

    /// The key of a word.
    @inline(__always)
    func key(at place: Int) -> UInt32 {
        words[place] >> 1 | (place < split ? 0 : ScoreKey.firstNegative)
    }

    /// Calls a function with each distinct score from the highest to the lowest, and how many pixels have it.
    @inline(__always)
    func forEachRun(_ body: (_ key: UInt32, _ positives: UInt64, _ negatives: UInt64) -> Void) {
        words.withUnsafeBufferPointer { words in
            for (start, end) in [(0, split), (split, words.count)] {
                var place = start
                while place < end {
                    let key = words[place] >> 1
                    var of: (UInt64, UInt64) = (0, 0)
                    while place < end, words[place] >> 1 == key {
                        let count = isCounted ? counts[place] : 1
                        if words[place] & 1 == 1 { of.1 &+= count } else { of.0 &+= count }
                        place &+= 1
                    }
                    body(key | (start < split ? 0 : ScoreKey.firstNegative), of.1, of.0)
                }
            }
        }
    }

    /// How many words have a key of at most this one.
    func prefix(through key: UInt32) -> Int {
        let isNegative = key >= ScoreKey.firstNegative
        var (low, high) = isNegative ? (split, words.count) : (0, split)
        let bound = key & 0x7fff_ffff
        while low < high {
            let middle = low + (high - low) / 2
            if words[middle] >> 1 <= bound { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Positives and negatives of the first words.
    func tally(first count: Int) -> (positives: UInt64, negatives: UInt64) {
        if isCounted {
            var of: (UInt64, UInt64) = (0, 0)
            for place in 0..<count {
                if words[place] & 1 == 1 { of.1 += counts[place] } else { of.0 += counts[place] }
            }
            return (of.1, of.0)
        }
        let positives = words.withUnsafeBufferPointer { words in
            var sum: UInt64 = 0
            for place in 0..<count { sum &+= UInt64(words[place] & 1) }
            return sum
        }
        return (positives, UInt64(count) - positives)
    }
}
