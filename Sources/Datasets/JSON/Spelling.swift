/// Guessing what somebody meant to write.
enum Spelling {
    /// A sentence "did you mean ...?" when a known word is near.
    static func suggestion(for word: String, among words: [String]) -> String? {
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

    /// The number of insertions, deletions and replacements between two words (Levenshtein 1966).
    static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (i, a) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, b) in right.enumerated() {
                let above = row[j + 1]
                row[j + 1] = min(above + 1, row[j] + 1, diagonal + (a == b ? 0 : 1))
                diagonal = above
            }
        }
        return row[right.count]
    }
}
