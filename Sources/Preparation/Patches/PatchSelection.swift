/// Which candidates of all slides are kept: so many for each bin of tumour percentage, a range of percentages, so many
/// negatives.
///
/// Positive patches pass these steps in order; each is skipped when its member is `nil`:
/// 1. of every bin [0, 5), [5, 10) ... [95, 100) percent the ``perBin`` patches of smallest rank;
/// 2. when fewer than ``topUp`` are left, others of smallest rank, up to that number;
/// 3. percentages outside ``range`` are dropped;
/// 4. of what is left the ``positives`` patches of smallest rank.
///
/// Of the negative patches those ``negatives`` of smallest rank are kept. Each step has ranks of its own, see ``PatchKey``.
///
/// - Source: EP-SAM's table of patches. Its own draws (pandas, seed 42) depend on the order of its tables and cannot be
///   repeated; the counts are the same.
public struct PatchSelection: Hashable, Sendable, Codable {
    /// Percentages that stay, in tenths of a percent.
    public struct Range: Hashable, Sendable, Codable {
        /// Lower end, 0...1,000.
        public var low: Int
        /// Upper end, 0...1,000.
        public var high: Int
        /// Whether the ends themselves stay.
        public var isClosed: Bool

        /// Makes a range.
        ///
        /// - Parameters:
        ///   - low: Lower end in tenths of a percent.
        ///   - high: Upper end in tenths of a percent.
        ///   - isClosed: Whether the ends themselves stay.
        public init(low: Int, high: Int, isClosed: Bool = false) {
            self.low = low
            self.high = high
            self.isClosed = isClosed
        }

        /// Whether a percentage stays.
        ///
        /// - Parameter permille: Tenths of a percent.
        /// - Returns: Whether it lies between the ends.
        public func contains(_ permille: Int) -> Bool {
            isClosed ? low <= permille && permille <= high : low < permille && permille < high
        }
    }

    /// The most patches of a bin; `nil` keeps all.
    public var perBin: Int?
    /// Width of a bin in tenths of a percent, a divisor of 1,000.
    public var binWidth: Int
    /// Whether patches of exactly 100 % belong to the last bin; EP-SAM loses them.
    public var includesFull: Bool
    /// Positives there are before the range is applied, if possible; `nil` adds none.
    public var topUp: Int?
    /// Percentages that stay; `nil` keeps all.
    public var range: Range?
    /// The most positives; `nil` keeps all.
    public var positives: Int?
    /// The most negatives; `nil` keeps all.
    public var negatives: Int?

    /// Keeps every candidate.
    public static let all = PatchSelection()

    /// Makes a selection.
    ///
    /// - Parameters:
    ///   - perBin: The most patches of a bin.
    ///   - binWidth: Width of a bin in tenths of a percent.
    ///   - includesFull: Whether 100 % belongs to the last bin.
    ///   - topUp: Positives there are before the range is applied.
    ///   - range: Percentages that stay.
    ///   - positives: The most positives.
    ///   - negatives: The most negatives.
    public init(
        perBin: Int? = nil, binWidth: Int = 50, includesFull: Bool = false, topUp: Int? = nil,
        range: Range? = nil, positives: Int? = nil, negatives: Int? = nil
    ) {
        self.perBin = perBin
        self.binWidth = binWidth
        self.includesFull = includesFull
        self.topUp = topUp
        self.range = range
        self.positives = positives
        self.negatives = negatives
    }

    /// EP-SAM's counts for a part of a data set.
    ///
    /// - Parameters:
    ///   - dataset: `camelyon16` or `camelyon17`.
    ///   - part: `train`, `validation` (or `val`) or `test`.
    /// - Returns: The selection; `nil` for other names.
    public static func epSAM(dataset: String, part: String) -> PatchSelection? {
        let middle = Range(low: 200, high: 900)
        switch (dataset, part == "val" ? "validation" : part) {
        case ("camelyon16", "train"):
            return PatchSelection(perBin: 430, range: middle, negatives: 6000)
        case ("camelyon16", "validation"):
            return PatchSelection(perBin: 50, range: middle, negatives: 700)
        case ("camelyon16", "test"):
            return PatchSelection(perBin: 143, range: middle, negatives: 2000)
        case ("camelyon17", "train"):
            return PatchSelection(perBin: 500, range: middle, negatives: 6000)
        case ("camelyon17", "validation"):
            return PatchSelection(perBin: 50, topUp: 1000, range: middle, negatives: 700)
        case ("camelyon17", "test"):
            return PatchSelection(
                range: Range(low: 200, high: 900, isClosed: true), positives: 2000,
                negatives: 2000)
        default:
            return nil
        }
    }

    /// The bin of a percentage.
    ///
    /// - Parameter permille: Tenths of a percent.
    /// - Returns: 0 for the first bin; `nil` for 100 % unless it belongs to the last one.
    public func bin(of permille: Int) -> Int? {
        guard permille >= 0, permille <= 1000 else { return nil }
        let last = 1000 / binWidth - 1
        return permille == 1000 ? (includesFull ? last : nil) : min(permille / binWidth, last)
    }

    /// Checks the ranges of the members.
    ///
    /// - Throws: ``PatchError`` naming the member.
    public func validate() throws(PatchError) {
        let counts = [
            ("bins", perBin), ("top-up", topUp), ("positives", positives),
            ("negatives", negatives),
        ]
        for (name, count) in counts {
            if let count, !(0...1_000_000_000).contains(count) {
                throw PatchError("selection: \(name): found \(count), expected 0 to 1000000000")
            }
        }
        guard binWidth >= 1, binWidth <= 1000, 1000 % binWidth == 0 else {
            throw PatchError(
                "selection: width: found \(binWidth) tenths of a percent, expected a divisor of 1000"
            )
        }
        if let range, range.low < 0 || range.high > 1000 || range.low > range.high {
            throw PatchError(
                "selection: range: found \(range.low)..\(range.high) tenths of a percent, "
                    + "expected ascending percentages from 0 to 100")
        }
        guard topUp == nil || perBin != nil else {
            throw PatchError("selection: top-up: found without bins, expected bins=N with it")
        }
    }
}
