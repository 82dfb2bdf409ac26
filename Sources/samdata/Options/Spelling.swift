/// Tells a slip of the fingers from another word.
enum Spelling {
    /// Whether two words differ by at most two letters added, dropped, changed or exchanged, and by less than half.
    static func isNear(_ word: String, _ other: String) -> Bool {
        let (a, b) = (Array(word.lowercased()), Array(other.lowercased()))
        guard a != b, abs(a.count - b.count) <= 2 else { return a == b }
        let limit = min(2, max(a.count, b.count) / 2)
        // the classic table, three rows of it, with exchanged neighbours as one step
        var before: [Int] = []
        var row = Array(0...b.count)
        for (i, letter) in a.enumerated() {
            var next = [i + 1]
            for (j, wanted) in b.enumerated() {
                var cost = min(row[j] + (letter == wanted ? 0 : 1), row[j + 1] + 1, next[j] + 1)
                if i > 0, j > 0, letter == b[j - 1], a[i - 1] == wanted {
                    cost = min(cost, before[j - 1] + 1)
                }
                next.append(cost)
            }
            before = row
            row = next
        }
        return row[b.count] <= limit
    }
}
