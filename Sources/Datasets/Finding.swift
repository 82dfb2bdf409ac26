/// One observation about a data set, split or folder: said before anything long starts.
///
/// Checks that should all be heard return findings instead of throwing at the first.
public struct Finding: Hashable, Sendable, CustomStringConvertible {
    /// How serious a finding is.
    public enum Severity: String, Hashable, Sendable, CaseIterable, Comparable {
        /// Good to know; nothing needs to be done.
        case note
        /// The result may not be what the reader thinks.
        case warning
        /// The case, or the whole job, cannot be done.
        case error

        /// Whether one severity is lighter than another.
        ///
        /// - Parameters:
        ///   - left: The first.
        ///   - right: The second.
        /// - Returns: `true` when the first is lighter.
        public static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }

        private var rank: Int {
            switch self {
            case .note: 0
            case .warning: 1
            case .error: 2
            }
        }
    }

    /// How serious it is.
    public let severity: Severity
    /// The case id, the relative path or the part it is about.
    public let place: String
    /// What was observed.
    public let message: String
    /// What to do about it; may be empty.
    public let repair: String

    /// Makes a finding.
    ///
    /// - Parameters:
    ///   - severity: How serious it is.
    ///   - place: The case id, the relative path or the part it is about.
    ///   - message: What was observed.
    ///   - repair: What to do about it.
    public init(_ severity: Severity, place: String, message: String, repair: String = "") {
        self.severity = severity
        self.place = place
        self.message = message
        self.repair = repair
    }

    /// The finding on one line, with its severity.
    public var description: String { "\(severity.rawValue): \(line)" }

    /// The finding on one line, without its severity.
    public var line: String {
        let tail = repair.isEmpty ? "" : "; \(repair)"
        return OneLine.escaped("\(place): \(message)\(tail)")
    }
}

extension [Finding] {
    /// Errors, then warnings, then notes, each in the order in which they were found.
    var heaviestFirst: [Finding] {
        Finding.Severity.allCases.reversed().flatMap { severity in
            filter { $0.severity == severity }
        }
    }
}
