/// The scores of an image, or of a data set, in descending order with their labels: all that thresholds can find.
///
/// Scores are any finite `Float` (probabilities, logits); ties are exact equality, and minus zero equals zero. Pixels
/// are gone afterwards: what is kept takes 4 bytes per pixel, or 12 per distinct score and label where that is less.
/// Values are exact counts divided once; those of one class alone are NaN. An empty ranking has NaN everywhere.
public struct ScoreRanking: Sendable {
    /// The scores with their labels.
    let scores: SortedScores
    private let totals: RankingTotals

    /// An empty ranking, which merging leaves out.
    public init() { self.init(SortedScores()) }

    init(_ scores: SortedScores) {
        self.scores = scores
        totals = RankingTotals(of: scores)
    }

    /// Ranks the scores of one image.
    ///
    /// - Parameters:
    ///   - scores: One finite score per pixel; higher means rather positive.
    ///   - reference: One label per pixel; all but 0 are positive.
    ///   - what: What the scores are, for errors.
    /// - Throws: ``MetricError/sizeMismatch(what:found:expected:)``, or
    ///   ``MetricError/invalidScore(what:index:found:)`` at the first NaN or infinity.
    /// - Complexity: O(*n*): one pass to at most 1024 distinct scores, otherwise a radix sort; 4 bytes per pixel
    ///   apart from the input, up to 8 when scores lie closely together.
    public init(
        scores: [Float], reference: [UInt8], what: String = "score map"
    ) throws(MetricError) {
        let result: Result<ScoreRanking, MetricError> = scores.withUnsafeBufferPointer { scores in
            reference.withUnsafeBufferPointer { reference in
                // A closure of the standard library does not pass typed errors on.
                do throws(MetricError) {
                    return .success(
                        try ScoreRanking(scores: scores, reference: reference, what: what))
                } catch {
                    return .failure(error)
                }
            }
        }
        self = try result.get()
    }

    /// Ranks scores that lie in memory of the caller; see ``init(scores:reference:what:)``.
    ///
    /// - Parameters:
    ///   - scores: One finite score per pixel.
    ///   - reference: One label per pixel; all but 0 are positive.
    ///   - what: What the scores are, for errors.
    /// - Throws: As ``init(scores:reference:what:)``.
    public init(
        scores: UnsafeBufferPointer<Float>, reference: UnsafeBufferPointer<UInt8>,
        what: String = "score map"
    ) throws(MetricError) {
        guard reference.count == scores.count else {
            throw .sizeMismatch(
                what: "\(what), reference", found: reference.count, expected: scores.count)
        }
        if let counted = try ScoreTally.count(scores, reference, what: what) {
            self.init(counted)
        } else {
            self.init(try ScoreSorting.sort(scores, reference, what: what))
        }
    }

    // MARK: - Several images

    /// The ranking of the pixels of both.
    ///
    /// - Parameter other: Scores of the same meaning.
    /// - Returns: As if all pixels had been ranked together, whatever the order of merging.
    /// - Complexity: O(*a* + *b*) for the two sizes.
    public func merging(_ other: ScoreRanking) -> ScoreRanking {
        ScoreRanking(scores.merging(other.scores))
    }

    /// The ranking of the pixels of several images.
    ///
    /// - Parameter rankings: Scores of the same meaning.
    /// - Returns: As if all pixels had been ranked together; an empty ranking of none.
    /// - Complexity: O(*n* log *k*) for *n* pixels of *k* images, against O(*n k*) when they are merged in a row.
    public static func pooling(_ rankings: [ScoreRanking]) -> ScoreRanking {
        var level = rankings.map(\.scores)
        guard level.count > 1 else { return rankings.first ?? ScoreRanking() }
        while level.count > 1 {
            level = stride(from: 0, to: level.count, by: 2).map { place in
                place + 1 < level.count
                    ? level[place].merging(level[place + 1]) : level[place]
            }
        }
        return ScoreRanking(level[0])
    }

    // MARK: - Values over all thresholds

    /// Pixels that are positive in the reference.
    public var positives: UInt64 { totals.positives }
    /// Pixels that are not.
    public var negatives: UInt64 { totals.negatives }

    /// The area under the ROC curve: the probability that a positive scores above a negative, ties counting half.
    ///
    /// The same as `(Σ ranks of positives - n₊(n₊+1)/2) / (n₊ n₋)` with mid-ranks, and as the trapezoid over all
    /// distinct scores; NaN when a class is missing. Sources: Hanley and McNeil 1982; Fawcett 2006.
    public var auc: Double { totals.auc }

    /// Average precision, `Σ (R(k) - R(k-1)) P(k)` over distinct scores from high to low; NaN without positives.
    ///
    /// It is a sum of steps, not the trapezoid under the precision-recall curve, which is too large.
    public var averagePrecision: Double { totals.averagePrecision }

    /// The highest F1 over thresholds among the distinct scores, at the lowest such threshold; nil without positives.
    ///
    /// Choosing the threshold on the images that are scored flatters; ``scores(at:)`` takes one that was chosen
    /// elsewhere.
    public var bestF1: ThresholdScore? {
        totals.best.map { best in
            ThresholdScore(
                threshold: ScoreKey.score(of: best.key),
                counts: counts(best.truePositives, predicted: best.predicted))
        }
    }

    // MARK: - One threshold

    /// The counts when a pixel is positive from a score of `threshold` on.
    ///
    /// - Parameter threshold: Any number; infinity finds nothing, NaN neither.
    /// - Returns: Counts of all pixels.
    /// - Complexity: O(*w*) for the *w* pixels, or distinct scores, above.
    public func counts(atOrAbove threshold: Float) -> OverlapCounts {
        guard !threshold.isNaN else { return counts(0, predicted: 0) }
        let found = scores.tally(first: scores.prefix(through: ScoreKey.key(of: threshold)))
        return counts(found.positives, predicted: found.positives + found.negatives)
    }

    /// F1, precision and recall when a pixel is positive from a score of `threshold` on.
    ///
    /// - Parameter threshold: Any number, 0.5 for probabilities.
    /// - Returns: Values and the counts they come from.
    /// - Complexity: As ``counts(atOrAbove:)``.
    public func scores(at threshold: Float) -> ThresholdScore {
        ThresholdScore(threshold: threshold, counts: counts(atOrAbove: threshold))
    }

    private func counts(_ truePositives: UInt64, predicted: UInt64) -> OverlapCounts {
        OverlapCounts(
            truePositives: truePositives, falsePositives: predicted - truePositives,
            falseNegatives: positives - truePositives,
            trueNegatives: negatives - (predicted - truePositives))
    }
}
