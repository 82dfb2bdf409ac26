/// Where a quantity is believed to lie.
public struct ConfidenceInterval: Hashable, Sendable {
    /// The lower end.
    public let low: Double
    /// The upper end.
    public let high: Double
    /// The confidence asked for, for example 0.95.
    public let level: Double

    /// Makes an interval.
    ///
    /// - Parameters:
    ///   - low: The lower end.
    ///   - high: The upper end.
    ///   - level: The confidence asked for.
    public init(low: Double, high: Double, level: Double) {
        self.low = low
        self.high = high
        self.level = level
    }

    /// Whether a value lies in it, ends included.
    public func contains(_ value: Double) -> Bool { low <= value && value <= high }
}
