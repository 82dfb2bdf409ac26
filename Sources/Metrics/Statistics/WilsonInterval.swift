/// The interval of a proportion, such as the share of lesions found (Wilson 1927).
///
/// It stays inside 0...1 and is sound for few trials and for shares near 0 and 1, where the textbook interval
/// collapses.
public struct WilsonInterval: Hashable, Sendable {
    /// The share of successes; NaN without trials.
    public let proportion: Double
    /// The lower end, 0 without trials.
    public let low: Double
    /// The upper end, 1 without trials.
    public let high: Double
    /// The confidence asked for.
    public let level: Double

    /// Takes the interval of a share, without continuity correction.
    ///
    /// - Parameters:
    ///   - successes: 0...`trials`.
    ///   - trials: 0 or more independent trials.
    ///   - level: The confidence, above 0 and below 1.
    public init(
        successes: some BinaryInteger, of trials: some BinaryInteger, level: Double = 0.95
    ) {
        precondition(level > 0 && level < 1, "a level lies between 0 and 1")
        precondition(
            successes >= 0 && successes <= trials, "\(successes) successes in \(trials) trials")
        self.level = level
        guard trials > 0 else {
            (proportion, low, high) = (.nan, 0, 1)
            return
        }
        let n = Double(trials)
        let p = Double(successes) / n
        let z = -Distributions.normalQuantile((1 - level) / 2)
        let center = p + z * z / (2 * n)
        let reach = z * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
        let scale = 1 + z * z / n
        proportion = p
        // Exact at the ends, where the two terms cancel.
        low = successes == 0 ? 0 : max(0, (center - reach) / scale)
        high = successes == trials ? 1 : min(1, (center + reach) / scale)
    }
}
