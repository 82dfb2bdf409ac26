/// What a selection kept.
public struct PatchChoice: Hashable, Sendable {
    /// Patches of one bin.
    public struct Bin: Hashable, Sendable, Codable {
        /// Lower end in tenths of a percent.
        public var low: Int
        /// Positives in the bin.
        public var found: Int
        /// Positives kept at the end.
        public var kept: Int
    }

    /// Positions of the kept patches in the candidates, ascending.
    public var chosen: [Int]
    /// Found and kept positives, bin by bin.
    public var bins: [Bin]
    /// Positives that belong to no bin, which are those of 100 %.
    public var outsideBins: Int
    /// Positives found.
    public var positivesFound: Int
    /// Positives kept.
    public var positivesKept: Int
    /// Negatives found.
    public var negativesFound: Int
    /// Negatives kept.
    public var negativesKept: Int
}

extension PatchSelection {
    /// Chooses patches of all slides together.
    ///
    /// The same patches are kept whatever the order of the candidates, provided the same candidates are given.
    ///
    /// - Parameters:
    ///   - candidates: Patches of all slides of a part; none gives an empty choice.
    ///   - slides: The slides' ids.
    ///   - seed: The user's seed.
    /// - Returns: What is kept, with counts.
    /// - Throws: ``PatchError`` when a candidate names no slide, has impossible numbers or occurs twice, or a member of the
    ///   selection is out of range.
    /// - Complexity: O(*n* log *n*) in the candidates.
    public func choose(
        _ candidates: [PatchCandidate], slides: [String], seed: UInt64
    ) throws(PatchError) -> PatchChoice {
        try validate()
        try Self.check(candidates, slides)
        func ranked(_ members: [Int], _ purpose: String) -> [Int] {
            let keys = slides.map { PatchKey(seed: seed, slide: $0, purpose: purpose) }
            let order = members.map { n -> (rank: UInt64, n: Int) in
                (keys[candidates[n].slide].rank(candidates[n].index), n)
            }
            // equal ranks of different patches are decided by what the patches are, not by where they stand
            return order.sorted { a, b in
                if a.rank != b.rank { return a.rank < b.rank }
                let (p, q) = (candidates[a.n], candidates[b.n])
                return (slides[p.slide], p.index) < (slides[q.slide], q.index)
            }.map(\.n)
        }
        func first(_ count: Int?, of members: [Int], _ purpose: String) -> [Int] {
            guard let count, members.count > count else { return members }
            return Array(ranked(members, purpose).prefix(count))
        }
        let positive = candidates.indices.filter { candidates[$0].foreground > 0 }
        var members = [[Int]](repeating: [], count: 1000 / binWidth)
        for n in positive {
            if let bin = bin(of: candidates[n].permille) { members[bin].append(n) }
        }
        var kept = positive
        if let perBin {
            kept = members.flatMap { first(perBin, of: $0, "bin") }
            if let topUp, kept.count < topUp {
                let taken = Set(kept)
                kept += first(
                    topUp - kept.count, of: positive.filter { !taken.contains($0) }, "top-up")
            }
        }
        if let range { kept.removeAll { !range.contains(candidates[$0].permille) } }
        kept = first(positives, of: kept, "positives")
        let negative = candidates.indices.filter { candidates[$0].foreground == 0 }
        let keptNegative = first(negatives, of: negative, "negatives")

        var bins = members.enumerated().map { n, found in
            PatchChoice.Bin(low: n * binWidth, found: found.count, kept: 0)
        }
        for n in kept {
            if let bin = bin(of: candidates[n].permille) { bins[bin].kept += 1 }
        }
        return PatchChoice(
            chosen: (kept + keptNegative).sorted(), bins: bins,
            outsideBins: positive.count - members.reduce(0) { $0 + $1.count },
            positivesFound: positive.count, positivesKept: kept.count,
            negativesFound: negative.count, negativesKept: keptNegative.count)
    }

    private static func check(
        _ candidates: [PatchCandidate], _ slides: [String]
    ) throws(PatchError) {
        guard Set(slides).count == slides.count else {
            throw PatchError("selection: found a slide listed twice, expected one id per slide")
        }
        var seen: [Set<Int>] = Array(repeating: [], count: slides.count)
        for candidate in candidates {
            guard slides.indices.contains(candidate.slide) else {
                throw PatchError(
                    "selection: found slide number \(candidate.slide), expected one of \(slides.count)"
                )
            }
            let slide = slides[candidate.slide]
            guard candidate.pixels >= 1, candidate.pixels <= 1 << 40, candidate.foreground >= 0,
                candidate.foreground <= candidate.pixels
            else {
                throw PatchError(
                    "selection: \(slide): patch \(candidate.index): found \(candidate.foreground) tumour "
                        + "pixels of \(candidate.pixels), expected a part of them")
            }
            guard seen[candidate.slide].insert(candidate.index).inserted else {
                throw PatchError(
                    "selection: \(slide): found patch \(candidate.index) twice, expected it once")
            }
        }
    }
}
