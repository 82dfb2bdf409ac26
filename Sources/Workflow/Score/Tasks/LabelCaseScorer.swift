import MedicalImaging
import SegmentationMetrics
import SegmentationReports

/// Scores the label maps of one case: every label and every group, as a whole or slice by slice.
struct LabelCaseScorer: Sendable {
    /// The labels and groups of the table.
    let labels: [ScoreLabel]
    /// The metrics, in the order of the table.
    let metrics: [Metric]
    /// The convention of the report, then those of a spread.
    let conventions: [Convention]
    /// What a row is.
    let unit: ScoreConfiguration.Unit
    /// Threads for one case.
    let jobs: Int
    private let plan: MeasurementPlan

    init(
        labels: [ScoreLabel], metrics: [Metric], conventions: [Convention],
        unit: ScoreConfiguration.Unit, jobs: Int
    ) {
        self.labels = labels
        self.metrics = metrics
        self.conventions = conventions
        self.unit = unit
        self.jobs = jobs
        plan = MeasurementPlan(metrics: metrics, conventions: conventions)
    }

    /// The rows of a case.
    ///
    /// - Parameters:
    ///   - pair: Both label maps, in dense labels.
    ///   - world: The grid of the reference in the world; nil for pictures and arrays.
    ///   - id: The case.
    ///   - cluster: Its patient.
    /// - Returns: One row per label, or per label and slice.
    /// - Throws: `MetricError` for maps of different sizes.
    func rows(
        of pair: LabelPair, world: Grid?, case id: String, cluster: String
    ) throws -> [CaseScores.Row] {
        switch unit {
        case .case:
            return try rows(pair, slice: nil, world, id, cluster, onlyInReference: false)
        case .slice:
            var rows: [CaseScores.Row] = []
            for k in 0..<pair.grid.shape.k {
                rows += try self.rows(
                    Self.slice(k, of: pair), slice: k, world, id, cluster, onlyInReference: true)
            }
            return rows
        }
    }

    /// The rows of a case of which only the counts are known, as after reading in bands.
    func rows(
        of confusion: LabelConfusion, grid: MaskGrid, case id: String, cluster: String
    ) -> [CaseScores.Row] {
        labels.map { label in
            row(
                LabelMeasurement(grid: grid, counts: confusion.counts(of: Set(label.denseIDs))),
                label, nil, nil, id, cluster)
        }
    }

    /// The rows of a case without a prediction: the reference is known, nothing was compared.
    func rowsWithoutPrediction(
        reference: [UInt8], grid: MaskGrid, case id: String, cluster: String
    ) throws -> [CaseScores.Row] {
        let nothing = try LabelPair(
            prediction: [UInt8](repeating: 0, count: grid.count), reference: reference, grid: grid)
        let confusion = LabelConfusion(nothing)
        return labels.map { label in
            let counts = confusion.counts(of: Set(label.denseIDs))
            return CaseScores.Row(
                row: ScoreRow(
                    case: id, label: label.id, counts: nil,
                    values: metrics.map { _ in ScoreValue(.error) }),
                cluster: cluster, diagonal: grid.diagonal, diagonalInVoxels: grid.inVoxels.diagonal,
                isExpected: counts.reference > 0,
                spread: conventions.dropFirst().map { _ in metrics.map { _ in .error } })
        }
    }

    /// The rows of a case of which nothing is known.
    func rowsOfError(case id: String, cluster: String) -> [CaseScores.Row] {
        labels.map { label in
            CaseScores.Row(
                row: ScoreRow(
                    case: id, label: label.id, values: metrics.map { _ in ScoreValue(.error) }),
                cluster: cluster, diagonal: nil, diagonalInVoxels: nil,
                spread: conventions.dropFirst().map { _ in metrics.map { _ in .error } })
        }
    }

    // MARK: - One image

    private func rows(
        _ pair: LabelPair, slice: Int?, _ world: Grid?, _ id: String, _ cluster: String,
        onlyInReference: Bool
    ) throws -> [CaseScores.Row] {
        let single = labels.filter { $0.denseIDs.count == 1 }
        var measured: [Int: LabelMeasurement] = [:]
        for (label, measurement) in zip(
            single, plan.measure(pair, labels: single.map { $0.denseIDs[0] }, jobs: jobs))
        {
            measured[label.id] = measurement
        }
        for group in labels where measured[group.id] == nil {
            var table = [UInt8](repeating: 0, count: 256)
            for id in group.denseIDs { table[Int(id)] = 1 }
            measured[group.id] =
                plan.measure(
                    try pair.mapped(by: table), labels: [1], jobs: jobs)[0]
        }
        return labels.compactMap { label in
            guard let measurement = measured[label.id],
                !onlyInReference || measurement.counts.reference > 0
            else { return nil }
            return row(measurement, label, slice, world, id, cluster)
        }
    }

    private func row(
        _ measurement: LabelMeasurement, _ label: ScoreLabel, _ slice: Int?, _ world: Grid?,
        _ id: String, _ cluster: String
    ) -> CaseScores.Row {
        let counts = measurement.counts
        let surface = metrics.lazy.compactMap { conventions[0].surface(for: $0) }.first
        let distances = surface.flatMap { measurement.surfaces[$0] }
        return CaseScores.Row(
            row: ScoreRow(
                case: id, slice: slice, label: label.id,
                counts: .init(
                    tp: counts.truePositives, fp: counts.falsePositives,
                    fn: counts.falseNegatives, tn: counts.trueNegatives),
                values: metrics.map {
                    ScoreValue(conventions[0].value(of: $0, in: measurement))
                },
                surface: distances.flatMap(Self.surface),
                worst: distances?.farthest.map {
                    Self.place($0, measurement.grid, slice, world)
                }),
            cluster: cluster, diagonal: measurement.grid.diagonal,
            diagonalInVoxels: measurement.grid.inVoxels.diagonal,
            spread: conventions.dropFirst().map { convention in
                metrics.map { convention.value(of: $0, in: measurement) }
            })
    }

    private static func slice(_ k: Int, of pair: LabelPair) throws -> LabelPair {
        let (shape, spacing) = (pair.grid.shape, pair.grid.spacing)
        let plane = shape.i * shape.j
        return try LabelPair(
            prediction: Array(pair.prediction[k * plane..<(k + 1) * plane]),
            reference: Array(pair.reference[k * plane..<(k + 1) * plane]),
            grid: MaskGrid(
                shape: GridShape(shape.i, shape.j, 1), spacing: Spacing(spacing.i, spacing.j, 1),
                dimensions: 2))
    }

    private static func surface(_ distances: SurfaceDistances) -> ScoreRow.Surface? {
        guard !distances.fromPrediction.isEmpty, !distances.fromReference.isEmpty else {
            return nil
        }
        return ScoreRow.Surface(
            predictionElements: distances.fromPrediction.count,
            referenceElements: distances.fromReference.count,
            sumFromPrediction: distances.fromPrediction.reduce(0, +),
            sumFromReference: distances.fromReference.reduce(0, +),
            maximumFromPrediction: distances.fromPrediction.max() ?? 0,
            maximumFromReference: distances.fromReference.max() ?? 0)
    }

    private static func place(
        _ farthest: SurfaceDistances.Farthest, _ grid: MaskGrid, _ slice: Int?, _ world: Grid?
    ) -> ScoreRow.Place {
        let plane = grid.shape.i * grid.shape.j
        let voxel = [
            farthest.voxel % grid.shape.i, farthest.voxel % plane / grid.shape.i,
            slice ?? farthest.voxel / plane,
        ]
        return ScoreRow.Place(
            voxel: voxel,
            world: world.map { grid in
                let point = grid.affine.world(
                    at: VoxelPosition(
                        i: Double(voxel[0]), j: Double(voxel[1]), k: Double(voxel[2])))
                return [point.x, point.y, point.z].map { ($0 * 1000).rounded() / 1000 }
            } ?? [], distance: farthest.distance,
            side: farthest.isOfPrediction ? "prediction" : "reference")
    }
}
