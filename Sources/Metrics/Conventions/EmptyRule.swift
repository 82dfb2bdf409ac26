/// What a convention makes of a metric when a mask is empty, or when the formula divides by zero.
public struct EmptyRule: Hashable, Sendable {
    /// What stands in place of the formula.
    public enum Answer: Hashable, Sendable, CustomStringConvertible {
        /// The formula itself, which may be undefined.
        case formula
        /// A fixed number, NaN or infinity included.
        case number(Double)
        /// The library raises: the state is ``MetricState/error``.
        case error

        /// Compares answers; NaN equals NaN.
        public static func == (a: Answer, b: Answer) -> Bool {
            switch (a, b) {
            case (.formula, .formula), (.error, .error): true
            case (.number(let a), .number(let b)): a == b || (a.isNaN && b.isNaN)
            default: false
            }
        }

        /// Hashes an answer; NaN has one hash.
        public func hash(into hasher: inout Hasher) {
            switch self {
            case .formula: hasher.combine(0)
            case .error: hasher.combine(1)
            case .number(let number): hasher.combine(number.isNaN ? nil : number)
            }
        }

        /// The answer as a report prints it: `formula`, `na`, `inf`, a number or `error`.
        public var description: String {
            switch self {
            case .formula: "formula"
            case .error: "error"
            case .number(let number):
                number.isNaN
                    ? "na"
                    : number == .greatestFiniteMagnitude ? "1.8e308" : Metric.text(number)
            }
        }
    }

    /// Neither mask has voxels.
    public var bothEmpty: Answer
    /// Only the reference has voxels.
    public var miss: Answer
    /// Only the prediction has voxels.
    public var ghost: Answer
    /// What stands in place of an undefined formula, a number as a rule.
    private var fallback: Answer
    /// The number when the formula is undefined although the masks do not decide it.
    public var undefined: Double {
        guard case .number(let number) = fallback else { return .nan }
        return number
    }

    /// Makes a rule.
    ///
    /// - Parameters:
    ///   - bothEmpty: Neither mask has voxels.
    ///   - miss: Only the reference has voxels.
    ///   - ghost: Only the prediction has voxels.
    ///   - undefined: The number of an undefined formula.
    public init(
        bothEmpty: Answer = .formula, miss: Answer = .formula, ghost: Answer = .formula,
        undefined: Double = .nan
    ) {
        self.bothEmpty = bothEmpty
        self.miss = miss
        self.ghost = ghost
        fallback = .number(undefined)
    }

    /// Three fixed numbers.
    ///
    /// - Parameters:
    ///   - bothEmpty: Neither mask has voxels.
    ///   - miss: Only the reference has voxels.
    ///   - ghost: Only the prediction has voxels.
    ///   - undefined: The number of an undefined formula.
    init(_ bothEmpty: Double, _ miss: Double, _ ghost: Double, undefined: Double = .nan) {
        self.init(
            bothEmpty: .number(bothEmpty), miss: .number(miss), ghost: .number(ghost),
            undefined: undefined)
    }

    /// The library raises whenever a mask is empty.
    static let raises = EmptyRule(bothEmpty: .error, miss: .error, ghost: .error)

    /// The answer to a state; the formula when both masks have voxels.
    subscript(state: MetricState) -> Answer {
        switch state {
        case .na: bothEmpty
        case .miss: miss
        case .ghost: ghost
        case .value, .error: .formula
        }
    }
}
