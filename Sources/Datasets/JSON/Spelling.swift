/// Guessing what somebody meant to write.
public enum Spelling {
    /// A sentence "did you mean ...?" when a known word is near.
    ///
    /// - Complexity: O(*n*) in the letters of all words, times those of `word`, of which 128 are looked at.
    /// - Parameters:
    ///   - word: What was written; may be empty.
    ///   - words: The known words.
    /// - Returns: The sentence, or `nil` when no word differs in at most a third of its letters.
    public static func suggestion(for word: String, among words: [String]) -> String? {
        nearest(to: word, among: words).map { "did you mean \"\($0)\"?" }
    }

    /// The known word with the fewest edits, when that is at most a third of its letters, case ignored.
    static func nearest(to word: String, among words: [String]) -> String? {
        let lower = Array(word.lowercased().utf8.prefix(128))
        var best: (word: String, edits: Int)?
        for candidate in words {
            let letters = Array(candidate.lowercased().utf8)
            let edits = distance(lower, letters)
            // A word that merely lacks its end ("camelyon17-ep") is near too.
            let isStart = lower.count >= 3 && letters.starts(with: lower)
            guard edits <= max(1, letters.count / 3) || isStart else { continue }
            if edits < best?.edits ?? .max { best = (candidate, edits) }
        }
        return best?.word
    }

    /// The number of insertions, deletions, replacements and swaps of neighbours between two words.
    ///
    /// - Source: Damerau 1964, in the restricted form that edits no part twice.
    static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var twoAbove = [Int](repeating: 0, count: right.count + 1)
        var above = Array(0...right.count)
        for i in left.indices {
            var row = [i + 1]
            row.reserveCapacity(right.count + 1)
            for j in right.indices {
                var edits = min(
                    above[j + 1] + 1, row[j] + 1, above[j] + (left[i] == right[j] ? 0 : 1))
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                    edits = min(edits, twoAbove[j - 1] + 1)
                }
                row.append(edits)
            }
            (twoAbove, above) = (above, row)
        }
        return above[right.count]
    }
}
