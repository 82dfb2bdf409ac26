/// Sums over many items whose order never depends on the threads.
enum FixedSum {
    /// Adds up what a body gives for pieces of a range, in the order of the pieces.
    ///
    /// - Parameters:
    ///   - count: The length of the range.
    ///   - piece: Items of a piece.
    ///   - width: How many sums there are.
    ///   - body: Adds the sums of a piece to zeros.
    /// - Returns: The sums.
    static func of(
        count: Int, piece: Int = Elementwise.costlyPiece, width: Int = 1,
        _ body: @Sendable (Range<Int>, UnsafeMutablePointer<Double>) -> Void
    ) -> [Double] {
        let pieces = (count + piece - 1) / piece
        let partial = UnsafeMutablePointer<Double>.allocate(capacity: max(1, pieces * width))
        defer { partial.deallocate() }
        partial.initialize(repeating: 0, count: pieces * width)
        nonisolated(unsafe) let base = partial
        ParallelRange.forEach(count: count, piece: piece) { range in
            body(range, base + range.lowerBound / piece * width)
        }
        return (0..<width).map { column in
            (0..<pieces).reduce(0) { $0 + partial[$1 * width + column] }
        }
    }
}
