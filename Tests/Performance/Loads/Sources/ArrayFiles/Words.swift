/// The arguments of a probe: numbers by place, options by name.
public struct Words {
    private var words: [String]
    private let usage: String

    /// Takes the words of the command line.
    ///
    /// - Parameters:
    ///   - words: The words after the program's name.
    ///   - usage: What they mean, told when one is missing.
    public init(_ words: [String], usage: String) {
        self.words = words
        self.usage = usage
    }

    /// Removes an option with its value.
    ///
    /// - Parameter name: Such as `--convention`.
    /// - Returns: The value; nil when the option is not there.
    public mutating func option(_ name: String) -> String? {
        guard let place = words.firstIndex(of: name), place + 1 < words.count else { return nil }
        let value = words[place + 1]
        words.removeSubrange(place...place + 1)
        return value
    }

    /// Removes the first word.
    public mutating func text() -> String {
        if words.isEmpty { fatalError("usage: \(usage)") }
        return words.removeFirst()
    }

    /// Removes the first word, a number.
    public mutating func number() -> Double { Double(text()) ?? .nan }

    /// Removes the first word, a whole number.
    public mutating func count() -> Int { Int(text()) ?? 0 }
}

/// A JSON object of numbers.
///
/// - Parameter values: Names and finite numbers.
/// - Returns: The object in one line.
public func object(_ values: [(String, Double)]) -> String {
    "{" + values.map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", ") + "}"
}
