/// The lines every text form of a report starts with.
enum ReportHeadline {
    /// What was scored, of what, and under which convention.
    static func lines(of report: ScoreReport) -> [String] {
        func count(_ outcome: CaseEntry.Outcome) -> Int {
            report.cases.count { $0.outcome == outcome }
        }
        var lines: [String]
        if report.rows.isEmpty,
            let samples = report.summaries.first(where: { $0.scope == .overall })?.n
        {
            // Lists of classes have samples; their entry in the cases stands for the two tables.
            lines = ["\(report.task): \(samples) samples, \(count(.missing)) missing"]
        } else {
            let noun = report.cases.count == 1 ? "case" : "cases"
            lines = [
                "\(report.task): \(report.cases.count) \(noun), \(count(.scored)) scored, "
                    + "\(count(.missing)) missing, \(count(.error)) with errors"
            ]
        }
        if let dataset = report.dataset {
            lines.append("data set: \(dataset)" + (report.split.map { ", split \($0)" } ?? ""))
        } else if let split = report.split {
            lines.append("split: \(split)")
        }
        lines.append(convention(report.convention))
        return lines
    }

    /// What was compared.
    static func lines(of report: CompareReport) -> [String] {
        ["\(report.models.count) models, seed \(report.seed), \(report.resamples) resamples"]
    }

    /// The convention on one line.
    static func convention(_ convention: ConventionEntry) -> String {
        "convention: \(convention.name) (\(convention.title)"
            + (convention.library.map { ", \($0)" } ?? "") + ")"
    }
}
