import SegmentationMetrics
import SegmentationReports

/// What may mislead a reader of a finished report.
struct ReportChecks {
    private let report: ScoreReport
    private let configuration: ScoreConfiguration
    private let rule: MeanRule

    init(_ report: ScoreReport, configuration: ScoreConfiguration, rule: MeanRule) {
        self.report = report
        self.configuration = configuration
        self.rule = rule
    }

    /// Findings, in a fixed order.
    var findings: [ReportFinding] {
        skipped + disagreement + smallSample + chosenThreshold
    }

    /// `--missing skip` removed something.
    private var skipped: [ReportFinding] {
        guard configuration.missing == .skip else { return [] }
        return report.summaries.filter { $0.scope == .label && $0.penalisedMean != nil }.compactMap
        {
            summary in
            let left = (summary.penalisedCount ?? 0) - summary.n
            guard left > 0, let name = name(of: summary.label) else { return nil }
            return ReportFinding(
                .warning,
                "\(summary.metric) of \(name): --missing skip leaves \(left) missed or invented out of the mean"
            )
        }
    }

    /// The mean of per-case means and that of per-label means differ by more than 0.1 points when values are missing.
    private var disagreement: [ReportFinding] {
        guard report.labels.count > 1, rule == .labelsOfCases || rule == .none else { return [] }
        return report.metrics.enumerated().compactMap { index, metric in
            guard
                let overall = report.summaries.first(where: {
                    $0.scope == .overall && $0.metric == metric.id
                })?.mean, overall.isFinite
            else { return nil }
            let byCase = Dictionary(grouping: report.rows, by: \.case)
            let means = byCase.keys.sorted().compactMap { id -> Double? in
                let numbers = (byCase[id] ?? []).compactMap { $0.values[index].value }
                    .filter(\.isFinite)
                return numbers.isEmpty ? nil : numbers.reduce(0, +) / Double(numbers.count)
            }
            guard !means.isEmpty, metric.unit.isEmpty, metric.direction == .higher else {
                return nil
            }
            let other = means.reduce(0, +) / Double(means.count)
            guard abs(other - overall) > 0.001 else { return nil }
            return ReportFinding(
                .note,
                "\(metric.id): the mean over labels is \(text(overall)), the mean over cases of each case's mean is "
                    + "\(text(other)), because values are missing; the table shows the first")
        }
    }

    private var smallSample: [ReportFinding] {
        let clusters = Set(report.cases.map(\.cluster)).count
        guard configuration.bootstrap.resamples > 0, clusters < Bootstrap.smallestSample,
            clusters > 1
        else {
            return []
        }
        return [
            ReportFinding(
                .note,
                "\(clusters) cases are too few for an interval of a mean (\(Bootstrap.smallestSample) or more); "
                    + "the values are in the table per case")
        ]
    }

    private var chosenThreshold: [ReportFinding] {
        guard report.task == "scores", report.metrics.contains(where: { $0.id == "best-f1" }) else {
            return []
        }
        return [
            ReportFinding(
                .warning,
                "best-f1 chooses its threshold on the scored images themselves, which flatters; choose it on "
                    + "validation data and give that report with --threshold-from")
        ]
    }

    private func name(of label: Int?) -> String? {
        report.labels.first { $0.id == label }?.name
    }

    private func text(_ value: Double) -> String { "\((value * 10_000).rounded() / 10_000)" }
}
