/// One list from two, and the choice between a word per pixel (4 bytes) and a word with its count (12 bytes).
extension SortedScores {
    /// The scores of both lists.
    ///
    /// - Complexity: O(*a* + *b*) for the words of the two.
    func merging(_ other: SortedScores) -> SortedScores {
        if words.isEmpty { return other }
        if other.words.isEmpty { return self }
        let pixels = Double(total) + Double(other.total)
        let isCounted = pixels > 3 * Double(words.count + other.words.count)
        return isCounted
            ? Self.mergeCounted(counted(), other.counted())
            : Self.mergePixels(expanded(), other.expanded()).compacted()
    }

    /// The smaller of the two forms.
    func compacted() -> SortedScores {
        guard !isCounted else { return self }
        let distinct = words.withUnsafeBufferPointer { words in
            var sum: UInt32 = 0
            for place in 1..<max(1, words.count) {
                sum &+= words[place] == words[place &- 1] ? 0 : 1
            }
            return Int(sum)
        }
        return distinct < words.count / 4 ? counted() : self
    }

    /// Distinct words with counts.
    private func counted() -> SortedScores {
        guard !isCounted else { return self }
        var found = SortedScores.Builder()
        for place in 0..<words.count {
            if place == split { found.endPart() }
            found.append(words[place], 1)
        }
        return found.list(isSplit: split < words.count)
    }

    /// A word per pixel.
    private func expanded() -> SortedScores {
        guard isCounted else { return self }
        var found: [UInt32] = []
        found.reserveCapacity(Int(total))
        var split = 0
        for place in 0..<words.count {
            if place == self.split { split = found.count }
            found.append(contentsOf: repeatElement(words[place], count: Int(counts[place])))
        }
        return SortedScores(
            words: found, split: self.split == words.count ? found.count : split)
    }

    private static func mergePixels(_ a: SortedScores, _ b: SortedScores) -> SortedScores {
        let count = a.words.count + b.words.count
        let words = [UInt32](unsafeUninitializedCapacity: count) { output, filled in
            a.words.withUnsafeBufferPointer { first in
                b.words.withUnsafeBufferPointer { second in
                    var place = 0
                    for (x, y) in [
                        (0..<a.split, 0..<b.split),
                        (a.split..<first.count, b.split..<second.count),
                    ] {
                        var (i, j) = (x.lowerBound, y.lowerBound)
                        while i < x.upperBound, j < y.upperBound {
                            // Selections instead of branches: which list is next is anybody's guess.
                            let (u, v) = (first[i], second[j])
                            let isFirst = u <= v
                            output[place] = isFirst ? u : v
                            i &+= isFirst ? 1 : 0
                            j &+= isFirst ? 0 : 1
                            place &+= 1
                        }
                        while i < x.upperBound {
                            output[place] = first[i]
                            (i, place) = (i &+ 1, place &+ 1)
                        }
                        while j < y.upperBound {
                            output[place] = second[j]
                            (j, place) = (j &+ 1, place &+ 1)
                        }
                    }
                    filled = place
                }
            }
        }
        return SortedScores(words: words, split: a.split + b.split)
    }

    private static func mergeCounted(_ a: SortedScores, _ b: SortedScores) -> SortedScores {
        var found = SortedScores.Builder()
        func merge(_ x: Range<Int>, _ y: Range<Int>) {
            var (i, j) = (x.lowerBound, y.lowerBound)
            while i < x.upperBound || j < y.upperBound {
                if j == y.upperBound || (i < x.upperBound && a.words[i] <= b.words[j]) {
                    found.append(a.words[i], a.counts[i])
                    i += 1
                } else {
                    found.append(b.words[j], b.counts[j])
                    j += 1
                }
            }
        }
        merge(0..<a.split, 0..<b.split)
        found.endPart()
        merge(a.split..<a.words.count, b.split..<b.words.count)
        return found.list(isSplit: true)
    }

    /// Collects distinct words and their counts, in order.
    struct Builder {
        private var words: [UInt32] = []
        private var counts: [UInt64] = []
        private var split = 0

        /// Adds pixels of a word that is not below the last one of its part.
        mutating func append(_ word: UInt32, _ count: UInt64) {
            if words.count > split, words[words.count - 1] == word {
                counts[counts.count - 1] += count
            } else {
                words.append(word)
                counts.append(count)
            }
        }

        /// Begins the scores below zero.
        mutating func endPart() { split = words.count }

        /// The list; `isSplit` says that ``endPart()`` was called.
        func list(isSplit: Bool) -> SortedScores {
            SortedScores(words: words, counts: counts, split: isSplit ? split : words.count)
        }
    }
}
