import SafeFiles
import SegmentationMetrics
import SegmentationReports

/// Compares two or more score reports case by case.
public struct CompareRun: Sendable {
    /// One report to compare.
    public struct Model: Hashable, Sendable {
        /// A name unique among the models.
        public let name: String
        /// The report.
        public let report: ScoreReport
        /// The SHA-256 of its file.
        public let sha256: String

        /// Reads a report.
        ///
        /// - Parameters:
        ///   - path: The JSON report.
        ///   - name: The name; nil for the file name without its ending.
        /// - Throws: `FileError` when the file cannot be read, `ReportError` when it is no score report.
        public init(path: String, name: String? = nil) throws {
            report = try ScoreReportFile.read(path)
            sha256 = try FileReading.sha256(of: path)
            let file = FilePath.name(of: path)
            self.name = name ?? (file.hasSuffix(".json") ? String(file.dropLast(5)) : file)
        }

        /// Makes a model of a report in memory.
        ///
        /// - Parameters:
        ///   - name: A name unique among the models.
        ///   - report: The report.
        ///   - sha256: The digest that stands for it.
        public init(name: String, report: ScoreReport, sha256: String) {
            self.name = name
            self.report = report
            self.sha256 = sha256
        }
    }

    /// The models, in the order of the report.
    public var models: [Model]
    /// The metrics to compare; empty for all that every report has.
    public var metrics: [Metric] = []
    /// The seed of the bootstrap.
    public var seed: UInt64 = 1
    /// The resamples of every interval.
    public var resamples = 10_000
    /// The bootstrap samples of the stability of a ranking.
    public var rankingResamples = 1_000
    /// Whether reports under different conventions are compared all the same.
    public var allowsDifferentConventions = false
    /// The version of samdata.
    public var version = ""

    /// Makes a comparison.
    ///
    /// - Parameter models: Two or more.
    public init(models: [Model]) { self.models = models }

    /// Compares.
    ///
    /// Cases are compared where both models have a finite value; what is left out is counted in the findings. The table
    /// of each label is compared, and first the mean over labels of each case that has the same labels in all models.
    ///
    /// - Throws: ``WorkflowError`` for fewer than two models, models of one name, or reports that cannot be compared.
    public func run() throws -> CompareReport {
        try check()
        let shared = try sharedMetrics()
        let labels = sharedLabels()
        let tables = models.map {
            CompareTable($0.report, metrics: shared.map(\.id), labels: labels)
        }
        var pairs: [CompareReport.Pair] = []
        for a in models.indices {
            for b in models.indices where b > a {
                for (index, metric) in shared.enumerated() where metric.direction != .none {
                    let scopes: [Int?] = (labels.count > 1 ? [nil] : []) + labels.indices.map { $0 }
                    for label in scopes {
                        pairs.append(
                            try PairedEntry(
                                a: (models[a], tables[a]), b: (models[b], tables[b]),
                                metric: metric, metricIndex: index,
                                label: label.map { labels[$0] }, labelIndex: label, seed: seed,
                                resamples: resamples
                            ).entry())
                    }
                }
            }
        }
        let tested = pairs.indices.filter { pairs[$0].p != nil }
        for (index, corrected) in zip(tested, Holm.adjusted(tested.compactMap { pairs[$0].p })) {
            pairs[index].holm = corrected
        }
        let rankings = try shared.enumerated().filter { $0.element.direction != .none }.compactMap {
            try ranking(of: $0.offset, $0.element, tables)
        }
        return CompareReport(
            version: version,
            models: models.map {
                .init(
                    name: $0.name, sha256: $0.sha256, convention: $0.report.convention.name,
                    cases: $0.report.cases.filter { $0.outcome == .scored }.count)
            }, metrics: shared, labels: labels, seed: seed, resamples: resamples, pairs: pairs,
            rankings: rankings, findings: findings(tables, pairs, rankings))
    }

    // MARK: - What can be compared

    private func check() throws(WorkflowError) {
        guard models.count > 1 else {
            throw WorkflowError(
                .usage, "compare: found \(models.count) report, expected two or more")
        }
        var seen: Set<String> = []
        for model in models where !seen.insert(model.name).inserted {
            throw WorkflowError(
                .usage,
                "compare: found two reports called `\(model.name)`, expected different names; give them with "
                    + "--names")
        }
        for model in models {
            guard model.report.task == models[0].report.task else {
                throw WorkflowError(
                    .data,
                    "\(model.name): found a report of task \(model.report.task), expected "
                        + "\(models[0].report.task) as in \(models[0].name)")
            }
            guard !model.report.rows.isEmpty else {
                throw WorkflowError(
                    .data,
                    "\(model.name): found a report without rows per case, expected one of label maps, "
                        + "instances or score maps")
            }
            guard
                allowsDifferentConventions
                    || model.report.convention == models[0].report.convention
            else {
                throw WorkflowError(
                    .configuration,
                    "\(model.name): found convention \(model.report.convention.name), expected "
                        + "\(models[0].report.convention.name) as in \(models[0].name); score both under one, or "
                        + "compare all the same with --allow-different-conventions")
            }
        }
    }

    private func sharedMetrics() throws(WorkflowError) -> [MetricEntry] {
        let everywhere = models[0].report.metrics.filter { metric in
            models.allSatisfy { $0.report.metrics.contains { $0.id == metric.id } }
        }
        guard !metrics.isEmpty else {
            guard !everywhere.isEmpty else {
                throw WorkflowError(
                    .data, "compare: found no metric that all reports have, expected at least one")
            }
            return everywhere
        }
        var chosen: [MetricEntry] = []
        for metric in metrics {
            guard let entry = everywhere.first(where: { $0.id == metric.description }) else {
                throw WorkflowError(
                    .usage,
                    "--metrics: found `\(metric)`, which not all reports have, expected some of "
                        + everywhere.map(\.id).joined(separator: ", "))
            }
            chosen.append(entry)
        }
        return chosen
    }

    /// The labels all reports have, by name, with the ids of the first.
    private func sharedLabels() -> [LabelEntry] {
        models[0].report.labels.filter { label in
            models.allSatisfy { model in
                model.report.labels.contains {
                    LabelScheme.key($0.name) == LabelScheme.key(label.name)
                }
            }
        }
    }

    // MARK: - Order

    private func ranking(
        of index: Int, _ metric: MetricEntry, _ tables: [CompareTable]
    ) throws -> CompareReport.Ranking? {
        let means = tables.map { $0.caseMeans(index) }
        let cases = means[0].keys.filter { id in means.allSatisfy { $0[id] != nil } }.sorted()
        guard cases.count > 1 else { return nil }
        let scores = cases.map { id in means.map { $0[id] ?? .nan } }
        let clusters = cases.map { tables[0].cluster(of: $0) }
        let ranking = try Ranking(scores: scores, higherIsBetter: metric.direction == .higher)
        let friedman = models.count > 2 ? ranking.friedman : nil
        let stability =
            Set(clusters).count < Bootstrap.smallestSample
            ? []
            : try RankingStability(
                scores: scores, clusters: clusters, higherIsBetter: metric.direction == .higher,
                resamples: rankingResamples, seed: seed
            ).firstShare
        return CompareReport.Ranking(
            metric: metric.id, n: cases.count, means: ranking.means,
            rankOfMean: ranking.rankOfMean, meanRank: ranking.meanRank,
            friedman: friedman?.statistic, friedmanP: friedman?.p, firstShare: stability,
            ordersAgree: ranking.ordersAgree)
    }

    // MARK: - Findings

    private func findings(
        _ tables: [CompareTable], _ pairs: [CompareReport.Pair], _ rankings: [CompareReport.Ranking]
    ) -> [ReportFinding] {
        var findings: [ReportFinding] = []
        let scored = models.map { model in
            Set(model.report.cases.filter { $0.outcome == .scored }.map(\.id))
        }
        let everywhere = scored.dropFirst().reduce(scored[0]) { $0.intersection($1) }
        let anywhere = scored.reduce(Set()) { $0.union($1) }
        for (model, own) in zip(models, scored) {
            let absent = anywhere.subtracting(own).sorted()
            guard !absent.isEmpty else { continue }
            findings.append(
                ReportFinding(
                    .warning,
                    "\(model.name) has no score for \(absent.count) cases that others have: "
                        + absent.prefix(12).joined(separator: ", ")
                        + (absent.count > 12 ? " and \(absent.count - 12) more" : "")
                        + "; only the \(everywhere.count) cases of all are compared"))
        }
        findings += differentInputs(everywhere)
        let lost = pairs.filter { $0.label != nil && $0.n < everywhere.count }
        if !lost.isEmpty {
            findings.append(
                ReportFinding(
                    .note,
                    "\(lost.count) comparisons hold fewer cases than both models scored, because a label is "
                        + "missed, invented or absent there; see n"))
        }
        for pair in pairs where !pair.turnsUnder.isEmpty {
            findings.append(
                ReportFinding(
                    .warning,
                    "\(pair.metric) of \(pair.labelName ?? "all labels"), \(pair.a) against \(pair.b): the sign turns "
                        + "under \(pair.turnsUnder.joined(separator: ", "))"))
        }
        for ranking in rankings where !ranking.ordersAgree {
            findings.append(
                ReportFinding(
                    .warning,
                    "\(ranking.metric): the order of the means and the order of the mean ranks disagree"
                ))
        }
        return findings
    }

    /// References that are not the same file in all reports.
    private func differentInputs(_ cases: Set<String>) -> [ReportFinding] {
        let digests = models.map { model in
            Dictionary(
                model.report.cases.compactMap { entry in
                    entry.reference.map { (entry.id, $0.sha256) }
                }, uniquingKeysWith: { first, _ in first })
        }
        let changed = cases.filter { id in Set(digests.compactMap { $0[id] }).count > 1 }.sorted()
        guard !changed.isEmpty else { return [] }
        return [
            ReportFinding(
                .warning,
                "the reference of \(changed.count) cases is not the same file in all reports: "
                    + changed.prefix(12).joined(separator: ", "))
        ]
    }
}
