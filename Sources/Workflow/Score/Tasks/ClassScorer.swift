import MedicalDatasets
import SafeFiles
import SegmentationMetrics
import SegmentationReports

/// Scores lists of classes: one class per sample in two tables, matched by sample.
///
/// The first column is the sample, unless one is called `id`, `case`, `sample`, `file`, `name`, `image` or `patient`;
/// the class is in the column `class`, `label`, `organ` or `stage`, or in the second. Columns `p:NAME` of the prediction
/// hold scores of classes, for top-k accuracy. The classes are those of the reference and the prediction, in the order
/// of the card when there is one, else in the order in which the reference names them.
struct ClassScorer {
    private let configuration: ScoreConfiguration

    init(_ configuration: ScoreConfiguration) { self.configuration = configuration }

    /// The report.
    ///
    /// - Throws: ``WorkflowError`` for tables that cannot be read or have a sample twice.
    func report() throws -> ScoreReport {
        let reference = try Samples(configuration.reference)
        let prediction = try Samples(configuration.prediction)
        let classes = self.classes(reference, prediction)
        let place = Dictionary(
            uniqueKeysWithValues: classes.enumerated().map { (LabelScheme.key($1), $0) })
        var matrix = try ConfusionMatrix(classNames: classes)
        var entries: [CaseEntry] = []
        var ranks: [(scores: [Float], truth: Int)] = []
        for sample in reference.order {
            guard let truth = reference.classes[sample].flatMap({ place[LabelScheme.key($0)] })
            else {
                continue
            }
            guard let found = prediction.classes[sample].flatMap({ place[LabelScheme.key($0)] })
            else {
                entries.append(
                    CaseEntry(
                        id: sample, cluster: sample, outcome: .missing,
                        message:
                            "found no prediction, expected a line for `\(sample)` in \(prediction.name)"
                    ))
                continue
            }
            try matrix.add(prediction: found, reference: truth)
            entries.append(CaseEntry(id: sample, cluster: sample, outcome: .scored))
            if let scores = prediction.scores[sample] {
                ranks.append(
                    (classes.map { Float(scores[LabelScheme.key($0)] ?? -.infinity) }, truth))
            }
        }
        return try report(matrix, entries, ranks, reference, prediction)
    }

    private func report(
        _ matrix: ConfusionMatrix, _ entries: [CaseEntry], _ ranks: [(scores: [Float], truth: Int)],
        _ reference: Samples, _ prediction: Samples
    ) throws -> ScoreReport {
        let metrics =
            configuration.metrics.isEmpty ? Metric.defaults(for: .classes) : configuration.metrics
        for metric in metrics where !metric.tasks.contains(.classes) {
            throw WorkflowError(
                .usage,
                "--metrics: found `\(metric)`, which is not of task classes, expected some of "
                    + Metric.listed(for: .classes).map(\.description).joined(separator: ", "))
        }
        let shown: [Metric] = [.recall, .precision] + [Metric.fBeta(1)]
        let total = Int(matrix.total)
        var summaries: [ScoreSummary] = []
        for (index, score) in matrix.classScores().enumerated() {
            for (metric, value) in zip(shown, [score.recall, score.precision, score.f1]) {
                summaries.append(
                    ScoreSummary(
                        scope: .label, label: index + 1, metric: metric.description,
                        n: Int(score.support), mean: value.isNaN ? nil : value,
                        states: .init(value: value.isNaN ? 0 : 1, na: value.isNaN ? 1 : 0)))
            }
        }
        for metric in metrics {
            let value = try Self.value(of: metric, matrix, ranks)
            var summary = ScoreSummary(
                scope: .overall, metric: metric.description, n: total,
                mean: value.isNaN ? nil : value)
            if case .accuracy = metric, total >= Bootstrap.smallestSample {
                let wilson = WilsonInterval(successes: Int(matrix.correct), of: total)
                summary.interval = .init(
                    low: wilson.low, high: wilson.high, level: 0.95, method: "Wilson score")
            }
            summaries.append(summary)
        }
        let missing = entries.filter { $0.outcome == .missing }.count
        var findings: [ReportFinding] = []
        if missing > 0 {
            findings.append(
                ReportFinding(
                    .warning,
                    "\(missing) of \(entries.count) samples have no prediction and are in no number"
                ))
        }
        let empty = matrix.classNames.indices.filter { matrix.supports[$0] == 0 }
        if !empty.isEmpty {
            findings.append(
                ReportFinding(
                    .note,
                    "\(empty.count) classes have no sample in the reference and are left out of the macro means: "
                        + empty.map { matrix.classNames[$0] }.joined(separator: ", ")))
        }
        let all = shown.filter { !metrics.contains($0) } + metrics
        return ScoreReport(
            version: configuration.version, task: MetricTask.classes.rawValue,
            command: configuration.command, dataset: configuration.inputs.card?.name,
            split: configuration.split,
            convention: ConventionEntry(.standard, metrics: [], rule: .records),
            options: [OptionEntry("metrics", metrics.map(\.description).joined(separator: ","))],
            labels: matrix.classNames.enumerated().map { index, name in
                LabelEntry(id: index + 1, name: name, color: color(of: name, index))
            },
            metrics: all.map { MetricEntry($0, under: .standard) },
            cases: [files(reference, prediction)] + entries.filter { $0.outcome == .missing },
            rows: [], summaries: summaries,
            panels: [
                ReportPanel(
                    title: "Confusion of classes", xTitle: "prediction", yTitle: "reference",
                    matrix: .init(
                        rows: matrix.classNames, columns: matrix.classNames,
                        counts: matrix.classNames.indices.map { row in
                            matrix.classNames.indices.map { column in
                                Int(matrix[prediction: column, reference: row])
                            }
                        }))
            ], findings: findings)
    }

    /// The two tables as one entry, so that their digests are in the report.
    private func files(_ reference: Samples, _ prediction: Samples) -> CaseEntry {
        CaseEntry(
            id: "tables", cluster: "tables", outcome: .scored,
            reference: .init(path: reference.name, sha256: reference.sha256),
            prediction: .init(path: prediction.name, sha256: prediction.sha256))
    }

    private func color(of name: String, _ index: Int) -> String {
        configuration.inputs.card?.label(named: name).map { "\($0.color)" }
            ?? "\(LabelColor.distinct(index))"
    }

    private static func value(
        of metric: Metric, _ matrix: ConfusionMatrix, _ ranks: [(scores: [Float], truth: Int)]
    ) throws(MetricError) -> Double {
        switch metric {
        case .accuracy: matrix.accuracy
        case .balancedAccuracy: matrix.balancedAccuracy.value
        case .macroF1: matrix.average(.f1, .macro).value
        case .microF1: matrix.average(.f1, .micro).value
        case .weightedF1: matrix.average(.f1, .weighted).value
        case .kappa: matrix.kappa()
        case .mcc: matrix.mcc
        case .topAccuracy(let k):
            try TopKAccuracy.value(
                scores: ranks.flatMap(\.scores), reference: ranks.map(\.truth),
                classCount: matrix.classCount, k: k)
        default: .nan
        }
    }

    private func classes(_ reference: Samples, _ prediction: Samples) -> [String] {
        var names: [String] = []
        var seen: Set<String> = []
        let found =
            reference.order.compactMap { reference.classes[$0] }
            + prediction.order.compactMap { prediction.classes[$0] }
        let used = Set(found.map(LabelScheme.key))
        let card = configuration.inputs.card?.labels.map(\.name) ?? []
        for name in card.filter({ used.contains(LabelScheme.key($0)) }) + found
        where seen.insert(LabelScheme.key(name)).inserted {
            names.append(name)
        }
        return names
    }

    /// One table: sample to class.
    private struct Samples {
        let name: String
        let sha256: String
        var order: [String] = []
        var classes: [String: String] = [:]
        var scores: [String: [String: Double]] = [:]

        private static let idNames = [
            "id", "case", "case_id", "sample", "file", "filename", "name", "image", "patient",
        ]
        private static let classNames = [
            "class", "label", "organ", "stage", "reference", "prediction", "target", "category",
        ]

        init(_ path: String) throws(WorkflowError) {
            guard Folders.isFile(path) else {
                throw WorkflowError(
                    .missingInput,
                    "\(path): found no file, expected a table (.csv, .tsv) with a sample and a class per line"
                )
            }
            let table = try TableFile(path: path, name: path) { fields in
                let lower = fields.map { $0.lowercased() }
                return lower.contains { Self.idNames.contains($0) || Self.classNames.contains($0) }
            }
            (name, sha256) = (path, table.sha256)
            let id = table.column(Self.idNames) ?? 0
            let own = table.column(Self.classNames) ?? (id == 0 ? 1 : 0)
            let ranked = table.columns.enumerated().compactMap { index, name in
                name.hasPrefix("p:") ? (index, LabelScheme.key(String(name.dropFirst(2)))) : nil
            }
            for record in table.records {
                guard own < record.fields.count, id < record.fields.count else {
                    throw WorkflowError(
                        .data,
                        "\(path): line \(record.line): found \(record.fields.count) fields, expected a sample "
                            + "and a class; correct the table")
                }
                let sample = record.fields[id]
                guard classes.updateValue(record.fields[own], forKey: sample) == nil else {
                    throw WorkflowError(
                        .data,
                        "\(path): line \(record.line): found the sample `\(sample)` a second time, expected "
                            + "each once; correct the table")
                }
                order.append(sample)
                if ranked.isEmpty { continue }
                var values: [String: Double] = [:]
                for (index, name) in ranked {
                    guard let value = Double(record.fields[index]), value.isFinite else {
                        throw WorkflowError(
                            .data,
                            "\(path): line \(record.line): found the score `\(record.fields[index])`, "
                                + "expected a finite number; correct the table")
                    }
                    values[name] = value
                }
                scores[sample] = values
            }
            guard !order.isEmpty else {
                throw WorkflowError(
                    .data, "\(path): found no sample, expected one per line; check the file")
            }
        }
    }
}
