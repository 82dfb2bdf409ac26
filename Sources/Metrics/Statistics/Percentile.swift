/// Percentiles of a list, by all rules in use, and of a weighted list.
///
/// The list needs no order. Percentiles are given as fractions: 0.95 is the 95th. Results equal those of NumPy's
/// `percentile` to the bit; with infinities the result is the infinity on whose side it lies.
public enum Percentile {
    /// Which element, or which point between two elements, a percentile is (Hyndman and Fan 1996; names of NumPy).
    public enum Method: String, Hashable, Sendable, CaseIterable {
        /// Linear between elements, at position `fraction * (n - 1)` (type 7, the default of NumPy and R).
        case linear
        /// The element below that position.
        case lower
        /// The element above that position.
        case higher
        /// The element nearest to that position, the even one of two equally near.
        case nearest
        /// The middle of the elements around that position.
        case midpoint
        /// The first element whose rank reaches `fraction * n` (type 1).
        case invertedCDF = "inverted_cdf"
        /// Linear, at position `fraction * (n + 1) - 1` (type 6).
        case weibull
        /// Linear, at position `fraction * n - 1/2` (type 5).
        case hazen
        /// Linear, at position `fraction * (n + 1/3) - 2/3` (type 8).
        case medianUnbiased = "median_unbiased"
    }

    /// The percentile of a list.
    ///
    /// - Parameters:
    ///   - values: The list, in any order.
    ///   - fraction: 0...1.
    ///   - method: The rule.
    /// - Returns: The percentile; NaN of an empty list or one with NaN in it.
    /// - Complexity: O(*n*), by selection; one copy of the list.
    public static func value(
        of values: [Double], fraction: Double, method: Method = .linear
    ) -> Double {
        if values.contains(where: \.isNaN) { return .nan }
        var copy = values
        return copy.withUnsafeMutableBufferPointer {
            value(of: $0, at: place(fraction, of: $0.count, method))
        }
    }

    /// The percentile of a sorted list.
    ///
    /// - Parameters:
    ///   - values: The list, ascending, without NaN.
    ///   - fraction: 0...1.
    ///   - method: The rule.
    /// - Returns: The percentile; NaN of an empty list.
    /// - Complexity: O(1).
    public static func value(
        ofSorted values: [Double], fraction: Double, method: Method = .linear
    ) -> Double {
        if values.isEmpty { return .nan }
        let place = place(fraction, of: values.count, method)
        let low = values[place.index]
        return place.part == 0
            ? low : interpolated(low, values[place.index + 1], part: place.part)
    }

    /// The percentile with linear interpolation (type 7), in place.
    ///
    /// - Parameters:
    ///   - values: The list, without NaN; it is left in another order.
    ///   - fraction: 0...1.
    /// - Returns: The percentile, equal to that of the sorted list; NaN of an empty list.
    /// - Complexity: O(*n*), and O(*n* log *n*) on the worst input; no memory.
    public static func linear(of values: inout [Double], fraction: Double) -> Double {
        values.withUnsafeMutableBufferPointer { linear(of: $0, fraction: fraction) }
    }

    /// The percentile of a weighted list: the first element, in ascending order, at which the cumulative share of the
    /// weight reaches the fraction; no interpolation (surface-distance, BraTS).
    ///
    /// - Parameters:
    ///   - values: The list, in any order.
    ///   - weights: The weight of each element, 0 or more.
    ///   - fraction: 0...1.
    /// - Returns: The percentile; NaN of an empty list or when all weights are 0.
    /// - Throws: ``MetricError/sizeMismatch(what:found:expected:)``, and
    ///   ``MetricError/invalidScore(what:index:found:)`` for NaN or a weight below 0 or infinite.
    /// - Complexity: O(*n* log *n*).
    public static func weighted(
        of values: [Double], weights: [Double], fraction: Double
    ) throws(MetricError) -> Double {
        precondition(fraction >= 0 && fraction <= 1, "a fraction lies in 0...1")
        guard values.count == weights.count else {
            throw .sizeMismatch(what: "weights", found: weights.count, expected: values.count)
        }
        if let index = values.firstIndex(where: \.isNaN) {
            throw .invalidScore(what: "values", index: index, found: "nan")
        }
        if let index = weights.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) {
            throw .invalidScore(what: "weights", index: index, found: "\(weights[index])")
        }
        // Among equal values by weight: the sums must not depend on the order of the list.
        let order = values.indices.sorted {
            (values[$0], weights[$0]) < (values[$1], weights[$1])
        }
        var sums: [Double] = []
        sums.reserveCapacity(order.count)
        var total = 0.0
        for index in order {
            total += weights[index]
            sums.append(total)
        }
        guard total > 0 else { return .nan }
        for (index, sum) in zip(order, sums) where sum / total >= fraction { return values[index] }
        return .nan
    }

    /// The element at or below a percentile, and how far it lies to the next, 0 or more and below 1.
    static func place(
        _ fraction: Double, of count: Int, _ method: Method
    ) -> (index: Int, part: Double) {
        precondition(fraction >= 0 && fraction <= 1, "a fraction lies in 0...1")
        guard count > 0 else { return (0, 0) }
        let n = Double(count)
        let linear = (n - 1) * fraction
        let position: Double
        switch method {
        case .linear: position = linear
        case .lower: position = linear.rounded(.down)
        case .higher: position = linear.rounded(.up)
        case .nearest: position = linear.rounded(.toNearestOrEven)
        case .midpoint: position = 0.5 * (linear.rounded(.down) + linear.rounded(.up))
        case .invertedCDF: position = (n * fraction - 1).rounded(.up)
        case .weibull: position = n * fraction + fraction - 1
        case .hazen: position = n * fraction + 0.5 - 1
        case .medianUnbiased:
            let third = 1 / 3.0
            position = n * fraction + (third + fraction * (1 - third - third)) - 1
        }
        if position >= n - 1 { return (count - 1, 0) }
        if position <= 0 { return (0, 0) }
        let floor = position.rounded(.down)
        return (Int(floor), position - floor)
    }

    /// A point between two elements, measured from the nearer one.
    static func interpolated(_ low: Double, _ high: Double, part: Double) -> Double {
        if low == high { return low }
        if low.isInfinite { return low }
        if high.isInfinite { return high }
        let step = high - low
        return part < 0.5 ? low + step * part : high - step * (1 - part)
    }
}
