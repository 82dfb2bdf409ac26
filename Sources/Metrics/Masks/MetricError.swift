/// What stops a metric: arguments that do not fit together, or values that are no scores.
///
/// An undefined metric is no error: it is a ``MetricValue`` with its state.
public enum MetricError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Two arrays, or an array and its grid, differ in length.
    case sizeMismatch(what: String, found: Int, expected: Int)
    /// A shape, a spacing or a number of dimensions that no grid has.
    case invalidGrid(found: String, expected: String)
    /// A score that is not a number, or is infinite where it may not be.
    case invalidScore(what: String, index: Int, found: String)
    /// An argument outside of its range.
    case invalidArgument(name: String, found: String, expected: String)

    /// One line: place, found, expected.
    public var description: String {
        switch self {
        case .sizeMismatch(let what, let found, let expected):
            "\(what): found \(found) values, expected \(expected)"
        case .invalidGrid(let found, let expected):
            "grid: found \(found), expected \(expected)"
        case .invalidScore(let what, let index, let found):
            "\(what), value \(index): found \(found), expected a finite number"
        case .invalidArgument(let name, let found, let expected):
            "\(name): found \(found), expected \(expected)"
        }
    }
}
