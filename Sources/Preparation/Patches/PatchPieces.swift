/// Cutting a slide's work into pieces of a fixed number of patches.
public enum PatchPieces {
    /// The most pieces of one slide.
    public static let most = 100_000

    /// Cuts numbers 0..<count into pieces.
    ///
    /// - Parameters:
    ///   - count: Places of a lattice, or patches chosen of a slide.
    ///   - budget: Patches of a piece; the last piece may have fewer.
    /// - Returns: Ranges that follow each other and cover `0..<count`; none for a count of 0.
    /// - Throws: ``PatchError`` when the count is negative, the budget below 1, or there were more than ``most`` pieces.
    public static func pieces(of count: Int, budget: Int) throws(PatchError) -> [Range<Int>] {
        guard count >= 0, budget >= 1 else {
            throw PatchError(
                "pieces: found \(count) patches with a budget of \(budget), expected a budget from 1"
            )
        }
        let number = count / budget + (count % budget == 0 ? 0 : 1)
        guard number <= most else {
            throw PatchError(
                "pieces: found \(number) pieces of \(budget) patches, expected at most \(most); "
                    + "take a larger budget")
        }
        return (0..<number).map { n in
            let start = n * budget
            return start..<start + min(budget, count - start)
        }
    }
}

extension PatchLattice {
    /// Cuts the lattice into pieces of a fixed number of places.
    ///
    /// - Parameter budget: Places of a piece; the last piece may have fewer.
    /// - Returns: Ranges of numbers that follow each other and cover the lattice; none for an empty one.
    /// - Throws: ``PatchError`` for a budget below 1 and for more than ``PatchPieces/most`` pieces.
    public func pieces(budget: Int) throws(PatchError) -> [Range<Int>] {
        try PatchPieces.pieces(of: count, budget: budget)
    }
}
