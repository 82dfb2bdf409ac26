/// What follows from all thresholds at once, taken in one walk over the sorted scores.
struct RankingTotals: Sendable {
    /// Pixels that are positive in the reference.
    private(set) var positives: UInt64 = 0
    /// Pixels that are not.
    private(set) var negatives: UInt64 = 0
    /// The area under the ROC curve; NaN when a class is missing.
    private(set) var auc = Double.nan
    /// Average precision; NaN without positives.
    private(set) var averagePrecision = Double.nan
    /// The threshold of the highest F1, and what it finds; nil without positives.
    private(set) var best: (key: UInt32, truePositives: UInt64, predicted: UInt64)?

    /// Walks over the scores.
    ///
    /// - Complexity: O(*w*) for *w* words, no memory.
    init(of scores: SortedScores) {
        (positives, negatives) = scores.tally(first: scores.words.count)
        guard positives > 0 else { return }
        // Below 2^31 pixels all sums fit 64 bits.
        if scores.isCounted || scores.words.count >= 1 << 31 {
            walkRuns(scores)
        } else {
            walkPixels(scores)
        }
    }

    // MARK: - Runs

    private mutating func walkRuns(_ scores: SortedScores) {
        let all = positives
        var (truePositives, predicted) = (0 as UInt64, 0 as UInt64)
        var (area, precision) = (WideSum(), 0.0)
        var best: (key: UInt32, truePositives: UInt64, predicted: UInt64) = (0, 0, 0)
        scores.forEachRun { key, positives, negatives in
            area.add(negatives, times: 2 * truePositives + positives)
            truePositives += positives
            predicted += positives + negatives
            guard positives > 0 else { return }
            precision += Double(positives) * (Double(truePositives) / Double(predicted))
            let new = truePositives.multipliedFullWidth(by: best.predicted + all)
            let old = best.truePositives.multipliedFullWidth(by: predicted + all)
            if (new.high, new.low) >= (old.high, old.low) {
                best = (key, truePositives, predicted)
            }
        }
        finish(area: area.value, precision: precision, best)
    }

    // MARK: - Pixels

    /// The same for a word per pixel: the positives are picked out without a branch, and only they are looked at.
    private mutating func walkPixels(_ scores: SortedScores) {
        let (count, all) = (scores.words.count, Int(positives))
        let block = 4096
        var (rankSum, tied) = (0, 0)
        var (truePositives, run) = (0, 0)
        var precision = 0.0
        var best = (place: 0, truePositives: 0, predicted: 0)
        scores.words.withUnsafeBufferPointer { words in
            // Equal words on both sides of the split are different scores.
            func isSame(_ a: Int, _ b: Int, _ flip: UInt32) -> Bool {
                a >= 0 && b < count && words[a] == words[b] ^ flip
                    && (a < scores.split) == (b < scores.split)
            }
            withUnsafeTemporaryAllocation(of: Int.self, capacity: block) { found in
                for start in stride(from: 0, to: count, by: block) {
                    var picked = 0
                    for place in start..<min(count, start &+ block) {
                        found[picked] = place
                        picked &+= Int(words[place] & 1)
                    }
                    for index in 0..<picked {
                        let place = found[index]
                        truePositives &+= 1
                        run &+= 1
                        rankSum &+= place
                        if isSame(place &- 1, place, 1) {
                            // The first positive of a score that negatives have too.
                            var (first, last) = (place &- 1, place)
                            while isSame(first &- 1, place, 1) { first &-= 1 }
                            while isSame(place, last &+ 1, 0) { last &+= 1 }
                            tied &+= (place &- first) &* (last &- place &+ 1)
                        }
                        if isSame(place, place &+ 1, 0) { continue }
                        let predicted = place &+ 1
                        precision += Double(run) * (Double(truePositives) / Double(predicted))
                        run = 0
                        if truePositives &* (best.predicted &+ all)
                            >= best.truePositives &* (predicted &+ all)
                        {
                            best = (place, truePositives, predicted)
                        }
                    }
                }
            }
        }
        // Negatives before a positive: its place less the positives before it; those of its own score count half.
        let before = rankSum - all * (all - 1) / 2
        let area = 2 * (all * Int(negatives) - before) + tied
        finish(
            area: Double(area), precision: precision,
            (
                scores.key(at: best.place), UInt64(best.truePositives),
                UInt64(best.predicted)
            ))
    }

    /// Divides; `area` counts pairs of a positive and a negative in halves.
    private mutating func finish(
        area: Double, precision: Double,
        _ best: (key: UInt32, truePositives: UInt64, predicted: UInt64)
    ) {
        if negatives > 0 { auc = area / 2 / (Double(positives) * Double(negatives)) }
        averagePrecision = precision / Double(positives)
        self.best = best
    }
}

/// A sum of products on 128 bits.
private struct WideSum {
    private var high: UInt64 = 0
    private var low: UInt64 = 0

    /// Adds a product.
    mutating func add(_ a: UInt64, times b: UInt64) {
        let product = a.multipliedFullWidth(by: b)
        let (sum, carry) = low.addingReportingOverflow(product.low)
        low = sum
        high &+= product.high &+ (carry ? 1 : 0)
    }

    /// The sum, rounded.
    var value: Double { Double(high) * 0x1p64 + Double(low) }
}
