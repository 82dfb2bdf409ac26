import SegmentationReports

/// Scores the inputs of a report again and compares hashes and values.
public struct ScoreVerification: Sendable {
    /// What was found.
    public struct Outcome: Codable, Hashable, Sendable {
        /// The schema of the JSON form.
        public var schema = "samdata.score-verify/1"
        /// Input files that were hashed.
        public var files: Int
        /// Values that were computed again.
        public var values: Int
        /// What differs, one line each; empty when the report holds.
        public var differences: [String]
    }

    /// The report.
    public let report: ScoreReport
    /// The configuration that its command line stands for.
    public let configuration: ScoreConfiguration

    /// Makes a verification.
    ///
    /// - Parameters:
    ///   - report: The report.
    ///   - configuration: The configuration that its command line stands for.
    public init(_ report: ScoreReport, configuration: ScoreConfiguration) {
        self.report = report
        self.configuration = configuration
    }

    /// Scores again and compares.
    ///
    /// - Throws: As ``ScoreRun/run(progress:)``.
    public func run() throws -> Outcome {
        var configuration = configuration
        configuration.pictures = 0
        let again = try ScoreRun(configuration).run { _, _, _ in }.report
        var differences: [String] = []
        if again.version != report.version {
            differences.append(
                "version: the report is of samdata \(report.version), this is \(again.version)")
        }
        if again.convention.name != report.convention.name {
            differences.append(
                "convention: found \(report.convention.name), now \(again.convention.name)")
        }
        let now = Dictionary(again.cases.map { ($0.id, $0) }, uniquingKeysWith: { a, _ in a })
        for entry in report.cases {
            guard let found = now[entry.id] else {
                differences.append("case \(entry.id): is not among the inputs any more")
                continue
            }
            for (side, before, after) in [
                ("reference", entry.reference, found.reference),
                ("prediction", entry.prediction, found.prediction),
            ] where before?.sha256 != after?.sha256 {
                differences.append(
                    "case \(entry.id), \(side) \(before?.path ?? after?.path ?? ""): found sha256 "
                        + "\(after?.sha256 ?? "of no file"), reported \(before?.sha256 ?? "of no file")"
                )
            }
        }
        let known = Set(report.cases.map(\.id))
        for entry in again.cases where !known.contains(entry.id) {
            differences.append("case \(entry.id): is not in the report")
        }
        differences += Self.compare(report, again)
        return Outcome(
            files: report.cases.reduce(0) {
                $0 + ($1.reference == nil ? 0 : 1) + ($1.prediction == nil ? 0 : 1)
            }, values: report.rows.reduce(0) { $0 + $1.values.count }, differences: differences)
    }

    private static func compare(_ before: ScoreReport, _ after: ScoreReport) -> [String] {
        struct Key: Hashable {
            let id: String, slice: Int?, label: Int
        }
        func key(_ row: ScoreRow) -> Key { Key(id: row.case, slice: row.slice, label: row.label) }
        let rows = Dictionary(after.rows.map { (key($0), $0) }, uniquingKeysWith: { a, _ in a })
        let metrics = before.metrics.map(\.id)
        guard metrics == after.metrics.map(\.id) else {
            return ["metrics: found \(metrics), now \(after.metrics.map(\.id))"]
        }
        var differences: [String] = []
        for row in before.rows {
            let place =
                "case \(row.case)" + (row.slice.map { ", slice \($0)" } ?? "")
                + ", label \(row.label)"
            guard let again = rows[key(row)] else {
                differences.append("\(place): has no row any more")
                continue
            }
            for (index, metric) in metrics.enumerated()
            where index < row.values.count && index < again.values.count
                && row.values[index] != again.values[index]
            {
                differences.append(
                    "\(place), \(metric): reported \(text(row.values[index])), found \(text(again.values[index]))"
                )
            }
        }
        if differences.isEmpty, before.summaries != after.summaries {
            differences.append("summaries: the values agree, but their summaries differ")
        }
        return differences
    }

    private static func text(_ value: ScoreValue) -> String {
        value.value.map { "\($0)" } ?? value.state.rawValue
    }
}
