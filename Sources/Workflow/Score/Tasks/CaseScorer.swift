import MedicalImaging
import SegmentationMetrics
import SegmentationReports

/// Scores one case of any task that compares images: reads both, brings them onto one grid, measures.
struct CaseScorer: Sendable {
    let configuration: ScoreConfiguration
    let reader: ScoreImageReader
    let task: MetricTask
    /// The labels; nil for tasks without.
    let labels: ScoreLabels?
    let metrics: [Metric]
    /// The convention of the report, then those of a spread.
    let conventions: [Convention]
    let cached: CachedImages
    /// Threads for one case.
    let jobs: Int

    /// The rows of a case; what goes wrong is in its entry.
    func score(_ one: ScoreCase) -> CaseScores {
        var entry = CaseEntry(id: one.id, cluster: one.cluster, outcome: .scored)
        do {
            guard let prediction = one.prediction else {
                return try withoutPrediction(one, &entry)
            }
            if task != .scores, ScoreBands.needed(one.reference, prediction, configuration) {
                return try inBands(one, prediction, &entry)
            }
            return try inMemory(one, prediction, &entry)
        } catch {
            entry.outcome = .error
            entry.message = "\(error)"
            // A label that the reference does not have is no loss, even when nothing could be compared.
            var unused = entry
            let rows = try? referenceRows(one, &unused)
            return CaseScores(entry: entry, rows: rows ?? rowsOfError(one))
        }
    }

    /// Both label maps of a case on one grid, as they are scored.
    func labelPair(
        _ one: ScoreCase, _ prediction: ScoreFile, _ entry: inout CaseEntry
    ) throws -> (pair: LabelPair, world: Grid?) {
        guard let labels else {
            throw WorkflowError(.internalError, "\(one.id): label maps without labels")
        }
        let reference = try read(one.reference, isPrediction: false, like: nil, &entry)
        var predicted = try read(prediction, isPrediction: true, like: reference.maskGrid, &entry)
        try settle(&predicted, reference, one, prediction, &entry)
        var (under, truth) = (predicted.labels ?? [], reference.labels ?? [])
        predicted.samples = .labels([])
        let hidden = labels.hideMasked(prediction: &under, reference: &truth)
        if hidden > 0 { entry.notes.append("\(hidden) voxels are masked by the reference") }
        return (
            try LabelPair(prediction: under, reference: truth, grid: reference.maskGrid),
            reference.world
        )
    }

    // MARK: - Ways of reading

    private func inMemory(
        _ one: ScoreCase, _ prediction: ScoreFile, _ entry: inout CaseEntry
    ) throws -> CaseScores {
        switch task {
        case .instances:
            let reference = try read(one.reference, isPrediction: false, like: nil, &entry)
            var predicted = try read(
                prediction, isPrediction: true, like: reference.maskGrid, &entry)
            try settle(&predicted, reference, one, prediction, &entry)
            let (row, totals) = try InstanceCaseScorer(
                metrics: metrics, conventions: conventions, jobs: jobs
            ).score(
                prediction: predicted.instances ?? [], reference: reference.instances ?? [],
                grid: reference.maskGrid, case: one.id, cluster: one.cluster)
            return CaseScores(entry: entry, rows: [row], instances: totals)
        case .scores:
            let reference = try readMask(one.reference, &entry)
            var predicted = try read(
                prediction, isPrediction: true, like: reference.maskGrid, &entry)
            try settle(&predicted, reference, one, prediction, &entry)
            let (row, ranking, calibration) = try ScoreMapCaseScorer(
                metrics: metrics, conventions: conventions, threshold: configuration.threshold,
                jobs: jobs
            ).score(
                scores: predicted.scores ?? [], reference: reference.labels ?? [],
                grid: reference.maskGrid, case: one.id, cluster: one.cluster)
            return CaseScores(
                entry: entry, rows: [row], ranking: ranking, calibration: calibration)
        default:
            let (pair, world) = try labelPair(one, prediction, &entry)
            var scores = CaseScores(
                entry: entry,
                rows: try labelScorer.rows(
                    of: pair, world: world, case: one.id, cluster: one.cluster))
            let suggestion = OrientationHint.suggestion(
                prediction: pair.prediction, reference: pair.reference, shape: pair.grid.shape)
            if let suggestion {
                scores.findings.append(
                    ReportFinding(.warning, case: one.id, suggestion.description))
            }
            return scores
        }
    }

    /// Scores images too large for memory: only what follows from counts.
    private func inBands(
        _ one: ScoreCase, _ prediction: ScoreFile, _ entry: inout CaseEntry
    ) throws -> CaseScores {
        let plan = MeasurementPlan(metrics: metrics, conventions: conventions)
        guard plan.surfaces.isEmpty, plan.boundaries.isEmpty else {
            let names = metrics.filter { metric in
                conventions.contains {
                    $0.surface(for: metric) != nil || $0.boundary(for: metric) != nil
                }
            }
            throw WorkflowError(
                .usage,
                "\(one.reference.name): the image is read in bands, which have no surfaces; leave out "
                    + "\(names.map(\.description).joined(separator: ", ")) with --metrics, or raise "
                    + "--max-memory")
        }
        let bands = try ScoreBands(
            prediction: prediction, reference: one.reference, reader: reader)
        describe(bands, &entry)
        entry.notes += bands.notes + ["read in bands of \(bands.rows) rows"]
        switch task {
        case .instances:
            let overlap = try bands.instanceOverlap()
            let (row, totals) = InstanceCaseScorer(
                metrics: metrics, conventions: conventions, jobs: jobs
            ).score(overlap, grid: bands.grid, case: one.id, cluster: one.cluster)
            return CaseScores(entry: entry, rows: [row], instances: totals)
        default:
            guard let labels else {
                throw WorkflowError(.internalError, "\(one.id): label maps without labels")
            }
            return CaseScores(
                entry: entry,
                rows: labelScorer.rows(
                    of: try bands.confusion(by: labels), grid: bands.grid, case: one.id,
                    cluster: one.cluster))
        }
    }

    private func withoutPrediction(
        _ one: ScoreCase, _ entry: inout CaseEntry
    ) throws -> CaseScores {
        entry.outcome = .missing
        entry.message = "found no prediction, expected one for the reference \(one.reference.name)"
        let rows = try referenceRows(one, &entry)
        return CaseScores(entry: entry, rows: rows)
    }

    /// The rows of a case of which only the reference is known.
    private func referenceRows(
        _ one: ScoreCase, _ entry: inout CaseEntry
    ) throws -> [CaseScores.Row] {
        // An image that is read in bands is not read whole for this.
        guard task == .labels,
            !ScoreBands.needed(one.reference, one.reference, configuration)
        else { return rowsOfError(one) }
        let reference = try read(one.reference, isPrediction: false, like: nil, &entry)
        return try labelScorer.rowsWithoutPrediction(
            reference: reference.labels ?? [], grid: reference.maskGrid, case: one.id,
            cluster: one.cluster)
    }

    private func rowsOfError(_ one: ScoreCase) -> [CaseScores.Row] {
        if task == .labels { return labelScorer.rowsOfError(case: one.id, cluster: one.cluster) }
        return [
            CaseScores.Row(
                row: ScoreRow(
                    case: one.id, label: ScoreTask.wholeLabel,
                    values: metrics.map { _ in ScoreValue(.error) }),
                cluster: one.cluster, diagonal: nil,
                spread: conventions.dropFirst().map { _ in metrics.map { _ in .error } })
        ]
    }

    private var labelScorer: LabelCaseScorer {
        LabelCaseScorer(
            labels: labels?.labels ?? [], metrics: metrics, conventions: conventions,
            unit: configuration.unit, jobs: jobs)
    }

    // MARK: - Files

    private func read(
        _ file: ScoreFile, isPrediction: Bool, like grid: MaskGrid?, _ entry: inout CaseEntry
    ) throws -> ScoreImage {
        let image: ScoreImage
        switch task {
        case .instances: image = try reader.instances(file, like: grid)
        case .scores: image = try reader.scores(file, like: grid)
        default:
            guard let labels else {
                throw WorkflowError(.internalError, "\(file.name): label maps without labels")
            }
            let table = labels.table(isPrediction: isPrediction)
            image =
                try cached.take(file).map { try $0.labels(by: table) }
                ?? reader.labels(file, by: table, like: grid)
        }
        describe(file, image, isPrediction: isPrediction, &entry)
        return image
    }

    /// A reference of a score map: every value above 0 is positive.
    private func readMask(_ file: ScoreFile, _ entry: inout CaseEntry) throws -> ScoreImage {
        let table = try ScoreLabels.resolve(
            reference: LabelScheme.parse(reader.options.referenceLabels ?? "*=positive")
        ).reference
        let image = try reader.labels(file, by: table)
        describe(file, image, isPrediction: false, &entry)
        return image
    }

    private func settle(
        _ predicted: inout ScoreImage, _ reference: ScoreImage, _ one: ScoreCase,
        _ prediction: ScoreFile, _ entry: inout CaseEntry
    ) throws {
        entry.notes += try GridAgreement.settle(
            prediction: &predicted, reference: reference,
            names: (prediction.name, one.reference.name), options: reader.options)
    }

    private func describe(
        _ file: ScoreFile, _ image: ScoreImage, isPrediction: Bool, _ entry: inout CaseEntry
    ) {
        let named = CaseEntry.File(path: file.name, sha256: image.sha256)
        entry.notes += image.notes.map { "\(isPrediction ? "prediction" : "reference"): \($0)" }
        if isPrediction {
            entry.prediction = named
            return
        }
        entry.reference = named
        describe(image.maskGrid, orientation: image.orientation, &entry)
    }

    private func describe(_ grid: MaskGrid, orientation: String, _ entry: inout CaseEntry) {
        let axes = grid.dimensions
        entry.shape = [grid.shape.i, grid.shape.j, grid.shape.k].prefix(axes).map { $0 }
        entry.spacing = Array(grid.spacing.array.prefix(axes))
        entry.orientation = orientation
    }

    private func describe(_ bands: ScoreBands, _ entry: inout CaseEntry) {
        entry.reference = CaseEntry.File(
            path: bands.reference.name, sha256: bands.referenceDigest)
        entry.prediction = CaseEntry.File(
            path: bands.prediction.name, sha256: bands.predictionDigest)
        describe(bands.grid, orientation: "", &entry)
    }
}
