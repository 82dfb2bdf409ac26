/// What is wrong with a report, on one line.
public enum ReportError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file is no JSON, or lacks a key, or holds something of the wrong kind.
    case unreadable(name: String, reason: String)
    /// The file is another document, or of another version.
    case unknownSchema(name: String, found: String, expected: String)
    /// The parts of the file contradict each other.
    case inconsistent(name: String, place: String, found: String, expected: String)

    /// The error on one line: file, place, found, expected, next step.
    public var description: String {
        let text =
            switch self {
            case .unreadable(let name, let reason):
                "\(name): \(reason); the file is damaged or from another tool, score again"
            case .unknownSchema(let name, let found, let expected):
                "\(name): schema: found \(found), expected \(expected); give a report of that kind, or score again with "
                    + "this version"
            case .inconsistent(let name, let place, let found, let expected):
                "\(name): \(place): found \(found), expected \(expected); the file was changed by hand or is damaged, "
                    + "score again"
            }
        return text.oneLine
    }
}
