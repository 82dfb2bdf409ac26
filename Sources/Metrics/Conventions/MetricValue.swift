/// What is known about a value: whether it is one, and if not, why not.
public enum MetricState: String, Hashable, Sendable, CaseIterable, Codable {
    /// Both masks have voxels: the formula applies.
    case value
    /// The metric has no meaning here: both masks are empty, or the formula divides by zero.
    case na
    /// The reference has voxels and the prediction has none.
    case miss
    /// The prediction has voxels and the reference has none: a hallucination.
    case ghost
    /// There is nothing to compare: a file is missing or broken, or the grids disagree.
    case error
}

/// One metric of one label in one case: its state, and the number the convention gives it.
///
/// `number` is NaN where the convention leaves the value undefined and may be +infinity (a distance to nothing).
/// Comparing two values compares the bits of the number, so that NaN equals NaN.
public struct MetricValue: Hashable, Sendable {
    /// Whether it is a value, and if not, why not.
    public let state: MetricState
    /// The number the convention gives, NaN when it gives none.
    public let number: Double

    /// Makes a value.
    ///
    /// - Parameters:
    ///   - state: Whether it is a value, and if not, why not.
    ///   - number: The number the convention gives, NaN when it gives none.
    public init(_ state: MetricState, _ number: Double) {
        self.state = state
        self.number = number
    }

    /// Nothing to compare.
    public static let error = MetricValue(.error, .nan)
    /// No meaning here.
    public static let na = MetricValue(.na, .nan)

    /// Compares state and bits.
    public static func == (a: MetricValue, b: MetricValue) -> Bool {
        a.state == b.state && a.number.bitPattern == b.number.bitPattern
    }

    /// Hashes state and bits.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(state)
        hasher.combine(number.bitPattern)
    }
}
