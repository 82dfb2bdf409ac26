/// Checks on lists of numbers that come from a caller.
enum FiniteCheck {
    /// Throws at the first value that is not finite.
    static func check(_ values: [Double], _ what: String) throws(MetricError) {
        if let index = values.firstIndex(where: { !$0.isFinite }) {
            throw .invalidScore(what: what, index: index, found: "\(values[index])")
        }
    }

    /// Throws when a list has not the length expected.
    static func check(_ count: Int, is expected: Int, _ what: String) throws(MetricError) {
        guard count == expected else {
            throw .sizeMismatch(what: what, found: count, expected: expected)
        }
    }
}
