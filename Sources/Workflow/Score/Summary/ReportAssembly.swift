import MedicalDatasets
import MedicalImaging
import SegmentationMetrics
import SegmentationReports

/// Makes the report of a run from the scores of its cases.
struct ReportAssembly: Sendable {
    let configuration: ScoreConfiguration
    let task: MetricTask
    /// The labels; nil for tasks without.
    let labels: ScoreLabels?
    let metrics: [Metric]
    /// The convention of the report, then those of a spread.
    let conventions: [Convention]

    private var convention: Convention { conventions[0] }

    /// The report.
    ///
    /// - Parameters:
    ///   - results: The scores of every case, in the order of the table.
    ///   - findings: What was noticed before.
    /// - Returns: The report.
    /// - Throws: ``WorkflowError`` when a published table cannot be read.
    func report(_ results: [CaseScores], findings: [Finding]) throws -> ScoreReport {
        let rows = results.flatMap(\.rows)
        let summarizer = self.summarizer
        var summaries = summarizer.summaries(of: rows)
        summaries += pooled(results)
        var report = ScoreReport(
            version: configuration.version, task: task.rawValue, command: configuration.command,
            dataset: configuration.inputs.card?.name, split: configuration.split,
            convention: ConventionEntry(convention, metrics: metrics, rule: rule),
            options: options(results), labels: labelEntries,
            metrics: metrics.map { MetricEntry($0, under: convention) },
            cases: results.map(\.entry), rows: rows.map(\.row), summaries: summaries,
            spread: conventions.count > 1 ? spread(rows) : nil, panels: panels(results),
            findings: (findings + (labels?.findings ?? [])).map(ReportFinding.init)
                + results.flatMap(\.findings))
        report.findings += ReportChecks(report, configuration: configuration, rule: rule).findings
        if let name = configuration.published {
            report.published = try PublishedTable.named(name).comparison(with: report)
        }
        return report
    }

    /// The mean of slices is that over all records, whatever the convention says of cases.
    private var rule: MeanRule {
        configuration.unit == .slice ? .records : convention.meanRule
    }

    private var labelEntries: [LabelEntry] {
        labels?.labels.map {
            LabelEntry(id: $0.id, name: $0.name, color: $0.color, members: $0.members)
        } ?? [
            LabelEntry(
                id: ScoreTask.wholeLabel, name: task == .instances ? "instances" : "foreground",
                color: "#0072B2")
        ]
    }

    private var summarizer: ScoreSummarizer {
        ScoreSummarizer(
            labels: labelEntries, metrics: metrics, convention: convention, rule: rule,
            missing: configuration.missing,
            intervals: ScoreIntervals(
                bootstrap: configuration.bootstrap,
                clusterNoun: configuration.inputs.card == nil ? "cases" : "patients"))
    }

    private func options(_ results: [CaseScores]) -> [OptionEntry] {
        let inputs = configuration.inputs
        var options = [
            OptionEntry("metrics", metrics.map(\.description).joined(separator: ",")),
            OptionEntry("unit", configuration.unit.rawValue),
            OptionEntry("missing", "\(configuration.missing)"),
            OptionEntry("seed", "\(configuration.bootstrap.seed)"),
            OptionEntry("resamples", "\(configuration.bootstrap.resamples)"),
            OptionEntry("interval", configuration.bootstrap.method.rawValue.lowercased()),
        ]
        if let part = configuration.part { options.append(OptionEntry("part", part.rawValue)) }
        if !inputs.ignoredLabels.isEmpty {
            options.append(
                OptionEntry("ignore-label", inputs.ignoredLabels.joined(separator: ", ")))
        }
        if inputs.allowsGridMismatch { options.append(OptionEntry("allow-grid-mismatch", "yes")) }
        if inputs.resamplesPrediction {
            options.append(OptionEntry("resample-prediction", "nearest"))
        }
        if let spacing = inputs.spacing {
            options.append(
                OptionEntry("spacing", spacing.map { "\($0)" }.joined(separator: ",")))
        }
        if task == .scores {
            options.append(OptionEntry("threshold", "\(configuration.threshold)"))
            if let source = configuration.thresholdSource {
                options.append(OptionEntry("threshold-from", source))
            }
            if let best = Self.ranking(results)?.bestF1 {
                options.append(OptionEntry("best-f1-threshold", "\(best.threshold)"))
            }
        }
        return options
    }

    private func spread(_ rows: [CaseScores.Row]) -> ConventionSpread {
        SpreadTable(
            labels: labelEntries, metrics: metrics, conventions: conventions,
            summarizer: summarizer
        ).spread(of: rows)
    }

    // MARK: - Pooled over cases

    private func pooled(_ results: [CaseScores]) -> [ScoreSummary] {
        switch task {
        case .instances:
            guard let first = results.compactMap(\.instances).first else { return [] }
            let totals = results.compactMap(\.instances).dropFirst().reduce(first, +)
            return metrics.compactMap { metric in
                let value: MetricValue? =
                    switch metric {
                    case .aji: totals.pooledAJI
                    case .ajiPlus: totals.pooledAJIPlus
                    case .detectionQuality: totals.detectionQuality
                    case .segmentationQuality: totals.segmentationQuality
                    case .panopticQuality: totals.quality
                    default: overlap(metric, totals.foreground)
                    }
                return value.map { Self.summary($0, metric, n: totals.images) }
            }
        case .scores:
            guard let ranking = Self.ranking(results) else { return [] }
            let calibration = Self.calibration(results)
            let counts = ranking.counts(atOrAbove: configuration.threshold)
            return metrics.compactMap { metric in
                (ScoreMapCaseScorer.value(of: metric, ranking, calibration)
                    ?? overlap(metric, counts)).map {
                        Self.summary($0, metric, n: results.compactMap(\.ranking).count)
                    }
            }
        default:
            let counts = results.flatMap(\.rows).compactMap(\.row.counts).map {
                OverlapCounts(
                    truePositives: $0.tp, falsePositives: $0.fp, falseNegatives: $0.fn,
                    trueNegatives: $0.tn)
            }
            guard let first = counts.first else { return [] }
            let sum = counts.dropFirst().reduce(first, +)
            return metrics.compactMap { metric in
                overlap(metric, sum).map { Self.summary($0, metric, n: counts.count) }
            }
        }
    }

    /// A metric that follows from counts alone; nil for the others.
    private func overlap(_ metric: Metric, _ counts: OverlapCounts) -> MetricValue? {
        guard metric.family == .overlap, let grid = try? MaskGrid(shape: GridShape(1, 1, 1)) else {
            return nil
        }
        return convention.value(of: metric, in: LabelMeasurement(grid: grid, counts: counts))
    }

    private static func summary(_ value: MetricValue, _ metric: Metric, n: Int) -> ScoreSummary {
        ScoreSummary(
            scope: .pooled, metric: metric.description, n: n,
            mean: value.number.isNaN ? nil : value.number)
    }

    private static func ranking(_ results: [CaseScores]) -> ScoreRanking? {
        let rankings = results.compactMap(\.ranking)
        return rankings.isEmpty ? nil : ScoreRanking.pooling(rankings)
    }

    private static func calibration(_ results: [CaseScores]) -> Calibration? {
        let tables = results.compactMap(\.calibration)
        guard var sum = tables.first else { return nil }
        for table in tables.dropFirst() { sum.merge(table) }
        return sum
    }

    private func panels(_ results: [CaseScores]) -> [ReportPanel] {
        guard task == .scores, let ranking = Self.ranking(results) else { return [] }
        return ScorePanels.panels(ranking, Self.calibration(results))
    }
}

extension ReportFinding {
    /// A finding of the folders and labels.
    init(_ finding: Finding) {
        let severity: Severity =
            switch finding.severity {
            case .note: .note
            case .warning: .warning
            case .error: .error
            }
        self.init(
            severity,
            "\(finding.place): \(finding.message)"
                + (finding.repair.isEmpty ? "" : "; \(finding.repair)"))
    }
}

extension MetricEntry {
    /// A metric under a convention.
    init(_ metric: Metric, under convention: Convention) {
        let unit = convention.unit(of: metric)
        let direction: Direction =
            switch metric.direction {
            case .higher: .higher
            case .lower: .lower
            case .none: .none
            }
        self.init(
            id: metric.description, title: metric.title,
            unit: unit == .fraction ? "" : unit.rawValue, direction: direction,
            formula: metric.tasks.contains(.labels)
                ? convention.formula(of: metric) : metric.formula)
    }
}

extension ConventionEntry {
    /// A convention as a report describes it.
    init(_ convention: Convention, metrics: [Metric], rule: MeanRule) {
        let surfaces = metrics.compactMap { convention.surface(for: $0) }
        var distinct: [String] = []
        for surface in surfaces where !distinct.contains("\(surface)") {
            distinct.append("\(surface)")
        }
        self.init(
            name: convention.name, title: convention.title,
            library: convention == .standard || convention == .surfel ? nil : convention.library,
            about: convention.about,
            surface: distinct.isEmpty ? "none needed" : distinct.joined(separator: "; "),
            percentileRule: convention.percentileRule?.rawValue ?? "none",
            meanRule: rule.sentence,
            states: convention.statesTable(for: metrics).map { row in
                StateRow(
                    metrics: row.metrics.map(\.title).joined(separator: ", "),
                    bothEmpty: "\(row.rule.bothEmpty)", miss: "\(row.rule.miss)",
                    ghost: "\(row.rule.ghost)")
            })
    }
}
