import MedicalImaging
import SafeFiles
import SegmentationMetrics
import SegmentationReports

/// Scores lesions: lists of detections against lesion maps (FROC), or two masks lesion by lesion.
///
/// Detections are tables (`.csv`, `.tsv`) of score, x and y, one per slide, matched with the masks by their names. A mask
/// of one value is a tumour mask, whose lesions are found by the rule of Camelyon16 when the pixel size is known; a mask
/// of several values is a map of lesions.
struct LesionScorer {
    private let configuration: ScoreConfiguration
    private let reader: ScoreImageReader

    init(_ configuration: ScoreConfiguration) {
        self.configuration = configuration
        reader = ScoreImageReader(configuration.inputs)
    }

    /// The report.
    ///
    /// - Throws: ``WorkflowError`` when nothing can be scored.
    func report() throws -> ScoreReport {
        let tables = try detectionTables()
        return try tables.map { try detections($0) } ?? lesionwise()
    }

    // MARK: - Detections

    /// The tables of detections by case; nil when the prediction holds none.
    private func detectionTables() throws -> [String: String]? {
        let path = configuration.prediction
        func isTable(_ name: String) -> Bool {
            [".csv", ".tsv"].contains(where: name.lowercased().hasSuffix)
        }
        if Folders.isFile(path), isTable(path) {
            return [Self.stem(FilePath.name(of: path)): path]
        }
        guard Folders.isFolder(path) else { return nil }
        let names = try Folders.names(in: path).filter(isTable)
        guard !names.isEmpty else { return nil }
        return Dictionary(names.map { (Self.stem($0), "\(path)/\($0)") }) { first, _ in first }
    }

    private static func stem(_ name: String) -> String { String(name.dropLast(4)) }

    private func detections(_ tables: [String: String]) throws -> ScoreReport {
        for metric in configuration.metrics where metric != .froc {
            throw WorkflowError(
                .usage,
                "--metrics: found `\(metric)`, expected froc for tables of detections; lesion metrics need masks"
            )
        }
        var options = configuration.inputs
        options.requiresStore = false
        let pairing = try ScorePairing.pairs(
            reference: configuration.reference, prediction: configuration.reference,
            options: options)
        let isScript = configuration.convention == .camelyon16
        var entries: [CaseEntry] = []
        var hits: [LesionHits] = []
        var rows: [ScoreRow] = []
        var findings: [ReportFinding] = []
        for one in pairing.cases {
            var entry = CaseEntry(id: one.id, cluster: one.cluster, outcome: .scored)
            do {
                let lesions = try lesionMap(one.reference, &entry, isScript: isScript)
                let table =
                    tables[one.id]
                    ?? (tables.count == 1 && pairing.cases.count == 1 ? tables.values.first : nil)
                guard let table else {
                    entry.outcome = .missing
                    entry.message =
                        "found no table of detections, expected \(one.id).csv (an empty one for a slide "
                        + "without detections)"
                    entries.append(entry)
                    continue
                }
                let (list, file) = try detectionList(table)
                entry.prediction = file
                let found = try LesionHits(detections: list, lesions: lesions)
                hits.append(found)
                rows.append(
                    ScoreRow(
                        case: one.id, label: ScoreTask.wholeLabel,
                        counts: .init(
                            tp: UInt64(found.targets.compactMap { $0 }.count),
                            fp: UInt64(found.falsePositives.count),
                            fn: UInt64(found.targets.filter { $0 == nil }.count), tn: 0),
                        values: [ScoreValue(.na)]))
            } catch {
                entry.outcome = .error
                entry.message = "\(error)"
            }
            entries.append(entry)
        }
        let missing = entries.filter { $0.outcome != .scored }.count
        if missing > 0 {
            findings.append(
                ReportFinding(
                    .warning, "\(missing) of \(entries.count) slides are not in the curve"))
        }
        let curve = FrocCurve(images: hits, rule: isScript ? .camelyon16 : .standard)
        let score = curve.score()
        return report(
            metrics: [.froc], entries: entries, rows: rows,
            summaries: [
                ScoreSummary(
                    scope: .overall, metric: Metric.froc.description, n: hits.count,
                    mean: score.number.isNaN ? nil : score.number)
            ],
            panels: [
                ReportPanel(
                    title: "FROC", xTitle: "false positives per slide", yTitle: "sensitivity",
                    curves: [
                        .init(
                            name: "detections",
                            x: curve.points.map(\.falsePositivesPerImage),
                            y: curve.points.map(\.sensitivity))
                    ]),
                ReportPanel(
                    title: "Sensitivity at the rates of Camelyon16",
                    xTitle: "false positives per slide", yTitle: "sensitivity",
                    curves: [
                        .init(
                            name: "detections", x: FrocCurve.camelyon16Rates,
                            y: FrocCurve.camelyon16Rates.map {
                                let number = curve.sensitivity(at: $0).number
                                return number.isNaN ? 0 : number
                            })
                    ]),
            ],
            findings: pairing.findings.map(ReportFinding.init) + findings,
            options: [
                OptionEntry("lesions", "\(curve.targetCount)"),
                OptionEntry("slides", "\(curve.imageCount)"),
                OptionEntry("detection-downsampling", "\(configuration.detectionDownsampling)"),
            ])
    }

    private func lesionMap(
        _ file: ScoreFile, _ entry: inout CaseEntry, isScript: Bool
    ) throws -> LesionMap {
        let image = try reader.instances(file)
        entry.reference = CaseEntry.File(path: file.name, sha256: image.sha256)
        let (grid, labels) = (image.maskGrid, image.instances ?? [])
        entry.shape = [grid.shape.i, grid.shape.j]
        guard grid.shape.k == 1 else {
            throw WorkflowError(
                .data, "\(file.name): found \(grid.shape.k) slices, expected a picture of lesions")
        }
        let values = Set(labels)
        if values.subtracting([0]).count > 1 {
            entry.notes.append("lesions are those numbered in the mask")
            return try LesionMap(labels: labels, width: grid.shape.i, height: grid.shape.j)
        }
        guard image.hasSpacing else {
            throw WorkflowError(
                .usage,
                "\(file.name): found a tumour mask without a pixel size, expected one to join and size its "
                    + "lesions; give --spacing in millimetres (0.0078 at level 5), or a map of numbered lesions"
            )
        }
        entry.spacing = [grid.spacing.i, grid.spacing.j]
        return try LesionMap(
            tumour: labels.map { $0 == 0 ? 0 : 1 }, width: grid.shape.i, height: grid.shape.j,
            pixelSize: (grid.spacing.i * 1000, grid.spacing.j * 1000),
            rule: isScript ? .camelyon16 : .standard)
    }

    private func detectionList(_ path: String) throws -> (DetectionList, CaseEntry.File) {
        let name = FilePath.name(of: path)
        let table = try TableFile(path: path, name: name) { $0.first.flatMap(Double.init) == nil }
        let score = table.column(["score", "confidence", "probability", "p"]) ?? 0
        let x = table.column(["x", "column", "x coordinate"]) ?? 1
        let y = table.column(["y", "row", "y coordinate"]) ?? 2
        let detections = try table.records.map { record throws(WorkflowError) in
            let fields = record.fields
            guard fields.count > max(score, x, y), let value = Double(fields[score]),
                let column = Double(fields[x]), let row = Double(fields[y]),
                abs(column) < 1e9, abs(row) < 1e9
            else {
                throw WorkflowError(
                    .data,
                    "\(name): line \(record.line): found `\(fields.joined(separator: ","))`, expected score, x "
                        + "and y; correct the table")
            }
            return DetectionList.Detection(
                score: value, row: Int(row.rounded(.down)), column: Int(column.rounded(.down)))
        }
        return (
            try DetectionList(detections, downsampling: configuration.detectionDownsampling),
            CaseEntry.File(path: name, sha256: table.sha256)
        )
    }

    // MARK: - Masks, lesion by lesion

    private func lesionwise() throws -> ScoreReport {
        let metrics =
            configuration.metrics.isEmpty
            ? [.lesionDice, .lesionHausdorff(percentile: 95)] : configuration.metrics
        for metric in metrics
        where ![.lesionDice, .lesionHausdorff(percentile: 95)].contains(metric) {
            throw WorkflowError(
                .usage,
                "--metrics: found `\(metric)`, expected lesion-dice or lesion-hd95 for masks; froc needs tables "
                    + "of detections (score, x, y) as the prediction")
        }
        let pairing = try ScorePairing.pairs(
            reference: configuration.reference, prediction: configuration.prediction,
            options: configuration.inputs)
        let scorer = CaseScorer(
            configuration: configuration, reader: reader, task: .labels,
            labels: try ScoreLabels.resolve(
                reference: LabelScheme.parse(configuration.inputs.referenceLabels ?? "*=lesion")),
            metrics: metrics, conventions: [configuration.convention], cached: CachedImages(),
            jobs: 1)
        let convention = configuration.convention
        let results = try ParallelLoop.map(
            count: pairing.cases.count, threads: configuration.jobs
        ) { index in
            let one = pairing.cases[index]
            var entry = CaseEntry(id: one.id, cluster: one.cluster, outcome: .scored)
            var values = metrics.map { _ in MetricValue.error }
            do {
                guard let prediction = one.prediction else {
                    throw WorkflowError(.missingInput, "found no prediction, expected one")
                }
                let (pair, _) = try scorer.labelPair(one, prediction, &entry)
                let found = try LesionwiseScore(
                    prediction: pair.prediction, reference: pair.reference, grid: pair.grid
                ) { cut throws(MetricError) in
                    let measured = MeasurementPlan(metrics: [.hd95], conventions: [convention])
                        .measure(cut, labels: [1])
                    return convention.value(of: .hd95, in: measured[0]).number
                }
                values = metrics.map { $0 == .lesionDice ? found.dice : found.hausdorff95 }
            } catch {
                entry.outcome = one.prediction == nil ? .missing : .error
                entry.message = "\(error)"
            }
            return CaseScores(
                entry: entry,
                rows: [
                    CaseScores.Row(
                        row: ScoreRow(
                            case: one.id, label: ScoreTask.wholeLabel,
                            values: values.map(ScoreValue.init)), cluster: one.cluster)
                ])
        }
        let label = LabelEntry(id: ScoreTask.wholeLabel, name: "lesions", color: "#0072B2")
        let summarizer = ScoreSummarizer(
            labels: [label], metrics: metrics, convention: convention, rule: convention.meanRule,
            missing: configuration.missing,
            intervals: ScoreIntervals(
                bootstrap: configuration.bootstrap, clusterNoun: "cases"))
        return report(
            metrics: metrics, entries: results.map(\.entry),
            rows: results.flatMap(\.rows).map(\.row),
            summaries: summarizer.summaries(of: results.flatMap(\.rows)), panels: [],
            findings: pairing.findings.map(ReportFinding.init),
            options: [OptionEntry("rule", "BraTS 2023 glioma: 3 voxels, 50 mm3, 374 mm")])
    }

    private func report(
        metrics: [Metric], entries: [CaseEntry], rows: [ScoreRow], summaries: [ScoreSummary],
        panels: [ReportPanel], findings: [ReportFinding], options: [OptionEntry]
    ) -> ScoreReport {
        ScoreReport(
            version: configuration.version, task: MetricTask.lesions.rawValue,
            command: configuration.command, dataset: configuration.inputs.card?.name,
            split: configuration.split,
            convention: ConventionEntry(
                configuration.convention, metrics: [], rule: configuration.convention.meanRule),
            options: [OptionEntry("metrics", metrics.map(\.description).joined(separator: ","))]
                + options,
            labels: [LabelEntry(id: ScoreTask.wholeLabel, name: "lesions", color: "#0072B2")],
            metrics: metrics.map { MetricEntry($0, under: configuration.convention) },
            cases: entries, rows: rows, summaries: summaries, panels: panels, findings: findings)
    }
}
