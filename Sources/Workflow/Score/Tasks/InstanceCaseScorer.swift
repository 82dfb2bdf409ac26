import MedicalImaging
import SegmentationMetrics
import SegmentationReports

/// Scores the instance maps of one case.
struct InstanceCaseScorer: Sendable {
    /// The metrics, in the order of the table.
    let metrics: [Metric]
    /// The convention of the report, then those of a spread.
    let conventions: [Convention]
    /// Threads for one case.
    let jobs: Int

    /// The row of a case whose maps are in memory.
    ///
    /// - Parameters:
    ///   - prediction: One instance id per voxel, 0 for background.
    ///   - reference: The same of the reference.
    ///   - grid: Where the voxels lie.
    ///   - id: The case.
    ///   - cluster: Its patient or slide.
    /// - Returns: The row, and the sums for values pooled over images.
    /// - Throws: `MetricError` for maps of different sizes or negative ids.
    func score(
        prediction: [Int32], reference: [Int32], grid: MaskGrid, case id: String, cluster: String
    ) throws -> (row: CaseScores.Row, totals: InstanceTotals) {
        let overlap = try InstanceOverlap(prediction: prediction, reference: reference)
        let plan = MeasurementPlan(
            metrics: metrics.filter { $0.tasks.contains(.labels) }, conventions: conventions)
        let objectDistance: MetricValue? =
            metrics.contains(.objectHausdorff)
            ? overlap.objectHausdorff(
                distance: ObjectDistances(
                    prediction: prediction, reference: reference, grid: grid,
                    definition: conventions[0].surface(for: .hd) ?? .voxel
                ).distance)
            : nil
        guard !plan.surfaces.isEmpty || !plan.boundaries.isEmpty else {
            return score(
                overlap, LabelMeasurement(grid: grid, counts: overlap.foreground), objectDistance,
                case: id, cluster: cluster)
        }
        // Distances and bands are those of the whole foreground.
        let pair = try LabelPair(
            prediction: prediction.map { $0 == 0 ? 0 : 1 },
            reference: reference.map { $0 == 0 ? 0 : 1 }, grid: grid)
        return score(
            overlap, plan.measure(pair, labels: [1], jobs: jobs)[0], objectDistance, case: id,
            cluster: cluster)
    }

    /// The row of a case of which only the overlap table is known, as after reading in bands.
    func score(
        _ overlap: InstanceOverlap, grid: MaskGrid, case id: String, cluster: String
    ) -> (row: CaseScores.Row, totals: InstanceTotals) {
        score(
            overlap, LabelMeasurement(grid: grid, counts: overlap.foreground), nil, case: id,
            cluster: cluster)
    }

    private func score(
        _ overlap: InstanceOverlap, _ measurement: LabelMeasurement,
        _ objectDistance: MetricValue?, case id: String, cluster: String
    ) -> (row: CaseScores.Row, totals: InstanceTotals) {
        func values(_ convention: Convention) -> [MetricValue] {
            metrics.map { metric in
                if metric == .objectHausdorff { return objectDistance ?? .error }
                return overlap.value(of: metric, convention: convention)
                    ?? convention.value(of: metric, in: measurement)
            }
        }
        let counts = overlap.foreground
        let row = CaseScores.Row(
            row: ScoreRow(
                case: id, label: ScoreTask.wholeLabel,
                counts: .init(
                    tp: counts.truePositives, fp: counts.falsePositives,
                    fn: counts.falseNegatives, tn: counts.trueNegatives),
                values: values(conventions[0]).map(ScoreValue.init)),
            cluster: cluster, diagonal: measurement.grid.diagonal,
            diagonalInVoxels: measurement.grid.inVoxels.diagonal,
            spread: conventions.dropFirst().map(values))
        return (row, InstanceTotals(overlap, convention: conventions[0].instances))
    }
}

/// What the tasks share.
enum ScoreTask {
    /// The label of a task that has no labels.
    static let wholeLabel = 0
}
