/// Sorts scores with their labels: one pass to buckets of close scores, then a radix sort in each, within the cache.
///
/// A bucket is a 32nd of a binade: all its keys share their upper 14 bits, and the 18 lower ones and the label are two
/// digits. A map of probabilities has some hundred buckets of a few thousand pixels, so that only the first pass
/// reaches out to memory. Apart from the words, memory is needed for the largest bucket only.
enum ScoreSorting {
    private static let shift: UInt32 = 18
    private static let bucketCount = 1 << 14
    /// The lower digit: nine bits of the key, and the label.
    private static let lowDigits = 1 << 10
    private static let highDigits = 1 << 9

    /// Sorts.
    ///
    /// - Throws: ``MetricError/invalidScore(what:index:found:)``.
    /// - Complexity: O(*n*); 4 bytes per pixel and as much for the pixels of the largest bucket.
    static func sort(
        _ scores: UnsafeBufferPointer<Float>, _ reference: UnsafeBufferPointer<UInt8>, what: String
    ) throws(MetricError) -> SortedScores {
        var ends = [Int](repeating: 0, count: bucketCount)
        ends.withUnsafeMutableBufferPointer { ends in
            for score in scores { ends[Int(ScoreKey.key(of: score) >> shift)] &+= 1 }
        }
        guard ends[..<Int(ScoreKey.lowest >> shift)].allSatisfy({ $0 == 0 }),
            ends[Int(ScoreKey.end >> shift)...].allSatisfy({ $0 == 0 })
        else { throw ScoreKey.invalidScore(scores, what: what) }

        var (sum, largest) = (0, 0)
        for bucket in 0..<bucketCount {
            let count = ends[bucket]
            ends[bucket] = sum
            sum += count
            largest = max(largest, count)
        }
        let split = ends[Int(ScoreKey.firstNegative >> shift)]
        let words = [UInt32](unsafeUninitializedCapacity: scores.count) { words, filled in
            ends.withUnsafeMutableBufferPointer { ends in
                for place in 0..<scores.count {
                    let key = ScoreKey.key(of: scores[place])
                    let bucket = Int(key >> shift)
                    let target = ends[bucket]
                    ends[bucket] = target &+ 1
                    words[target] = key << 1 | (reference[place] == 0 ? 0 : 1)
                }
                sortBuckets(words, ends: ends, largest: largest)
            }
            filled = scores.count
        }
        return SortedScores(words: words, split: split).compacted()
    }

    private static func sortBuckets(
        _ words: UnsafeMutableBufferPointer<UInt32>, ends: UnsafeMutableBufferPointer<Int>,
        largest: Int
    ) {
        guard let base = words.baseAddress else { return }
        let spare = UnsafeMutablePointer<UInt32>.allocate(capacity: largest)
        let digits = UnsafeMutablePointer<Int>.allocate(capacity: lowDigits + highDigits)
        defer {
            spare.deallocate()
            digits.deallocate()
        }
        var start = 0
        for end in ends {
            sortBucket(base + start, end - start, spare, digits)
            start = end
        }
    }

    private static func sortBucket(
        _ words: UnsafeMutablePointer<UInt32>, _ count: Int, _ spare: UnsafeMutablePointer<UInt32>,
        _ digits: UnsafeMutablePointer<Int>
    ) {
        guard count > 32 else { return sortFew(words, count) }
        let (low, high) = (digits, digits + lowDigits)
        digits.update(repeating: 0, count: lowDigits + highDigits)
        for place in 0..<count {
            low[lowDigit(words[place])] &+= 1
            high[highDigit(words[place])] &+= 1
        }
        // A digit that all words share needs no pass; pixels of exactly 0 or 1 often fill a bucket.
        let isLow = low[lowDigit(words[0])] < count
        let isHigh = high[highDigit(words[0])] < count
        if isLow {
            beginnings(low, lowDigits)
            for place in 0..<count {
                let (word, digit) = (words[place], lowDigit(words[place]))
                spare[low[digit]] = word
                low[digit] &+= 1
            }
        }
        if isHigh {
            beginnings(high, highDigits)
            if !isLow { spare.update(from: words, count: count) }
            for place in 0..<count {
                let (word, digit) = (spare[place], highDigit(spare[place]))
                words[high[digit]] = word
                high[digit] &+= 1
            }
        } else if isLow {
            words.update(from: spare, count: count)
        }
    }

    @inline(__always)
    private static func lowDigit(_ word: UInt32) -> Int { Int(word) & (lowDigits - 1) }

    @inline(__always)
    private static func highDigit(_ word: UInt32) -> Int { Int(word >> 10) & (highDigits - 1) }

    /// Turns counts into the places where the digits begin.
    @inline(__always)
    private static func beginnings(_ digits: UnsafeMutablePointer<Int>, _ count: Int) {
        var sum = 0
        for digit in 0..<count {
            let own = digits[digit]
            digits[digit] = sum
            sum &+= own
        }
    }

    /// Sorts by insertion.
    private static func sortFew(_ words: UnsafeMutablePointer<UInt32>, _ count: Int) {
        guard count > 1 else { return }
        for place in 1..<count {
            let word = words[place]
            var hole = place
            while hole > 0, words[hole - 1] > word {
                words[hole] = words[hole - 1]
                hole -= 1
            }
            words[hole] = word
        }
    }
}
