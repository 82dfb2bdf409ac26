#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// How well probabilities agree with frequencies: a reliability table in equal-width bins, and what is read from it.
///
/// Pixels stream in, image by image; tables of the same bins add up. Without pixels every value is NaN. Pixels of one
/// image are not independent: intervals are to be had by resampling images. Sources: Naeini et al. 2015; Guo et al. 2017.
public struct Calibration: Sendable {
    /// Probabilities are kept this far from 0 and 1 before their logarithm is taken: the precision of `Float`, as
    /// scikit-learn does.
    public static let logLossMargin: Float = .ulpOfOne
    /// Bins of equal width.
    public let binCount: Int
    /// To which bin an edge belongs.
    public let rule: CalibrationRule

    private var counts: [UInt64]
    private var positives: [UInt64]
    private var scoreSums: [Double]
    private var squareSum = 0.0
    private var logSum = 0.0
    /// Only of the rule `lowerInclusiveSingle`.
    private let edges: [Float]

    /// An empty table of 15 bins `(k/15, (k+1)/15]`.
    public init() { self.init(bins: 15, .upperInclusive) }

    /// An empty table.
    ///
    /// - Parameters:
    ///   - binCount: Bins of equal width, 1 to 65536.
    ///   - rule: To which bin an edge belongs.
    /// - Throws: ``MetricError/invalidArgument(name:found:expected:)``.
    public init(
        binCount: Int, rule: CalibrationRule = .upperInclusive
    ) throws(MetricError) {
        guard (1...1 << 16).contains(binCount) else {
            throw .invalidArgument(
                name: "calibration bins", found: "\(binCount)", expected: "1 to 65536")
        }
        self.init(bins: binCount, rule)
    }

    private init(bins: Int, _ rule: CalibrationRule) {
        binCount = bins
        self.rule = rule
        let isSingle = rule == .lowerInclusiveSingle
        edges = isSingle ? UnitInterval.points(bins + 1) : []
        let count = isSingle ? bins + 1 : bins
        counts = Array(repeating: 0, count: count)
        positives = counts
        scoreSums = Array(repeating: 0, count: count)
    }

    // MARK: - Adding pixels

    /// Adds the pixels of an image.
    ///
    /// - Parameters:
    ///   - scores: The probability of each pixel to be positive.
    ///   - reference: One label per pixel; all but 0 are positive.
    ///   - what: What the scores are, for errors.
    /// - Throws: ``MetricError/sizeMismatch(what:found:expected:)``, ``MetricError/invalidScore(what:index:found:)``
    ///   for NaN and infinity, ``MetricError/invalidArgument(name:found:expected:)`` for a score outside of 0...1, as
    ///   of logits. Nothing is added then.
    /// - Complexity: O(*n*), no memory.
    public mutating func add(
        scores: [Float], reference: [UInt8], what: String = "score map"
    ) throws(MetricError) {
        guard reference.count == scores.count else {
            throw .sizeMismatch(
                what: "\(what), reference", found: reference.count, expected: scores.count)
        }
        // Written so that NaN fails.
        if let index = scores.firstIndex(where: { !($0 >= 0 && $0 <= 1) }) {
            guard scores[index].isFinite else {
                throw .invalidScore(what: what, index: index, found: "\(scores[index])")
            }
            throw .invalidArgument(
                name: "\(what), value \(index)", found: "\(scores[index])",
                expected: "a probability in 0...1")
        }
        scores.withUnsafeBufferPointer { scores in
            reference.withUnsafeBufferPointer { addValid(scores, $0) }
        }
    }

    private mutating func addValid(
        _ scores: UnsafeBufferPointer<Float>, _ reference: UnsafeBufferPointer<UInt8>
    ) {
        let (low, high) = (Self.logLossMargin, 1 - Self.logLossMargin)
        var (squares, logs) = (0.0, 0.0)
        // The logarithm of a product instead of 32 logarithms; 2^-23 to the power of 32 is far from underflow.
        for start in stride(from: 0, to: scores.count, by: 32) {
            var product = 1.0
            for place in start..<min(start &+ 32, scores.count) {
                let score = scores[place]
                let isPositive = reference[place] != 0
                let bin = bin(of: score)
                let value = Double(score)
                counts[bin] &+= 1
                positives[bin] &+= isPositive ? 1 : 0
                scoreSums[bin] += value
                let miss = isPositive ? 1 - value : value
                squares += miss * miss
                let kept = Double(min(max(score, low), high))
                product *= isPositive ? kept : 1 - kept
            }
            logs += log(product)
        }
        squareSum += squares
        logSum += logs
    }

    @inline(__always)
    private func bin(of score: Float) -> Int {
        switch rule {
        case .upperInclusive:
            // A product of 24 and at most 17 bits is exact.
            let position = Double(score) * Double(binCount)
            let whole = Int(position)
            return max(0, Double(whole) == position ? whole &- 1 : whole)
        case .lowerInclusiveSingle:
            var bin = min(Int(Double(score) * Double(binCount)), binCount)
            while bin > 0, edges[bin] > score { bin -= 1 }
            while bin < binCount, edges[bin + 1] <= score { bin += 1 }
            return bin
        }
    }

    /// Adds the pixels of another table.
    ///
    /// - Parameter other: A table of the same number of bins and the same rule; another one is a programming error.
    public mutating func merge(_ other: Calibration) {
        precondition(
            binCount == other.binCount && rule == other.rule,
            "tables of different bins do not add up")
        for bin in counts.indices {
            counts[bin] += other.counts[bin]
            positives[bin] += other.positives[bin]
            scoreSums[bin] += other.scoreSums[bin]
        }
        squareSum += other.squareSum
        logSum += other.logSum
    }

    // MARK: - Values

    /// Pixels.
    public var count: UInt64 { counts.reduce(0, +) }

    /// The reliability table: all bins from 0 to 1, empty ones included.
    public var bins: [CalibrationBin] {
        counts.indices.map { bin in
            CalibrationBin(
                lower: Double(bin) / Double(binCount),
                upper: Double(min(bin + 1, binCount)) / Double(binCount), count: counts[bin],
                positives: positives[bin], meanScore: scoreSums[bin] / Double(counts[bin]),
                positiveShare: Double(positives[bin]) / Double(counts[bin]))
        }
    }

    /// Expected calibration error (ECE), `Σ n(b)/n · |share of positives(b) - mean score(b)|`.
    public var expectedError: Double { weightedSum { $0 } }

    /// Root mean square calibration error, `√(Σ n(b)/n · gap(b)²)`.
    public var rootMeanSquareError: Double { weightedSum { $0 * $0 }.squareRoot() }

    /// Maximum calibration error (MCE): the largest gap of a bin.
    public var maximumError: Double { gaps.max() ?? .nan }

    /// Average calibration error (ACE): the mean gap of the bins that have pixels.
    public var averageError: Double { gaps.reduce(0, +) / Double(gaps.count) }

    /// Brier score, the mean of `(score - label)²`.
    ///
    /// - Source: Brier 1950.
    public var brier: Double { squareSum / Double(count) }

    /// Logarithmic loss, the mean of `-ln` of the probability given to the true class.
    ///
    /// Probabilities are kept ``logLossMargin`` away from 0 and 1.
    public var logLoss: Double { count == 0 ? .nan : -logSum / Double(count) }

    private var gaps: [Double] { bins.filter { $0.count > 0 }.map(\.gap) }

    private func weightedSum(_ term: (Double) -> Double) -> Double {
        let sum = bins.reduce(0) { $1.count == 0 ? $0 : $0 + term($1.gap) * Double($1.count) }
        return sum / Double(count)
    }
}
