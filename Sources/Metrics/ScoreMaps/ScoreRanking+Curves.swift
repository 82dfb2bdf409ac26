/// Curves over the thresholds, parts of their area, and coarser forms of it.
extension ScoreRanking {
    // MARK: - Points

    /// The ROC curve: recall over false positive rate, from nothing found, (0, 0), to everything, (1, 1).
    ///
    /// - Parameter limit: The most points, at least 3; nil for one per distinct score. Points that lie closer together
    ///   than a picture shows are left out.
    /// - Returns: Points by falling threshold; none when a class is missing.
    /// - Complexity: O(*n*).
    public func rocPoints(limit: Int? = nil) -> [ScoreCurvePoint] {
        guard positives > 0, negatives > 0 else { return [] }
        let (all, none) = (Double(positives), Double(negatives))
        return points(limit, ScoreCurvePoint(x: 0, y: 0, threshold: .infinity)) { hits, ghosts in
            (Double(ghosts) / none, Double(hits) / all)
        }
    }

    /// The precision-recall curve: precision over recall, from (0, 1), where nothing is found by agreement, down.
    ///
    /// - Parameter limit: The most points, at least 3; nil for one per distinct score.
    /// - Returns: Points by falling threshold; none without positives.
    /// - Complexity: O(*n*).
    public func precisionRecallPoints(limit: Int? = nil) -> [ScoreCurvePoint] {
        guard positives > 0 else { return [] }
        let all = Double(positives)
        return points(limit, ScoreCurvePoint(x: 0, y: 1, threshold: .infinity)) { hits, ghosts in
            (Double(hits) / all, Double(hits) / Double(hits + ghosts))
        }
    }

    /// The points of a curve, thinned to those that moved by a step since the last one; the last point stays.
    private func points(
        _ limit: Int?, _ first: ScoreCurvePoint,
        _ place: (_ truePositives: UInt64, _ falsePositives: UInt64) -> (x: Double, y: Double)
    ) -> [ScoreCurvePoint] {
        let limit = limit.map { max(3, $0) } ?? .max
        // A monotone curve is 2 long, so that twice a step per point suffices; others may need a longer step.
        var step = limit == .max ? 0 : 2 / Double(limit - 2)
        while true {
            var found = [first]
            var last = first
            var (hits, ghosts) = (0 as UInt64, 0 as UInt64)
            scores.forEachRun { key, positives, negatives in
                hits += positives
                ghosts += negatives
                let (x, y) = place(hits, ghosts)
                last = ScoreCurvePoint(x: x, y: y, threshold: ScoreKey.score(of: key))
                let kept = found[found.count - 1]
                if found.count <= limit, abs(x - kept.x) + abs(y - kept.y) >= step {
                    found.append(last)
                }
            }
            if found[found.count - 1].threshold != last.threshold { found.append(last) }
            if found.count <= limit { return found }
            step *= 2
        }
    }

    // MARK: - Areas

    /// The area under the ROC curve up to a false positive rate, scaled so that chance is 0.5 and perfection 1.
    ///
    /// With the area A up to the rate r, linear between points: `(1 + (A - r²/2) / (r - r²/2)) / 2`. Source: McClish
    /// 1989; the same as scikit-learn's `max_fpr`.
    ///
    /// - Parameter rate: Above 0, at most 1; at 1 the value is ``auc``.
    /// - Returns: NaN when a class is missing.
    /// - Throws: ``MetricError/invalidArgument(name:found:expected:)``.
    /// - Complexity: O(*n*).
    public func partialAUC(upToFalsePositiveRate rate: Double) throws(MetricError) -> Double {
        guard rate > 0, rate <= 1 else {
            throw .invalidArgument(
                name: "false positive rate", found: "\(rate)", expected: "above 0, at most 1")
        }
        guard rate < 1, positives > 0, negatives > 0 else { return auc }
        let (all, none) = (Double(positives), Double(negatives))
        var (x, y, area) = (0.0, 0.0, 0.0)
        var (hits, ghosts) = (0 as UInt64, 0 as UInt64)
        scores.forEachRun { _, positives, negatives in
            guard x < rate else { return }
            hits += positives
            ghosts += negatives
            var next = (x: Double(ghosts) / none, y: Double(hits) / all)
            if next.x > rate {
                next = (rate, y + (next.y - y) * (rate - x) / (next.x - x))
            }
            area += (next.x - x) * (y + next.y) / 2
            (x, y) = next
        }
        let chance = rate * rate / 2
        return (1 + (area - chance) / (rate - chance)) / 2
    }

    /// The trapezoid over evenly spaced thresholds from 0 to 1, which is biased: torchmetrics' `thresholds`.
    ///
    /// As there, the curve begins at the threshold 1, not at (0, 0), and scores are meant to be probabilities. Use
    /// ``auc``, unless a published number was made like this.
    ///
    /// - Parameter count: Thresholds, at least 2; they are single-precision numbers.
    /// - Returns: NaN when a class is missing (torchmetrics: 0).
    /// - Throws: ``MetricError/invalidArgument(name:found:expected:)``.
    /// - Complexity: O(*n* + *count*).
    public func auc(thresholds count: Int) throws(MetricError) -> Double {
        guard count >= 2 else {
            throw .invalidArgument(name: "thresholds", found: "\(count)", expected: "at least 2")
        }
        guard positives > 0, negatives > 0 else { return .nan }
        let thresholds = UnitInterval.points(count)
        var counts = [(hits: UInt64, ghosts: UInt64)](repeating: (0, 0), count: count)
        // Each score counts from the highest threshold that it reaches.
        var place = count - 1
        scores.forEachRun { key, positives, negatives in
            let score = ScoreKey.score(of: key)
            while place >= 0, thresholds[place] > score { place -= 1 }
            guard place >= 0 else { return }
            counts[place].hits += positives
            counts[place].ghosts += negatives
        }
        var (hits, ghosts, area) = (counts[count - 1].hits, counts[count - 1].ghosts, 0.0)
        for (more, further) in counts.dropLast().reversed() {
            area += Double(further) * Double(2 * hits + more)
            hits += more
            ghosts += further
        }
        return area / 2 / (Double(positives) * Double(negatives))
    }
}
