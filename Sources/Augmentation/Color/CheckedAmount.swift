extension Amount {
    /// Throws when the amount, or an end of its range, lies outside what a transform takes.
    func check(
        _ name: String, in allowed: ClosedRange<Double>, of transform: String
    ) throws(AugmentationError) {
        let ends: (Double, Double)
        switch self {
        case .fixed(let value): ends = (value, value)
        case .uniform(let low, let high): ends = (low, high)
        case .whole(let low, let high): ends = (Double(low), Double(high))
        }
        // written so that a value that is not a number fails, too
        guard allowed.contains(ends.0), allowed.contains(ends.1), ends.0 <= ends.1 else {
            throw .parameter(
                transform: transform, name: name,
                found: ends.0 == ends.1 ? "\(ends.0)" : "\(ends.0)...\(ends.1)",
                expected: "\(allowed.lowerBound)...\(allowed.upperBound)")
        }
    }

    /// The number of an amount that has been drawn and lies in bounds.
    func number(
        _ name: String, in allowed: ClosedRange<Double>, of transform: String
    ) throws(AugmentationError) -> Double {
        try check(name, in: allowed, of: transform)
        guard let value else { throw .notDrawn(transform: transform) }
        return value
    }
}

extension AugmentationSample {
    /// Throws unless the range of the sample has a width that colours can be measured by.
    func checkRange(for transform: String) throws(AugmentationError) {
        let width = range.upperBound - range.lowerBound
        guard width.isFinite, width > 0 else {
            throw .unsuitable(
                transform: transform,
                found: "a sample with range \(range.lowerBound)...\(range.upperBound)",
                expected: "a range from black to white, such as 0...1")
        }
    }

    /// Throws unless the sample has red, green and blue.
    func checkColor(for transform: String) throws(AugmentationError) {
        guard extent.channels == 3 else {
            throw .unsuitable(
                transform: transform, found: "\(extent.channels) channel(s)",
                expected: "red, green and blue")
        }
        try checkRange(for: transform)
    }
}
